from odoo import api, fields, models


class LotMeasurementStrike(models.TransientModel):
    """Asks why readings do not count, and strikes them out."""

    _name = "lot.measurement.strike"
    _description = "Strike out readings"

    measurement_ids = fields.Many2many("lot.measurement", string="Readings", required=True)
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "lot.measurement":
            values["measurement_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    def action_apply(self) -> dict:
        """Strike the readings out.

        :return: the action that closes the dialog
        :raise AccessError: when the user is not of quality
        """
        self.measurement_ids.strike_out(self.reason)
        return {"type": "ir.actions.act_window_close"}
