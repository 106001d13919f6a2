/**
 * A document as it will be when what waits on the device is sent: so work goes on without a link,
 * and shows what it counts on.
 */

/** @returns {Object | undefined} the line that a command means */
export function lineOf(document, { line_id, product_id, lot_id }) {
    const lines = document.lines || [];
    return (
        lines.find((line) => line.id === line_id) ||
        lines.find((line) =>
            (line.allocated || []).some((place) => lot_id && place.lot_id === lot_id),
        ) ||
        lines.find((line) => product_id && line.product.id === product_id)
    );
}

/**
 * @param {Object} document as `lot.scan.document` gives it
 * @param {Object[]} commands that wait, in order
 * @returns {Object} the same shape; each line has `pending`, what waits for it, and `left`; what
 *     an order makes has `pending` as well
 */
export function withPending(document, commands) {
    const undone = new Set(
        commands.filter(({ action }) => action === "undo").map(({ data }) => data.entry_id),
    );
    const lines = (document.lines || []).map((line) => ({
        ...line,
        entries: (line.entries || []).filter((entry) => !undone.has(entry.id)),
        pending: 0,
    }));
    const shown = { ...document, lines };
    for (const line of lines) {
        for (const entry of document.lines.find((one) => one.id === line.id).entries || []) {
            line.taken -= undone.has(entry.id) ? entry.quantity : 0;
        }
    }
    for (const { action, data } of commands) {
        const line = ["take", "consume"].includes(action) && lineOf(shown, data);
        if (line) {
            line.pending += Number(data.quantity) || 0;
        }
    }
    if (document.made) {
        shown.made = madeWith(document.made, commands);
    }
    for (const line of lines) {
        line.left = Math.max(0, round(line.asked - line.taken - line.pending));
    }
    return shown;
}

/** What an order makes; what waits to be made is in `pending`. */
function madeWith(made, commands) {
    const shown = { ...made, pending: 0 };
    for (const { action, data } of commands) {
        if (action === "undo" && data.made) {
            Object.assign(shown, { taken: 0, lots: [], pending: 0 });
        } else if (action === "produce") {
            shown.pending = round(shown.pending + (Number(data.quantity) || 0));
        }
    }
    return shown;
}

/** Quantities are added; this keeps 0.1 + 0.2 at 0.3. */
export function round(quantity) {
    return Math.round(quantity * 1e6) / 1e6;
}
