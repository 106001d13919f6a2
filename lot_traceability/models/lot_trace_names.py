from collections.abc import Callable, Iterable

from odoo import api, models

from ..tools.trace_values import document


class LotTraceNames(models.AbstractModel):
    """How products, partners and documents are called in a trace, and what products cost."""

    _inherit = "lot.trace"

    @api.model
    def _rounder(self) -> Callable[[float], float]:
        """Rounds to the precision of quantities, without minus zero."""
        digits = self._digits()
        return lambda quantity: round(quantity, digits) + 0.0

    @api.model
    def _digits(self) -> int:
        return self.env["decimal.precision"].precision_get("Product Unit")

    @api.model
    def _round(self, quantity: float) -> float:
        return self._rounder()(quantity)

    @api.model
    def _products(self, ids: Iterable[int]) -> dict[int, dict]:
        """{product: {"name", "uom"}}, archived ones included."""
        products = self._fetch_products(ids)
        return {
            product.id: {
                "name": self._product_name(product),
                "uom": product.product_tmpl_id.uom_id.name,
            }
            for product in products
        }

    @api.model
    def _product_name(self, product: models.BaseModel) -> str:
        """The product as Odoo shows it. Of variants alone Odoo's own computation is asked, which
        reads their attributes one table after the other."""
        if product.combination_indices:
            return product.display_name
        code, name = product.default_code, product.product_tmpl_id.name
        return f"[{code}] {name}" if code else name

    @api.model
    def _fetch_products(self, ids: Iterable[int]) -> models.BaseModel:
        """Products with the few columns that a trace shows, and not all of theirs."""
        # sudo: whoever may read a lot may know what product it is of
        products = self.env["product.product"].sudo().browse(ids)
        products.fetch(["product_tmpl_id", "default_code", "combination_indices"])
        products.product_tmpl_id.fetch(["name", "uom_id", "lot_valuated"])
        return products

    @api.model
    def _partner_names(self, ids: set) -> dict[int | None, str]:
        """Names of partners; of those that the caller may not read, only that there is one."""
        partners = {partner for partner in ids if partner}
        names = self.env["lot.trace.engine"]._readable_names(
            "res.partner", partners, "complete_name"
        )
        hidden = self.env._("Contact of another company")
        return {partner: names.get(partner, hidden) for partner in partners} | {None: ""}

    @api.model
    def _move_documents(self, pairs: Iterable[tuple]) -> dict[tuple, dict]:
        """{(picking, move): document}: the transfer, else the move itself; of a negative move the
        row of imported history that it counts."""
        wanted = set(pairs)
        engine = self.env["lot.trace.engine"]
        imported = {-move for picking, move in wanted if not picking and move < 0}
        if imported:
            wanted -= {(None, -row) for row in imported}
        pickings = engine._names("stock.picking", {picking for picking, _m in wanted if picking})
        loose = {move for picking, move in wanted if not picking}
        moves = engine._names("stock.move", loose, "reference")
        return {
            (picking, move): document("stock.picking", picking, pickings.get(picking) or "")
            if picking
            else document("stock.move", move, moves.get(move) or "")
            for picking, move in wanted
        } | {
            (None, -row): found
            for row, found in self._history_documents("lot.history.movement", imported).items()
        }

    @api.model
    def _costs(self, product_ids: set[int], lot_ids: set[int]) -> dict[tuple, float]:
        """Unit costs by (product, company), and by ("lot", lot) where lots are valued apart."""
        if not self.env.user.has_group("stock.group_stock_manager") and not self.env.su:
            return {}
        costs: dict[tuple, float] = {}
        self._fetch_products(product_ids)
        for company in self.env.companies:
            products = self.env["product.product"].browse(product_ids).with_company(company)
            for product in products:
                costs[product.id, company.id] = product.standard_price
        valuated = [p.id for p in products if p.product_tmpl_id.lot_valuated] if product_ids else []
        if valuated:
            lots = self.env["stock.lot"].browse(lot_ids)
            for lot in lots.filtered(lambda lot: lot.product_id.id in valuated):
                costs["lot", lot.id] = lot.standard_price
        return costs
