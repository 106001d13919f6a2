import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { Icon } from "./icon.js";

const LONGEST = 12;

/** Digits as large as a thumb; the phone's own keyboard would cover what was scanned. */
export class Keypad extends Component {
    static template = "lot_traceability.ScanKeypad";
    static components = { Icon };
    static props = { value: { optional: true }, whole: Boolean, onChange: Function };

    keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "erase"];

    get eraseLabel() {
        return _t("Erase");
    }

    /** What parts whole numbers from the rest, in the language of the page. */
    get point() {
        return (1.5).toLocaleString(document.documentElement.lang || undefined).charAt(1);
    }

    press(key) {
        const text = String(this.props.value ?? "");
        if (key === "erase") {
            this.props.onChange(text.slice(0, -1));
        } else if (
            text.length < LONGEST &&
            !(key === "." && (this.props.whole || text.includes(".")))
        ) {
            this.props.onChange(key === "." && !text ? "0." : text + key);
        }
    }
}
