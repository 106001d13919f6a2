from dataclasses import dataclass, field
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import lot_label
from ...tools.gs1 import ElementString, interpret
from ...tools.scan_choice import choice
from .lot_scan_flow import RefusedError

# No lot, place, package or product has a longer name.
_LONGEST_NAME = 400


@dataclass(slots=True)
class Reading:
    """What a scanned text stands for, in records that the user may read."""

    text: str
    elements: ElementString
    products: Any
    lots: Any
    packages: Any
    locations: Any
    number: str = ""
    """Number of a lot or serial, whether or not there is such a lot."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Dates and origin that the label tells, as values of fields of a lot."""
    error: str = ""


class LotScanReading(models.AbstractModel):
    """What a scanned text stands for: the one place where a flow asks it."""

    _name = "lot.scan.reading"
    _description = "Reading of a scanned code"

    @api.model
    def _reading(self, text: str, product=None) -> Reading:
        """Read a text.

        :param product: the product, or products, of which the work is; lots of others are left out
        """
        env = self.env
        today = env["lot.calendar"]._today(env.company)
        meaning = interpret(text, today=today)
        elements = meaning.elements if meaning else ElementString()
        reading = Reading(
            text=meaning.text if meaning else text.strip(),
            elements=elements,
            products=env["product.product"],
            lots=env["stock.lot"],
            packages=env["stock.package"],
            locations=env["stock.location"],
            error=meaning.error if meaning else "",
        )
        if not reading.text:
            reading.error = env._("Nothing was read. Scan again.")
        elif not elements and len(reading.text) > _LONGEST_NAME:
            reading.error = env._(
                "This is too long for the number of a lot (%s characters). Scan one label only.",
                len(reading.text),
            )
        if reading.error:
            return reading
        # A pallet's label names what is in it, and its number is that of the pallet.
        gtin = elements.gtin or elements.content_gtin
        if gtin:
            reading.products = self._products_of(gtin)
        reading.number = self._number(elements, reading.products or product)
        if elements:
            reading.facts = self._facts(elements)
        if not elements or not meaning.certain:
            self._read_names(reading, product)
        elif reading.number:
            self._read_lots(reading, product)
        if elements.gln:
            reading.locations = env["lot.trace"]._locations_of_gln(
                elements.gln,
                elements.gln_extension,
                Domain("company_id", "in", [env.company.id, False]),
            )
        if elements.sscc:
            reading.packages = env["stock.package"].search([("name", "=", elements.sscc)])
        return reading

    @api.model
    def _products_of(self, gtin: str):
        """The product with this GTIN, or of which it is a packaging."""
        found = self.env["lot.trace"]._products_of_gtin(gtin)
        if found:
            return found
        codes = [gtin, *(gtin[start:] for start in (1, 2, 6) if not int(gtin[:start]))]
        return found.search([("product_uom_ids.barcode", "in", codes)])

    @api.model
    def _number(self, elements: ElementString, products) -> str:
        """The number of the lot or of the piece that a label names, whichever its product has."""
        numbers = [elements.lot, elements.serial]
        if products and all(product.tracking == "serial" for product in products):
            numbers.reverse()
        return numbers[0] or numbers[1] or ""

    @api.model
    def _read_names(self, reading: Reading, product) -> None:
        """A plain text: number of a lot, barcode of a product or place, name of a package."""
        text = reading.text
        if not reading.products:
            reading.products = self.env["product.product"].search(
                Domain("barcode", "=", text) | Domain("product_uom_ids.barcode", "=", text)
            )
        reading.locations = self.env["stock.location"].search([("barcode", "=", text)])
        reading.packages = self.env["stock.package"].search([("name", "=", text)])
        if not (reading.products or reading.locations or reading.packages):
            reading.number = reading.number or text
        self._read_lots(reading, product)

    @api.model
    def _read_lots(self, reading: Reading, product) -> None:
        number = reading.number or reading.text
        domain = Domain("company_id", "in", [self.env.company.id, False])
        if product and reading.products:
            # The label names its product: the lot is of no other.
            domain &= Domain("product_id", "in", (product & reading.products).ids)
        elif product or reading.products:
            domain &= Domain("product_id", "in", (product or reading.products).ids)
        lots = self.env["stock.lot"].search(domain & Domain("name", "=", number), limit=20)
        reading.lots = lots or self.env["stock.lot"].search(
            domain & Domain("supplier_lot", "=", number), limit=20
        )

    @api.model
    def _facts(self, elements: ElementString) -> dict[str, Any]:
        """The dates on a label as values of a lot's fields."""
        told = lot_label.facts(elements)
        told.pop("lot_name", None)
        country = told.pop("origin_country", None)
        if country:
            found = self.env["res.country"].search([("code", "=", country)], limit=1)
            told["origin_country_id"] = found.id
        for name in ("expiration_date", "use_date"):
            if told.get(name):
                told[name] = self.env["stock.lot"]._instant(told[name], self.env.company)
        return told

    @api.model
    def _quantity(self, reading: Reading, product) -> float:
        """How much of a product a label says there is, in the product's unit: net weight where the
        product is weighed, else the count of items (30, 37), times the packaging whose barcode it
        is; 0 where the label does not say.
        """
        weight, elements = reading.elements.net_weight, reading.elements
        if weight:
            unit = self.env.ref(
                "uom.product_uom_kgm" if weight[1] == "kg" else "uom.product_uom_lb"
            )
            if product.uom_id._has_common_reference(unit):
                return unit._compute_quantity(float(weight[0]), product.uom_id)
        packaging = product.product_uom_ids.filtered(
            lambda one: (
                one.barcode in (reading.text, elements.gtin, (elements.gtin or "").lstrip("0"))
            )
        ).uom_id[:1]
        count = float(elements.count or 0)
        if packaging:
            return packaging._compute_quantity(count or 1.0, product.uom_id)
        return count

    # -- one, or a sentence ---------------------------------------------------------------------

    @api.model
    def _one_lot(self, reading: Reading, product=None):
        """The one lot that a code stands for.

        :raise UserError: when it stands for none or for several: nothing is done by guess
        """
        if reading.error:
            raise UserError(reading.error)
        lots = reading.lots
        if len(lots) == 1:
            return lots
        if len(lots) > 1:
            raise RefusedError(
                self.env._(
                    "%(number)s is the number of lots of %(products)s. Scan a label that names the "
                    "product as well, or choose the lot.",
                    number=reading.number or reading.text,
                    products=", ".join(lots.product_id.mapped("display_name")),
                ),
                [
                    choice("lot", f"{lot.name} · {lot.product_id.display_name}", lot_id=lot.id)
                    for lot in lots
                ],
            )
        if product and reading.products and product not in reading.products:
            raise UserError(
                self.env._(
                    "This is a label of %(other)s, not of %(product)s. Scan the right goods.",
                    other=reading.products[:1].display_name,
                    product=product.display_name,
                )
            )
        raise UserError(
            self.env._(
                "There is no lot %s here. Check the label, or receive the goods first.",
                reading.number or reading.text[:80],
            )
        )
