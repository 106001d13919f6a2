/** Was a code scanned twice in one go? As on the server (`tools/gs1/doubled.py`). */

import { strip } from "./gs1_cut.js";
import { hasCheckDigit, isDigits, isGtin } from "./gs1_values.js";

const BETWEEN = " \t\r\n\x1d,;";
const MARKED = /^(?:\][A-Z][0-9].|\([0-9]{2,4}\).|https?:\/\/.|urn:epc:.)/is;
// eslint-disable-next-line no-control-regex
const KEY = /^(?:\][A-Za-z][0-9])?\x1d*(01[0-9]{14}|00[0-9]{18})/;

/** @returns {string} what the text consists of twice, perhaps with one character between */
function half(text) {
    const whole = strip(text, BETWEEN);
    const middle = Math.floor(whole.length / 2);
    if (!middle || whole.slice(0, middle) !== whole.slice(-middle)) {
        return "";
    }
    if (whole.length % 2 && !BETWEEN.includes(whole[middle])) {
        return "";
    }
    return strip(whole.slice(0, middle), BETWEEN);
}

/** Whether a code stands there twice, or begins with a key that comes in it once more. */
export function isDoubled(text) {
    const once = half(text);
    if (once) {
        const isNumber = isGtin(once) || (once.length === 18 && hasCheckDigit(once));
        const isTag = /^(?:3|F)[0-9A-F]{19,}$/i.test(once) && !isDigits(once);
        if (isNumber || isTag || MARKED.test(once)) {
            return true;
        }
    }
    const key = text.match(KEY);
    return Boolean(
        key && hasCheckDigit(key[1].slice(2)) && text.slice(key[0].length).includes(key[1]),
    );
}
