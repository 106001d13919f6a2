import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { flowOf } from "../work/flow.js";
import { DecideScreen } from "./decide/decide_screen.js";
import { DecisionSheet } from "./decide/decision_sheet.js";
import { useDesk } from "./use_desk.js";
import { DocumentsScreen } from "./documents/documents_screen.js";
import { HomeScreen } from "./home/home_screen.js";
import { LookScreen } from "./look/look_screen.js";
import { Icon } from "./parts/icon.js";
import { ScannerScreen } from "./scanner/scanner_screen.js";
import { SentScreen } from "./sent/sent_screen.js";
import { SettingsScreen } from "./settings/settings_screen.js";
import { CameraSheet } from "./sheets/camera_sheet.js";
import { TellSheet } from "./sheets/tell_sheet.js";
import { TypeSheet } from "./sheets/type_sheet.js";
import { WorkScreen } from "./work/work_screen.js";

const SCREENS = {
    home: HomeScreen,
    documents: DocumentsScreen,
    work: WorkScreen,
    look: LookScreen,
    decide: DecideScreen,
    sent: SentScreen,
    settings: SettingsScreen,
    scanner: ScannerScreen,
};

/** The frame around the screens: where somebody is, whether there is a link, what was said. */
export class ScanApp extends Component {
    static template = "lot_traceability.ScanApp";
    static components = { CameraSheet, DecisionSheet, Icon, TellSheet, TypeSheet };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.state = state;
    }

    get route() {
        const { route, start } = this.state;
        const { screen, flow } = route;
        const known =
            SCREENS[screen] &&
            (!flow || (flowOf(flow) && start.flows.some(({ code }) => code === flow))) &&
            (flow || !["documents", "work"].includes(screen));
        return known ? route : { screen: "home", flow: "", document: null, blind: false };
    }

    get Screen() {
        return SCREENS[this.route.screen];
    }

    get screenKey() {
        const { screen, flow, document, blind } = this.route;
        return [screen, flow, document?.model, document?.id, blind].join("|");
    }

    get title() {
        const { screen, flow } = this.route;
        const titles = {
            home: _t("Scan"),
            look: this.flowLabel("lookup") || _t("Look up"),
            decide: _t("To decide"),
            sent: _t("Done here"),
            settings: _t("Settings"),
            scanner: _t("Scanner"),
        };
        return titles[screen] || this.flowLabel(flow);
    }

    flowLabel(code) {
        return this.state.start.flows.find((flow) => flow.code === code)?.label;
    }

    get linkText() {
        const { link, linkProblem, waiting } = this.state;
        const texts = {
            offline: waiting
                ? _t("No link. Waiting here to be sent: %s.", waiting)
                : _t("No link. Go on scanning: it is kept here."),
            logged_out: waiting
                ? _t("Nobody is logged in. Waiting here to be sent: %s.", waiting)
                : _t("Nobody is logged in."),
            other_user: linkProblem,
            failing: _t("The server does not do it: %s", linkProblem),
        };
        return texts[link] || "";
    }

    get linked() {
        return _t("Linked");
    }

    get decision() {
        if (this.route.screen === "decide") {
            return null;
        }
        const { toDecide, refused } = this.state;
        return toDecide.map((uid) => refused.find((one) => one.uid === uid)).find(Boolean);
    }

    later() {
        this.state.toDecide = [];
        this.desk.hush();
    }

    get messageIcon() {
        return { good: "check", kept: "clock", bad: "warn" }[this.state.message.kind];
    }
}
