import re

from odoo import api, models
from odoo.fields import Domain

from ..tools.gs1 import interpret
from ..tools.rpc_input import takes_anything
from .lot_replica import recent

MAX_TEXT = 400
MAX_MATCHES = 20
MAX_LOTS = 500
# Where a document keeps the number that the partner gave it.
PARTNER_NUMBERS = {"sale.order": "client_order_ref", "purchase.order": "partner_ref"}
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
    @takes_anything
    @recent
    def find(self, code: str, company_id: int | bool = False) -> dict:
        """What a text may mean: a lot or supplier's lot number, a product (code, barcode or name),
        a package, a place (barcode or name), the number of a transfer, order or invoice; or a GS1
        element string, Digital Link or EPC that names one of them.

        :param code: any text
        :param company_id: only lots of this company and shared ones
        :return: {"query": str, "matches": [{"type", "label", "detail", "lot_ids", "model",
            "id"}], "lot_ids": [id] of the one match, "message": str}. `type` is lot, supplier_lot,
            product, package, location, transfer, production, purchase, sale or invoice. An exact
            hit comes alone; without one, lots and products whose name contains the text. A code
            that fits two lots gives both matches and no `lot_ids`. `message` says what to do when
            nothing was found.
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
        message = "" if matches else self._why_not_found(text, meaning, company)
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
            | Domain("product_uom_ids.barcode", "=", text)
            | Domain("default_code", "=ilike", literal)
            | Domain("name", "=ilike", literal),
            limit=MAX_MATCHES,
        ):
            found.append(self._product_match(product, company))
        found += self._find_package(text, company)
        found += self._find_location(text, literal, company)
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
    def _lots_at(self, location, company: Domain):
        """The lots that lie at a place or below it."""
        quants = self.env["stock.quant"].search_fetch(
            [
                ("location_id", "child_of", location.id),
                ("lot_id", "!=", False),
                ("quantity", ">", 0),
            ],
            ["lot_id"],
            limit=MAX_LOTS,
        )
        return quants.lot_id.filtered_domain(company)

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
    def _find_document(self, literal: str, reference: bool = False) -> list[dict]:
        """Documents by their number; with `reference`, also by that of the partner."""
        found = []
        for model, (kind, lots_of) in self._document_lots().items():
            if not self.env[model].has_access("read"):
                continue
            domain = Domain("name", "=ilike", literal)
            if reference and model in PARTNER_NUMBERS:
                domain |= Domain(PARTNER_NUMBERS[model], "=ilike", literal)
            for record in self.env[model].search(domain, limit=5):
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
