from odoo import api, fields, models

PROBLEMS = [
    ("unknown", "Not known"),
    ("elsewhere", "Not in stock there"),
    ("places", "In several places"),
    ("refused", "May not go"),
    ("unexpected", "Not expected"),
]


class LotRfidProposalLine(models.Model):
    """What a load had of one lot, or one package of it."""

    _name = "lot.rfid.proposal.line"
    _description = "Goods of a load that passed"
    _order = "proposal_id, id"
    _rec_name = "product_id"

    proposal_id = fields.Many2one(
        "lot.rfid.proposal", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="proposal_id.company_id", store=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True, index="btree_not_null")
    package_id = fields.Many2one("stock.package", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    tags = fields.Integer(readonly=True)
    reason = fields.Char("Why the tag is not known", readonly=True)
    problem = fields.Selection(PROBLEMS, readonly=True)
    problem_text = fields.Char("What is wrong", readonly=True)

    @api.depends("product_id", "lot_id", "package_id")
    def _compute_display_name(self):
        for line in self:
            names = (line.package_id.name, line.product_id.display_name, line.lot_id.name)
            line.display_name = " · ".join(name for name in names if name)
