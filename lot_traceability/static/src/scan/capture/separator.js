/**
 * GS1 element strings part their fields with the control character GS (0x1D). A browser
 * inserts no control character in an input, and scanners send it in several ways, so it
 * is caught by key and shown as a symbol while the text is in the input.
 */
export const SEPARATOR = "\x1d";
export const SEPARATOR_SYMBOL = "\u241d";

/** @param {KeyboardEvent} ev */
export function isSeparatorKey(ev) {
    if (ev.key === SEPARATOR || ev.key === "F8") {
        return true;
    }
    return ev.ctrlKey && !ev.altKey && (ev.key === "]" || ev.code === "BracketRight");
}

/** @param {string} text with control characters, for an input */
export function toShown(text) {
    return text.replaceAll(SEPARATOR, SEPARATOR_SYMBOL);
}

/** @param {string} shown what stands in the input */
export function toCode(shown) {
    return shown.replaceAll(SEPARATOR_SYMBOL, SEPARATOR);
}

/**
 * Follows what is typed on the number pad while Alt is down: some scanners send the separator so
 * (Alt+029, Alt+0029), and in their "universal" mode every character.
 */
export class AltCodeReader {
    digits = "";

    /** @returns {boolean} whether a separator was just completed */
    onKey(ev) {
        return this.take(ev) === SEPARATOR;
    }

    /** @returns {string} the character that was just completed, else nothing */
    take(ev) {
        if (ev.type === "keydown") {
            if (ev.key === "Alt") {
                this.digits = "";
            } else if (ev.altKey) {
                this.digits += this.digit(ev);
            }
            return "";
        }
        if (ev.key !== "Alt") {
            return "";
        }
        const number = Number(this.digits);
        this.digits = "";
        // Above 126, the character depends on the code page of the computer.
        return number > 0 && number < 127 ? String.fromCharCode(number) : "";
    }

    /** @returns {string} the digit of this key, by its place where Alt changes what it types */
    digit(ev) {
        const place = /^Numpad(\d)$/.exec(ev.code ?? "");
        return place ? place[1] : /^\d$/.test(ev.key) ? ev.key : "";
    }
}
