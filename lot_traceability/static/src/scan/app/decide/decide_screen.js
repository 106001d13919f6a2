import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { showTime } from "../../work/amount.js";
import { useDesk, useScanner } from "../use_desk.js";
import { Icon } from "../parts/icon.js";
import { DecisionSheet } from "./decision_sheet.js";

/** All that came back and waits for somebody to decide. */
export class DecideScreen extends Component {
    static template = "lot_traceability.ScanDecideScreen";
    static components = { DecisionSheet, Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.state = useState({ uid: "" });
        desk.hush();
        useScanner({
            onScan: () => desk.say("bad", _t("Choose from the list, or go back.")),
        });
        this.showTime = showTime;
    }

    get open() {
        return this.shared.refused.find(({ uid }) => uid === this.state.uid);
    }

    flowLabel(code) {
        return this.shared.start.flows.find((flow) => flow.code === code)?.label || code;
    }
}
