from odoo import fields, models

KINDS = [
    ("reservation", "Taken out of a reservation"),
    ("road", "On the road"),
    ("transit", "Between own places"),
]


class LotRecallFreed(models.Model):
    """What the stop of a recall met: documents out of which affected lots were taken, and goods
    on their way that somebody has to call back."""

    _name = "lot.recall.freed"
    _description = "Stopped by a recall"
    _order = "kind, planned, id"
    _rec_name = "document"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="recall_id.company_id", store=True)
    kind = fields.Selection(KINDS, required=True)
    res_model = fields.Char("Kind of document")
    res_id = fields.Many2oneReference("Document id", model_field="res_model")
    document = fields.Char()
    origin = fields.Char("Order", help="What the document serves")
    lot_ids = fields.Many2many("stock.lot", "lot_recall_freed_lot_rel", string="Lots")
    lot_names = fields.Char("Which lots")
    quantity = fields.Float(digits="Product Unit")
    partner_id = fields.Many2one("res.partner", ondelete="restrict")
    phone = fields.Char()
    carrier = fields.Char()
    carrier_phone = fields.Char("Carrier's phone")
    tracking = fields.Char("Tracking number")
    planned = fields.Datetime("Planned or sent")
    settled = fields.Boolean(help="Somebody has called, and it comes back or is stopped.")
    note = fields.Char()

    def action_open(self) -> dict:
        """Open the document.

        :return: a window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
            "target": "current",
        }
