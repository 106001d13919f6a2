import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatDay, formatQuantities, lotStatus } from "../trace_format";

/** What the reader must know first: which lot, how sure, who has it, what is left. */
export class TraceSummary extends Component {
    static template = "lot_traceability.TraceSummary";
    static props = {
        data: Object,
        onTab: Function,
        onTraceLots: Function,
    };

    get origins() {
        return this.props.data.nodes.filter((node) => node.origin).map((node) => ({
            ...node,
            status: node.lot ? lotStatus(node.lot) : null,
            expiry: node.lot ? formatDay(node.lot.expiration_date) : "",
        }));
    }

    get shownOrigins() {
        return this.origins.slice(0, 3);
    }

    get incomplete() {
        return this.props.data.warnings.filter((warning) => warning.incomplete);
    }

    get notes() {
        return this.props.data.warnings.filter((warning) => !warning.incomplete);
    }

    get figures() {
        const { totals, direction } = this.props.data;
        const [delivered] = [formatQuantities(totals.delivered, "net")];
        const returned = totals.delivered.some((line) => line.returned)
            ? _t("after %s returned", formatQuantities(totals.delivered.filter((line) => line.returned), "returned"))
            : "";
        const down = [
            {
                name: "customers",
                label: _t("Customers"),
                value: totals.customers.toLocaleString(),
                detail: _t("%s deliveries", totals.deliveries.toLocaleString()),
                tab: "customers",
            },
            {
                name: "delivered",
                label: _t("Delivered, net"),
                value: delivered || formatQuantities([{ uom: "", quantity: 0 }]),
                detail: returned,
                tab: "deliveries",
            },
            {
                name: "on_hand",
                label: _t("On hand"),
                value: formatQuantities(totals.on_hand) || "0",
                detail: totals.on_hand.some((line) => line.reserved)
                    ? _t("%s reserved", formatQuantities(totals.on_hand.filter((line) => line.reserved), "reserved"))
                    : "",
                tab: "on_hand",
            },
            {
                name: "affected",
                label: _t("Lots affected"),
                value: totals.affected_lots.toLocaleString(),
                detail: totals.before_lots
                    ? _t("%s left before", totals.before_lots.toLocaleString())
                    : _t("with the traced ones"),
                tab: "lots",
            },
        ];
        const up = [
            {
                name: "upstream",
                label: _t("Lots upstream"),
                value: totals.upstream_lots.toLocaleString(),
                detail: _t("what went in"),
                tab: "lots",
            },
            {
                name: "suppliers",
                label: _t("Suppliers"),
                value: totals.suppliers.toLocaleString(),
                detail: "",
                tab: "receipts",
            },
        ];
        if (direction === "upstream") {
            return up;
        }
        return direction === "downstream" ? down : [...down, ...up];
    }
}
