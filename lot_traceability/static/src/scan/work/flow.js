import { _t } from "@web/core/l10n/translation";
import { expiryOf, namesProduct, numberOf, quantityOf } from "./matching.js";
import { given } from "./slots.js";

const registry = new Map();

/** Add a kind of work, or replace one: its code is that of the server's `lot.scan.flow.<code>`. */
export function addFlow(flow) {
    registry.set(flow.code, flow);
}

/** @returns {Flow | undefined} */
export function flowOf(code) {
    return registry.get(code);
}

/** What somebody reads when a scan means nothing here. */
export class NotHereError extends Error {}

/**
 * One kind of work as the device shows it: what a scan begins, what is asked besides, and which
 * command it becomes. `work` is {document, session, start, place, done}: the document with what
 * waits for it, the session of work without one, what the server told at the start, a place that
 * was scanned before, and what was done here already.
 */
export class Flow {
    code = "";
    action = "";
    icon = "box";
    /** Whether work can be done without a document although there are documents. */
    blind = false;
    /** What is written on the button for that. */
    blindLabel() {
        return _t("Without an order");
    }

    /** Whether there is an end to it: `finish`. */
    ends = false;

    /** What to do next: {title, detail, place}. */
    prompt() {
        return { title: _t("Scan a lot"), detail: "" };
    }

    /** Whether the server has to say first what was scanned. */
    asks() {
        return true;
    }

    /**
     * What a scan begins.
     *
     * @param {Object} scan {text, typed, code}
     * @param {Object | null} found what the server knows of it, null without a link
     * @returns {Object} {title, detail, values, …}: the draft; or {here: {id, label, text}}: the place to go on with
     * @throws {NotHereError}
     */
    begin(scan, found) {
        return beginGoods(scan, found);
    }

    /** @returns {Object[]} see `slots.js` */
    slots() {
        return [];
    }

    /** @returns {{action: string, data: Object}} */
    command(draft, work) {
        return { action: this.action, data: this.data(draft, work) };
    }

    data(draft, work) {
        const data = { ...given(this.slots(draft, work), draft.values) };
        if (draft.lot) {
            data.lot_id = draft.lot.id;
        }
        if (work.document) {
            data.document = { model: work.document.model, id: work.document.id };
        } else if (work.session) {
            data.session = work.session;
        }
        return data;
    }
}

/** The places in which a lot lies, told apart from the amounts there. */
export function placesOf(draft) {
    return draft.lot?.stock || draft.stock || [];
}

/**
 * A draft about goods in stock: a lot, else what the label says.
 *
 * @throws {NotHereError} when the server knows that there is none, or several
 */
export function beginGoods(scan, found) {
    const lot = found?.lot || null;
    if (found && !lot) {
        refuseUnknown(found);
    }
    const product = lot?.product || found?.product || null;
    const match = found?.matches?.[0];
    return {
        scan,
        found,
        lot,
        product,
        package: match?.type === "package" ? match : null,
        stock: found?.stock || [],
        title: lot?.name || match?.label || numberOf(scan) || scan.code.text,
        detail: lot ? lot.product.name : match?.detail || "",
        values: { quantity: (product && quantityOf(product, scan)) || scan.code.quantity || "" },
    };
}

function refuseUnknown(found) {
    const lots = found.matches.filter((match) => match.type === "lot");
    if (!found.matches.length) {
        throw new NotHereError(found.error || found.message);
    }
    if (lots.length > 1) {
        throw new NotHereError(
            _t(
                "%(number)s is the number of lots of %(products)s. Scan a label that names the product as well.",
                { number: found.number, products: lots.map((lot) => lot.detail).join(", ") },
            ),
        );
    }
}

/** What a label tells of goods that are not in stock yet. */
export function labelValues(scan, product) {
    return {
        number: namesProduct(scan) ? scan.code.lot || scan.code.serial : numberOf(scan),
        expiry: expiryOf(scan),
        quantity: (product && quantityOf(product, scan)) || "",
    };
}

export function quantitySlot(draft, more = {}) {
    return {
        name: "quantity",
        kind: "number",
        label: _t("Quantity"),
        unit: draft.product?.uom || "",
        required: true,
        whole: draft.product?.tracking === "serial",
        ...more,
    };
}

export function reasonSlot(suggestions, more = {}) {
    return {
        name: "reason",
        kind: "text",
        label: _t("Reason"),
        required: true,
        suggestions,
        ...more,
    };
}
