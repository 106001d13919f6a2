from odoo import fields, models


class LotMeasurement(models.Model):
    """Results of an earlier system say that they were imported."""

    _inherit = "lot.measurement"

    lot_import_id = fields.Many2one(
        "lot.import",
        "Imported with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
