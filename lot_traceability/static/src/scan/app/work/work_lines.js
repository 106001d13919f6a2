import { Component, useState } from "@odoo/owl";
import { amount, showDay } from "../../work/amount.js";
import { Icon } from "../parts/icon.js";

/** The lines of a document: what is asked, what is taken, what waits on the device. */
export class WorkLines extends Component {
    static template = "lot_traceability.ScanWorkLines";
    static components = { Icon };
    static props = { document: Object, onUndo: Function, onUndoMade: Function };

    setup() {
        this.state = useState({ open: null });
        this.amount = amount;
        this.showDay = showDay;
    }

    /** What still has to be done comes first, in the order of the walk. */
    get lines() {
        const { lines } = this.props.document;
        return [
            ...lines.filter((line) => line.left > 0),
            ...lines.filter((line) => line.left <= 0),
        ];
    }

    /** What came out so far, as far as there is something. */
    get made() {
        const { made } = this.props.document;
        return made && (made.taken || made.pending) ? made : null;
    }

    toggle(id) {
        this.state.open = this.state.open === id ? null : id;
    }
}
