/**
 * What does a scanner really send? From the keys of one scan of a known code: which separator,
 * symbology identifier or not, what ends the code, how fast it is, and what got lost.
 *
 * Facts only; the sentences are in `diagnose_texts.js`.
 */

import { SEPARATOR } from "./separator.js";
import { EVENT_TYPES, recorded, WedgeReader } from "./wedge.js";

/**
 * What the test label holds, as GS1 DataMatrix or GS1-128. Its lot and serial number have letters
 * of both cases and signs that move about between keyboards.
 */
export const TEST_CODE = `010952012345678810Test-Yz/1_${SEPARATOR}21aB+2`;

const SPELT = /Alt0?029|Control\]|<GS>|\{GS\}|\[GS\]|\^\]/g;
const AIM = /^\][A-Za-z][0-9A-Za-z]/;
const GS1_AIM = ["]C1", "]d2", "]Q3", "]e0", "]J1"];
const SILENCE_MS = 1_200;
/** Slower than this, a scanner is taken for a person where one may be typing. */
const SLOW_MS = 40;
const TOO_SLOW_MS = 100;

/** Records whatever comes until nothing comes any more, and gives it on for `diagnose`. */
export class ScanRecorder {
    constructor(onRecorded) {
        this.onRecorded = onRecorded;
        this.raw = [];
        this.timer = null;
    }

    /** @param {Event} ev of one of EVENT_TYPES; its default is to be prevented */
    handle(ev) {
        if (!EVENT_TYPES.includes(ev.type)) {
            return;
        }
        this.raw.push(recorded(ev, ev.timeStamp));
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            const { raw } = this;
            this.raw = [];
            this.onRecorded(raw);
        }, SILENCE_MS);
    }

    stop() {
        clearTimeout(this.timer);
        this.raw = [];
    }
}

// ---- what came -----------------------------------------------------------------------

function keyOf(event, character) {
    if (event.type === "keyup") {
        return "Alt";
    }
    if (event.type !== "keydown") {
        return "text";
    }
    if (character === SEPARATOR && event.key !== SEPARATOR) {
        return event.ctrlKey ? "Ctrl+]" : event.key;
    }
    return "key";
}

const NAMES = new Map([
    [SEPARATOR, "GS"],
    ["\r", "CR"],
    ["\n", "LF"],
    ["\t", "TAB"],
    [" ", "SP"],
]);

function byteOf(character, key) {
    const number = character.codePointAt(0);
    return {
        hex: number.toString(16).toUpperCase().padStart(2, "0"),
        shown: NAMES.get(character) ?? (number < 32 ? `\\x${number.toString(16)}` : character),
        key,
    };
}

/** Read the events again, however slow they came. */
function replay(raw) {
    const bytes = [];
    // Nothing is timed here: the recorded events are all of one scan.
    const reader = new WedgeReader({
        onScan: () => {},
        gap: Infinity,
        typingGap: Infinity,
        shortest: 1,
        setTimer: () => null,
        clearTimer: () => {},
    });
    let text = "";
    for (const event of raw) {
        const isEnd = event.type === "keydown" && ["Enter", "Tab"].includes(event.key);
        if (isEnd) {
            const end = event.key.toLowerCase();
            return { bytes: [...bytes, byteOf(end === "tab" ? "\t" : "\r", event.key)], text, end };
        }
        reader.handle({ ...event, timeStamp: event.at });
        const now = [...reader.text];
        if (now.length) {
            // Composed text may be put right.
            const before = [...text];
            const kept = now.findIndex((one, index) => one !== before[index]);
            bytes.length = kept < 0 ? now.length : kept;
            const more = kept < 0 ? [] : now.slice(kept);
            bytes.push(...more.map((one) => byteOf(one, keyOf(event, one))));
            text = reader.text;
        }
    }
    return { bytes, text, end: "none" };
}

function gapsOf(raw) {
    const times = raw.filter((event) => event.type !== "keyup").map((event) => event.at);
    const gaps = times.slice(1).map((at, index) => at - times[index]);
    gaps.sort((a, b) => a - b);
    return { median: gaps[gaps.length >> 1] ?? 0, longest: gaps.at(-1) ?? 0 };
}

// ---- what it means -------------------------------------------------------------------

function swapCase(text) {
    return [...text]
        .map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
        .join("");
}

/** Compare the body of a scan with the test code, the separator set apart. */
function compareBody(body, expected) {
    const [before, after] = expected.split(SEPARATOR);
    if (body === expected) {
        return [];
    }
    if (body === before + after) {
        return [{ level: "bad", code: "separator_lost" }];
    }
    if (body.replace(SPELT, SEPARATOR) === expected) {
        return [{ level: "warning", code: "separator_spelt" }];
    }
    if (body.startsWith(before) && body.endsWith(after)) {
        const between = body.slice(before.length, body.length - after.length);
        if (between.length <= 8 && between !== SEPARATOR) {
            const isDigits = /^0{0,2}29$/.test(between);
            const code = isDigits ? "separator_digits" : "separator_other";
            return [{ level: "bad", code, shown: between }];
        }
    }
    if (swapCase(body) === expected) {
        return [{ level: "bad", code: "caps_lock" }];
    }
    if (body === expected + expected || body.split(before).length > 2) {
        return [{ level: "bad", code: "scanned_twice" }];
    }
    if (body.length > expected.length && body.includes(expected)) {
        const [front, back] = body.split(expected);
        return [{ level: "warning", code: "extra_text", shown: `${front}…${back}` }];
    }
    return compareCharacters(body, expected);
}

