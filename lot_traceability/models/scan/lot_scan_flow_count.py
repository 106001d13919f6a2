from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from .lot_scan_flow import RefusedError
from .lot_scan_goods import Goods


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "count"]


class LotScanFlowCount(models.AbstractModel):
    """A blind count: the device is not told what is expected, so that nobody counts what the
    screen says. What was counted stands in the scans of the session; `lot_scan_flow_count_compare`
    compares it with the stock, `lot_scan_flow_count_apply` makes it the stock."""

    _name = "lot.scan.flow.count"
    _description = "Count stock"
    _inherit = "lot.scan.flow"
    _sequence = 60

    @api.model
    def _label(self):
        return self.env._("Count")

    @api.model
    def _available(self):
        return self.env["stock.quant"].has_access("write")

    @api.model
    def _do_count(self, command) -> dict[str, Any]:
        """{"session": str; "location_id" or the scanned "location"; "lot_id" or "product_id", or
        the text of the command; "package_id": where each package is counted by itself;
        "quantity": 0 where there is none; "add": to what was counted there before, else it takes
        its place; "new": make a lot of a number that is not known}."""
        session = self._told_session(command)
        place = self._place(command, "location")
        if not place:
            question = self._question("location", self.env._("Place"), "scan")
            raise RefusedError(
                self.env._("Which place is counted? Scan its label."),
                [self._choice("location", self.env._("Scan the place"), asks=[question])],
            )
        goods = self._counted_goods(command)
        package = self._told_record(command, "package_id", "stock.package")
        quantity = self._counted_quantity(command, goods)
        counted = {
            "location_id": place.id,
            "product_id": goods.product.id,
            "lot_id": goods.lot.id if goods.lot else False,
            "package_id": package.id,
            "quantity": quantity,
            "add": bool(command.data.get("add")),
        }
        total = self._total(session, counted)
        if goods.product.tracking == "serial":
            self._refuse_twice(session, counted, total)
        card = self.env["lot.scan.card"]
        return {
            "message": self.env._(
                "%(goods)s in %(place)s: %(quantity)s counted.",
                goods=goods.name,
                place=place.display_name,
                quantity=self._amount(total, goods.product),
            ),
            "counted": counted,
            # Blind: nothing of what is expected.
            "lot": {**card._lot(goods.lot), "stock": []} if goods.lot else False,
        }

    @api.model
    def _counted_quantity(self, command, goods: Goods) -> float:
        told = self._told_quantity(command, goods.product, zero=True)
        if goods.product.tracking == "serial":
            if told not in (None, 0.0, 1.0):
                raise UserError(
                    self.env._("%s is a serial number: there is one of it.", goods.lot.name)
                )
            return 1.0 if told is None else told
        quantity = goods.quantity or None if told is None else told
        if quantity is None:
            raise RefusedError(
                self.env._("How much of %s is there?", goods.name),
                [self._ask_quantity(goods.product)],
            )
        return quantity

    # -- goods that nobody has booked --------------------------------------------------------------

    @api.model
    def _counted_goods(self, command) -> Goods:
        """As `_goods`, but what lies there may be a lot that was never booked."""
        if command.data.get("lot_id"):
            return self._goods(command)
        readings = self.env["lot.scan.reading"]
        told = self._told_record(command, "product_id", "product.product")
        reading = readings._reading(command.text, told or None)
        product = told or reading.products
        unknown = reading.number and not reading.lots and not reading.error
        if not unknown or len(product) != 1 or product.tracking == "none":
            return self._goods(command)
        if reading.products and product not in reading.products:
            return self._goods(command)
        if not command.data.get("new"):
            raise RefusedError(
                self.env._(
                    "There is no lot %(lot)s of %(product)s yet. Check the label.",
                    lot=reading.number,
                    product=product.display_name,
                ),
                [self._choice("new", self.env._("Count it as a new lot"), {"new": True})],
            )
        lot = self.env["stock.lot"].create(
            {"product_id": product.id, "name": reading.number, **reading.facts}
        )
        return Goods(product, lot, readings._quantity(reading, product))

    # -- within the session ----------------------------------------------------------------------

    @api.model
    def _total(self, session: str, counted: dict[str, Any]) -> float:
        before = self._counts(session).get(self._key(counted)) if counted["add"] else None
        return counted["quantity"] + (before.quantity if before else 0.0)

    @api.model
    def _refuse_twice(self, session: str, counted: dict[str, Any], total: float) -> None:
        """One piece is in one place."""
        number = self.env["stock.lot"].browse(counted["lot_id"]).name
        if total > 1:
            raise UserError(self.env._("%s was counted already. Go on with the next.", number))
        for key, count in self._counts(session).items():
            elsewhere = key.location_id != counted["location_id"]
            if total and elsewhere and key.lot_id == counted["lot_id"] and count.quantity:
                raise UserError(
                    self.env._(
                        "%(number)s was counted in %(place)s already. Look where it is, and count "
                        "0 of it where it is not.",
                        number=number,
                        place=self.env["stock.location"].browse(key.location_id).display_name,
                    )
                )
