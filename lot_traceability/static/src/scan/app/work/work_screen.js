import { onMounted, onWillDestroy, useEffect } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { makeUid } from "../../queue/uid.js";
import { amount, showDay, showTime } from "../../work/amount.js";
import { NotHereError } from "../../work/flow.js";
import { differs } from "../../work/label_differs.js";
import { complement, missing } from "../../work/slots.js";
import { asGiven } from "../as_given.js";
import { useAnswers, useScanner } from "../use_desk.js";
import { FieldTable } from "../parts/field_table.js";
import { Icon } from "../parts/icon.js";
import { SlotInput } from "../parts/slot_input.js";
import { LotStatus } from "../parts/status.js";
import { Differences } from "./differences.js";
import { WorkLines } from "./work_lines.js";
import { WorkSource } from "./work_source.js";

const COUNTDOWN = 4_000;

/** One kind of work under way: what is next, what was scanned, what is asked. */
export class WorkScreen extends WorkSource {
    static template = "lot_traceability.ScanWorkScreen";
    static components = { Differences, FieldTable, Icon, LotStatus, SlotInput, WorkLines };
    static props = {};

    setup() {
        super.setup();
        this.chain = Promise.resolve();
        onMounted(() => this.takePending());
        useScanner({
            onScan: (scan) => this.after(() => this.take(scan)),
            onPress: (what) => this.onPress(what),
        });
        useAnswers({
            onQueue: () => (this.state.tick += 1),
            onAnswer: (command, answer) => this.onAnswer(command, answer),
        });
        onWillDestroy(() => clearTimeout(this.timer));
        useEffect(
            () => this.count(),
            () => [this.state.draft && this.isReady, this.settings.accept],
        );
        this.amount = amount;
        this.showDay = showDay;
        this.showTime = showTime;
    }

    /** What was scanned on another screen, which led here. */
    takePending() {
        const { pending } = this.desk;
        this.desk.pending = null;
        if (pending) {
            this.desk.job(this.after(() => this.take(pending)));
        }
    }

    // -- scanning --------------------------------------------------------------------------------

    /** One scan after the other, also when one of them fails. */
    after(work) {
        const done = this.chain.then(work);
        this.chain = done.catch(() => {});
        return done;
    }

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
        const asks = !scan.found && this.flow.asks(scan, this.work);
        const found = asks ? await this.look(scan) : scan.found || null;
        try {
            const begun = this.flow.begin(scan, found, this.work);
            this.desk.feedback.give("read");
            if (begun.here) {
                this.state.place = begun.here;
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

    /** What was missing when the scan was shown comes first, and stays there. */
    get shownSlots() {
        const { slots } = this;
        const { draft } = this.state;
        draft.first ||= missing(slots, draft.values).map(({ name }) => name);
        const place = ({ name }) => (draft.first.includes(name) ? 0 : 1);
        return [...slots].sort((one, other) => place(one) - place(other));
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
        if (!draft) {
            return;
        }
        Object.assign(draft.values, values);
        if (missing(this.flow.slots(draft, this.work), draft.values).length) {
            return;
        }
        const { action, data } = this.flow.command(draft, this.work);
        // Gone from the screen before anything waits: a trembling finger presses twice.
        this.state.draft = null;
        if (data.session) {
            await this.keepSession();
        }
        await this.give(action, data, draft);
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
            Object.assign(this.state, { document: asGiven(document), keptAt: null });
        }
        if (command.flow !== this.flow.code || answer.state !== "done") {
            return;
        }
        if (answer.differences) {
            this.state.differences = asGiven(answer.differences);
        }
        const isOver = command.action === "finish" || command.action === "apply";
        const isThis = mine
            ? command.data.document?.id === mine.id
            : command.data.session === this.state.session;
        if (isOver && isThis) {
            this.over();
        }
        if (answer.label?.ids?.length && answer.lot) {
            this.state.printable = asGiven(answer.lot);
        } else if (command.data.made) {
            this.state.printable = null;
        }
        this.state.file = answer.print?.state === "download" ? answer.print.url : "";
        this.state.recall = asGiven(answer.recall || null);
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
            missingOne?.scrollIntoView({ block: "center", behavior: "smooth" });
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
        const { document, done, pending } = this.work;
        const isAsked = pending.some(({ action }) => action === "finish");
        return !isAsked && (document ? !document.done : done.length > 0);
    }

    get finishLabel() {
        return this.flow.code === "count" ? _t("Compare") : _t("Finish");
    }

    /** The finished lot of an order, without a scan. */
    get canOutput() {
        return Boolean(this.flow.output) && !this.state.draft && !this.work.document?.done;
    }

    /** Nothing of it is made yet: that comes before the end. */
    get outputFirst() {
        const { document } = this.work;
        return (
            this.canOutput && Boolean(document) && !document.made.taken && !document.made.pending
        );
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
        this.giveBack({ entry_id: entry.id }, _t("Undo %s", entry.lot || amount(entry.quantity)));
    }

    /** Nothing was made: a slip of the finger, or another quantity. */
    undoMade() {
        this.giveBack({ made: true }, _t("Undo what was made: %s", this.state.document.name));
    }

    giveBack(data, title) {
        const { model, id } = this.state.document;
        this.desk.job(
            this.give("undo", { document: { model, id }, ...data }, { title, values: {} }),
        );
    }

    /** What was scanned in work without a document is taken back by the command that did it. */
    canTakeBack({ action, state }) {
        return this.flow.ends && action === "take" && state === "done";
    }

    takeBack({ uid, label }) {
        const { session } = this.state;
        const title = _t("Undo %s", label);
        this.desk.job(this.give("undo", { session, take: uid }, { title, values: {} }));
    }

    get canPrint() {
        const { flows } = this.shared.start;
        return this.state.printable && flows.some(({ code }) => code === "label");
    }

    /** Go to the label of the lot that was just made. */
    printLabel() {
        const { printable } = this.state;
        this.desk.go("work", "label");
        const { id, name, product } = printable;
        const match = { type: "lot", model: "stock.lot", id, label: name, detail: product.name };
        // This very lot: another product may have one of the same number.
        const found = { lot: { ...printable }, matches: [match], stock: [] };
        this.desk.pending = { ...this.desk.read(name), found };
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
