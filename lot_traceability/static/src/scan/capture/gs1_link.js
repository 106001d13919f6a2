/**
 * GS1 Digital Links, uncompressed, read as leniently as the server reads them
 * (`tools/gs1/digital_link.py`).
 */

import { CodeError, isDigits } from "./gs1_values.js";

const URI = /^(https?|HTTPS?):\/\/([^/?#]+)((?:\/[^?#]*)?)(?:\?([^#]*))?(?:#.*)?$/s;
const ALLOWED = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
const PERCENT = /%([0-9A-Fa-f]{2})/g;
const SHORT_GTINS = [8, 12, 13];

const NAMES = {
    gtin: "01", itip: "8006", cpid: "8010", gln: "414", party: "417", gsrnp: "8017",
    gsrn: "8018", gcn: "255", sscc: "00", gdti: "253", ginc: "401", gsin: "402",
    grai: "8003", giai: "8004", gmn: "8013", cpv: "22", lot: "10", ser: "21",
    cpsn: "8011", glnx: "254",
}; // prettier-ignore

const COMPRESSED = /\/([A-Za-z0-9_-]{10,})$/;
const COMPRESSED_EPC = /^(?:eh[0-9A-Fa-f]{20,}|ex[A-Za-z0-9_-]{14,})$/;
const BASE_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function isCompressed(table, path) {
    const last = path.match(COMPRESSED)?.[1];
    if (!last) {
        return false;
    }
    const bits = BASE_64.indexOf(last[0]) * 64 + BASE_64.indexOf(last[1]);
    const first = (bits >> 4).toString(16).toUpperCase().padStart(2, "0");
    if (COMPRESSED_EPC.test(last) || /^(?:[01][A-F]|9[A-D])$/.test(first)) {
        return true;
    }
    for (const [code, identifier] of table.identifiers) {
        if (identifier.qualifiers && code.startsWith(first)) {
            return true;
        }
    }
    return false;
}

function decode(text, inQuery) {
    const spaced = inQuery ? text.replaceAll("+", " ") : text;
    if (spaced.split("%").length - 1 !== (spaced.match(PERCENT) ?? []).length) {
        throw new CodeError("link_percent");
    }
    return spaced.replace(PERCENT, (_all, hex) => String.fromCharCode(parseInt(hex, 16)));
}

function padded(code, value) {
    const isShort = code === "01" && SHORT_GTINS.includes(value.length) && isDigits(value);
    return isShort ? value.padStart(14, "0") : value;
}

function fits(identifier, codes) {
    return identifier.qualifiers.some((group) => {
        let from = -1;
        return codes.every((code) => {
            from = (group ?? []).indexOf(code, from + 1);
            return from >= 0;
        });
    });
}

function readPath(table, path) {
    const segments = path.split("/");
    const pieces = [];
    for (let index = segments.length - 2; index > 0 && pieces.length < 5; index -= 2) {
        const code = NAMES[segments[index]] ?? segments[index];
        const identifier = table.identifiers.get(code);
        if (!identifier) {
            break;
        }
        pieces.unshift({ ai: code, value: padded(code, decode(segments[index + 1], false)) });
        if (identifier.qualifiers && pieces.length < 5) {
            const codes = pieces.slice(1).map((piece) => piece.ai);
            if (codes.length && !fits(identifier, codes)) {
                throw new CodeError("link_qualifiers", { ai: code });
            }
            return pieces;
        }
    }
    throw new CodeError(isCompressed(table, path) ? "link_compressed" : "link_no_key");
}

/**
 * @returns {Array<{ai, value}>} without an `ai` where the number is not in the table
 * @throws {CodeError}
 */
export function cutLink(table, uri) {
    const match = uri.match(URI);
    if (!match || !ALLOWED.test(uri) || !HOST.test(match[2])) {
        throw new CodeError("link_syntax");
    }
    const pieces = readPath(table, match[3]);
    const seen = new Set(pieces.map((piece) => piece.ai));
    for (const parameter of (match[4] ?? "").split("&")) {
        const place = parameter.indexOf("=");
        if (place < 0) {
            continue;
        }
        const ai = parameter.slice(0, place);
        const value = decode(parameter.slice(place + 1), true);
        if (!isDigits(ai)) {
            continue;
        }
        if (!table.identifiers.has(ai)) {
            pieces.push({ ai: "", value: ai + value });
            continue;
        }
        if (seen.has(ai)) {
            throw new CodeError("link_ai", { ai });
        }
        seen.add(ai);
        pieces.push({ ai, value: padded(ai, value) });
    }
    return pieces;
}
