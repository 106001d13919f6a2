/**
 * What is asked besides the scan: each is a slot {name, kind: "number", "text", "date", "selection"
 * or "scan", label, required, …} whose value stands in `draft.values`. Only what is missing is
 * asked.
 */

/** @returns {boolean} whether a slot has no value yet */
export function isEmpty(slot, values) {
    const value = values[slot.name];
    if (slot.kind === "number") {
        return value === undefined || value === "" || !(Number(value) >= (slot.least ?? 0.000001));
    }
    return value === undefined || value === "" || value === null;
}

/** The slots that still have to be given. */
export function missing(slots, values) {
    return slots.filter((slot) => slot.required && isEmpty(slot, values));
}

/** What of a draft goes into the data of its command. */
export function given(slots, values) {
    const data = {};
    for (const slot of slots) {
        if (!isEmpty(slot, values)) {
            data[slot.name] =
                slot.kind === "number" ? Number(values[slot.name]) : values[slot.name];
        }
    }
    return data;
}

/**
 * A second label of the same goods tells what the first one left out: the lot here, the date there.
 *
 * @returns {Object | null} values to add; null when this scan is no such label
 */
export function complement(slots, values, scan) {
    const { code } = scan;
    const told = {
        number: code.lot || code.serial || (code.fields.length ? "" : code.text),
        expiry: code.expiry || code.bestBefore,
        quantity: code.quantity || "",
    };
    const found = {};
    for (const slot of missing(slots, values)) {
        if (slot.kind === "scan") {
            found[slot.name] = scan.text;
            break;
        }
        if (told[slot.name]) {
            found[slot.name] = told[slot.name];
        }
    }
    return Object.keys(found).length ? found : null;
}
