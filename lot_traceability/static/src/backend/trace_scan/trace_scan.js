import { onMounted, onWillStart } from "@odoo/owl";
import { loadJS } from "@web/core/assets";
import { browser } from "@web/core/browser/browser";
import { BarcodeDialog } from "@web/core/barcode/barcode_dialog";
import {
    BarcodeVideoScanner,
    isBarcodeScannerSupported,
} from "@web/core/barcode/barcode_video_scanner";
import { CropOverlay } from "@web/core/barcode/crop_overlay";
import { _t } from "@web/core/l10n/translation";
import { Gs1Detector, LIBRARY } from "@lot_traceability/scan/capture/detector";

/** A code that may have lost its separators on the way is not read at all. */
class SafeDetector extends Gs1Detector {
    async detect(video) {
        const codes = await super.detect(video);
        return codes.filter((code) => code.safe);
    }
}

/** Core's frame is a strip for linear codes: square ones, which labels of lots carry, lie over
 * its edge and are not read. This one begins high enough for both, and remembers its own size. */
class LabelFrame extends CropOverlay {
    setup() {
        super.setup();
        this.localStorageKey = "o_lot_trace_scan_frame";
    }

    computeDefaultPoint() {
        if (browser.localStorage.getItem(this.localStorageKey)) {
            return super.computeDefaultPoint();
        }
        const { width, height } = this.cropContainerRef.el.firstChild.getBoundingClientRect();
        this.relativePosition = {
            x: width * 0.95,
            y: height / 2 + Math.min(width, height) * 0.45,
        };
    }
}

export class Gs1VideoScanner extends BarcodeVideoScanner {
    static components = { ...BarcodeVideoScanner.components, CropOverlay: LabelFrame };

    setup() {
        super.setup();
        let gs1Detector;
        onWillStart(async () => {
            await loadJS(LIBRARY);
            gs1Detector = new SafeDetector(window.ZXing);
        });
        onMounted(() => {
            this.detector = gs1Detector;
        });
    }

    isZXingBarcodeDetector() {
        return true;
    }
}

export class TraceScanDialog extends BarcodeDialog {
    static components = { ...BarcodeDialog.components, BarcodeVideoScanner: Gs1VideoScanner };

    onError(error) {
        this.props.close();
        this.props.onError(error);
    }
}

/**
 * Read a code with the camera.
 *
 * @param {Object} dialog the dialog service
 * @param {(code: string) => void} onCode
 * @param {(sentence: string) => void} onFailure why the camera cannot be used, and what to do
 */
export function scanWithCamera(dialog, onCode, onFailure) {
    if (!isBarcodeScannerSupported()) {
        onFailure(
            _t(
                "This page has no camera: open Odoo over HTTPS on a device with one, or type the code.",
            ),
        );
        return;
    }
    dialog.add(TraceScanDialog, {
        facingMode: "environment",
        onResult: onCode,
        onError: (error) =>
            onFailure(
                _t("%s Type the code, or use a scanner.", error.message.replace(/\.?$/, ".")),
            ),
    });
}
