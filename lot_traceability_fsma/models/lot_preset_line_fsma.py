from odoo import fields, models


class LotPresetLine(models.Model):
    """The preset for food turns on what the FDA's food traceability rule asks for."""

    _inherit = "lot.preset.line"

    area = fields.Selection(selection_add=[("fsma", "FSMA 204")], ondelete={"fsma": "cascade"})
