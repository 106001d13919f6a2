import { Component, onWillDestroy, onWillStart, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { withPending } from "../../queue/pending.js";
import { makeUid } from "../../queue/uid.js";
import { amount, showDay, showTime } from "../../work/amount.js";
import { flowOf, NotHereError } from "../../work/flow.js";
import { differs } from "../../work/label_differs.js";
import { complement, missing } from "../../work/slots.js";
import { useDesk } from "../desk.js";
import { FieldTable } from "../parts/field_table.js";
import { Icon } from "../parts/icon.js";
import { SlotInput } from "../parts/slot_input.js";
import { LotStatus } from "../parts/status.js";
import { Differences } from "./differences.js";
import { WorkLines } from "./work_lines.js";

const COUNTDOWN = 4_000;

/** One kind of work under way: what is next, what was scanned, what is asked. */
export class WorkScreen extends Component {
    static template = "lot_traceability.ScanWorkScreen";
    static components = { Differences, FieldTable, Icon, LotStatus, SlotInput, WorkLines };
    static props = {};

    setup() {
        const { desk, state, settings } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.settings = settings;
        this.route = { ...state.route };
        this.flow = flowOf(this.route.flow);
        this.state = useState({
            document: null,
            keptAt: null,
            problem: "",
            draft: null,
            looking: null,
            place: null,
            session: "",
            tick: 0,
            differences: null,
            countdown: false,
        });
        this.chain = Promise.resolve();
        onWillStart(() => this.begin());
        const stops = [
            desk.handle({
                onScan: (scan) => (this.chain = this.chain.then(() => this.take(scan))),
                onPress: (what) => this.onPress(what),
            }),
            desk.listen({
                onQueue: () => (this.state.tick += 1),
                onAnswer: (command, answer) => this.onAnswer(command, answer),
            }),
        ];
        onWillDestroy(() => {
            clearTimeout(this.timer);
            stops.forEach((stop) => stop());
        });
        useEffect(
            () => this.count(),
            () => [this.state.draft && this.isReady, this.settings.accept],
        );
        this.amount = amount;
        this.showDay = showDay;
        this.showTime = showTime;
    }

    // -- what is worked on -----------------------------------------------------------------------

    async begin() {
        this.desk.hush();
        if (this.route.document) {
            await this.loadKept();
            this.desk.job(this.loadFresh());
        } else {
            const kept = await this.desk.store.read(this.sessionKey);
            this.state.session = kept?.session || makeUid();
            this.state.place = kept?.place || null;
        }
        if (this.desk.pending) {
            const { pending } = this.desk;
            this.desk.pending = null;
            this.desk.job((this.chain = this.chain.then(() => this.take(pending))));
        }
    }

    get documentArgs() {
        const { flow, document } = this.route;
        return [flow, document.model, document.id];
    }

    async loadKept() {
        const kept = await this.desk.kept.kept("document", this.documentArgs);
        if (kept) {
            Object.assign(this.state, { document: kept.value, keptAt: kept.at });
        }
    }

    async loadFresh() {
        this.state.problem = "";
        try {
            const document = await this.desk.kept.ask("document", this.documentArgs);
            Object.assign(this.state, { document, keptAt: null });
        } catch (error) {
            if (!this.state.document) {
                this.state.problem = this.desk.explain(error);
            }
        }
    }

    get sessionKey() {
        return `session|${this.shared.start.user.id}|${this.flow.code}`;
    }

    keepSession() {
        const { session, place } = this.state;
        return this.desk.store.write(this.sessionKey, { session, place: place && { ...place } });
    }

    get work() {
        // Read the tick, so that the screen follows the queue.
        const { document, session, place, tick } = this.state;
        const { queue } = this.desk;
        const pending = tick >= 0 ? queue.pendingOf({ document, session }) : [];
        const mine = [...queue.done, ...queue.waiting];
        return {
            document: document ? withPending(document, pending) : null,
            session,
            place,
            start: this.shared.start,
            pending,
            done: session ? mine.filter(({ data }) => data.session === session) : [],
        };
    }

    // -- scanning --------------------------------------------------------------------------------

    async take(scan) {
        const { draft } = this.state;
        if (this.state.differences || (this.route.document && !this.state.document)) {
            this.desk.say("bad", _t("Wait a moment, or go back."));
            return;
        }
        if (draft && !(await this.makeRoom(draft, scan))) {
            return;
        }
        this.desk.hush();
        const found = this.flow.asks(scan, this.work) ? await this.look(scan) : null;
        try {
            const begun = this.flow.begin(scan, found, this.work);
            this.desk.feedback.give("read");
            if (begun.place) {
                this.state.place = begun.place;
                await this.keepSession();
            } else {
                this.state.draft = begun;
            }
        } catch (error) {
            if (!(error instanceof NotHereError)) {
                throw error;
            }
            this.desk.say("bad", error.message);
        }
    }

    async look(scan) {
        this.state.looking = scan;
        try {
            return await this.desk.identify(scan);
        } finally {
            this.state.looking = null;
        }
    }

    /** The next scan accepts what is shown, or tells what is missing of it. */
    async makeRoom(draft, scan) {
        const lacking = this.lacking;
        const more = lacking.length && complement(this.slots, draft.values, scan);
        if (more) {
            Object.assign(draft.values, more);
            this.desk.feedback.give("read");
            return false;
        }
        if (lacking.length) {
            this.desk.say("bad", _t("First give this: %s. Or drop it.", lacking[0].label));
            return false;
        }
        if (this.settings.accept === "confirm") {
            this.desk.say("bad", _t("Press OK first, or drop what is shown."));
            return false;
        }
        await this.accept();
        return true;
    }

    // -- what is asked ---------------------------------------------------------------------------

    get slots() {
        return this.flow.slots(this.state.draft, this.work);
    }

    get lacking() {
        return this.state.draft ? missing(this.slots, this.state.draft.values) : [];
    }

    get isReady() {
        return !this.lacking.length;
    }

    change(name, value) {
        this.stopCountdown();
        this.state.draft.values[name] = value;
    }

    /** In the hands-free mode what is shown is accepted after a while, unless somebody touches it. */
    count() {
        this.stopCountdown();
        if (this.state.draft?.scan && this.isReady && this.settings.accept === "timer") {
            this.state.countdown = true;
            this.timer = setTimeout(() => this.desk.job(this.accept()), COUNTDOWN);
        }
    }

    stopCountdown() {
        clearTimeout(this.timer);
        this.state.countdown = false;
    }

    async accept(values = {}) {
        const { draft } = this.state;
        this.stopCountdown();
        Object.assign(draft.values, values);
        if (missing(this.flow.slots(draft, this.work), draft.values).length) {
            return;
        }
        const { action, data } = this.flow.command(draft, this.work);
        if (data.session) {
            await this.keepSession();
        }
        await this.give(action, data, draft);
        this.state.draft = null;
    }

    give(action, data, draft = null) {
        const quantity = draft?.values.quantity;
        const label = [
            draft?.title,
            draft?.detail,
            quantity && amount(quantity, draft.product?.uom),
        ];
        return this.desk.give({
            flow: this.flow.code,
            action,
            data,
            text: draft?.scan?.text || "",
            typed: draft?.scan?.typed || false,
            label: label.filter(Boolean).join(" · "),
        });
    }

    drop() {
        this.stopCountdown();
        this.state.draft = null;
        this.desk.hush();
    }

    // -- what comes of it ------------------------------------------------------------------------

    onAnswer(command, answer) {
        const { document } = answer;
        const mine = this.state.document;
        if (document && mine && document.model === mine.model && document.id === mine.id) {
            Object.assign(this.state, { document, keptAt: null });
        }
        if (command.flow !== this.flow.code || answer.state !== "done") {
            return;
        }
        if (answer.differences) {
            this.state.differences = answer.differences;
        }
        const isOver = command.action === "finish" || command.action === "apply";
        const isThis = mine
            ? command.data.document?.id === mine.id
            : command.data.session === this.state.session;
        if (isOver && isThis) {
            this.over();
        }
        if (answer.url || answer.label?.url) {
            window.open(answer.url || answer.label.url, "_blank");
        }
    }

    async over() {
        if (this.route.document) {
            const { message } = this.shared;
            this.desk.go("documents", this.flow.code);
            this.desk.afterwards = message;
        } else {
            Object.assign(this.state, { session: makeUid(), place: null, differences: null });
            await this.desk.store.forget(this.sessionKey);
        }
    }

    // -- the buttons -----------------------------------------------------------------------------

    onPress(what) {
        if (this.state.draft && what === "accept" && this.isReady) {
            this.desk.job(this.accept());
        } else if (this.state.draft && what === "drop") {
            this.drop();
        } else if (what === "finish" && this.canFinish) {
            this.finish();
        } else {
            return false;
        }
        return true;
    }

    get mainLabel() {
        const [first] = this.lacking;
        if (!first) {
            return _t("OK");
        }
        return first.ask || _t("Missing: %s", first.label);
    }

    /** The main button accepts; while something is missing it leads there. */
    pressMain() {
        if (this.isReady) {
            this.desk.job(this.accept());
        } else {
            const missingOne = document.querySelector(".o_scan_work .o_scan_slot_missing");
            missingOne.scrollIntoView({ block: "center", behavior: "smooth" });
        }
    }

    /** The label and Odoo say different days: somebody has to look before he goes on. */
    get labelDiffers() {
        const { lot, scan } = this.state.draft;
        return lot && scan ? differs(lot, scan) : "";
    }

    get canFinish() {
        if (!this.flow.ends || this.state.draft) {
            return false;
        }
        const { document, done } = this.work;
        return document ? !document.done : done.length > 0;
    }

    get finishLabel() {
        return this.flow.code === "count" ? _t("Compare") : _t("Finish");
    }

    /** The finished lot of an order, without a scan. */
    get canOutput() {
        return Boolean(this.flow.output) && !this.state.draft && !this.work.document?.done;
    }

    output() {
        this.state.draft = this.flow.output(this.work);
    }

    finish() {
        const { document, session } = this.work;
        if (this.flow.code === "count") {
            this.desk.job(this.give("differences", { session }));
        } else if (document) {
            const { model, id } = document;
            this.desk.job(
                this.give(
                    "finish",
                    { document: { model, id } },
                    { title: document.name, values: {} },
                ),
            );
        } else {
            this.desk.job(this.give("finish", { session }));
        }
    }

    apply(reason) {
        this.desk.job(this.give("apply", { session: this.state.session, reason }));
    }

    undo(entry) {
        const { model, id } = this.state.document;
        const title = _t("Undo %s", entry.lot || amount(entry.quantity));
        this.desk.job(
            this.give(
                "undo",
                { document: { model, id }, entry_id: entry.id },
                { title, values: {} },
            ),
        );
    }

    openSheet(name) {
        this.shared.sheet = name;
    }

    get others() {
        return this.flow.others?.(this.work) || [];
    }

    get progress() {
        const lines = this.work.document?.lines || [];
        const asked = lines.reduce((sum, line) => sum + line.asked, 0);
        const left = lines.reduce((sum, line) => sum + line.left, 0);
        return asked ? Math.round((1 - left / asked) * 100) : 0;
    }
}
