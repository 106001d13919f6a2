/**
 * Reads codes with the camera of a phone. No dialogs, nothing of Odoo; once its library is
 * loaded, no network.
 */

import { Gs1Detector, identified, LIBRARY } from "./detector.js";

const EVERY_MS = 120;
/** The same code again within this time is the same label before the camera. */
const AGAIN_MS = 2_000;

let loading = null;

function loadLibrary() {
    if (globalThis.ZXing) {
        return Promise.resolve();
    }
    loading ??= new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = LIBRARY;
        script.onload = resolve;
        script.onerror = () => {
            loading = null;
            script.remove();
            reject(new Error(`not loaded: ${LIBRARY}`));
        };
        document.head.append(script);
    });
    return loading;
}

/** @returns {boolean} whether this page may use a camera: HTTPS or localhost, and a device */
export function isCameraSupported() {
    return Boolean(globalThis.navigator?.mediaDevices?.getUserMedia);
}

/**
 * `start()` and `stop()`; in between, `onCode(text, format)` for each label and `onError(code)`.
 *
 * The text has the symbology identifier that a good scanner would send. Codes of errors:
 * "no_camera" (this page or device has none), "not_allowed", "busy" (another program uses it),
 * "not_loaded" (no network before the first use), "unsafe" (a GS1-128 without its separators: it
 * is not given on; the camera keeps running), "failed".
 */
export class CameraReader {
    /**
     * @param {HTMLVideoElement} video
     * @param {Object} callbacks
     * @param {(text: string, format: string) => void} callbacks.onCode
     * @param {(code: string) => void} callbacks.onError
     * @param {(ZXing: Object) => Object} [callbacks.detectorOf] for tests
     */
    constructor(video, { onCode, onError, detectorOf = (ZXing) => new Gs1Detector(ZXing) }) {
        Object.assign(this, { video, onCode, onError, detectorOf });
        this.stream = null;
        this.timer = null;
        this.run = 0;
        this.last = { text: "", at: 0 };
    }

    async start() {
        if (this.stream) {
            return;
        }
        const run = ++this.run;
        if (!isCameraSupported()) {
            this.onError("no_camera");
            return;
        }
        try {
            await loadLibrary();
        } catch {
            this.onError("not_loaded");
            return;
        }
        try {
            const stream = await navigator.mediaDevices.getUserMedia({
                video: { facingMode: "environment", width: { ideal: 1280 } },
                audio: false,
            });
            if (run !== this.run) {
                // Stopped while the person was asked for leave.
                stream.getTracks().forEach((track) => track.stop());
                return;
            }
            this.stream = stream;
            this.detector = this.detectorOf(globalThis.ZXing);
            this.video.srcObject = stream;
            this.video.playsInline = true;
            await this.video.play();
        } catch (error) {
            this.stop();
            this.onError(ERRORS[error.name] ?? "failed");
            return;
        }
        this.look(run);
    }

    stop() {
        this.run++;
        clearTimeout(this.timer);
        this.stream?.getTracks().forEach((track) => track.stop());
        this.stream = null;
        this.video.srcObject = null;
        this.last = { text: "", at: 0 };
    }

    async look(run) {
        let codes = [];
        try {
            codes = await this.detector.detect(this.video);
        } catch {
            if (run === this.run) {
                this.stop();
                this.onError("failed");
            }
        }
        if (run !== this.run) {
            return;
        }
        for (const { rawValue, format, safe } of codes) {
            this.seen(rawValue, format, safe);
        }
        if (run === this.run) {
            this.timer = setTimeout(() => this.look(run), EVERY_MS);
        }
    }

    seen(rawValue, format, safe) {
        const now = Date.now();
        const isAgain = rawValue === this.last.text && now - this.last.at < AGAIN_MS;
        this.last = { text: rawValue, at: now };
        if (isAgain) {
            return;
        }
        if (safe) {
            this.onCode(identified(rawValue, format), format);
        } else {
            this.onError("unsafe");
        }
    }
}

const ERRORS = {
    NotFoundError: "no_camera",
    OverconstrainedError: "no_camera",
    NotAllowedError: "not_allowed",
    SecurityError: "not_allowed",
    NotReadableError: "busy",
};
