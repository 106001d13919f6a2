import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CameraReader } from "../../capture/camera.js";
import { useDesk } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

const PROBLEMS = {
    no_camera: () =>
        _t("There is no camera here, or the page is not open over HTTPS. Type the code instead."),
    not_allowed: () =>
        _t("The browser keeps the camera from this page. Allow it, or type the code."),
    busy: () => _t("Another app uses the camera. Close it and try again."),
    not_loaded: () => _t("The camera needs a link the first time. Type the code instead."),
    unsafe: () =>
        _t(
            "This code was read without its separators, so nobody can tell where the lot ends. Scan the square code of the label, or use a scanner.",
        ),
    failed: () => _t("The camera does not answer. Close it and try again."),
};

/** The camera of the phone as a scanner: it reads one code and closes. */
export class CameraSheet extends Component {
    static template = "lot_traceability.ScanCameraSheet";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.state = useState({ problem: "" });
        const video = useRef("video");
        onMounted(() => {
            this.reader = new CameraReader(video.el, {
                onCode: (text) => {
                    this.close();
                    this.desk.scan(text);
                },
                onError: (code) => {
                    this.state.problem = (PROBLEMS[code] || PROBLEMS.failed)();
                    this.desk.feedback.give("bad");
                },
            });
            this.reader.start();
        });
        onWillUnmount(() => this.reader.stop());
    }

    close() {
        this.shared.sheet = "";
    }
}
