from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .lot_scan_flow import RefusedError


class Goods(NamedTuple):
    """What a command is about."""

    product: Any
    lot: Any
    """None where the product is not kept by lots."""
    quantity: float = 0.0
    """How much the label says there is; 0 where it does not say."""

    @property
    def name(self) -> str:
        return self.lot.name if self.lot else self.product.display_name


class LotScanFlow(models.AbstractModel):
    """Goods that a command names, and the one place where they are."""

    _inherit = "lot.scan.flow"

    @api.model
    def _goods(self, command, among=None) -> Goods:
        """What a command is about: a lot by `lot_id`, a product without lots by `product_id`, or
        either by what was scanned.

        :param among: products that the work is about: a number that is one of theirs and one of
            others as well is theirs. Whether it is theirs at all is for the caller to see.
        :raise UserError: when that is nothing, or several things
        """
        readings = self.env["lot.scan.reading"]
        if command.data.get("lot_id"):
            lot = self._lot(command)
            return Goods(lot.product_id, lot, self._on_label(command, lot.product_id))
        told = self._told_record(command, "product_id", "product.product")
        if told and told.tracking == "none":
            return Goods(told, None, self._on_label(command, told))
        reading = readings._reading(command.text, told or None)
        if among:
            reading.products = reading.products & among or reading.products
            theirs = reading.lots.filtered(lambda lot: lot.product_id in among)
            reading.lots = theirs or reading.lots
        alone = reading.products if not reading.lots and not reading.error else told[:0]
        if len(alone) == 1 and alone.tracking == "none":
            return Goods(alone, None, readings._quantity(reading, alone))
        if len(alone) == 1 and not reading.number:
            raise UserError(
                self.env._(
                    "This label names no lot of %s. Scan the one with the lot number.",
                    alone.display_name,
                )
            )
        lot = readings._one_lot(reading, told or None)
        return Goods(lot.product_id, lot, readings._quantity(reading, lot.product_id))

    @api.model
    def _on_label(self, command, product) -> float:
        """How much the scanned label says there is."""
        if not command.text:
            return 0.0
        readings = self.env["lot.scan.reading"]
        reading = readings._reading(command.text, product)
        return 0.0 if reading.error else readings._quantity(reading, product)

    @api.model
    def _quantity_of(self, command, goods: Goods) -> float | None:
        """How much: what is told, else what the label says, else the one of a serial number."""
        told = self._told_quantity(command, goods.product)
        if goods.product.tracking == "serial":
            if told not in (None, 1.0):
                raise UserError(
                    self.env._("%s is a serial number: there is one of it.", goods.lot.name)
                )
            return 1.0
        return told or goods.quantity or None

    # -- where -----------------------------------------------------------------------------------

    @api.model
    def _quants(self, domain: Domain):
        """Stock of this company in its places."""
        return self.env["stock.quant"].search(
            domain
            & Domain("location_id.usage", "=", "internal")
            & Domain("company_id", "=", self.env.company.id)
            & Domain("quantity", ">", 0),
            order="quantity desc, id",
        )

    @api.model
    def _one_quant(self, command, goods: Goods, where: str, within=None):
        """The stock that is meant: `<where>_id` or `<where>` of the command names its place,
        `package_id` and `owner_id` what it is in and whose it is.

        :param within: the place in which it has to lie
        :raise RefusedError: with the places to choose from, when there are several
        :raise UserError: when nothing is there
        """
        everywhere = self._quants(
            Domain("product_id", "=", goods.product.id)
            & Domain("lot_id", "=", goods.lot.id if goods.lot else False)
        )
        place = self._place(command, where)
        quants = self._inside(everywhere, within)
        # A place that holds others is meant itself where the goods lie in it.
        exact = quants.filtered(lambda quant: quant.location_id == place)
        quants = exact or self._inside(quants, place)
        for name in ("package_id", "owner_id"):
            if name in command.data:
                wanted = command.data[name] or False
                quants = quants.filtered(lambda one, n=name, id_=wanted: one[n].id == id_)
        if not quants:
            raise UserError(self._nowhere(goods, place or within, everywhere))
        if len(quants) > 1:
            raise RefusedError(
                self.env._("%s lies in several places. Choose one.", goods.name),
                [self._quant_choice(quant, where) for quant in quants[:10]],
            )
        return quants

    @api.model
    def _inside(self, quants, place):
        """Those of these quants that lie in a place or in one that is part of it."""
        if not place:
            return quants
        return quants.filtered(
            lambda quant: quant.location_id.parent_path.startswith(place.parent_path)
        )

    @api.model
    def _nowhere(self, goods: Goods, place, everywhere) -> str:
        if not everywhere:
            return self.env._(
                "Nothing of %s is in stock here. Check the label, or count the place.", goods.name
            )
        return self.env._(
            "%(goods)s is not in %(place)s. It lies in: %(places)s.",
            goods=goods.name,
            place=place.display_name if place else self.env._("this package"),
            places=", ".join(self._lies(quant) for quant in everywhere[:5]),
        )

    @api.model
    def _lies(self, quant) -> str:
        """Where a part of the stock lies, and how much: WH/Stock, PACK1: 5 kg."""
        parts = [quant.location_id.display_name, quant.package_id.name, quant.owner_id.name]
        amount = self._amount(quant.quantity, quant.product_id)
        return f"{', '.join(part for part in parts if part)}: {amount}"

    @api.model
    def _quant_choice(self, quant, where: str) -> dict[str, Any]:
        return self._choice(
            "place",
            self._lies(quant),
            {
                f"{where}_id": quant.location_id.id,
                "package_id": quant.package_id.id,
                "owner_id": quant.owner_id.id,
            },
        )

    @api.model
    def _refuse_more_than(self, quantity: float, quant) -> None:
        """:raise RefusedError: when less than that is there"""
        product = quant.product_id
        if product.uom_id.compare(quantity, quant.quantity) > 0:
            raise RefusedError(
                self.env._(
                    "Only %(there)s of %(goods)s are in %(place)s. Give the right quantity, or "
                    "count the place.",
                    there=self._amount(quant.quantity, product),
                    goods=quant.lot_id.name or product.display_name,
                    place=quant.location_id.display_name,
                ),
                [self._ask_quantity(product)],
            )
