/**
 * Reads scanners that type as a keyboard does ("keyboard wedge"), on computers and on Android.
 *
 * A scanner is told from a person by its speed. What ends a code is Enter or Tab, or that nothing
 * follows. The separator of GS1 codes arrives in many ways (see `separator.js`); the text given
 * on has it as 0x1D, and keeps the symbology identifier (`]C1`) where the scanner sends one.
 *
 * Nothing here touches the page: the caller passes events in, and stops their default where
 * `handle` says that they belong to a scanner.
 */

import { AltCodeReader, isSeparatorKey, SEPARATOR } from "./separator.js";

export const EVENT_TYPES = [
    "keydown",
    "keyup",
    "beforeinput",
    "compositionstart",
    "compositionend",
];

/** Between two keys of a scanner; wireless ones are slow. */
const GAP_MS = 100;
/** Where a person may be typing, only what no person can do is a scan. */
const TYPING_GAP_MS = 40;
const SHORTEST = 3;
/** Without Enter or Tab behind it, a few quick keys are more likely a person's. */
const SHORTEST_UNENDED = 6;
/** No symbol holds more; a stuck key does. */
const LONGEST = 8192;

const END_KEYS = ["Enter", "Tab"];
/** Some scanners send control characters as Ctrl and a letter. */
const END_LETTERS = ["m", "j", "i"];
/** They type nothing themselves, and stand in a scan all the same. */
const SILENT = [
    ...["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock", "Fn"],
    ...["Dead", "Process"],
];
/** An end key that comes so late after its code still belongs to it. */
const LATE_END_MS = 500;
const EDITABLE = "input, textarea, select, [contenteditable=''], [contenteditable='true']";

function isTypedInto(target) {
    return Boolean(target?.closest?.(EDITABLE)) && !target.matches?.("[data-wedge]");
}

/** @returns {Object} what is kept of an event, for `diagnose.js` */
export function recorded(ev, at) {
    const one = { type: ev.type, at };
    for (const name of ["key", "code", "data", "inputType"]) {
        if (ev[name] !== undefined && ev[name] !== null && ev[name] !== "") {
            one[name] = ev[name];
        }
    }
    for (const name of ["ctrlKey", "altKey", "shiftKey"]) {
        if (ev[name]) {
            one[name] = true;
        }
    }
    return one;
}

export class WedgeReader {
    /**
     * @param {Object} options
     * @param {(text: string, raw: Array) => void} options.onScan `raw` is what the scanner sent,
     *  event by event, for `diagnose.js`
     * @param {number} [options.gap] longest time between two keys of a scanner, in milliseconds
     * @param {number} [options.typingGap] the same where a person may be typing: in an input
     *  without `data-wedge`
     * @param {number} [options.shortest] characters
     */
    constructor({
        onScan,
        gap = GAP_MS,
        typingGap = TYPING_GAP_MS,
        shortest = SHORTEST,
        setTimer = (todo, ms) => setTimeout(todo, ms),
        clearTimer = (timer) => clearTimeout(timer),
    }) {
        Object.assign(this, { onScan, gap, typingGap, shortest, setTimer, clearTimer });
        this.altCode = new AltCodeReader();
        this.timer = null;
        this.keyed = "";
        this.unendedAt = -LATE_END_MS;
        this.reset();
    }

    /** Forget what was begun. */
    reset() {
        this.clearTimer(this.timer);
        this.timer = null;
        this.text = "";
        this.raw = [];
        this.lastAt = null;
        this.composed = "";
    }

    /**
     * Take an event of one of EVENT_TYPES.
     *
     * @param {Event} ev
     * @returns {boolean} whether it belongs to a scanner, so that its default is to be prevented
     */
    handle(ev) {
        if (ev.repeat) {
            // A key that is held down.
            this.reset();
            return false;
        }
        const typed = isTypedInto(ev.target);
        const at = ev.timeStamp;
        if (this.lastAt !== null && at - this.lastAt > (typed ? this.typingGap : this.gap)) {
            // The timer may come late on a busy page.
            this.finish(false);
        }
        const before = this.text.length;
        const took = this.read(ev, at, typed);
        if (this.raw.length && (ev.type === "keydown" || this.text.length > before)) {
            this.lastAt = at;
            this.clearTimer(this.timer);
            this.timer = this.setTimer(() => this.finish(false), typed ? this.typingGap : this.gap);
        }
        if (this.text.length > LONGEST) {
            this.reset();
        }
        return took;
    }

