"""What the cells of a file name: products, lots, contacts, units, places. Asked of the database for
many rows at once, with the rights of whoever imports; what was found once is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import lot_name


class Product(NamedTuple):
    """What has to be known of a product."""

    id: int
    name: str
    tracking: str
    uom_id: int
    storable: bool
    dated: bool


class Lot(NamedTuple):
    """What has to be known of a lot."""

    id: int
    name: str
    product_id: int
    made: date | None


# More than one fits: the name alone does not tell which.
SEVERAL = object()


class Lookup:
    """Finds what texts name, in the companies of an import."""

    def __init__(self, env, company) -> None:
        self.env = env
        self.company = company
        self._own = Domain("company_id", "in", [company.id, False])
        self._products: dict[str, Any] = {}
        self._by_id: dict[int, Product] = {}
        self._partners: dict[str, Any] = {}
        self._factors: dict[tuple, float | None] = {}
        self._units: dict[str, Any] | None = None
        self._places: dict[str, Any] | None = None
        self._lots: dict[str, list[Lot]] = {}

    # -- products ---------------------------------------------------------------------------

    def load_products(self, texts: Iterable[str]) -> None:
        """Look up products by internal reference, barcode or name."""
        new = [told for told in set(texts) if told and told not in self._products]
        if not new:
            return
        products = self.env["product.product"]
        spellings = {told: _spellings(told) for told in new}
        found = products.search(
            Domain.OR(
                [
                    Domain("default_code", "in", new),
                    Domain("barcode", "in", sorted(set().union(*spellings.values()))),
                    Domain("name", "in", new),
                ]
            )
            & self._own
        )
        by_code: list[dict[str, set]] = [{}, {}, {}]
        for product in found:
            kept = self._by_id[product.id] = self._kept(product)
            for names, told in zip(
                by_code, (product.default_code, product.barcode, product.name), strict=True
            ):
                names.setdefault(told or "", set()).add(kept)
        for told in new:
            self._products[told] = None
            codes, barcodes, names = by_code
            for fitting in (
                codes.get(told, set()),
                set().union(*(barcodes.get(one, set()) for one in spellings[told])),
                names.get(told, set()),
            ):
                if fitting:
                    self._products[told] = next(iter(fitting)) if len(fitting) == 1 else SEVERAL
                    break

    def _kept(self, product) -> Product:
        return Product(
            product.id,
            product.display_name,
            product.tracking,
            product.uom_id.id,
            product.is_storable,
            product.use_expiration_date,
        )

    def product(self, told: str) -> Product | object | None:
        """The product that a text names, None, or `SEVERAL`; after `load_products`."""
        return self._products.get(told)

    def product_of(self, lot: Lot) -> Product:
        """The product of a lot."""
        if lot.product_id not in self._by_id:
            # sudo: of a lot that may be read its product may be known
            product = self.env["product.product"].sudo().browse(lot.product_id)
            self._by_id[lot.product_id] = self._kept(product)
        return self._by_id[lot.product_id]

    # -- lots -------------------------------------------------------------------------------

    def load_lots(self, names: Collection[str]) -> None:
        """Look up lots by their number; those of earlier calls are forgotten."""
        self._lots = {}
        wanted = sorted(set(filter(None, names)))
        if not wanted:
            return
        query = self.env["stock.lot"]._search(self._own)
        table = query.table
        query.add_where(SQL("%s = ANY(%s)", SQL.identifier(table, "name"), wanted))
        query.order = SQL.identifier(table, "id")
        columns = ("id", "name", "product_id", "production_date")
        self.env.cr.execute(query.select(*(SQL.identifier(table, name) for name in columns)))
        for row in self.env.cr.fetchall():
            self._lots.setdefault(row[1], []).append(Lot(*row))

    def lots(self, name: str) -> list[Lot]:
        """All lots of this number; after `load_lots`."""
        return self._lots.get(name, [])

    def alike(self, names: Collection[str]) -> dict[str, str]:
        """{number that no lot has: the number of one that looks like it}"""
        keys = {lot_name.key(name): name for name in names}
        if not keys:
            return {}
        found = self.env["stock.lot"].search_fetch(
            Domain("name_key", "in", list(keys)) & self._own, ["name", "name_key"], limit=1_000
        )
        return {keys[lot.name_key]: lot.name for lot in found}

    # -- contacts ---------------------------------------------------------------------------

    def load_partners(self, texts: Iterable[str]) -> None:
        """Look up contacts by reference, name or full name."""
        new = [told for told in set(texts) if told and told not in self._partners]
        if not new:
            return
        found = self.env["res.partner"].search_fetch(
            Domain.OR(
                [
                    Domain("ref", "in", new),
                    Domain("name", "in", new),
                    Domain("complete_name", "in", new),
                ]
            )
            & self._own,
            ["ref", "name", "complete_name"],
        )
        for told in new:
            self._partners[told] = None
            for name in ("ref", "complete_name", "name"):
                fitting = [partner.id for partner in found if partner[name] == told]
                if fitting:
                    self._partners[told] = fitting[0] if len(fitting) == 1 else SEVERAL
                    break

    def partner(self, told: str) -> int | object | None:
        """The id of the contact that a text names, None, or `SEVERAL`."""
        return self._partners.get(told)

    # -- units and places -------------------------------------------------------------------

    def unit(self, told: str) -> Any:
        """The unit of a name, or None."""
        if self._units is None:
            units = self.env["uom.uom"].search([])
            self._units = {unit.name.casefold(): unit for unit in units}
        return self._units.get(told.casefold())

    def factor(self, unit, product: Product) -> float | None:
        """How many units of the product one of this unit is; None where they have nothing in
        common."""
        key = (unit.id, product.uom_id)
        if key not in self._factors:
            own = unit.browse(product.uom_id)
            self._factors[key] = (
                unit._compute_quantity(1.0, own, round=False)
                if unit._has_common_reference(own)
                else None
            )
        return self._factors[key]

    def place(self, told: str) -> int | object | None:
        """The id of the internal location that a text names, None, or `SEVERAL`."""
        if self._places is None:
            self._places = {}
            places = self.env["stock.location"].search(
                Domain("usage", "=", "internal") & Domain("company_id", "=", self.company.id)
            )
            for place in places:
                for name in {place.complete_name, place.barcode, place.name} - {False}:
                    key = name.casefold()
                    known = self._places.get(key)
                    if known is not None and known != place.id:
                        # The full name belongs to one alone.
                        full = place.complete_name.casefold() == key
                        self._places[key] = place.id if full else SEVERAL
                    else:
                        self._places[key] = place.id
        return self._places.get(told.casefold())


def _spellings(told: str) -> set[str]:
    """A GTIN stands with and without zeros before it."""
    if not told.isdigit():
        return {told}
    plain = told.lstrip("0")
    return {told, plain, *(plain.zfill(length) for length in (8, 12, 13, 14))}
