from odoo import api, fields, models

from ..tools.epcis import Quantity
from ..tools.epcis_units import UNITS


class LotFsmaEventInput(models.Model):
    """A lot that went into what an event made: of a food on the list, or a raw commodity."""

    _name = "lot.fsma.event.input"
    _description = "Lot used in an event"
    _inherit = ["lot.fsma.commodity"]
    _log_access = False
    _order = "event_id, id"

    event_id = fields.Many2one(
        "lot.fsma.event", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "stock.lot", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    code_id = fields.Many2one("lot.fsma.code", readonly=True, ondelete="restrict")
    tlc = fields.Char("Traceability lot code used", readonly=True)
    product_description = fields.Char(readonly=True)
    packaging = fields.Char(readonly=True, help="Packaging size and style")
    quantity = fields.Float("Quantity used", digits="Product Unit", readonly=True)
    uom = fields.Char("Unit", readonly=True)

    def write(self, vals):
        self.event_id._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        self.event_id._unlink_except_never()

    def _epcis_amount(self) -> Quantity:
        """How much of which lot went in, in the words of EPCIS."""
        self.ensure_one()
        name = self.event_id._epcis_class(
            self.product_id, self.code_id, self.lot_id.name or self.tlc or ""
        )
        return Quantity(name, self.quantity, UNITS.get((self.uom or "").lower(), ""))
