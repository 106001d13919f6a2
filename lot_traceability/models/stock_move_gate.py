from odoo import api, models

from .lot_gate import GATE_ACTIVE, GATE_TERMS
from .stock_quant_sparing import GATHER_FOR

# What people know a move by, in the order in which it is asked for; the apps of some are optional.
DOCUMENTS = ("picking_id", "raw_material_production_id", "production_id", "repair_id", "unbuild_id")


class StockMove(models.Model):
    """Reservation asks the gate: lots that a move may not take are not offered to it."""

    _inherit = "stock.move"

    def _with_terms(self) -> "StockMove":
        if self.product_id.tracking == "none":
            return self
        terms = self.env["lot.gate"]._terms(self)
        return self.with_context(**{GATE_TERMS: terms or False, GATHER_FOR: self.id})

    def _update_reserved_quantity_vals(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        return super(StockMove, self._with_terms())._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    def _set_quantity_done_prepare_vals(self, qty):
        return super(StockMove, self._with_terms())._set_quantity_done_prepare_vals(qty)

    def _get_available_quantity(
        self,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        allow_negative=False,
    ):
        move = self._with_terms()
        terms = move.env.context.get(GATE_TERMS)
        if terms:
            move = move.with_context(**{GATE_ACTIVE: terms})
        return super(StockMove, move)._get_available_quantity(
            location_id, lot_id, package_id, owner_id, strict, allow_negative
        )

    def _consignee(self) -> "models.BaseModel":
        """Who gets what this move takes, as far as it is known at this step."""
        self.ensure_one()
        return self.sale_line_id.order_id.partner_shipping_id or (
            self.partner_id or self.picking_id.partner_id
        )

    def _lot_document(self) -> "models.BaseModel | None":
        """The document on which people see this move: a transfer, an order, a repair, an unbuild
        order."""
        self.ensure_one()
        for name in DOCUMENTS:
            if name in self._fields and self[name]:
                return self[name]
        return None

    @api.model
    def _document_models(self) -> set[str]:
        """The models of which `_lot_document` gives records, as far as their apps are there."""
        return {self._fields[name].comodel_name for name in DOCUMENTS if name in self._fields}

    @api.model
    def _field_of_document(self, document) -> str:
        """Which field of a move that goes out names such a document."""
        return next(
            name
            for name in DOCUMENTS
            if name in self._fields and self._fields[name].comodel_name == document._name
        )

    def _lots_passed(self) -> list[int]:
        """Lots that quality lets pass on the document of this move."""
        document = self._lot_document()
        return self.env["lot.gate.override"]._lots(document) if document else []
