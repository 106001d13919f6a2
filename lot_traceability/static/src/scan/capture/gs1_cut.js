/** Cuts a text into identifiers and values, as the server does (`tools/gs1/element_string.py`). */

import { codeAt, couldBeCode, PREDEFINED } from "./gs1_table.js";
import { CodeError } from "./gs1_values.js";
import { SEPARATOR } from "./separator.js";

const SPELT_SEPARATORS = /Alt0?029|Control\]|\u241d|<GS>|\{GS\}|\[GS\]|\^\]/g;
const MARGIN = " \t\r\n\v\f\0\u00a0";
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]/g;
const BRACKETS = /\\[()\\]|\(([0-9]{2,4})\)/g;

/** @returns {string} the text without these characters at both ends, in one pass */
export function strip(text, characters) {
    let [start, end] = [0, text.length];
    while (start < end && characters.includes(text[start])) {
        start++;
    }
    while (end > start && characters.includes(text[end - 1])) {
        end--;
    }
    return text.slice(start, end);
}

/** @returns {string} the text without margins and invisible marks */
export function trim(text) {
    return strip(strip(text, MARGIN).replace(INVISIBLE, ""), MARGIN);
}

/** A scanner sends one kind of separator: beside a real one, "Alt029" is part of a lot. */
export function clean(text) {
    const data = trim(text);
    return data.includes(SEPARATOR) || data.startsWith("(")
        ? data
        : data.replace(SPELT_SEPARATORS, SEPARATOR);
}

export function cutData(table, data, start) {
    const pieces = [];
    let position = start;
    while (position < data.length) {
        if (data[position] === SEPARATOR) {
            position++;
            continue;
        }
        const code = codeAt(table, data, position);
        const begin = data.slice(position, position + 2);
        if (!code && !/^[0-9]{2}$/.test(begin)) {
            throw new CodeError("unknown_ai", { position, shown: data.slice(position) });
        }
        let end = data.indexOf(SEPARATOR, position);
        if (end < 0) {
            end = data.length;
        }
        const length = PREDEFINED.get(begin);
        if (length) {
            end = Math.min(end, position + length);
        }
        const from = position + (code ?? "").length;
        pieces.push({ ai: code ?? "", value: data.slice(from, end), position });
        position = end;
    }
    return pieces;
}

export function cutBrackets(table, text, start) {
    const marks = [];
    for (const match of text.matchAll(BRACKETS)) {
        const code = match[1];
        if (!code) {
            continue;
        }
        if (table.identifiers.has(code) || match.index === 0) {
            marks.push({ code, index: match.index, end: match.index + match[0].length });
        } else if (marks.length && couldBeCode(table, code)) {
            throw new CodeError("brackets", { position: start + match.index, shown: text });
        }
    }
    if (!marks.length || marks[0].index !== 0) {
        throw new CodeError("unknown_ai", { position: start, shown: text });
    }
    return marks.map(({ code, index, end }, place) => {
        const stop = marks[place + 1]?.index ?? text.length;
        const value = strip(text.slice(end, stop), MARGIN).replace(/\\([()\\])/g, "$1");
        const isKnown = table.identifiers.has(code);
        return {
            ai: isKnown ? code : "",
            value: isKnown ? value : code + value,
            position: start + index,
        };
    });
}
