import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** Somebody says something about the screen that he sees. */
export class FeedbackDialog extends Component {
    static template = "lot_traceability.FeedbackDialog";
    static components = { Dialog };
    static props = { where: Object, close: Function };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
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

    async send() {
        this.state.sending = true;
        try {
            const { kind, text } = this.state;
            await this.orm.call("lot.feedback", "leave", [kind, text, this.props.where]);
            this.notification.add(_t("Thank you. It was told to who can mend it."), {
                type: "success",
            });
            this.props.close();
        } finally {
            this.state.sending = false;
        }
    }
}

/** Where somebody is: the screen, and the record on it. */
export function whereNow(env) {
    const controller = env.services.action.currentController;
    const action = controller?.action || {};
    const model = controller?.props?.resModel || action.res_model || "";
    const id = controller?.currentState?.resId || controller?.props?.resId;
    return {
        screen: controller?.displayName || action.display_name || action.name || "",
        action: action.xml_id || action.tag || "",
        address: `${browser.location.pathname}${browser.location.search}`.slice(0, 200),
        model,
        id: typeof id === "number" ? id : false,
        device: `${browser.innerWidth}×${browser.innerHeight} ${browser.navigator.userAgent}`,
    };
}

export function feedbackItem(env) {
    return {
        type: "item",
        id: "lot_feedback",
        description: _t("Tell us about this screen"),
        callback: () => env.services.dialog.add(FeedbackDialog, { where: whereNow(env) }),
        sequence: 25,
    };
}

registry.category("user_menuitems").add("lot_feedback", feedbackItem);
