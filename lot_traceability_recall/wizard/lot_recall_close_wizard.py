from odoo import api, fields, models
from odoo.exceptions import UserError


class LotRecallCloseWizard(models.TransientModel):
    """Shows what is still open before a recall is closed or called off, and asks why."""

    _name = "lot.recall.close.wizard"
    _description = "Close a recall"

    recall_id = fields.Many2one("lot.recall", required=True, ondelete="cascade")
    what = fields.Selection(
        [("close", "Close it"), ("cancel", "Call it off: it was none")],
        "What is to be done?",
        required=True,
        default="close",
    )
    open_points = fields.Text(compute="_compute_open_points")
    reason = fields.Text()

    @api.depends("recall_id")
    def _compute_open_points(self):
        for wizard in self:
            wizard.open_points = wizard.recall_id.open_points

    def action_apply(self) -> dict:
        """Close the recall or call it off; where the firm has that signed, ask for the signature.

        :return: the action that closes the dialog, or opens that of the signature
        :raise UserError: without a reason where one is needed
        """
        self.ensure_one()
        recall, reason = self.recall_id, (self.reason or "").strip()
        if self.what == "cancel":
            recall.action_cancel(reason)
            return {"type": "ir.actions.act_window_close"}
        if self.open_points and not reason:
            raise UserError(
                self.env._("Something is still open. Say why it can be closed all the same.")
            )
        signing = self.env["lot.signing"]
        step = signing._step_of("recall_close", recall)
        if step:
            return signing._ask(step, recall, {"reason": reason})
        recall.close(reason)
        return {"type": "ir.actions.act_window_close"}
