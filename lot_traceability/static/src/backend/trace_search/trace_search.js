import { Component, onMounted, useExternalListener, useRef, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { _t } from "@web/core/l10n/translation";
import { explainError, MATCH_TYPES } from "../trace_format";
import {
    AltCodeReader,
    isSeparatorKey,
    SEPARATOR_SYMBOL,
    toCode,
    toShown,
} from "@lot_traceability/scan/capture/separator";
import { scanWithCamera } from "../trace_scan/trace_scan";

const SUGGEST_AFTER_MS = 250;
const SUGGEST_FROM = 2;
// Nobody leaves the box with Tab so soon after a key: a scanner ends its code with it.
const SCANNER_TAB_MS = 50;

let nextId = 1;

/**
 * The box that takes whatever names a lot: typed, from a wedge scanner (also while
 * something else has the focus) or from the camera. Several matches are offered for a
 * choice; nothing found is said in one sentence.
 */
export class TraceSearch extends Component {
    static template = "lot_traceability.TraceSearch";
    static props = {
        onFound: Function,
        large: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.ui = useService("ui");
        this.input = useRef("input");
        this.root = useRef("root");
        this.listId = `o_lot_trace_matches_${nextId++}`;
        this.keepLast = new KeepLast();
        this.altCode = new AltCodeReader();
        this.lastKeyAt = 0;
        this.state = useState({
            text: "",
            busy: false,
            message: "",
            retry: false,
            matches: [],
            choosing: false,
            active: -1,
        });
        this.suggest = useDebounced(() => this._suggest(), SUGGEST_AFTER_MS);
        useBus(useService("barcode").bus, "barcode_scanned", (ev) => {
            if (this._mayTakeOver(ev.detail.target)) {
                this.searchCode(ev.detail.barcode);
            }
        });
        useExternalListener(document, "keydown", this._onAnyKeydown.bind(this), { capture: true });
        useExternalListener(window, "click", this._onAnyClick.bind(this));
        onMounted(() => {
            if (this.props.large) {
                this.input.el.focus();
            }
        });
    }

    get options() {
        const all = [...new Set(this.state.matches.flatMap((match) => match.lot_ids))];
        const options = this.state.matches.map((match, index) => ({
            ...match,
            id: `${this.listId}_${index}`,
            typeLabel: MATCH_TYPES[match.type] || match.type,
        }));
        const single = this.state.matches.every((match) => match.lot_ids.length <= 1);
        if (this.state.choosing && single && all.length > 1) {
            options.push({
                id: `${this.listId}_all`,
                typeLabel: _t("All"),
                label: _t("Trace these %s lots together", all.length),
                detail: "",
                lot_ids: all,
            });
        }
        return options;
    }

    /** Search for a code as a scanner or the camera gave it. */
    async searchCode(code) {
        this.state.text = toShown(code);
        await this.search();
    }

    async search() {
        this.suggest.cancel();
        const code = toCode(this.state.text);
        Object.assign(this.state, { message: "", retry: false, matches: [], active: -1 });
        if (!code.trim()) {
            this.state.message = _t("Type or scan a number first.");
            return;
        }
        this.state.busy = true;
        try {
            const found = await this._find(code);
            this.state.busy = false;
            this._show(found);
        } catch (error) {
            this.state.busy = false;
            Object.assign(this.state, explainError(error));
        }
    }

    choose(match) {
        if (!match.lot_ids.length) {
            this._close();
            this.state.message = _t("%s has no lots to trace.", match.label);
            return;
        }
        this._close();
        this.state.text = "";
        this.props.onFound({
            lotIds: match.lot_ids,
            label: match.label,
            detail: match.detail,
        });
    }

    scan() {
        scanWithCamera(
            this.dialog,
            (code) => this.searchCode(code),
            (sentence) => {
                this.state.message = sentence;
                this.input.el?.focus();
            },
        );
    }

    // ---- keyboard ------------------------------------------------------------------

    onKeydown(ev) {
        const sinceLastKey = ev.timeStamp - this.lastKeyAt;
        this.lastKeyAt = ev.timeStamp;
        if (isSeparatorKey(ev)) {
            ev.preventDefault();
            this._insertSeparator();
            return;
        }
        this.altCode.onKey(ev);
        if (ev.altKey && /^\d$/.test(ev.key)) {
            ev.preventDefault();
            return;
        }
        const count = this.options.length;
        if (ev.key === "Enter" || (ev.key === "Tab" && sinceLastKey < SCANNER_TAB_MS)) {
            ev.preventDefault();
            const option = this.options[this.state.active];
            if (option) {
                this.choose(option);
            } else {
                this.search();
            }
        } else if (ev.key === "ArrowDown" && count) {
            ev.preventDefault();
            this.state.active = (this.state.active + 1) % count;
            this._scrollToActive();
        } else if (ev.key === "ArrowUp" && count) {
            ev.preventDefault();
            this.state.active =
                (this.state.active + count - (this.state.active < 0 ? 0 : 1)) % count;
            this._scrollToActive();
        } else if (ev.key === "Escape" && count) {
            ev.preventDefault();
            ev.stopPropagation();
            this._close();
        }
    }

    onKeyup(ev) {
        if (this.altCode.onKey(ev)) {
            ev.preventDefault();
            this._insertSeparator();
        }
    }

    onInput(ev) {
        const shown = toShown(ev.target.value);
        if (shown !== ev.target.value) {
            ev.target.value = shown;
        }
        Object.assign(this.state, { text: shown, message: "", retry: false, active: -1 });
        if (this.state.choosing) {
            this._close();
        }
        this.suggest();
    }

    /** A scanner types wherever the focus is: send its first key to the box. */
    _onAnyKeydown(ev) {
        const box = this.input.el;
        if (!box || ev.target === box || !this._mayTakeOver(ev.target)) {
            return;
        }
        const printable =
            ev.key?.length === 1 && ev.key !== " " && !ev.ctrlKey && !ev.altKey && !ev.metaKey;
        if (printable && ev.key !== "\x1d") {
            box.focus();
            box.select();
        } else if (isSeparatorKey(ev)) {
            ev.preventDefault();
            box.focus();
            this.state.text = "";
            box.value = "";
            this._insertSeparator();
        }
    }

    _mayTakeOver(target) {
        if (this.ui.activeElement !== document) {
            return false;
        }
        // The barcode service keeps a hidden input of its own on phones.
        if (!target?.matches || target.matches(".o-barcode-input")) {
            return true;
        }
        return !target.closest("input, textarea, select, [contenteditable=true], [role=menu]");
    }

    _insertSeparator() {
        const box = this.input.el;
        box.setRangeText(SEPARATOR_SYMBOL, box.selectionStart, box.selectionEnd, "end");
        this.state.text = box.value;
    }

    // ---- finding -------------------------------------------------------------------

    _find(code) {
        return this.keepLast.add(this.orm.silent.call("lot.trace", "find", [code]));
    }

    _show(found) {
        const usable = found.matches.filter((match) => match.lot_ids.length);
        if (usable.length === 1) {
            this.choose(usable[0]);
        } else if (usable.length) {
            Object.assign(this.state, { matches: usable, choosing: true, active: 0 });
            this.input.el?.focus();
        } else {
            this.state.message = found.message || _t("Nothing was found. Check the number.");
            // The next scan takes the place of this one.
            this.input.el?.focus();
            this.input.el?.select();
        }
    }

    async _suggest() {
        const code = toCode(this.state.text);
        if (code.trim().length < SUGGEST_FROM) {
            this.state.matches = [];
            return;
        }
        try {
            const found = await this._find(code);
            Object.assign(this.state, {
                matches: found.matches.filter((match) => match.lot_ids.length),
                choosing: false,
                active: -1,
            });
        } catch {
            // A suggestion that fails is none; Enter tells what is wrong.
            this.state.matches = [];
        }
    }

    _close() {
        this.suggest.cancel();
        Object.assign(this.state, { matches: [], choosing: false, active: -1 });
    }

    _onAnyClick(ev) {
        if (this.state.matches.length && !this.root.el?.contains(ev.target)) {
            this._close();
        }
    }

    _scrollToActive() {
        const option = this.options[this.state.active];
        document.getElementById(option.id)?.scrollIntoView({ block: "nearest" });
    }
}
