/**
 * What is this code? Read on the device, so that a scan shows its fields without the server.
 *
 * The verdict is the server's (`tools/gs1/interpretation.py`), but for EPC URNs and RFID tags,
 * whose fields only the server tells. Nothing is booked on this reading alone.
 */

import { clean, cutBrackets, cutData, strip, trim } from "./gs1_cut.js";
import { isDoubled } from "./gs1_doubled.js";
import { cutLink } from "./gs1_link.js";
import { codeAt, prepare } from "./gs1_table.js";
import { CodeError, hasCheckDigit, isGtin, readValue } from "./gs1_values.js";
import { SEPARATOR } from "./separator.js";

/** No symbol holds more. */
export const LONGEST = 8192;

const GS1_SYMBOLOGIES = ["]C1", "]d2", "]Q3", "]e0", "]J1"];
const SYMBOLOGY = /^\][A-Za-z][0-9A-Za-z]/;
const COMPOSITE = "|]e0";
const TAG = /^(?:3[01269]|F[279B])[0-9A-F]{18,126}$/i;
// Most addresses are no GS1 Digital Links at all.
const NO_LINK = ["link_syntax", "link_no_key", "link_percent"];

// ---- reading -------------------------------------------------------------------------

/** @returns {{fields: Array, unknown: Array<string>}} */
function collect(table, pieces, today) {
    const fields = new Map();
    const unknown = [];
    for (const { ai, value, position } of pieces) {
        if (!ai) {
            unknown.push(value);
        } else if (!fields.has(ai)) {
            try {
                fields.set(ai, readValue(table.identifiers.get(ai), value, today));
            } catch (error) {
                throw error instanceof CodeError ? error.at(position) : error;
            }
        } else if (fields.get(ai).value !== value) {
            const { label: title, value: first } = fields.get(ai);
            throw new CodeError("repeated_ai", { ai, title, first, shown: value, position });
        }
    }
    if (!fields.size) {
        throw new CodeError("unknown_ai", { position: pieces[0].position, shown: unknown[0] });
    }
    return { fields: [...fields.values()], unknown };
}

/** "(10)LOT(11)A": the bracket after a text value may belong to that value. */
function isAmbiguous(table, pieces, error) {
    const codes = ["missing_value", "length", "digits", "date", "repeated_ai"];
    const wrong = pieces.findIndex((piece) => piece.position === error.details.position);
    if (!codes.includes(error.code) || wrong < 1) {
        return false;
    }
    const last = table.identifiers.get(pieces[wrong - 1].ai)?.components.at(-1);
    return !last || (last.charset === "X" && last.maximum > 2);
}

function readElementString(table, text, today) {
    const data = clean(text);
    let start = GS1_SYMBOLOGIES.some((mark) => data.startsWith(mark)) ? 3 : 0;
    while (data[start] === SEPARATOR) {
        start++;
    }
    if (start >= data.length) {
        throw new CodeError("empty");
    }
    if (data[start] !== "(") {
        return collect(table, cutData(table, data, start), today);
    }
    const bracketed = strip(data.slice(start), SEPARATOR);
    const pieces = cutBrackets(table, bracketed, start);
    try {
        return collect(table, pieces, today);
    } catch (error) {
        if (error instanceof CodeError && isAmbiguous(table, pieces, error)) {
            const { position } = error.details;
            throw new CodeError("brackets", { position, shown: bracketed });
        }
        throw error;
    }
}

/** EAN-13, UPC (sent as 13 digits) and EAN-8, perhaps with a composite component. */
function readRetail(table, symbology, data, today) {
    const place = data.indexOf(COMPOSITE);
    const digits = place < 0 ? data : data.slice(0, place);
    const size = symbology === "]E0" ? 13 : 8;
    if (digits.length !== size) {
        const shown = String(digits.length);
        throw new CodeError("length", { ai: "01", title: "GTIN", expected: String(size), shown });
    }
    const pieces = [{ ai: "01", value: digits.padStart(14, "0") }];
    if (place < 0) {
        return collect(table, pieces, today);
    }
    const more = readElementString(table, data.slice(place + COMPOSITE.length), today);
    return collect(table, [...pieces, ...more.fields], today);
}

// ---- what it is ----------------------------------------------------------------------

function marked(kind, text, read) {
    try {
        return { kind, text, certain: true, ...read() };
    } catch (error) {
        if (!(error instanceof CodeError)) {
            throw error;
        }
        return { kind, text, certain: true, error };
    }
}

function readData(table, data, today) {
    if (!data) {
        return null;
    }
    const start = data.slice(0, 8).toLowerCase();
    if (/^https?:\/\//.test(start)) {
        const found = marked("digital_link", data, () =>
            collect(table, cutLink(table, data), today),
        );
        return NO_LINK.includes(found.error?.code) ? null : found;
    }
    if (start === "urn:epc:") {
        return { kind: "epc_urn", text: data, certain: true, unread: true };
    }
    const bracketed = data.match(/^\(([0-9]{2,4})\)/)?.[1];
    if (data.includes(SEPARATOR) || table.identifiers.has(bracketed)) {
        return marked("element_string", data, () => readElementString(table, data, today));
    }
    return readNumber(table, data, today) ?? readUnmarked(table, data, today) ?? readTag(data);
}

