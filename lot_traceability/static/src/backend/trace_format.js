import { formatDate, formatDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

const { DateTime } = luxon;

/** @param {number|false} value in the product's unit */
export function formatQuantity(value, uom = "") {
    if (value === false || value === undefined || value === null) {
        return "";
    }
    // Shares of a split order have many digits; small doses must not become zero.
    const decimals = Math.abs(value) >= 0.1 || !value ? 2 : 5;
    const number = formatFloat(value, { digits: [16, decimals], trailingZeros: false });
    return uom ? `${number} ${uom}` : number;
}

/**
 * @param {{uom: string}[]} lines one for each unit
 * @param {string} column the key of the quantity in a line
 */
export function formatQuantities(lines, column = "quantity") {
    return (lines || []).map((line) => formatQuantity(line[column], line.uom)).join(" · ");
}

/** @param {string|false} iso time with offset; shown in the zone of the user */
export function formatMoment(iso) {
    if (!iso) {
        return "";
    }
    // The user's own format, without the seconds that only make columns wide.
    const time = localization.timeFormat.replace(/[:.]ss/, "");
    return formatDateTime(DateTime.fromISO(iso), { format: `${localization.dateFormat} ${time}` });
}

/** @param {string|false} iso time with offset; shown in the zone of the user */
export function formatDay(iso) {
    return iso ? formatDate(DateTime.fromISO(iso)) : "";
}

/** @param {number} level generations from the traced lot, negative upstream */
export function formatGeneration(level) {
    if (!level) {
        return _t("Traced lot");
    }
    return level < 0 ? _t("%s upstream", -level) : _t("%s downstream", level);
}

/**
 * The state of a lot by colour, symbol and word, so that none of them is needed alone.
 *
 * @param {Object} lot a lot of the trace
 * @returns {{code: string, label: string, tone: string, icon: string, glyph: string}}
 */
export function lotStatus(lot) {
    if (lot.usable === false) {
        return { ...STATUS.held, label: lot.status };
    }
    return STATUS[lot.shelf] || STATUS.undated;
}

/** The state and the date that it comes from, in words. */
export function describeExpiry(lot) {
    const { code, label } = STATUS[lot.shelf] || STATUS.undated;
    const date = formatDay(lot.expiration_date);
    switch (code) {
        case "good":
            return _t("Expires %s", date);
        case "removal":
            return _t("Past removal date, expires %s", date);
        case "expired":
            return _t("Expired %s", date);
        default:
            return label;
    }
}

export const STATUS = {
    held: {
        code: "held",
        label: _t("May not be used"),
        tone: "danger",
        icon: "fa-ban",
        glyph: "\uf05e",
    },
    good: {
        code: "good",
        label: _t("Not expired"),
        tone: "success",
        icon: "fa-check-circle",
        glyph: "\uf058",
    },
    removal: {
        code: "removal",
        label: _t("Past removal date"),
        tone: "warning",
        icon: "fa-exclamation-triangle",
        glyph: "\uf071",
    },
    expired: {
        code: "expired",
        label: _t("Expired"),
        tone: "danger",
        icon: "fa-times-circle",
        glyph: "\uf057",
    },
    undated: {
        code: "undated",
        label: _t("No expiry date"),
        tone: "muted",
        icon: "fa-circle-o",
        glyph: "\uf10c",
    },
};

/** The words for the kinds of genealogy edges and of events in the timeline. */
export const KINDS = {
    production: _t("Production"),
    subcontracting: _t("Subcontracting"),
    unbuild: _t("Unbuild"),
    repair: _t("Repair"),
    removal: _t("Removed part"),
    split: _t("Lot split"),
    merge: _t("Lots merged"),
    relabel: _t("Relabelled"),
    untracked: _t("Through an untracked product"),
    transfer: _t("Between companies"),
    receipt: _t("Receipt"),
    delivery: _t("Delivery"),
    scrap: _t("Scrap"),
    mixed: _t("Several kinds"),
};

/** The words for what `lot.trace.find` finds. */
export const MATCH_TYPES = {
    lot: _t("Lot"),
    supplier_lot: _t("Supplier lot"),
    product: _t("Product"),
    package: _t("Package"),
    location: _t("Location"),
    transfer: _t("Transfer"),
    production: _t("Manufacturing order"),
    purchase: _t("Purchase order"),
    sale: _t("Sales order"),
    order: _t("Order"),
    invoice: _t("Invoice"),
};

/**
 * One sentence for a failed request, and whether trying again can help.
 *
 * @param {Error} error
 * @returns {{message: string, retry: boolean}}
 */
export function explainError(error) {
    if (error.name === "RPC_ERROR") {
        if (error.exceptionName === "odoo.http.SessionExpiredException") {
            throw error;
        }
        const known = (error.exceptionName || "").startsWith("odoo.exceptions.");
        if (!known) {
            // A fault of the server belongs in Odoo's own error dialog as well.
            Promise.reject(error);
        }
        return {
            message: known
                ? error.data?.message || error.message
                : _t("The server could not answer. Nothing was changed."),
            retry: !known,
        };
    }
    if (error.constructor.name === "ConnectionLostError") {
        return {
            message: _t("The server cannot be reached. Check the network, then try again."),
            retry: true,
        };
    }
    throw error;
}
