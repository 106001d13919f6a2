import { Component } from "@odoo/owl";
import { flowOf } from "../../work/flow.js";
import { useDesk, useScanner } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

/** What there is to do; whatever is scanned here is looked up. */
export class HomeScreen extends Component {
    static template = "lot_traceability.ScanHomeScreen";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        useScanner({
            onScan: (scan) => {
                desk.pending = scan;
                desk.go("look");
            },
        });
    }

    /** The flows that this app has a screen for. */
    get flows() {
        return this.shared.start.flows.filter(({ code }) => code === "lookup" || flowOf(code));
    }

    icon(code) {
        return code === "lookup" ? "look" : flowOf(code).icon;
    }

    open(flow) {
        if (flow.code === "lookup") {
            this.desk.go("look");
        } else {
            this.desk.go(flow.documents ? "documents" : "work", flow.code);
        }
    }
}
