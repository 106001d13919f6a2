import { Component, onMounted, useState } from "@odoo/owl";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** Asks an administrator, until one is chosen or declined, for which industry to set up. */
export class PresetOffer extends Component {
    static template = "lot_traceability.PresetOffer";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ shown: false });
        // Nobody waits for it to trace a lot.
        onMounted(() => this.look());
    }

    async look() {
        try {
            if (await user.hasGroup("lot_traceability.group_administrator")) {
                this.state.shown = await this.orm.silent.call("lot.preset", "is_offered", []);
            }
        } catch {
            // It is offered the next time.
        }
    }

    open() {
        this.action.doAction("lot_traceability.lot_preset_wizard_action");
    }

    async decline() {
        await this.orm.call("lot.preset", "decline", []);
        this.state.shown = false;
    }
}
