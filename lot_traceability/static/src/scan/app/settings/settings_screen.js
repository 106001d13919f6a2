import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { DEFAULTS, SLOW_GAP } from "../../device/settings.js";
import { COMMAND_LABELS } from "../../work/labels.js";
import { useDesk, useScanner } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

/** How this device is used. */
export class SettingsScreen extends Component {
    static template = "lot_traceability.ScanSettingsScreen";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state, settings } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.settings = settings;
        this.state = useState({ offline: false });
        desk.hush();
        onWillStart(async () => {
            this.state.offline = Boolean(navigator.serviceWorker?.controller) && desk.store.durable;
        });
        useScanner({
            onScan: () => desk.say("good", _t("The scanner works. Go back to use it.")),
        });
    }

    get groups() {
        return [
            {
                name: "accept",
                label: _t("A scan is accepted"),
                long: true,
                options: [
                    ["next", _t("By the next scan, or OK")],
                    ["timer", _t("By itself after 4 seconds")],
                    ["confirm", _t("By OK only")],
                ],
            },
            {
                name: "hand",
                label: _t("Held in the"),
                options: [
                    ["left", _t("Left hand")],
                    ["right", _t("Right hand")],
                ],
            },
            {
                name: "theme",
                label: _t("Colours"),
                options: [
                    ["system", _t("As the device")],
                    ["light", _t("Light")],
                    ["dark", _t("Dark")],
                ],
            },
            {
                name: "text",
                label: _t("Text"),
                options: [
                    ["normal", _t("Normal")],
                    ["large", _t("Large")],
                    ["huge", _t("Very large")],
                ],
            },
        ];
    }

    get switches() {
        return [
            { name: "sound", label: _t("Sound") },
            { name: "vibration", label: _t("Vibration") },
            { name: "slow", label: _t("Slow scanner") },
        ];
    }

    get printers() {
        return this.shared.start.printers || [];
    }

    get commandLabels() {
        const names = {
            accept: _t("OK"),
            drop: _t("Drop"),
            finish: _t("Finish"),
            back: _t("Back"),
        };
        return Object.entries(COMMAND_LABELS).map(([code, what]) => ({
            code,
            label: names[what],
            src: `/lot_traceability/static/img/scan_symbols/${code}.svg`,
        }));
    }

    isOn(name) {
        return name === "slow" ? this.settings.gap > DEFAULTS.gap : this.settings[name];
    }

    flip(name) {
        if (name === "slow") {
            this.set("gap", this.isOn(name) ? DEFAULTS.gap : SLOW_GAP);
        } else {
            this.set(name, !this.settings[name]);
        }
    }

    set(name, value) {
        this.settings[name] = value;
        if (name === "sound" || name === "vibration") {
            this.desk.feedback.give("good");
        }
    }

    print() {
        window.print();
    }
}
