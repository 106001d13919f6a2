from odoo import api, fields, models
from odoo.fields import Command


class LotRecallExclude(models.TransientModel):
    """Asks why lots are left out of a recall."""

    _name = "lot.recall.exclude"
    _description = "Leave lots out of a recall"

    line_ids = fields.Many2many("lot.recall.lot", string="Lots")
    count = fields.Integer(compute="_compute_count")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "lot.recall.lot":
            values["line_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    @api.depends("line_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.line_ids)

    def action_leave_out(self) -> dict:
        """Leave the lots out.

        :return: the action that closes the dialog
        """
        self.line_ids.leave_out(self.reason)
        return {"type": "ir.actions.act_window_close"}
