import { onWillStart } from "@odoo/owl";
import { TraceAction } from "@lot_traceability/backend/trace_action/trace_action";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";

patch(TraceAction.prototype, {
    setup() {
        super.setup();
        onWillStart(async () => {
            this.mayRecall = await user.hasGroup("lot_traceability.group_recall_manager");
        });
    },

    startRecall() {
        return this.action.doAction("lot_traceability_recall.lot_recall_wizard_action", {
            additionalContext: { active_model: "stock.lot", active_ids: this.state.lotIds },
        });
    },
});
