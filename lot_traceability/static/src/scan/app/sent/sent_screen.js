import { Component } from "@odoo/owl";
import { showTime } from "../../work/amount.js";
import { useDesk, useScanner } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

/** What was done on this device lately, and what waits on it. */
export class SentScreen extends Component {
    static template = "lot_traceability.ScanSentScreen";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        desk.hush();
        useScanner({
            onScan: (scan) => {
                desk.pending = scan;
                desk.go("look");
            },
        });
        this.showTime = showTime;
    }

    get rows() {
        // Reading the state keeps the screen in step with the queue.
        const { waiting, done } = this.shared;
        const open = waiting ? [...this.desk.queue.waiting].reverse() : [];
        return [...open, ...[...done].reverse()];
    }

    flowLabel(code) {
        return this.shared.start.flows.find((flow) => flow.code === code)?.label || code;
    }
}
