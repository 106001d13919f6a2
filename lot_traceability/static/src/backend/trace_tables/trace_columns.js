import { _t } from "@web/core/l10n/translation";
import {
    formatDay,
    formatGeneration,
    formatMoment,
    formatQuantities,
    formatQuantity,
    KINDS,
    lotStatus,
    STATUS,
} from "../trace_format";

const INFERRED = { label: _t("Inferred"), tone: "warning", icon: "fa-question-circle" };
const BEFORE = { label: _t("Left before: not affected"), tone: "muted", icon: "fa-history" };

const document = {
    name: "document",
    label: _t("Document"),
    text: (row) => row.document?.name || "",
    target: (row) => row.document,
};
const lot = {
    name: "lot",
    label: _t("Lot"),
    text: (row) => row.lot,
    target: (row) => ({ model: "stock.lot", id: row.lot_id }),
};
const product = { name: "product", label: _t("Product"), text: (row) => row.product };
const moment = {
    name: "date",
    label: _t("Date"),
    fixed: true,
    text: (row) => formatMoment(row.date),
};
const certainty = {
    name: "certainty",
    label: _t("Certainty"),
    badges: (row) =>
        [row.certainty === "inferred" && INFERRED, row.before && BEFORE].filter(Boolean),
};
const partner = (label) => ({
    name: "partner",
    label,
    text: (row) => row.partner || "",
    target: (row) => row.partner_id && { model: "res.partner", id: row.partner_id },
});
// A zero that only says "none" stays blank; what is left of a delivery is told even so.
const quantity = (name, label, zero = false) => ({
    name,
    label,
    number: true,
    text: (row) => formatQuantity(row[name] || zero, row.uom),
    sum: (sums) => formatQuantities(sums, name),
});
const quantities = (name, label, zero = false) => ({
    name,
    label,
    number: true,
    text: (row) =>
        formatQuantities(
            row.quantities.filter((line) => line[name] || zero === 0),
            name,
        ),
});

/**
 * The tables of the trace page, in the order of their tabs. A column gives the text of a
 * row, the record that its link opens (`target`), badges, and the text of its total. `of`
 * is the record that a click on the row opens.
 */
export const TABLES = [
    {
        name: "lots",
        label: _t("Lots"),
        empty: _t("No lots."),
        of: (row) => ({ model: "stock.lot", id: row.id }),
        columns: [
            {
                name: "name",
                label: _t("Lot"),
                text: (row) => row.name,
                target: (row) => ({ model: "stock.lot", id: row.id }),
            },
            product,
            { name: "level", label: _t("Generation"), text: (row) => formatGeneration(row.level) },
            {
                name: "supplier_lot",
                label: _t("Supplier lot"),
                text: (row) => row.supplier_lot || "",
            },
            {
                name: "on_hand",
                label: _t("On hand"),
                number: true,
                text: (row) => formatQuantity(row.on_hand || false, row.uom),
            },
            {
                name: "status",
                label: _t("Status"),
                text: (row) => (row.usable ? row.status : ""),
                badges: (row) => (row.usable ? [] : [lotStatus(row)]),
            },
            {
                name: "expiry",
                label: _t("Expiry"),
                text: (row) => formatDay(row.expiration_date),
                badges: (row) =>
                    [STATUS[row.shelf] || STATUS.undated].filter(
                        (status) => status.tone !== "muted",
                    ),
            },
            certainty,
        ],
    },
    {
        name: "receipts",
        label: _t("Receipts"),
        empty: _t("No receipt is recorded for these lots or what went into them."),
        of: (row) => row.document,
        columns: [
            moment,
            partner(_t("Supplier")),
            lot,
            product,
            quantity("quantity", _t("Received")),
            document,
        ],
    },
    {
        name: "deliveries",
        label: _t("Deliveries"),
        empty: _t("Nothing of these lots or of what was made of them was delivered."),
        of: (row) => row.document,
        columns: [
            moment,
            partner(_t("Customer")),
            lot,
            product,
            quantity("quantity", _t("Delivered")),
            quantity("returned", _t("Returned")),
            quantity("net", _t("Net"), 0),
            document,
            certainty,
        ],
    },
    {
        name: "customers",
        label: _t("Customers"),
        empty: _t("No customer received these lots or what was made of them."),
        of: (row) => row.id && { model: "res.partner", id: row.id },
        columns: [
            {
                name: "name",
                label: _t("Customer"),
                text: (row) => row.name || _t("No customer recorded"),
                target: (row) => row.id && { model: "res.partner", id: row.id },
            },
            { name: "lots", label: _t("Lots"), number: true, text: (row) => String(row.lots) },
            {
                name: "deliveries",
                label: _t("Deliveries"),
                number: true,
                text: (row) => String(row.deliveries),
            },
            quantities("quantity", _t("Delivered")),
            quantities("returned", _t("Returned")),
            quantities("net", _t("Net"), 0),
            {
                name: "last",
                label: _t("Last delivery"),
                fixed: true,
                text: (row) => formatMoment(row.last_date),
            },
        ],
    },
    {
        name: "on_hand",
        label: _t("Stock on hand"),
        empty: _t("Nothing of these lots is in stock."),
        of: (row) => ({ model: "stock.lot", id: row.lot_id }),
        columns: [
            lot,
            product,
            { name: "location", label: _t("Location"), text: (row) => row.location },
            quantity("quantity", _t("Quantity")),
            quantity("reserved", _t("Reserved")),
        ],
    },
    {
        name: "scrapped",
        label: _t("Scrapped"),
        empty: _t("Nothing of these lots was scrapped."),
        of: (row) => row.document,
        columns: [moment, lot, product, quantity("quantity", _t("Scrapped")), document],
    },
    {
        name: "edges",
        label: _t("Links"),
        empty: _t("These lots were made of nothing tracked, and nothing was made of them."),
        of: (row) => row.document,
        columns: [
            {
                name: "parent",
                label: _t("What went in"),
                text: (row) => row.parent.lot,
                detail: (row) => row.parent.product,
                target: (row) => ({ model: "stock.lot", id: row.parent_lot_id }),
            },
            {
                name: "given",
                label: _t("Quantity in"),
                number: true,
                text: (row) => formatQuantity(row.parent_quantity, row.parent.uom),
            },
            {
                name: "child",
                label: _t("What came out"),
                text: (row) => row.child.lot,
                detail: (row) => row.child.product,
                target: (row) => ({ model: "stock.lot", id: row.child_lot_id }),
            },
            {
                name: "made",
                label: _t("Quantity out"),
                number: true,
                text: (row) => formatQuantity(row.child_quantity, row.child.uom),
            },
            { name: "kind", label: _t("Kind"), text: (row) => KINDS[row.kind] || row.kind },
            moment,
            document,
            certainty,
        ],
    },
    {
        name: "timeline",
        label: _t("Timeline"),
        empty: _t("Nothing is recorded yet."),
        of: (row) => row.document,
        columns: [
            moment,
            { name: "kind", label: _t("Event"), text: (row) => KINDS[row.kind] || row.kind },
            lot,
            product,
            {
                name: "quantity",
                label: _t("Quantity"),
                number: true,
                text: (row) => formatQuantity(row.quantity, row.uom),
                detail: (row) =>
                    row.returned ? _t("%s returned", formatQuantity(row.returned, row.uom)) : "",
            },
            partner(_t("With whom")),
            document,
            certainty,
        ],
    },
];
