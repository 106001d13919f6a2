from odoo import fields, models

_DEMANDS = [
    ("fsma_code_told", "traceability lot code"),
    ("fsma_farm_id", "farm"),
    ("fsma_harvester_id", "harvester"),
    ("fsma_catch_area", "areas of the catch"),
]


class LotFieldDemand(models.Model):
    """A firm may refuse a receipt until what FSMA 204 asks for is told."""

    _inherit = "lot.field.demand"

    field_name = fields.Selection(
        selection_add=_DEMANDS, ondelete={name: "cascade" for name, _label in _DEMANDS}
    )
