from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from odoo import api, models
from odoo.fields import Domain

from ..tools.epcis.flows import Flow
from ..tools.epcis.identifiers import read_link
from ..tools.epcis_units import UNITS

# Codes of UN/CEFACT recommendation 20 that count pieces.
_PIECES = ("", "EA", "C62", "H87", "PCE")


@dataclass
class Goods:
    """What the identifiers in events are here.

    `product` and `packaging` are by GTIN, `unit` by code, `key` by identifier: the identifiers of
    one lot of ours have one key, all others are their own. `lots` are ours, by key.
    """

    product: dict[str, Any] = field(default_factory=dict)
    packaging: dict[str, Any] = field(default_factory=dict)
    unit: dict[str, Any] = field(default_factory=dict)
    key: dict[str, Any] = field(default_factory=dict)
    lots: dict[Any, Any] = field(default_factory=dict)

    def key_of(self, epc: str):
        return self.key.get(epc, epc)

    def product_of(self, epc: str):
        return self.product.get(dict(read_link(epc) or ()).get("01", ""))

    def amount(self, flow: Flow) -> tuple[Any, float | None]:
        """(kind of unit, quantity in the reference of that kind): only amounts of one kind can be
        compared. Pieces of what is weighed are of no kind that kilograms are."""
        uom = self.unit.get(flow.uom)
        if flow.uom in _PIECES:
            gtin = dict(read_link(flow.epc) or ()).get("01", "")
            product = self.product.get(gtin)
            own = product and product.uom_id
            uom = self.packaging.get(gtin) or (own if own and not _measured(own) else None)
        if not uom:
            return flow.uom if flow.uom not in _PIECES else "", flow.quantity
        factor = uom.factor
        return kind_of(uom), None if flow.quantity is None else flow.quantity * factor


def kind_of(uom) -> int:
    """The reference that a unit is counted in."""
    return int(uom.parent_path.split("/", 1)[0])


def _measured(uom) -> bool:
    """Is this a unit that events name?"""
    return (uom.with_context(lang="en_US").name or "").lower() in UNITS


class LotEpcisGoods(models.AbstractModel):
    """Which products, units and lots of ours the identifiers in events are."""

    _name = "lot.epcis.goods"
    _description = "Goods that EPCIS events name"

    @api.model
    def _goods(self, epcs: Collection[str], company) -> Goods:
        """Found for all of them at once: a query each for products, packagings and lots; units
        are found by `_find_units`.

        :param epcs: identifiers of classes, in their one notation
        """
        goods = Goods()
        parsed = {epc: dict(read_link(epc) or ()) for epc in epcs}
        self._find_products(goods, {parts["01"] for parts in parsed.values() if "01" in parts})
        self._find_lots(goods, parsed, company)
        return goods

    @api.model
    def _find_products(self, goods: Goods, gtins: set[str]) -> None:
        spellings = {
            spelling: gtin
            for gtin in gtins
            for spelling in self.env["lot.trace"]._gtin_spellings(gtin)
        }
        products = self.env["product.product"].with_context(active_test=False)
        for product in products.search([("barcode", "in", list(spellings))]):
            goods.product.setdefault(spellings[product.barcode], product)
        for one in self.env["product.uom"].search([("barcode", "in", list(spellings))]):
            gtin = spellings[one.barcode]
            if gtin not in goods.product:
                goods.product[gtin] = one.product_id
                goods.packaging[gtin] = one.uom_id

    @api.model
    def _find_units(self, goods: Goods, codes: set[str]) -> None:
        """Find the units with these codes of UN/CEFACT recommendation 20. One query."""
        names = {name: code for name, code in UNITS.items() if code in codes}
        if not names:
            return
        # What units are called in English is what the codes are known by.
        units = self.env["uom.uom"].with_context(lang="en_US", active_test=False)
        domain = Domain.OR(Domain("name", "=ilike", name) for name in names)
        for uom in units.search(domain):
            goods.unit.setdefault(names[uom.name.lower()], uom)

    @api.model
    def _find_lots(self, goods: Goods, parsed: dict[str, dict[str, str]], company) -> None:
        numbers = {parts.get("10") for parts in parsed.values()} - {None}
        products = self.env["product.product"].union(*goods.product.values())
        if not numbers or not products:
            return
        named = Domain.OR(
            Domain(name, "in", list(numbers))
            for name in ("name", "supplier_lot", "fsma_code_id.batch")
        )
        ours = Domain("company_id", "in", [False, company.id])
        lots = self.env["stock.lot"].search(
            Domain("product_id", "in", products.ids) & ours & named, order="id"
        )
        called = defaultdict(list)
        for epc, lot in self.env["lot.trace"]._called(lots):
            called[epc].append(lot.id)
        # A maker's lot that came in several receipts is several lots of ours: one for the maker.
        first = {lot.id: lot.id for lot in lots}
        for together in called.values():
            for one in together[1:]:
                root, other = _root(first, together[0]), _root(first, one)
                first[max(root, other)] = min(root, other)
        goods.key = {epc: _root(first, together[0]) for epc, together in called.items()}
        for lot in lots:
            root = _root(first, lot.id)
            goods.lots[root] = goods.lots.get(root, lots.browse()) | lot


def _root(first: dict[int, int], one: int) -> int:
    while first[one] != one:
        one = first[one]
    return one