function readNumber(table, data, today) {
    const one = (kind, ai, value) => ({
        kind,
        text: data,
        certain: false,
        ...collect(table, [{ ai, value }], today),
    });
    if (isGtin(data)) {
        return one("gtin", "01", data.padStart(14, "0"));
    }
    return data.length === 18 && hasCheckDigit(data) ? one("sscc", "00", data) : null;
}

/** Believed without marks only if a key with check digit comes first, or with a separator that
 * a keyboard wedge spelt out. */
function readUnmarked(table, data, today) {
    const code = codeAt(table, data, 0);
    if (!code) {
        return null;
    }
    if (!table.identifiers.get(code).hasCheckDigit && !clean(data).includes(SEPARATOR)) {
        return null;
    }
    const found = marked("element_string", data, () => readElementString(table, data, today));
    return found.error ? null : { ...found, certain: false };
}

function readTag(data) {
    return TAG.test(data) ? { kind: "epc_tag", text: data, certain: false, unread: true } : null;
}

function interpret(table, text, today) {
    const data = trim(text);
    const plain = { kind: "text", text: data, certain: false };
    if (text.length > LONGEST) {
        return { ...plain, error: new CodeError("too_long", { shown: String(text.length) }) };
    }
    if (isDoubled(data)) {
        return { ...plain, error: new CodeError("scanned_twice") };
    }
    const symbology = data.match(SYMBOLOGY)?.[0];
    if (!symbology) {
        return readData(table, data, today) ?? plain;
    }
    const rest = data.slice(3);
    if (GS1_SYMBOLOGIES.includes(symbology)) {
        return marked("element_string", rest, () => readElementString(table, data, today));
    }
    if (symbology === "]E0" || symbology === "]E4") {
        return marked("gtin", rest, () => readRetail(table, symbology, rest, today));
    }
    // The scanner says that this is no GS1 symbol; links and the like are read all the same.
    const other = rest ? { ...plain, text: rest, certain: true } : plain;
    return readData(table, rest, today) ?? other;
}

// ---- by meaning ----------------------------------------------------------------------

const MEANINGS = {
    sscc: ["00"], contentGtin: ["02"], lot: ["10"], serial: ["21"], variant: ["20"],
    gln: ["414"], glnExtension: ["254"], orderNumber: ["400"],
}; // prettier-ignore
const DATES = {
    expiry: ["17", "7003"], bestBefore: ["15"], sellBy: ["16"],
    productionDate: ["11", "8008"], packagingDate: ["13"], freezeDate: ["7006"],
}; // prettier-ignore

function meanings(fields) {
    const byAi = new Map(fields.map((field) => [field.ai, field]));
    const first = (ais) => byAi.get(ais.find((ai) => byAi.has(ai)));
    const told = {
        gtin: first(["01", "03", "8006"])?.value.slice(0, 14) ?? "",
        quantity: Number(first(["37", "30"])?.number ?? 0),
        weight: null,
    };
    for (const [name, ais] of Object.entries(MEANINGS)) {
        told[name] = first(ais)?.value ?? "";
    }
    for (const [name, ais] of Object.entries(DATES)) {
        told[name] = first(ais)?.date ?? "";
    }
    const weighed = ["310", "320", "356"]
        .map((start) => fields.find((field) => field.ai.startsWith(start)))
        .find(Boolean);
    if (weighed) {
        told.weight = { number: weighed.number, unit: weighed.unit };
    }
    return told;
}

/**
 * Say what a scanned or typed text is. Never throws, and takes time in proportion to its length.
 *
 * @param {string} text as the scanner sent it
 * @param {Array<Array>} identifiers the server's table of application identifiers
 * @param {Object} [options]
 * @param {Date} [options.today] decides the century of dates
 * @returns {Object}
 *  - `kind` element_string, digital_link, gtin, sscc, epc_urn, epc_tag or text; `text` without
 *    margins and symbology identifier; `certain` false when it could as well be a plain name;
 *  - `fields` [{ai, label, value, shown, date?, number?, unit?}] in their order, and the same by
 *    meaning: `gtin`, `contentGtin`, `lot`, `serial`, `sscc`, `gln`, `glnExtension`, `variant`,
 *    `orderNumber` (texts, empty when absent), `expiry`, `bestBefore`, `sellBy`,
 *    `productionDate`, `packagingDate`, `freezeDate` (ISO dates, empty when absent), `quantity`
 *    (0 when absent), `weight` ({number, unit} or null);
 *  - `complete` whether all of it was understood, `unknown` what was not;
 *  - `error` null, or {code, ai, title, position, shown, expected…}: see `gs1_texts.js`.
 */
export function parseCode(text, identifiers, { today = new Date() } = {}) {
    const found = interpret(prepare(identifiers), String(text), today);
    const fields = found.fields ?? [];
    const unknown = found.unknown ?? [];
    return {
        kind: found.kind,
        text: found.text,
        certain: found.certain,
        fields,
        ...meanings(fields),
        complete: !found.error && !found.unread && !unknown.length,
        unknown,
        error: found.error ? { code: found.error.code, ...found.error.details } : null,
    };
}
