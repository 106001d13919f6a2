import { BarcodeParser } from "@barcodes/js/barcode_parser";
import { GS1BarcodeError } from "@barcodes_gs1_nomenclature/js/barcode_parser";
import { isGtin } from "@lot_traceability/scan/capture/gs1_values";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

// What is scanned with one of these in front says of itself that it is GS1 data.
const MARKS = ["]C1", "]e0", "]d2", "]Q3", "]J1", "\x1d"];

/**
 * Core's reading by the rules, without the plain numbers that only rules of ours would take for a
 * label: a retail number such as 4006381333931 begins as an order number (AI 400) does. The
 * same as `barcode.nomenclature` decides on the server. (The till takes no label without a
 * product, so it needs none of this.)
 */
patch(BarcodeParser.prototype, {
    gs1_decompose_extended(barcode) {
        const found = super.gs1_decompose_extended(barcode);
        if (MARKS.some((mark) => barcode.startsWith(mark))) {
            return found;
        }
        const other = found.map(
            ({ type, ai }) => type === "gs1_other" || ["323", "700"].includes(ai.slice(0, 3)),
        );
        const isPlain = other.every(Boolean) || (other.some(Boolean) && isGtin(barcode));
        if (found.length && isPlain) {
            throw new GS1BarcodeError(_t("This is a plain number, no label with GS1 data."));
        }
        return found;
    },
});
