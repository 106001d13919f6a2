from collections.abc import Iterable
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.rfid_tag import Tag


class Meaning(NamedTuple):
    """What a tag stands for. `problem` is empty, or why that is not known: "unread", "foreign"
    (no product of ours), "no_lot", "lot_missing", "package_missing" or "quantity"."""

    product_id: int = 0
    lot_id: int = 0
    package_id: int = 0
    quantity: float = 0.0
    problem: str = ""
    text: str = ""


class LotRfidResolver(models.AbstractModel):
    """Finds what tags stand for: a handful of queries, however many tags there are."""

    _name = "lot.rfid.resolver"
    _description = "Meaning of RFID tags"

    @api.model
    def _meanings(self, company, tags: Iterable[Tag]) -> dict[str, Meaning]:
        """What each of these tags stands for in a company, by its identity.

        First what the register says of it, then what the tag says itself.
        """
        tags = {tag.identity: tag for tag in tags}
        found = self._registered(company, list(tags))
        rest = [tag for identity, tag in tags.items() if identity not in found]
        found |= self._packages(company, [tag for tag in rest if tag.sscc])
        found |= self._items(company, [tag for tag in rest if tag.gtin])
        for tag in rest:
            if tag.identity not in found:
                found[tag.identity] = Meaning(problem="unread", text=tag.problem)
        return found

    @api.model
    def _registered(self, company, identities: list[str]) -> dict[str, Meaning]:
        self.env["lot.rfid.tag"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT identity, coalesce(product_id, 0), coalesce(lot_id, 0),
                          coalesce(package_id, 0), quantity
                     FROM lot_rfid_tag WHERE company_id = %s AND identity = ANY(%s)""",
                company.id,
                identities,
            )
        )
        return {
            identity: Meaning(product, lot, package, float(quantity))
            for identity, product, lot, package, quantity in self.env.cr.fetchall()
        }

    @api.model
    def _packages(self, company, tags: list[Tag]) -> dict[str, Meaning]:
        """A package is called by its SSCC, with or without the AI before it."""
        if not tags:
            return {}
        names = [name for tag in tags for name in (tag.sscc, f"00{tag.sscc}")]
        packages = self.env["stock.package"].search_fetch(
            [("name", "in", names), ("company_id", "in", [company.id, False])], ["name"]
        )
        by_sscc = {package.name[-18:]: package.id for package in packages}
        missing = self.env._("No package here has this SSCC.")
        return {
            tag.identity: Meaning(package_id=by_sscc[tag.sscc])
            if tag.sscc in by_sscc
            else Meaning(problem="package_missing", text=missing)
            for tag in tags
        }

    # -- items and cases -----------------------------------------------------------------------

    @api.model
    def _items(self, company, tags: list[Tag]) -> dict[str, Meaning]:
        if not tags:
            return {}
        products = self._products(company, {tag.gtin for tag in tags})
        asked = {}
        found = {}
        foreign = self.env._("No product here has this GTIN.")
        for tag in tags:
            product, quantity = products.get(tag.gtin, (None, 0.0))
            if product is None:
                found[tag.identity] = Meaning(problem="foreign", text=foreign)
            elif product.tracking == "none":
                found[tag.identity] = self._amount(product, 0, quantity)
            else:
                name = tag.serial if product.tracking == "serial" else tag.lot
                asked[tag.identity] = (product, name, quantity)
        lots = self._lots(company, {(row[0].id, row[1]) for row in asked.values() if row[1]})
        for identity, (product, name, quantity) in asked.items():
            lot_id = lots.get((product.id, name))
            if not name:
                text = self.env._(
                    "This tag of %s names no lot: register it, or write it with its lot.",
                    product.display_name,
                )
                found[identity] = Meaning(product.id, problem="no_lot", text=text)
            elif not lot_id:
                text = self.env._(
                    "%(product)s has no lot %(lot)s.", product=product.display_name, lot=name
                )
                found[identity] = Meaning(product.id, problem="lot_missing", text=text)
            else:
                found[identity] = self._amount(product, lot_id, quantity)
        return found

    @api.model
    def _amount(self, product, lot_id: int, quantity: float) -> Meaning:
        if quantity:
            return Meaning(product.id, lot_id, quantity=quantity)
        text = self.env._(
            "How much of %(product)s in %(unit)s is one tag? Register it with its quantity.",
            product=product.display_name,
            unit=product.uom_id.name,
        )
        return Meaning(product.id, lot_id, problem="quantity", text=text)

    @api.model
    def _products(self, company, gtins: set[str]) -> dict[str, tuple]:
        """{GTIN: (product, how much of it is one tag)}; 0 where nobody can know, because it is
        weighed."""
        variants = {}
        for gtin in gtins:
            bare = gtin.lstrip("0")
            for size in (8, 12, 13, 14):
                if len(bare) <= size:
                    variants[bare.zfill(size)] = gtin
        of_company = Domain("company_id", "in", [company.id, False])
        products = self.env["product.product"].search_fetch(
            Domain("barcode", "in", list(variants)) & of_company, ["barcode", "uom_id", "tracking"]
        )
        units = self.env.ref("uom.product_uom_unit")
        found = {}
        for product in products:
            counted = product.uom_id._has_common_reference(units)
            amount = units._compute_quantity(1.0, product.uom_id) if counted else 0.0
            found[variants[product.barcode]] = (product, amount)
        packagings = self.env["product.uom"].search(
            Domain("barcode", "in", list(variants)) & Domain("product_id", "any", of_company)
        )
        for packaging in packagings:
            product = packaging.product_id
            amount = packaging.uom_id._compute_quantity(1.0, product.uom_id)
            found[variants[packaging.barcode]] = (product, amount)
        return found

    @api.model
    def _lots(self, company, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
        """{(product id, name): lot id}; that of the company before a shared one."""
        if not wanted:
            return {}
        self.env["stock.lot"].flush_model(["name", "product_id", "company_id"])
        products, names = map(list, zip(*wanted, strict=True))
        self.env.cr.execute(
            SQL(
                """SELECT lot.product_id, lot.name, lot.id
                     FROM unnest(%s, %s) AS wanted (product_id, name)
                     JOIN stock_lot lot USING (product_id, name)
                    WHERE lot.company_id = %s OR lot.company_id IS NULL
                    ORDER BY lot.company_id NULLS FIRST""",
                *(products, names, company.id),
            )
        )
        return {(product, name): lot for product, name, lot in self.env.cr.fetchall()}
