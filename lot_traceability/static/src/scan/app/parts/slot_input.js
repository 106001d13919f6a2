import { Component, useState } from "@odoo/owl";
import { amount, showDay } from "../../work/amount.js";
import { isEmpty } from "../../work/slots.js";
import { Icon } from "./icon.js";
import { Keypad } from "./keypad.js";

const FOLDED = ["text", "date"];
// More of them are a list to open.
const MOST_BUTTONS = 6;
// Characters of an option that still has another one beside it.
export const LONGEST_BESIDE = 16;

/** One thing that is asked, large enough for gloves. */
export class SlotInput extends Component {
    static template = "lot_traceability.ScanSlotInput";
    static components = { Icon, Keypad };
    static props = {
        slot: Object,
        value: { optional: true },
        onChange: Function,
        onType: Function,
    };

    setup() {
        // A number that is missing is asked at once, and its keys stay while it is typed.
        const { kind } = this.props.slot;
        this.state = useState({
            keypad: this.isMissing && kind === "number",
            // What the label told is shown in one line, until somebody wants to change it.
            folded: FOLDED.includes(kind) && !!this.props.value,
        });
    }

    get id() {
        return `o_scan_slot_${this.props.slot.name}`;
    }

    get isMissing() {
        const { slot, value } = this.props;
        return slot.required && isEmpty(slot, { [slot.name]: value });
    }

    get asButtons() {
        return (this.props.slot.options || []).length <= MOST_BUTTONS;
    }

    /** Long options stand below each other. */
    get isLong() {
        return this.props.slot.options.some(([, label]) => label.length > LONGEST_BESIDE);
    }

    get number() {
        return this.props.value === undefined || this.props.value === ""
            ? "–"
            : String(this.props.value);
    }

    get said() {
        const { slot, value } = this.props;
        return slot.kind === "date" ? showDay(value) : value;
    }

    show(quantity) {
        return amount(quantity, this.props.slot.unit);
    }

    isChosen(option) {
        return String(option) === String(this.props.value ?? "");
    }

    change(value) {
        this.props.onChange(this.props.slot.name, value);
    }

    choose(text) {
        // A select gives texts; an id goes back as the number that it was.
        const option = this.props.slot.options.find(([value]) => String(value) === text);
        this.change(option ? option[0] : "");
    }

    step(by) {
        const next = (Number(this.props.value) || 0) + by;
        this.change(Math.max(0, Math.round(next * 1e6) / 1e6));
    }
}
