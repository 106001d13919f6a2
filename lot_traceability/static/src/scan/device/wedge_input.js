import { EVENT_TYPES, WedgeReader } from "../capture/wedge.js";

/**
 * Takes what a scanner types anywhere on the page, whatever has the focus. Android gives its keys
 * to an input only: an invisible one that opens no keyboard has the focus whenever nothing else
 * needs it.
 */
export class WedgeInput {
    /** @param {(text: string, raw: Object[]) => void} onScan */
    constructor(onScan) {
        /** Gets every event instead, while somebody looks at what a scanner sends. */
        this.recorder = null;
        this.reader = new WedgeReader({
            onScan: (text, raw) => {
                this._takeBack(text);
                onScan(text, raw);
            },
        });
        this.handle = this.handle.bind(this);
        this.catch = this.catch.bind(this);
    }

    listen() {
        this.input = document.createElement("input");
        Object.assign(this.input, { className: "o_scan_wedge", autocomplete: "off" });
        this.input.setAttribute("inputmode", "none");
        this.input.setAttribute("data-wedge", "");
        this.input.setAttribute("aria-hidden", "true");
        this.input.tabIndex = -1;
        document.body.append(this.input);
        EVENT_TYPES.forEach((type) => document.addEventListener(type, this.handle, true));
        this.input.addEventListener("input", () => (this.input.value = ""));
        document.addEventListener("click", this.catch);
        document.addEventListener("focusout", this.catch);
        document.addEventListener("visibilitychange", this.catch);
        window.addEventListener("focus", this.catch);
        this.catch();
    }

    handle(ev) {
        if (this.recorder) {
            this.recorder.handle(ev);
            ev.preventDefault();
            return;
        }
        // Words that a phone's keyboard proposes come into a field at once, as scans do: what is put
        // into a field is its text, and only keys that no finger can press are a scanner's.
        const isText = ev.type.startsWith("composition") || ev.type === "beforeinput";
        if (isText && ev.target !== this.input) {
            return;
        }
        if (this.reader.handle(ev)) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    /** Give the focus to the invisible input, unless somebody types or walks about by Tab. */
    catch(ev) {
        if (ev?.type === "click" && !ev.detail) {
            return;
        }
        setTimeout(() => {
            const active = document.activeElement;
            const busy =
                active?.matches("input, textarea, select") ||
                (active && active !== document.body && active.matches(":focus-visible"));
            if (!busy || active === document.body) {
                this.input.focus({ preventScroll: true });
            }
        });
    }

    /** What a scanner typed into the input in which somebody was typing does not belong there. */
    _takeBack(text) {
        const active = document.activeElement;
        if (!active?.matches("input, textarea") || active === this.input) {
            return;
        }
        // eslint-disable-next-line no-control-regex
        const shown = text.replace(/[\x00-\x1f]/g, "");
        if (shown && active.value.endsWith(shown)) {
            active.value = active.value.slice(0, -shown.length);
            active.dispatchEvent(new Event("input", { bubbles: true }));
        }
    }
}
