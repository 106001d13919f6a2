import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { diagnose, ScanRecorder } from "../../capture/diagnose.js";
import { explainFinding, helpFor } from "../../capture/diagnose_texts.js";
import { useDesk } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

const SYMBOLS = "/lot_traceability/static/img/scan_symbols";

/** What a scanner really sends, byte by byte, and how it is set right. */
export class ScannerScreen extends Component {
    static template = "lot_traceability.ScanScannerScreen";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.state = useState({ told: null, symbol: "datamatrix" });
        desk.hush();
        this.recorder = new ScanRecorder((raw) => this.tell(raw));
        onMounted(() => (desk.wedge.recorder = this.recorder));
        onWillUnmount(() => {
            desk.wedge.recorder = null;
            this.recorder.stop();
        });
        this.explain = explainFinding;
    }

    tell(raw) {
        // A single key is somebody's, and no scan.
        if (raw.filter(({ type }) => type !== "keyup").length < 3) {
            return;
        }
        this.state.told = diagnose(raw);
        const isBad = this.state.told.findings.some(({ level }) => level === "bad");
        this.desk.feedback.give(isBad ? "bad" : "good");
    }

    get symbolSource() {
        return `${SYMBOLS}/test-${this.state.symbol}.svg`;
    }

    /** How to set the scanner, each piece of advice once. */
    get help() {
        return [...new Set(this.state.told.findings.flatMap((finding) => helpFor(finding)))];
    }

    icon(level) {
        return level === "good" ? "check" : "warn";
    }

    print() {
        window.print();
    }
}
