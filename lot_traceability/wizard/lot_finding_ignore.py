from odoo import api, fields, models


class LotFindingIgnore(models.TransientModel):
    """Asks why faults are left as they are."""

    _name = "lot.finding.ignore"
    _description = "Ignore faults"

    finding_ids = fields.Many2many("lot.finding", string="Faults", required=True)
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "lot.finding":
            values["finding_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    def action_apply(self) -> dict:
        """Leave the faults as they are.

        :return: the action that closes the dialog
        :raise AccessError: when the user is not of quality
        """
        self.finding_ids.ignore(self.reason)
        return {"type": "ir.actions.act_window_close"}
