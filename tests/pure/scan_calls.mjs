/** What the tests call: plain data in and out. */

import { CameraReader } from "../../lot_traceability/static/src/scan/capture/camera.js";
import {
    Gs1Detector,
    identified,
    isSafe,
} from "../../lot_traceability/static/src/scan/capture/detector.js";
import {
    diagnose,
    ScanRecorder,
    TEST_CODE,
} from "../../lot_traceability/static/src/scan/capture/diagnose.js";
import { parseCode } from "../../lot_traceability/static/src/scan/capture/gs1.js";
import { WedgeReader } from "../../lot_traceability/static/src/scan/capture/wedge.js";

/** Read each text on the day that is given. */
export function parseAll(texts, identifiers, today) {
    return texts.map((text) => parseCode(text, identifiers, { today: new Date(today) }));
}

/** An element of a page, as far as the reader asks. */
function target(kind) {
    return kind && { closest: () => (kind === "page" ? null : {}), matches: () => kind === "wedge" };
}

/**
 * Send events to a reader, on a clock of their own.
 *
 * @param {Array<Object>} events with `timeStamp` and `target` (page, input or wedge)
 * @returns {{scans: Array<[string, number]>, took: Array<boolean>}}
 */
export function wedge(events, options = {}) {
    const scans = [];
    let timer = null;
    const reader = new WedgeReader({
        onScan: (text, raw) => scans.push([text, raw]),
        setTimer: (todo, ms) => (timer = { todo, at: now + ms }),
        clearTimer: () => (timer = null),
        ...options,
    });
    let now = 0;
    const advance = (to) => {
        now = to;
        if (timer && timer.at < to) {
            const { todo } = timer;
            timer = null;
            todo();
        }
    };
    const took = events.map((event) => {
        advance(event.timeStamp);
        return reader.handle({ ...event, target: target(event.target ?? "page") });
    });
    advance(now + 10_000);
    return { scans, took };
}

/** What the library that Odoo ships sees in a picture. */
export async function detect(library, { width, height, grey }) {
    const { createRequire } = await import("node:module");
    const ZXing = createRequire(import.meta.url)(library);
    const pixels = new Uint8ClampedArray(width * height * 4);
    Buffer.from(grey, "base64").forEach((value, index) => {
        pixels.fill(value, index * 4, index * 4 + 3);
        pixels[index * 4 + 3] = 255;
    });
    const context = { getImageData: () => ({ data: pixels, width, height }) };
    const canvas = { width, height, getContext: () => context };
    class Pictured extends Gs1Detector {
        take() {
            return canvas;
        }
    }
    const [code] = await new Pictured(ZXing).detect();
    return code && { ...code, identified: identified(code.rawValue, code.format) };
}

/** Whether each [text, format] is safe. */
export function safe(codes) {
    return codes.map(([text, format]) => isSafe(text, format));
}

/** Run a camera on frames, each a list of codes, one after the other. */
export async function camera(frames) {
    const told = [];
    const tracks = [{ stop: () => told.push("stopped") }];
    globalThis.ZXing = {};
    Object.defineProperty(globalThis, "navigator", {
        configurable: true,
        value: { mediaDevices: { getUserMedia: async () => ({ getTracks: () => tracks }) } },
    });
    const video = { play: async () => {} };
    await new Promise((resolve) => {
        const reader = new CameraReader(video, {
            onCode: (text, format) => told.push([text, format]),
            onError: (code) => told.push(code),
            detectorOf: () => ({
                detect: async () => {
                    if (frames.length) {
                        return frames.shift();
                    }
                    reader.stop();
                    resolve();
                    return [];
                },
            }),
        });
        reader.start();
    });
    return told;
}

/** What is found of recorded events; `at` or `timeStamp` tells their time. */
export function diagnoseEvents(events) {
    return diagnose(events.map((event) => ({ at: event.timeStamp, ...event })));
}

/** What a recorder gives on of these events. */
export async function record(events) {
    return new Promise((resolve) => {
        const recorder = new ScanRecorder(resolve);
        events.forEach((event) => recorder.handle(event));
    });
}

/** The code on the test label. */
export function testCode() {
    return TEST_CODE;
}
