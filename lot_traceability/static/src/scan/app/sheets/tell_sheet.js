import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { callModel } from "../../server/rpc.js";
import { useDesk } from "../use_desk.js";
import { Icon } from "../parts/icon.js";

/** Somebody says something about the screen that he worked with last. */
export class TellSheet extends Component {
    static template = "lot_traceability.ScanTellSheet";
    static components = { Icon };
    static props = {};

    setup() {
        const { desk, state } = useDesk();
        this.desk = desk;
        this.shared = state;
        this.state = useState({ kind: "problem", text: "", sending: false });
        const text = useRef("text");
        onMounted(() => text.el.focus());
    }

    get kinds() {
        return [
            ["problem", _t("A problem")],
            ["wish", _t("A wish")],
            ["praise", _t("Praise")],
        ];
    }

    close() {
        this.shared.sheet = "";
    }

    get where() {
        const { screen, flow, document } = this.desk.worked || this.shared.route;
        const label = this.shared.start.flows.find(({ code }) => code === flow)?.label;
        return {
            screen: [_t("Scan"), label || (screen === "home" ? "" : screen)]
                .filter(Boolean)
                .join(" – "),
            action: ["scan", screen, flow].filter(Boolean).join("/"),
            address: location.pathname,
            model: document?.model || "",
            id: document?.id || false,
            device: `${innerWidth}×${innerHeight} ${navigator.userAgent}`,
        };
    }

    /** It takes a link; without one the text stays, to be sent later. */
    async send() {
        this.state.sending = true;
        try {
            const { kind, text } = this.state;
            await callModel("lot.feedback", "leave", [kind, text, this.where]);
            this.close();
            this.desk.say("good", _t("Thank you. It was told to who can mend it."));
        } catch (error) {
            this.desk.say("bad", this.desk.explain(error));
        } finally {
            this.state.sending = false;
        }
    }
}
