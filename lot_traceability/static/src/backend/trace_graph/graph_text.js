import { _t } from "@web/core/l10n/translation";
import { describeExpiry, formatGeneration, formatQuantity, KINDS } from "../trace_format";

const ELLIPSIS = "\u2026";

let measure;

/** @returns {(text: string, width: number, options?: Object) => string} cuts a text to a
 *   width: `bold`, and `keepEnd` for numbers, which differ at their ends */
export function makeCutter() {
    const context = document.createElement("canvas").getContext("2d");
    const family = getComputedStyle(document.body).fontFamily;
    const fonts = { false: `12px ${family}`, true: `600 13px ${family}` };
    measure ||= new Map();
    return (text, width, { bold = false, keepEnd = false } = {}) => {
        const key = `${bold}${keepEnd}${width}${text}`;
        if (!measure.has(key)) {
            if (measure.size > 5000) {
                measure.clear();
            }
            context.font = fonts[bold];
            measure.set(
                key,
                cut(text, width, keepEnd, (part) => context.measureText(part).width),
            );
        }
        return measure.get(key);
    };
}

function cut(text, width, keepEnd, widthOf) {
    if (widthOf(text) <= width) {
        return text;
    }
    let [low, high] = [1, text.length];
    const shortened = (kept) => {
        const tail = keepEnd ? Math.floor(kept / 2) : 0;
        return text.slice(0, kept - tail) + ELLIPSIS + (tail ? text.slice(-tail) : "");
    };
    while (low < high) {
        const kept = Math.ceil((low + high) / 2);
        if (widthOf(shortened(kept)) <= width) {
            low = kept;
        } else {
            high = kept - 1;
        }
    }
    return shortened(low);
}

/** The two lines of a node. */
export function nodeLines(node) {
    switch (node.kind) {
        case "lot":
            return [node.label, node.product];
        case "group":
            return [
                _t("%s lots", node.count.toLocaleString()),
                node.product || _t("%s products", node.products),
            ];
        case "customers":
            return [_t("%s customers", node.count.toLocaleString()), _t("Open the list")];
        case "suppliers":
            return [_t("%s suppliers", node.count.toLocaleString()), _t("Open the list")];
        case "customer":
            return [node.label || _t("No customer recorded"), _t("Customer")];
        default:
            return [node.label || _t("No supplier recorded"), _t("Supplier")];
    }
}

/** Everything that the node shows by colour or symbol, in words. */
export function describeNode(node) {
    const parts = nodeLines(node);
    if (node.kind === "lot") {
        const { lot } = node;
        parts[0] = _t("Lot %s", node.label);
        parts.push(node.origin ? _t("Traced lot") : formatGeneration(node.level));
        if (lot.supplier_lot) {
            parts.push(_t("Supplier lot %s", lot.supplier_lot));
        }
        if (!lot.usable) {
            parts.push(lot.status);
        }
        parts.push(describeExpiry(lot));
        if (lot.on_hand) {
            parts.push(_t("%s on hand", formatQuantity(lot.on_hand, lot.uom)));
        }
    } else if (node.kind === "group") {
        parts.push(formatGeneration(node.level));
    }
    if (node.before) {
        parts.push(_t("Left before the traced goods came in: not affected"));
    }
    if (node.certainty === "inferred") {
        parts.push(_t("Inferred, not recorded"));
    } else if (node.certainty === "mixed") {
        parts.push(_t("Partly inferred"));
    }
    return parts.filter(Boolean).map(String);
}

/** The quantity beside a link: what of the source went this way. */
export function linkLabel(link) {
    return formatQuantity(link.parent_quantity, link.parent_uom || "");
}

export function describeLink(link) {
    const parts = [KINDS[link.kind] || link.kind];
    if (link.parent_quantity !== false && link.child_quantity !== false) {
        const [given, made] = [
            formatQuantity(link.parent_quantity, link.parent_uom),
            formatQuantity(link.child_quantity, link.child_uom),
        ];
        parts.push(given === made ? given : `${given} \u2192 ${made}`);
    }
    if (link.count > 1) {
        parts.push(_t("%s links", link.count.toLocaleString()));
    }
    if (link.certainty !== "recorded") {
        parts.push(link.certainty === "mixed" ? _t("Partly inferred") : _t("Inferred"));
    }
    return parts.map(String).join(", ");
}
