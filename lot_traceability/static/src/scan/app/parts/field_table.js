import { Component } from "@odoo/owl";
import { SEPARATOR, SEPARATOR_SYMBOL } from "../../capture/separator.js";
import { Icon } from "./icon.js";

/**
 * Every field of a code as it was read, before anything is done with it: a separator that a
 * scanner lost cannot be noticed by a program, only seen.
 */
export class FieldTable extends Component {
    static template = "lot_traceability.ScanFieldTable";
    static components = { Icon };
    static props = { code: Object, said: { type: Array, optional: true } };

    get text() {
        return this.props.code.text.replaceAll(SEPARATOR, SEPARATOR_SYMBOL);
    }

    /** A plain number that stands above already is not said twice. */
    get isSaid() {
        return this.isPlain && this.props.said?.includes(this.text);
    }

    get isPlain() {
        return !this.props.code.fields.length;
    }
}