    read(ev, at, typed) {
        const hot = this.text.length > 0;
        switch (ev.type) {
            case "keydown":
                this.record(ev, at);
                return this.onKeydown(ev, hot, typed);
            case "keyup":
                return this.onKeyup(ev, at);
            case "beforeinput":
                return this.onBeforeInput(ev, at, typed);
            case "compositionstart":
            case "compositionend":
                this.composed = "";
        }
        return false;
    }

    onKeydown(ev, hot, typed) {
        if (isSeparatorKey(ev)) {
            this.text += SEPARATOR;
            return true;
        }
        this.altCode.take(ev);
        if (ev.altKey && this.altCode.digits) {
            return true;
        }
        const isEndLetter = ev.ctrlKey && !ev.altKey && END_LETTERS.includes(ev.key?.toLowerCase());
        if (END_KEYS.includes(ev.key) || (hot && isEndLetter)) {
            const isLate = !hot && ev.timeStamp - this.unendedAt < LATE_END_MS;
            return this.finish(true) || isLate;
        }
        if (ev.key === "Unidentified" || ev.keyCode === 229) {
            // Android: what was typed comes with the input event.
            return false;
        }
        // On many keyboards, AltGr (Ctrl and Alt together) types characters.
        const isText =
            [...(ev.key ?? "")].length === 1 && (!ev.ctrlKey || ev.altKey) && !ev.metaKey;
        if (!isText) {
            if (!SILENT.includes(ev.key)) {
                this.reset();
            }
            return false;
        }
        this.keyed = ev.key;
        this.text += ev.key;
        // A space or "/" in a code neither clicks the button that has the focus nor searches.
        return hot && !typed;
    }

    onKeyup(ev, at) {
        const character = this.altCode.take(ev);
        if (!character) {
            return false;
        }
        this.record(ev, at);
        if (character === "\r" || character === "\t") {
            return this.finish(true);
        }
        this.text += character;
        return true;
    }

    /** Android keyboards, and scanners that put the whole code in at once. */
    onBeforeInput(ev, at, typed) {
        const { keyed } = this;
        this.keyed = "";
        if (keyed && keyed === ev.data) {
            // The key was taken already.
            return false;
        }
        const type = ev.inputType;
        if (type === "insertLineBreak" || type === "insertParagraph") {
            this.record(ev, at);
            return this.finish(true);
        }
        if (!["insertText", "insertCompositionText", "insertFromComposition"].includes(type)) {
            return false;
        }
        this.record(ev, at);
        const data = ev.data ?? "";
        if (type === "insertText") {
            this.add(data);
        } else {
            // Composed text is given whole again with each character.
            const isSame = data.startsWith(this.composed);
            if (!isSame) {
                this.text = this.text.slice(0, -this.composed.length || undefined);
            }
            const more = isSame ? data.slice(this.composed.length) : data;
            this.composed = data;
            this.add(more);
        }
        // What a person typed stays in the input.
        return !typed && this.text.length >= this.shortest;
    }

    add(data) {
        data.split(/[\r\n\t]/).forEach((part, index) => {
            if (index) {
                this.finish(true);
            }
            this.text += part;
        });
    }

    record(ev, at) {
        this.raw.push(recorded(ev, at));
        if (this.raw.length > LONGEST) {
            this.reset();
        }
    }

    /** @returns {boolean} whether a scan ended here */
    finish(isEnded) {
        const { text, raw, lastAt } = this;
        const isScan = text.length >= (isEnded ? this.shortest : SHORTEST_UNENDED);
        this.reset();
        if (isScan) {
            this.unendedAt = isEnded ? -LATE_END_MS : lastAt;
            this.onScan(text, raw);
        }
        return isScan;
    }
}
