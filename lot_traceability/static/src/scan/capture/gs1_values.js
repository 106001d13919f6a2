/**
 * One value behind a GS1 application identifier: checked, and written for people.
 *
 * The rules are those of the server's codec (`tools/gs1/element.py`, `checks.py`) in lenient
 * reading: what no identity depends on (an unknown country, say) is forgiven.
 */

const CHARACTER_SETS = {
    N: /^[0-9]+$/,
    X: /^[!"%-?A-Z_a-z]+$/,
    Y: /^[#\-/0-9A-Z]+$/,
    Z: /^[0-9A-Z_a-z-]+={0,2}$/,
};
const CSET_82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const PRIMES = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
];

/** Why a text is no GS1 data: `code` as in the server's `tools/gs1/errors.py`. */
export class CodeError extends Error {
    constructor(code, details = {}) {
        super(code);
        this.code = code;
        this.details = details;
    }

    at(position) {
        return new CodeError(this.code, { ...this.details, position });
    }
}

export function isDigits(text) {
    return CHARACTER_SETS.N.test(text);
}

/** @param {string} digits without their check digit */
export function checkDigit(digits) {
    let sum = 0;
    for (let i = 0; i < digits.length; i++) {
        sum += Number(digits[digits.length - 1 - i]) * (i % 2 ? 1 : 3);
    }
    return String((10 - (sum % 10)) % 10);
}

export function hasCheckDigit(number) {
    return (
        number.length > 1 && isDigits(number) && checkDigit(number.slice(0, -1)) === number.at(-1)
    );
}

export function isGtin(text) {
    return [8, 12, 13, 14].includes(text.length) && hasCheckDigit(text);
}

function hasCheckPair(value) {
    if (value.length <= 2 || value.length > 25) {
        return false;
    }
    const text = value.slice(0, -2);
    let sum = 0;
    for (let i = 0; i < text.length; i++) {
        sum += CSET_82.indexOf(text[text.length - 1 - i]) * PRIMES[i];
    }
    sum %= 1021;
    return CSET_32[sum >> 5] + CSET_32[sum & 31] === value.slice(-2);
}

const CHECKS = {
    check_pair: hasCheckPair,
    has_letter: (value) => !isDigits(value),
    minus_sign: (value) => value === "-",
    no_leading_zero: (value) => value === "0" || value[0] !== "0",
    non_zero: (value) => Number(value) !== 0,
    piece_of_total: (value) =>
        Number(value.slice(0, 2)) > 0 && Number(value.slice(0, 2)) <= Number(value.slice(2)),
    zero: (value) => value === "0",
};

function checkPart(identifier, component, part) {
    const where = { ai: identifier.code, title: identifier.title, shown: part };
    if (!CHARACTER_SETS[component.charset].test(part)) {
        if (component.charset === "N") {
            throw new CodeError("digits", where);
        }
        const accepts = CHARACTER_SETS[component.charset];
        const character = [...part].find((c) => !accepts.test(c)) ?? part.slice(-1);
        throw new CodeError("characters", { ...where, character });
    }
    for (const rule of component.rules) {
        if (rule === "check_digit") {
            const expected = checkDigit(part.slice(0, -1));
            if (expected !== part.at(-1)) {
                throw new CodeError("check_digit", { ...where, expected });
            }
        } else if (rule in CHECKS && !CHECKS[rule](part)) {
            throw new CodeError("content", where);
        }
    }
}

/** Cut a value into its components; an absent optional component ends the list. */
function cut(identifier, value) {
    const parts = [];
    let position = 0;
    for (const component of identifier.components) {
        if (position === value.length && component.optional) {
            return parts;
        }
        const part = value.slice(position, position + component.maximum);
        if (part.length < component.minimum) {
            break;
        }
        parts.push(part);
        position += part.length;
    }
    if (parts.length < identifier.components.length || position < value.length) {
        throw new CodeError("length", {
            ai: identifier.code,
            title: identifier.title,
            shown: String(value.length),
            ...lengths(identifier),
        });
    }
    return parts;
}

function lengths({ components }) {
    const all = components.reduce((sum, c) => sum + c.maximum, 0);
    const least = components.reduce((sum, c) => sum + (c.optional ? 0 : c.minimum), 0);
    return { expected: least === all ? String(all) : `${least}–${all}` };
}

// ---- dates ---------------------------------------------------------------------------

/** General Specifications 7.12: the year with these last digits that is nearest to today's. */
function yearOf(twoDigits, today) {
    const year = today.getFullYear();
    const difference = twoDigits - (year % 100);
    let century = Math.floor(year / 100);
    if (difference >= 51) {
        century--;
    } else if (difference <= -50) {
        century++;
    }
    return century * 100 + twoDigits;
}

/** @returns {string|null} ISO date, null when there is no such day */
function isoDate(year, month, day) {
    const date = new Date(Date.UTC(2000, 0, 1));
    date.setUTCFullYear(year, month - 1, day);
    const isDate =
        year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
    return isDate ? date.toISOString().slice(0, 10) : null;
}

function dateOf(part, rule, today) {
    if (rule === "long_date") {
        return isoDate(Number(part.slice(0, 4)), Number(part.slice(4, 6)), Number(part.slice(6)));
    }
    const year = yearOf(Number(part.slice(0, 2)), today);
    const month = Number(part.slice(2, 4));
    let day = Number(part.slice(4));
    if (day === 0 && rule === "date_or_month" && month >= 1 && month <= 12) {
        // Day 00 stands for the last day of the month.
        day = new Date(Date.UTC(year, month, 0)).getUTCDate();
    }
    return isoDate(year, month, day);
}

function timeOf(parts) {
    if (parts.length < 2) {
        return "";
    }
    // A delivery time that does not matter is written 9999.
    const digits = parts.slice(1).join("").replaceAll("9999", "0000").padEnd(6, "0");
    const [hour, minute, second] = [0, 2, 4].map((i) => Number(digits.slice(i, i + 2)));
    if (hour > 23 || minute > 59 || second > 59) {
        return null;
    }
    const shown = `${digits.slice(0, 2)}:${digits.slice(2, 4)}`;
    return second ? `${shown}:${digits.slice(4, 6)}` : shown;
}

const DATE_RULES = ["date", "date_or_month", "long_date"];

function readDate(identifier, parts, today) {
    const rule = identifier.components[0].rules.find((r) => DATE_RULES.includes(r));
    const day = dateOf(parts[0], rule, today);
    if (identifier.kind === "date_range") {
        const last = parts.length > 1 ? dateOf(parts[1], rule, today) : day;
        return day && last && { shown: day === last ? day : `${day} – ${last}`, date: day };
    }
    const time = timeOf(parts);
    return day && time !== null && { shown: time ? `${day} ${time}` : day, date: day };
}

// ---- numbers -------------------------------------------------------------------------

/** @returns {string} the digits with a point before the last `decimals` of them */
function scaled(digits, decimals) {
    const padded = digits.padStart(decimals + 1, "0");
    const whole = padded.slice(0, padded.length - decimals).replace(/^0+(?=\d)/, "");
    return decimals ? `${whole}.${padded.slice(-decimals)}` : whole;
}

function readNumber(identifier, value, parts) {
    switch (identifier.kind) {
        case "number":
            return { shown: scaled(value, 0), number: scaled(value, 0), unit: "" };
        case "decimal": {
            const number = scaled(value, identifier.decimals);
            return { shown: withUnit(number, identifier.unit), number, unit: identifier.unit };
        }
        case "currency": {
            const number = scaled(parts[1], identifier.decimals);
            return { shown: withUnit(number, parts[0]), number, unit: parts[0] };
        }
        case "temperature": {
            const number = (parts.length > 1 ? "-" : "") + scaled(parts[0], 2);
            return { shown: withUnit(number, identifier.unit), number, unit: identifier.unit };
        }
    }
    return { shown: value };
}

function withUnit(number, unit) {
    return unit ? `${number} ${unit}` : number;
}

/**
 * @param {Object} identifier of the prepared table
 * @param {string} value as encoded
 * @param {Date} today decides the century of dates
 * @returns {{ai, label, value, shown, date?, number?, unit?}} `date` as in ISO 8601, `number` as
 *  text, exact
 * @throws {CodeError}
 */
export function readValue(identifier, value, today) {
    const where = { ai: identifier.code, title: identifier.title };
    if (!value) {
        throw new CodeError("missing_value", where);
    }
    const parts = cut(identifier, value);
    parts.forEach((part, index) => checkPart(identifier, identifier.components[index], part));
    const isDate = ["date", "time", "date_range"].includes(identifier.kind);
    const read = isDate ? readDate(identifier, parts, today) : readNumber(identifier, value, parts);
    if (!read) {
        throw new CodeError("date", { ...where, shown: value });
    }
    return { ai: identifier.code, label: identifier.title, value, ...read };
}
