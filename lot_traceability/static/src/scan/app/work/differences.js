import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { amount } from "../../work/amount.js";
import { reasonSlot } from "../../work/flow.js";
import { SlotInput } from "../parts/slot_input.js";

/** What was counted beside what Odoo expected, shown when the count is over. */
export class Differences extends Component {
    static template = "lot_traceability.ScanDifferences";
    static components = { SlotInput };
    static props = { rows: Array, onApply: Function, onBack: Function };

    setup() {
        this.state = useState({ reason: "" });
        this.amount = amount;
        this.slot = reasonSlot([_t("Cycle count"), _t("Yearly count"), _t("Suspected loss")]);
    }

    get wrong() {
        return this.props.rows.filter((row) => row.difference);
    }

    get title() {
        const count = this.wrong.length;
        if (!count) {
            return _t("All as expected");
        }
        return count === 1 ? _t("1 difference") : _t("%s differences", count);
    }

    signed(row) {
        return (row.difference > 0 ? "+" : "") + amount(row.difference, row.uom);
    }
}
