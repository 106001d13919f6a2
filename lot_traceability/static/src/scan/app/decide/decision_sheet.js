import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { complement, given, missing } from "../../work/slots.js";
import { useDesk, useScanner } from "../use_desk.js";
import { Icon } from "../parts/icon.js";
import { SlotInput } from "../parts/slot_input.js";

/** What was refused, why, and the ways to go on: one of them is always to drop it. */
export class DecisionSheet extends Component {
    static template = "lot_traceability.ScanDecisionSheet";
    static components = { Icon, SlotInput };
    static props = { command: Object, count: Number, onLater: Function };

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.state = useState({ choice: null, values: {} });
        const { choices } = this.command.answer;
        if (choices.length === 1 && choices[0].asks.length) {
            // There is one way: what it asks is asked at once.
            this.state.choice = choices[0];
        }
        useScanner({
            onScan: (scan) => this.onScan(scan),
            onPress: (what) => this.onPress(what),
        });
    }

    get command() {
        return this.props.command;
    }

    get flowLabel() {
        const { flows } = this.shared.start;
        return flows.find(({ code }) => code === this.command.flow)?.label || this.command.flow;
    }

    get choices() {
        return this.command.answer.choices.map((choice) => ({
            ...choice,
            label: choice.label || _t("Try again"),
        }));
    }

    get slots() {
        return this.state.choice ? this.state.choice.asks : [];
    }

    get isReady() {
        return !missing(this.slots, this.state.values).length;
    }

    choose(choice) {
        Object.assign(this.state, { choice, values: {} });
        if (!choice.asks.length) {
            this.decide();
        }
    }

    decide() {
        const { choice, values } = this.state;
        this.desk.hush();
        this.desk.job(
            this.desk.queue.decide(this.command.uid, {
                ...choice.data,
                ...given(this.slots, values),
            }),
        );
    }

    drop() {
        this.desk.hush();
        this.desk.job(this.desk.queue.drop(this.command.uid));
    }

    onScan(scan) {
        const more = complement(this.slots, this.state.values, scan);
        if (!more) {
            this.desk.say("bad", _t("Decide first how to go on with this one."));
            return;
        }
        Object.assign(this.state.values, more);
        this.desk.feedback.give("read");
        if (this.isReady) {
            this.decide();
        }
    }

    onPress(what) {
        if (what === "drop") {
            this.drop();
        } else if (what === "back") {
            this.props.onLater();
        } else if (what === "accept" && this.state.choice && this.isReady) {
            this.decide();
        } else {
            return false;
        }
        return true;
    }
}
