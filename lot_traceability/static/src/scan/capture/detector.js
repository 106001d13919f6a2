/**
 * Reads codes in a picture with the library that Odoo ships, so that GS1 separators are kept.
 *
 * Without its hint for GS1, the library drops the first separator of a GS1-128 code, and a lot then
 * swallows the fields behind it; the browser's native detector is not dependable in this either.
 */

import { hasCheckDigit } from "./gs1_values.js";
import { PREDEFINED } from "./gs1_table.js";
import { SEPARATOR } from "./separator.js";

export const LIBRARY = "/web/static/lib/zxing-library/zxing-library.js";

// The labels that carry a lot: the two-dimensional ones first.
const FORMATS = [
    "DATA_MATRIX",
    "QR_CODE",
    "CODE_128",
    "EAN_13",
    "EAN_8",
    "UPC_A",
    "ITF",
    "CODE_39",
];
// A blurred frame is no reason to give the camera up.
const UNREADABLE = ["NotFoundException", "ChecksumException", "FormatException"];

/**
 * Whether a code from the camera can be trusted to be whole.
 *
 * A Code 128 that begins as a GS1 label does, but shows neither the mark nor a separator of one,
 * has lost its separators on the way: nobody can tell where its lot ends.
 *
 * @param {string} text
 * @param {string} format as the detector names it, "CODE_128" say
 */
export function isSafe(text, format) {
    if (format !== "CODE_128" || text.startsWith("]C1") || text.includes(SEPARATOR)) {
        return true;
    }
    const key = /^(?:01(\d{14})|02(\d{14})|00(\d{18}))/.exec(text);
    if (!key || !hasCheckDigit(key[1] ?? key[2] ?? key[3])) {
        return true;
    }
    let position = key[0].length;
    while (position < text.length) {
        const length = PREDEFINED.get(text.slice(position, position + 2));
        if (!length) {
            return false;
        }
        position += length;
    }
    return true;
}

/**
 * The text with the symbology identifier that a good scanner would send: it tells the server that
 * this is GS1 data, or a retail number, for certain.
 */
export function identified(text, format) {
    if (format === "EAN_13") {
        return `]E0${text}`;
    }
    if (format === "UPC_A") {
        return `]E0${text.padStart(13, "0")}`;
    }
    if (format === "EAN_8") {
        return `]E4${text}`;
    }
    if (text.startsWith(SEPARATOR) && ["DATA_MATRIX", "QR_CODE"].includes(format)) {
        return `${format === "QR_CODE" ? "]Q3" : "]d2"}${text.slice(1)}`;
    }
    return text;
}

/** A detector as the browser's own one, for the part of the picture that is set. */
export class Gs1Detector {
    /** @param {Object} ZXing the library, see LIBRARY */
    constructor(ZXing) {
        this.ZXing = ZXing;
        this.area = null;
        this.canvas = null;
        this.reader = new ZXing.MultiFormatReader();
        this.reader.setHints(
            new Map([
                [
                    ZXing.DecodeHintType.POSSIBLE_FORMATS,
                    FORMATS.map((format) => ZXing.BarcodeFormat[format]),
                ],
                // Reads at every angle.
                [ZXing.DecodeHintType.TRY_HARDER, true],
                [ZXing.DecodeHintType.ASSUME_GS1, true],
            ]),
        );
    }

    /** @param {{x, y, width, height}} area in pixels of the video */
    setCropArea(area) {
        this.area = area;
    }

    /**
     * @param {HTMLVideoElement} video that plays
     * @returns {Promise<Array<{rawValue: string, format: string, safe: boolean}>>} one code or none
     */
    async detect(video) {
        const picture = this.take(video);
        if (!picture) {
            return [];
        }
        const { BinaryBitmap, HybridBinarizer, HTMLCanvasElementLuminanceSource } = this.ZXing;
        const source = new HTMLCanvasElementLuminanceSource(picture);
        try {
            const found = this.reader.decodeWithState(
                new BinaryBitmap(new HybridBinarizer(source)),
            );
            const rawValue = found.getText();
            const format = this.ZXing.BarcodeFormat[found.getBarcodeFormat()];
            return [{ rawValue, format, safe: isSafe(rawValue, format) }];
        } catch (error) {
            if (UNREADABLE.includes(error.name)) {
                return [];
            }
            throw error;
        }
    }

    /** @returns {HTMLCanvasElement|null} what the camera shows now */
    take(video) {
        const whole = { x: 0, y: 0, width: video.videoWidth, height: video.videoHeight };
        const { x, y, width, height } = this.area?.width ? this.area : whole;
        if (!width || !height) {
            return null;
        }
        this.canvas ??= document.createElement("canvas");
        Object.assign(this.canvas, { width, height });
        const context = this.canvas.getContext("2d", { willReadFrequently: true });
        context.drawImage(video, x, y, width, height, 0, 0, width, height);
        return this.canvas;
    }
}
