/**
 * Which line, lot and product of a document a scan means, found on the device: so work goes on
 * without a link. The server decides again, and in the end.
 */

/** @returns {string} a barcode as it is compared: GTINs of 8 to 14 digits are one number */
function bare(barcode) {
    return /^\d{8,14}$/.test(barcode) ? barcode.padStart(14, "0") : barcode;
}

/** @returns {string} the number of the lot or serial that a scan names; its text when it is plain */
export function numberOf({ code }) {
    return code.lot || code.serial || (code.fields.length ? "" : code.text);
}

/** @returns {number} how many product units one scan of this code means; 0 when it is another's */
export function factorOf(product, { code }) {
    const read = bare(code.gtin || code.contentGtin || code.text);
    const entry = Object.entries(product.barcodes || {}).find(([one]) => bare(one) === read);
    return entry ? entry[1] : 0;
}

/** @returns {number} how much the label says there is, in the product's unit; 0 when it does not */
export function quantityOf(product, scan) {
    if (product.tracking === "serial") {
        return 1;
    }
    const { weight, quantity } = scan.code;
    if (weight && weight.unit.toLowerCase() === (product.uom || "").toLowerCase()) {
        return Number(weight.number);
    }
    const factor = factorOf(product, scan);
    if (quantity) {
        return quantity * (factor || 1);
    }
    return factor > 1 ? factor : 0;
}

/** @returns {string} the day until which the goods may be used, as the label says */
export function expiryOf({ code }) {
    return code.expiry || code.bestBefore || "";
}

/** Whether the scan names a product at all, rather than a bare number. */
export function namesProduct({ code }) {
    return Boolean(code.gtin || code.contentGtin);
}

/** Lines of a document whose product the scan names; those that still want something first. */
export function linesOf(document, scan) {
    const lines = (document.lines || []).filter((line) => factorOf(line.product, scan) > 0);
    return [...lines.filter((line) => line.left > 0), ...lines.filter((line) => line.left <= 0)];
}

/** The pallet of a scan, where the document tells what is on it before it arrives. */
export function palletOf(document, { code }) {
    return (code.sscc && document.pallets?.find(({ sscc }) => sscc === code.sscc)) || null;
}

/**
 * Where a document wants the lot of a scan to be taken.
 *
 * @returns {{line: Object, place: Object} | null}
 */
export function placeOf(document, scan) {
    const number = numberOf(scan);
    const fits = [];
    for (const line of document.lines || []) {
        if (namesProduct(scan) && !factorOf(line.product, scan)) {
            continue;
        }
        for (const place of line.allocated || []) {
            if (number && place.lot === number) {
                fits.push({ line, place });
            }
        }
    }
    return fits.find(({ line }) => line.left > 0) || fits[0] || null;
}

/** What is to be taken next: the first place of the first line that still wants something. */
export function nextOf(document) {
    const line = (document.lines || []).find((one) => one.left > 0);
    if (!line) {
        return null;
    }
    // What was taken already comes off the places in their order.
    let gone = line.taken + line.pending;
    for (const place of line.allocated || []) {
        if (gone < place.quantity) {
            return { line, place };
        }
        gone -= place.quantity;
    }
    return { line, place: null };
}
