/**
 * GS1 element strings part their fields with the control character GS (0x1D). A browser
 * inserts no control character in an input, and scanners send it in several ways, so it
 * is caught by key and shown as a symbol while the text is in the input.
 */
export const SEPARATOR = "\x1d";
export const SEPARATOR_SYMBOL = "\u241d";

const ALT_CODES = new Set(["29", "029", "0029"]);

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

/** Follows Alt+0029 on the number pad, which some scanners send for the separator. */
export class AltCodeReader {
    digits = "";

    /** @returns {boolean} whether a separator was just completed */
    onKey(ev) {
        if (ev.type === "keydown") {
            if (ev.key === "Alt") {
                this.digits = "";
            } else if (ev.altKey && /^\d$/.test(ev.key)) {
                this.digits += ev.key;
            }
            return false;
        }
        if (ev.key !== "Alt") {
            return false;
        }
        const done = ALT_CODES.has(this.digits);
        this.digits = "";
        return done;
    }
}
