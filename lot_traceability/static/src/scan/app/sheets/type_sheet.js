import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { toCode } from "../../capture/separator.js";
import { useDesk } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

/** A code that no scanner can read is typed; it is marked so wherever it is kept. */
export class TypeSheet extends Component {
    static template = "lot_traceability.ScanTypeSheet";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.state = useState({ text: "" });
        const input = useRef("input");
        onMounted(() => input.el.focus());
    }

    close() {
        this.shared.sheet = "";
    }

    send() {
        const text = toCode(this.state.text).trim();
        this.close();
        if (text) {
            this.desk.scan(text, { typed: true });
        }
    }
}
