import { Component, onMounted, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { amount, showDay } from "../../work/amount.js";
import { flowOf } from "../../work/flow.js";
import { differs } from "../../work/label_differs.js";
import { asGiven } from "../as_given.js";
import { useAnswers, useDesk, useScanner } from "../use_desk.js";
import { FieldTable } from "../parts/field_table.js";
import { Icon } from "../parts/icon.js";
import { LotStatus } from "../parts/status.js";

// What is done next to a thing that was looked up.
const NEXT = ["hold", "move", "label", "scrap"];

/** What is this? Status, expiry, where it is, where it went. */
export class LookScreen extends Component {
    static template = "lot_traceability.ScanLookScreen";
    static components = { FieldTable, Icon, LotStatus };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.state = useState({ scan: null, found: null, looking: false, trace: null });
        this.turn = 0;
        desk.hush();
        onMounted(() => {
            const { pending } = desk;
            desk.pending = null;
            if (pending) {
                desk.job(this.look(pending));
            }
        });
        useScanner({ onScan: (scan) => this.look(scan) });
        useAnswers({ onAnswer: (command, answer) => this.onAnswer(command, answer) });
        this.amount = amount;
        this.showDay = showDay;
    }

    async look(scan) {
        const turn = ++this.turn;
        Object.assign(this.state, { scan, found: null, looking: true, trace: null });
        let found = null;
        try {
            found = await this.desk.identify(scan);
        } finally {
            if (turn === this.turn) {
                Object.assign(this.state, { found, looking: false });
            }
        }
        if (turn === this.turn) {
            this.tell(found);
        }
    }

    tell(found) {
        if (!found) {
            this.desk.say("kept", _t("No link: this is all that the label itself says."));
        } else if (found.error || !found.matches.length) {
            this.desk.say("bad", found.error || found.message);
        } else if (found.lot && (!found.lot.status.usable || found.lot.expired)) {
            this.desk.say("bad", this.refusal(found.lot));
        } else {
            this.desk.hush();
            this.desk.feedback.give("good");
        }
    }

    refusal(lot) {
        const why = lot.reason ? `: ${lot.reason}` : "";
        return lot.status.usable
            ? _t("%s has expired. Do not use it.", lot.name)
            : _t("%(lot)s must not be used. %(status)s%(why)s", {
                  lot: lot.name,
                  status: lot.status.name,
                  why,
              });
    }

    get labelDiffers() {
        return differs(this.state.found.lot, this.state.scan);
    }

    get next() {
        return this.shared.start.flows.filter(({ code }) => NEXT.includes(code) && flowOf(code));
    }

    icon(code) {
        return flowOf(code).icon;
    }

    get expiryTone() {
        const { expired, days_left: left } = this.state.found.lot;
        return expired ? "bad" : left !== false && left <= 7 ? "wait" : "";
    }

    start(code) {
        this.desk.pending = this.state.scan;
        this.desk.go("work", code);
    }

    get canTrace() {
        const { start, link } = this.shared;
        return link === "online" && start.flows.some(({ code }) => code === "lookup");
    }

    trace() {
        this.desk.job(
            this.desk.queue.add({
                flow: "lookup",
                action: "trace",
                data: { lot_id: this.state.found.lot.id },
                label: this.state.found.lot.name,
            }),
        );
    }

    onAnswer({ action, data }, answer) {
        if (action === "trace" && data.lot_id === this.state.found?.lot?.id && answer.trace) {
            this.state.trace = asGiven(answer.trace);
        }
    }
}
