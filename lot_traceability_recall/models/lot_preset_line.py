from odoo import fields, models


class LotPresetLine(models.Model):
    """Presets may schedule mock recalls."""

    _inherit = "lot.preset.line"

    area = fields.Selection(
        selection_add=[("drill", "Mock recalls")], ondelete={"drill": "cascade"}
    )
    kind = fields.Selection(
        selection_add=[("drill", "Schedule of mock recalls")], ondelete={"drill": "cascade"}
    )