function compareCharacters(body, expected) {
    const findings = [];
    const withSeparator = body.length === expected.length ? expected : expected.replace("\x1d", "");
    if (body.length === withSeparator.length) {
        const pairs = [...withSeparator]
            .map((character, index) => [character, body[index]])
            .filter(([wanted, got]) => wanted !== got && wanted !== SEPARATOR);
        if (pairs.length && pairs.length < expected.length / 2) {
            const shown = pairs.map(([wanted, got]) => `${wanted} → ${got}`).join(", ");
            findings.push({ level: "bad", code: "keyboard_layout", shown });
            if (!body.includes(SEPARATOR)) {
                findings.push({ level: "bad", code: "separator_lost" });
            }
            return findings;
        }
    }
    if (body.length >= 4 && (expected.startsWith(body) || expected.endsWith(body))) {
        return [{ level: "bad", code: "cut_short", shown: String(expected.length - body.length) }];
    }
    if (isThinned(body, expected)) {
        const lost = String(expected.length - body.length);
        return [{ level: "bad", code: "characters_lost", shown: lost }];
    }
    return [{ level: "warning", code: "other_code" }];
}

/** Whether `body` is `expected` with some characters left out. */
function isThinned(body, expected) {
    let place = 0;
    for (const character of expected) {
        if (character === body[place]) {
            place++;
        }
    }
    return place === body.length && body.length > expected.length / 2;
}

const SEPARATOR_CODES = { Alt: "separator_alt", "Ctrl+]": "separator_control", F8: "separator_f8" };

function separatorFindings(bytes) {
    const keys = new Set(bytes.filter(({ hex }) => hex === "1D").map(({ key }) => key));
    return [...keys].map((key) => ({
        level: "good",
        code: SEPARATOR_CODES[key] ?? "separator_raw",
    }));
}

function aimFinding(aim) {
    if (!aim) {
        return { level: "warning", code: "aim_off" };
    }
    return GS1_AIM.includes(aim)
        ? { level: "good", code: "aim_on", shown: aim }
        : { level: "bad", code: "aim_not_gs1", shown: aim };
}

function speedFinding(raw, { longest }) {
    if (raw.some((event) => event.type === "beforeinput" && (event.data ?? "").length > 8)) {
        return { level: "good", code: "at_once" };
    }
    if (longest > TOO_SLOW_MS) {
        return { level: "bad", code: "too_slow", shown: String(Math.round(longest)) };
    }
    const level = longest > SLOW_MS ? "warning" : "good";
    return { level, code: level === "good" ? "fast" : "slow", shown: String(Math.round(longest)) };
}

/**
 * @param {Array} raw the events of one scan, of ScanRecorder or of WedgeReader's `onScan`
 * @param {string} [expected] what the scanned label holds, without symbology identifier
 * @returns {{bytes: Array<{hex, shown, key}>, text: string, end: string,
 *  gaps: {median: number, longest: number}, findings: Array<{level, code, shown?}>}}
 *  `key` tells how a byte came: "key", "text" (put in as text), "Alt", "Ctrl+]", "F8", "Enter",
 *  "Tab"; `level` is good, warning or bad; `end` is enter, tab or none; times in milliseconds
 */
export function diagnose(raw, expected = TEST_CODE) {
    const { bytes, text, end } = replay(raw);
    const gaps = gapsOf(raw);
    if (!text) {
        return { bytes, text, end, gaps, findings: [{ level: "bad", code: "nothing" }] };
    }
    // With CapsLock, the identifier comes with its case turned round, too.
    const turned = AIM.test(text) && !GS1_AIM.includes(text.slice(0, 3)) ? swapCase(text) : "";
    const isTurned = GS1_AIM.includes(turned.slice(0, 3));
    const aim = text.match(AIM)?.[0] ?? "";
    const body = text.slice(aim.length).replace(/^\x1d/, ""); // eslint-disable-line no-control-regex
    const findings = [
        ...compareBody(body, expected),
        ...separatorFindings(bytes),
        aimFinding(isTurned ? turned.slice(0, 3) : aim),
        { level: end === "none" ? "warning" : "good", code: `end_${end}` },
        speedFinding(raw, gaps),
    ];
    if (raw.some((event) => event.key === "Dead")) {
        findings.unshift({ level: "bad", code: "dead_key" });
    }
    if (!findings.some(({ level }) => level === "bad")) {
        findings.unshift({ level: "good", code: "usable" });
    }
    return { bytes, text, end, gaps, findings };
}
