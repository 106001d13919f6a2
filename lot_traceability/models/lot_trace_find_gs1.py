import re

from odoo import api, models
from odoo.fields import Domain

from ..tools.gs1 import GS1Error, parse
from ..tools.gs1.doubled import half

MAX_MATCHES = 20
# So many digits in front are no lot number by themselves, if they begin as a GS1 code does.
BEGINS_AS_GS1 = re.compile(r"(?:00|01|02|414)[0-9]{9}")


class LotTraceFindGs1(models.AbstractModel):
    """What the elements of a GS1 code or an EPC stand for, and why a code stands for nothing."""

    _inherit = "lot.trace"

    @api.model
    def _find_gs1(self, elements, company: Domain) -> list[dict]:
        """The logistic unit, the place, the lots or the product that a code names, in this order;
        a pallet that is not known by its number may still be by its contents."""
        found = self._find_package(elements.sscc, company) if elements.sscc else []
        if not found and elements.gln:
            found = self._find_location_gln(elements.gln, elements.gln_extension, company)
        if not found:
            found = self._find_item(elements, company)
        if not found and elements.order_number:
            found = self._find_document(self._literal(elements.order_number), reference=True)
        return found

    @api.model
    def _find_item(self, elements, company: Domain) -> list[dict]:
        """Lots by trade item and lot or serial number, else the trade item itself."""
        numbers = [number for number in (elements.lot, elements.serial) if number]
        gtin = elements.gtin or elements.content_gtin
        products = self._products_of_gtin(gtin) if gtin else None
        if products is not None and not products:
            return []
        if not numbers:
            return [self._product_match(one, company) for one in products or ()]
        domain = company
        if products is not None:
            domain &= Domain("product_id", "in", products.ids)
        # On the label of a serial number's item stands its batch as well: whichever is a lot here.
        found = self._lot_matches(domain & Domain("name", "in", numbers))
        return found or self._lot_matches(
            domain & Domain("supplier_lot", "in", numbers), "supplier_lot"
        )

    @api.model
    def _gtin_spellings(self, gtin: str) -> list[str]:
        """A GTIN is the same with or without leading zeros; what has no digits alone is none."""
        if not (gtin.isascii() and gtin.isdigit()):
            return []
        bare = gtin.lstrip("0")
        return sorted({bare.zfill(size) for size in (8, 12, 13, 14) if len(bare) <= size})

    @api.model
    def _products_of_gtin(self, gtin: str):
        """The products with this barcode, of their own or of one of their packagings."""
        spellings = self._gtin_spellings(gtin)
        products = self.env["product.product"].with_context(active_test=False)
        found = products.search([("barcode", "in", spellings)])
        return found or products.search([("product_uom_ids.barcode", "in", spellings)])

    @api.model
    def _find_package(self, name: str, company: Domain) -> list[dict]:
        packages = self.env["stock.package"]
        if not packages.has_access("read"):
            return []
        found = packages.search([("name", "=ilike", self._literal(name))], limit=MAX_MATCHES)
        return [self._match("package", one, self._lots_in_package(one, company)) for one in found]

    @api.model
    def _lots_in_package(self, package, company: Domain):
        """What is in it or in the packages inside, and what ever was put into it."""
        inside = package.search([("id", "child_of", package.id)])
        lines = self.env["stock.move.line"].search_fetch(
            [("result_package_id", "in", inside.ids), ("lot_id", "!=", False)], ["lot_id"]
        )
        return (inside.quant_ids.lot_id | lines.lot_id).filtered_domain(company)

    # -- places ------------------------------------------------------------------------------

    @api.model
    def _find_location(self, text: str, literal: str, company: Domain) -> list[dict]:
        """Places by their barcode, full name or name."""
        if not self.env["stock.location"].has_access("read"):
            return []
        return self._location_matches(
            Domain("barcode", "=", text)
            | Domain("complete_name", "=ilike", literal)
            | Domain("name", "=ilike", literal),
            company,
        )

    @api.model
    def _find_location_gln(self, gln: str, extension: str | None, company: Domain) -> list[dict]:
        if not self.env["stock.location"].has_access("read"):
            return []
        found = self._locations_of_gln(gln, extension, company)
        return [self._match("location", one, self._lots_at(one, company)) for one in found]

    @api.model
    def _locations_of_gln(self, gln: str, extension: str | None, company: Domain):
        """Places by global location number; an extension that no place has is the barcode or name
        of one below the place with the number."""
        numbered = Domain("gln", "=", gln)
        found = self._locations(
            numbered & Domain("gln_extension", "=", extension or False), company
        )
        if found or not extension:
            return found
        whole = found.search(numbered & Domain("gln_extension", "=", False))
        named = Domain("barcode", "=", extension) | Domain(
            "name", "=ilike", self._literal(extension)
        )
        return self._locations(Domain("id", "child_of", whole.ids) & named, company)

    @api.model
    def _location_matches(self, domain: Domain, company: Domain) -> list[dict]:
        found = self._locations(domain, company)
        return [self._match("location", one, self._lots_at(one, company)) for one in found]

    @api.model
    def _locations(self, domain: Domain, company: Domain):
        # What is with suppliers and customers, or was used up, is in no place that one can scan.
        within = domain & Domain("usage", "in", ("internal", "transit", "view", "inventory"))
        return self.env["stock.location"].search(within & company, limit=MAX_MATCHES)

    # -- nothing found -----------------------------------------------------------------------

    @api.model
    def _why_not_found(self, text: str, meaning, company: Domain) -> str:
        """One sentence with the next step."""
        elements = meaning.elements if meaning and not meaning.error else None
        once = half(text)
        if meaning and meaning.error:
            return meaning.error
        if not meaning and len(once) > 2 and self._find_exact(once, company):
            return str(GS1Error("scanned_twice"))
        elsewhere = self._in_another_company(text, elements)
        if elsewhere:
            return elsewhere
        if elements:
            return self._not_found_gs1(elements)
        if BEGINS_AS_GS1.match(text):
            try:
                parse(text, strict=False)
            except GS1Error as error:
                return str(error)
        return self.env._(
            "Nothing here is called “%s”. Check the number, or search by product, transfer, "
            "order or invoice.",
            text[:80],
        )

    @api.model
    def _in_another_company(self, text: str, elements) -> str:
        """Said only of companies that the user may work in, but has not chosen now."""
        others = self.env.user.company_ids - self.env.companies
        if not others:
            return ""
        # The rules of access hold as before; no more than these companies is seen.
        there = self.with_context(allowed_company_ids=others.ids)
        everything = Domain("company_id", "in", others.ids)
        if elements:
            found = there._find_gs1(elements, everything)
        else:
            found = there._find_exact(text, everything)
        found = [one for one in found if one["type"] in ("lot", "supplier_lot", "package")]
        if not found:
            return ""
        record = there.env[found[0]["model"]].browse(found[0]["id"])
        return self.env._(
            "%(what)s belongs to %(company)s. Choose this company at the top of the screen, then "
            "scan again.",
            what=found[0]["label"],
            company=record.company_id.display_name or others[0].display_name,
        )

    @api.model
    def _not_found_gs1(self, elements) -> str:
        gtin = elements.gtin or elements.content_gtin
        number = elements.lot or elements.serial
        if gtin and not self._products_of_gtin(gtin):
            return self.env._(
                "No product has the GTIN %s. Enter it as the product's barcode, then scan again.",
                gtin,
            )
        if number:
            return self.env._(
                "The code was read, but there is no lot %s. Check the label, or search by product.",
                number,
            )
        if elements.sscc:
            return self.env._(
                "No package here has the number %s. Receive it first, or scan what is in it.",
                elements.sscc,
            )
        if elements.gln:
            return self.env._(
                "No place has the global location number %s. Enter it in the location's form, "
                "then scan again.",
                elements.gln,
            )
        return self.env._("The code was read, but it names no lot, product or package known here.")
