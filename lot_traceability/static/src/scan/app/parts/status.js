import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** Whether a lot may be used, in a word and a colour. */
export class LotStatus extends Component {
    static template = "lot_traceability.ScanLotStatus";
    static props = { lot: Object };

    get tone() {
        const { status, expired } = this.props.lot;
        return status.usable && !expired ? "good" : "bad";
    }

    get text() {
        const { status, expired } = this.props.lot;
        if (expired && status.usable) {
            return _t("Expired");
        }
        return status.name || _t("Released");
    }
}
