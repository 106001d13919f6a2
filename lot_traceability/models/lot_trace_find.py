import re

from odoo import api, models
from odoo.fields import Domain

from ..tools.gs1 import interpret

MAX_TEXT = 400
MAX_MATCHES = 20
MAX_LOTS = 500
# All control characters but the separator of GS1 codes, the marks that turn text round, and
# halves of characters, which no database takes.
UNWANTED = re.compile(
    r"[\x00-\x1c\x1e\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class LotTraceFind(models.AbstractModel):
    """What a scanned or typed text may mean."""

    _inherit = "lot.trace"

    @api.model
    @api.readonly
    def find(self, code: str, company_id: int | bool = False) -> dict:
        """The lots that a text may mean: a lot or supplier's lot number, a product (code, barcode
        or name), a GS1 element string, Digital Link or EPC, or the number of a transfer, order
        or invoice.

        :param code: any text
        :param company_id: only lots of this company and shared ones
        :return: {"query": str, "matches": [{"type", "label", "detail", "lot_ids", "model",
            "id"}], "lot_ids": [id] of the one match, "message": str}. An exact hit comes alone;
            without one, lots and products whose name contains the text. `message` says what to
            do when nothing was found.
        :raise AccessError: without the right to read lots
        """
        self._check_reader()
        text = UNWANTED.sub("", code if isinstance(code, str) else "").strip()
        if not text:
            return self._found(text, [], self.env._("Type or scan a number first."))
        if len(text) > MAX_TEXT:
            message = self.env._("This text is too long for a lot number. Scan or type it again.")
            return self._found(text[:MAX_TEXT], [], message)
        company = self._company_domain(company_id)
        if company is None:
            message = self.env._("This is none of the companies you work in.")
            return self._found(text, [], message)
        meaning = interpret(text)
        elements = meaning.elements if meaning and not meaning.error else None
        matches = []
        if not elements or not meaning.certain:
            matches = self._find_exact(text, company)
        if elements:
            matches = matches or self._find_gs1(elements, company)
        if not matches and (not elements or not meaning.certain):
            matches = self._find_similar(text, company)
        message = ""
        if not matches and meaning and meaning.error:
            message = meaning.error
        elif not matches and elements:
            message = self._not_found_gs1(elements)
        elif not matches:
            message = self.env._(
                "Nothing here is called “%s”. Check the number, or search by product, transfer, "
                "order or invoice.",
                text[:80],
            )
        return self._found(text, matches, message)

    @api.model
    def _company_domain(self, company_id: int | bool) -> Domain | None:
        """Lots of this company and shared ones; None when the caller is not in it."""
        if not company_id:
            return Domain.TRUE
        # By type as well: True is 1, and what cannot be hashed cannot be looked up.
        if type(company_id) is not int or company_id not in self.env.companies.ids:
            return None
        return Domain("company_id", "in", [company_id, False])

    @api.model
    def _found(self, text: str, matches: list[dict], message: str = "") -> dict:
        lots = matches[0]["lot_ids"] if len(matches) == 1 else []
        if len(matches) == 1 and not lots:
            message = self.env._("%s has no lots to trace.", matches[0]["label"])
        return {"query": text, "matches": matches, "lot_ids": lots, "message": message}

    # -- GS1 ---------------------------------------------------------------------------------

    @api.model
    def _find_gs1(self, elements, company: Domain) -> list[dict]:
        """Lots by trade item and lot or serial number, by logistic unit, or by trade item."""
        if elements.sscc:
            return self._find_package(elements.sscc)
        number = elements.lot or elements.serial
        product = self._products_of_gtin(elements.gtin) if elements.gtin else None
        if product is not None and not product:
            return []
        if number:
            domain = company & Domain("name", "=", number)
            if product is not None:
                domain &= Domain("product_id", "in", product.ids)
            return self._lot_matches(domain)
        return [self._product_match(one, company) for one in product or ()]

    @api.model
    def _products_of_gtin(self, gtin: str):
        """A GTIN is the same with or without leading zeros."""
        bare = gtin.lstrip("0")
        variants = {bare.zfill(size) for size in (8, 12, 13, 14) if len(bare) <= size}
        products = self.env["product.product"].with_context(active_test=False)
        return products.search([("barcode", "in", sorted(variants))])

    @api.model
    def _find_package(self, sscc: str) -> list[dict]:
        packages = self.env["stock.package"].search([("name", "=", sscc)])
        lines = self.env["stock.move.line"].search_fetch(
            [("result_package_id", "in", packages.ids), ("lot_id", "!=", False)], ["lot_id"]
        )
        lots = packages.quant_ids.lot_id | lines.lot_id
        return [self._match("package", package, lots) for package in packages]

    @api.model
    def _not_found_gs1(self, elements) -> str:
        number = elements.lot or elements.serial
        if elements.gtin and not self._products_of_gtin(elements.gtin):
            return self.env._(
                "No product has the GTIN %s. Enter it as the product's barcode, then scan again.",
                elements.gtin,
            )
        if number:
            return self.env._(
                "The code was read, but there is no lot %s. Check the label, or search by product.",
                number,
            )
        return self.env._("The code was read, but it names no lot, product or package known here.")

    # -- plain text --------------------------------------------------------------------------

    @api.model
    def _find_exact(self, text: str, company: Domain) -> list[dict]:
        found = self._lot_matches(company & Domain("name", "=ilike", self._literal(text)))
        supplier = company & Domain("supplier_lot", "=ilike", self._literal(text))
        seen = {lot for match in found for lot in match["lot_ids"]}
        found += [m for m in self._lot_matches(supplier, "supplier_lot") if m["id"] not in seen]
        literal = self._literal(text)
        products = self.env["product.product"].with_context(active_test=False)
        for product in products.search(
            Domain("barcode", "=", text)
            | Domain("default_code", "=ilike", literal)
            | Domain("name", "=ilike", literal),
            limit=MAX_MATCHES,
        ):
            found.append(self._product_match(product, company))
        return found + self._find_document(literal)

    @api.model
    def _find_similar(self, text: str, company: Domain) -> list[dict]:
        literal = self._literal(text)
        found = self._lot_matches(company & Domain("name", "ilike", literal))
        supplier = company & Domain("supplier_lot", "ilike", literal)
        seen = {match["id"] for match in found}
        found += [m for m in self._lot_matches(supplier, "supplier_lot") if m["id"] not in seen]
        if len(text) >= 3:
            for product in self.env["product.product"].search(
                [("name", "ilike", literal)], limit=5
            ):
                found.append(self._product_match(product, company))
        return found[:MAX_MATCHES]

    @api.model
    def _literal(self, text: str) -> str:
        return re.sub(r"([\\%_])", r"\\\1", text)

    @api.model
    def _lot_matches(self, domain: Domain, kind: str = "lot") -> list[dict]:
        lots = self.env["stock.lot"].search(
            domain, limit=MAX_MATCHES, order="create_date desc, id desc"
        )
        return [self._match(kind, lot, lot) for lot in lots]

    @api.model
    def _product_match(self, product, company: Domain) -> dict:
        domain = company & Domain("product_id", "=", product.id)
        lots = self.env["stock.lot"].search(
            domain, limit=MAX_LOTS, order="create_date desc, id desc"
        )
        return self._match("product", product, lots)

    @api.model
    def _document_lots(self) -> dict[str, tuple[str, object]]:
        """{model: (type of match, record → the lots it stands for)}."""
        moved = lambda moves: moves.move_line_ids.lot_id  # noqa: E731  three of the rows need it
        return {
            "stock.picking": ("transfer", lambda r: r.move_line_ids.lot_id),
            "mrp.production": (
                "production",
                lambda r: moved(r.move_finished_ids) or moved(r.move_raw_ids),
            ),
            "purchase.order": ("purchase", lambda r: moved(r.order_line.move_ids)),
            "sale.order": ("sale", lambda r: moved(r.order_line.move_ids)),
            "account.move": (
                "invoice",
                lambda r: moved(
                    r.invoice_line_ids.sale_line_ids.move_ids
                    | r.invoice_line_ids.purchase_line_id.move_ids
                ),
            ),
        }

    @api.model
    def _find_document(self, literal: str) -> list[dict]:
        found = []
        for model, (kind, lots_of) in self._document_lots().items():
            if not self.env[model].has_access("read"):
                continue
            for record in self.env[model].search([("name", "=ilike", literal)], limit=5):
                lots = lots_of(record)._filtered_access("read")
                found.append(self._match(kind, record, lots))
        return found

    @api.model
    def _match(self, kind: str, record, lots) -> dict:
        detail = ""
        if kind == "lot":
            parts = [record.product_id.display_name, record.supplier_lot]
            detail = " · ".join(part for part in parts if part)
        elif kind == "supplier_lot":
            parts = [record.supplier_lot, record.product_id.display_name, record.supplier_id.name]
            detail = " · ".join(part for part in parts if part)
        else:
            detail = self.env._("1 lot") if len(lots) == 1 else self.env._("%s lots", len(lots))
        return {
            "type": kind,
            "label": record.display_name,
            "detail": detail,
            "lot_ids": lots.ids,
            "model": record._name,
            "id": record.id,
        }
