import { useEffect } from "@odoo/owl";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

// In the order in which they are filled in: the first empty one gets the focus.
const ENTERED = ["login", "password", "totp"];

/** The dialog in which one signs: Enter signs, and the cursor stands where something is missing. */
export class LotSignatureController extends FormController {
    setup() {
        super.setup();
        useEffect(
            (element) => {
                if (!element) {
                    return;
                }
                this.focusMissing(element);
                const onKeydown = this.onLotKeydown.bind(this);
                element.addEventListener("keydown", onKeydown);
                return () => element.removeEventListener("keydown", onKeydown);
            },
            () => [this.rootRef.el],
        );
    }

    /** @returns {boolean} whether something has still to be entered */
    focusMissing(element) {
        const inputs = ENTERED.map((name) => element.querySelector(`[name=${name}] input`));
        const first = inputs.find((input) => input && !input.value);
        first?.focus();
        return Boolean(first);
    }

    onLotKeydown(ev) {
        if (ev.key !== "Enter" || ev.target.tagName !== "INPUT") {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        if (this.focusMissing(this.rootRef.el)) {
            return;
        }
        // What was typed reaches the record when its field is left.
        ev.target.blur();
        const scope = this.rootRef.el.closest(".modal") || this.rootRef.el;
        scope.querySelector(".o_lot_sign").click();
    }

    /**
     * What proves who signs goes with the call of the button alone: it is not saved with the rest.
     *
     * @override
     */
    async beforeExecuteActionButton(clickParams) {
        if (clickParams.name !== "action_sign") {
            return super.beforeExecuteActionButton(...arguments);
        }
        const record = this.model.root;
        const usePasskey = clickParams.class?.includes("o_lot_sign_passkey");
        if (!(await record.checkValidity({ displayNotification: true }))) {
            return false;
        }
        const { login, password, totp } = record.data;
        let given = { sign_login: login, sign_password: password, sign_totp: totp };
        if (usePasskey) {
            const answer = await this.askPasskey();
            if (!answer) {
                return false;
            }
            given = { sign_passkey: JSON.stringify(answer) };
        }
        clickParams.buttonContext = { ...clickParams.buttonContext, ...given };
        await record.update({ password: false, totp: false });
        return super.beforeExecuteActionButton(...arguments);
    }

    /** The browser's answer; Odoo's module for passkeys need not be installed. */
    async askPasskey() {
        const library = odoo.loader.modules.get("@auth_passkey/../lib/simplewebauthn");
        const options = await rpc("/auth/passkey/start-auth");
        // Whoever cancels the browser's question goes on in the dialog.
        return library?.startAuthentication(options).catch(() => null);
    }
}

export const lotSignatureFormView = { ...formView, Controller: LotSignatureController };

registry.category("views").add("lot_signature_form", lotSignatureFormView);
