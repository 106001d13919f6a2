import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import {
    describeExpiry,
    formatQuantities,
    formatQuantity,
    lotStatus,
    STATUS,
} from "../trace_format";

/** What the reader must know first: which lot, how sure, who has it, what is left. */
export class TraceSummary extends Component {
    static template = "lot_traceability.TraceSummary";
    static props = {
        data: Object,
        onTab: Function,
        onTraceLots: Function,
    };

    get origins() {
        return this.props.data.nodes
            .filter((node) => node.origin)
            .map((node) => ({
                ...node,
                status: node.lot ? lotStatus(node.lot) : null,
                shelf: node.lot ? STATUS[node.lot.shelf] : null,
                expiry: node.lot ? describeExpiry(node.lot) : "",
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
        const amounts = (lines, column) =>
            lines.length ? lines.map((line) => formatQuantity(line[column], line.uom)) : ["0"];
        const parts = (lines, column) =>
            formatQuantities(
                lines.filter((line) => line[column]),
                column,
            );
        const returned = parts(totals.delivered, "returned");
        const reserved = parts(totals.on_hand, "reserved");
        const down = [
            {
                name: "customers",
                label: _t("Customers"),
                values: [totals.customers.toLocaleString()],
                detail: _t("%s deliveries", totals.deliveries.toLocaleString()),
                tab: "customers",
            },
            {
                name: "delivered",
                label: _t("Delivered, net"),
                values: amounts(totals.delivered, "net"),
                detail: returned && _t("after %s returned", returned),
                tab: "deliveries",
            },
            {
                name: "on_hand",
                label: _t("On hand"),
                values: amounts(totals.on_hand, "quantity"),
                detail: reserved && _t("%s reserved", reserved),
                tab: "on_hand",
            },
            {
                name: "affected",
                label: _t("Lots affected"),
                values: [totals.affected_lots.toLocaleString()],
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
                values: [totals.upstream_lots.toLocaleString()],
                detail: _t("what went in"),
                tab: "lots",
            },
            {
                name: "suppliers",
                label: _t("Suppliers"),
                values: [totals.suppliers.toLocaleString()],
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
