from odoo import api, fields, models


class LotFefoPick(models.Model):
    """One lot that was taken from stock first-expired-first-out, or was not. Written when the goods
    move, never changed: it is a measurement."""

    _name = "lot.fefo.pick"
    _description = "FEFO compliance"
    _order = "date desc, id desc"
    _rec_name = "document_name"

    date = fields.Datetime(required=True, index=True)
    user_id = fields.Many2one("res.users", "Taken by", required=True, ondelete="restrict")
    location_id = fields.Many2one(
        "stock.location", "From", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="cascade")
    lot_id = fields.Many2one(
        "stock.lot", "Lot taken", required=True, index=True, ondelete="cascade"
    )
    proposed_lot_id = fields.Many2one(
        "stock.lot",
        "Lot to take",
        index="btree_not_null",
        ondelete="set null",
        help="Was free, fitted the customer, and is to be removed from stock earlier.",
    )
    days = fields.Integer(
        "Days later",
        aggregator="avg",
        help="By how many days the lot that was taken may stay longer than the one to take.",
    )
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    compliant = fields.Boolean("First expired taken", required=True)
    compliance = fields.Float(
        "Compliance (%)", aggregator="avg", digits=(5, 1), help="100 or 0; on average, the share."
    )
    reason_id = fields.Many2one("lot.fefo.reason", ondelete="restrict")
    note = fields.Char("Explanation")
    res_model = fields.Char("Kind of document", required=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", required=True)
    document_name = fields.Char("Document name")
    company_id = fields.Many2one("res.company", required=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        picks = super().create(vals_list)
        for pick in picks.filtered(lambda pick: not pick.compliant):
            pick._tell_deviation()
        return picks

    def _tell_deviation(self) -> None:
        """Another lot was taken than the one to take: the audit log tells of it."""
        proposed = self.proposed_lot_id
        self.env["lot.audit.event"]._record(
            "fefo",
            lot=self.lot_id,
            company=self.company_id,
            document=self.env[self.res_model].browse(self.res_id),
            data={
                **self.env["lot.fefo"]._deviation(proposed, self.days, self.quantity),
                "unit": self.uom_id.name,
            },
            why=". ".join(part for part in (self.reason_id.name, self.note) if part),
        )

    def action_open_document(self) -> dict:
        """Open the transfer or order with which the lot was taken.

        :return: a window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }
