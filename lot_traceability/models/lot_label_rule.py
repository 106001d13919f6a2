from odoo import api, fields, models
from odoo.tools import ormcache


class LotLabelRule(models.Model):
    """Labels that an operation prints by itself when it is done."""

    _name = "lot.label.rule"
    _description = "Labels printed by themselves"
    _inherit = ["lot.cached.rules", "lot.audited"]
    _order = "sequence, id"
    _rec_name = "design_id"

    picking_type_id = fields.Many2one(
        "stock.picking.type", required=True, ondelete="cascade", index="btree"
    )
    sequence = fields.Integer(default=10)
    design_id = fields.Many2one(
        "lot.label.design",
        "Label",
        required=True,
        domain="[('kind', '!=', 'location'), ('company_id', 'in', [False, company_id])]",
    )
    quantity = fields.Selection(
        [("one", "For each lot or package"), ("unit", "For each unit")],
        "How many",
        required=True,
        default="one",
    )
    copies = fields.Integer(required=True, default=1)
    printer_id = fields.Many2one(
        "lot.label.printer",
        domain="[('company_id', 'in', [False, company_id])]",
        help="Empty: the browser of whoever closes the operation gets the file",
    )
    company_id = fields.Many2one(related="picking_type_id.company_id", store=True)

    _copies_positive = models.Constraint(
        "CHECK(copies BETWEEN 1 AND 100)", "Print between 1 and 100 copies."
    )

    @api.model
    @ormcache()
    def _types_with_rules(self) -> frozenset[int]:
        # sudo: whether an operation prints is the same for everybody
        groups = self.sudo()._read_group([], ["picking_type_id"])
        return frozenset(picking_type.id for (picking_type,) in groups)

    @api.model
    def _of(self, picking_type, *, network: bool):
        """The rules of an operation type that print on a printer in the network, or not."""
        if picking_type.id not in self._types_with_rules():
            return self.browse()
        # sudo: what is printed by itself need not be known to whoever closes the operation
        rules = self.sudo().search([("picking_type_id", "=", picking_type.id)])
        return rules.filtered(
            lambda rule: network == (bool(rule.printer_id) and rule._prints_at_network())
        )

    def _prints_at_network(self) -> bool:
        return self.printer_id.connection == "network"
