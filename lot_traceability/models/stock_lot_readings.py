from odoo import api, fields, models

# Whoever else may read lots, such as a subcontractor in the portal, may not read these.
READER = "lot_traceability.group_reader"


class StockLot(models.Model):
    """Readings of a lot, what is done about them, and who received it: for its form."""

    _inherit = "stock.lot"

    measurement_ids = fields.One2many("lot.measurement", "lot_id", "Readings", groups=READER)
    condition_ids = fields.One2many(
        "lot.measurement",
        "lot_id",
        "Conditions",
        domain=[("purpose", "=", "condition")],
        groups=READER,
    )
    test_ids = fields.One2many(
        "lot.measurement",
        "lot_id",
        "Quality results",
        domain=[("purpose", "=", "test")],
        groups=READER,
    )
    corrective_action_ids = fields.One2many(
        "lot.corrective.action", "lot_id", "Corrective actions", groups=READER
    )
    out_of_limits_count = fields.Integer(
        "Out of limits", compute="_compute_reading_counts", groups=READER
    )
    unverified_count = fields.Integer(
        "Corrective actions to do or to verify", compute="_compute_reading_counts", groups=READER
    )

    @api.depends("measurement_ids.conformity", "corrective_action_ids.state")
    def _compute_reading_counts(self):
        broken = dict(
            self.env["lot.measurement"]._read_group(
                [("lot_id", "in", self.ids), ("conformity", "=", "out")], ["lot_id"], ["__count"]
            )
        )
        unverified = dict(
            self.env["lot.corrective.action"]._read_group(
                [("lot_id", "in", self.ids), ("state", "!=", "verified")], ["lot_id"], ["__count"]
            )
        )
        for lot in self:
            lot.out_of_limits_count = broken.get(lot._origin, 0)
            lot.unverified_count = unverified.get(lot._origin, 0)
