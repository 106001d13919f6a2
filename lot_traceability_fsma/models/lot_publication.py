from datetime import date
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What a label in somebody's hand says beside the lot: whoever guesses lots does not know it.
_DATES = ("17", "15", "16", "11", "13")
_DATE_FIELDS = {"11": "production_date", "13": "packing_date"}


class LotPublication(models.Model):
    """What anybody may read of a product and its lots by the GS1 Digital Link on the label.
    Nothing is published until somebody says so here."""

    _name = "lot.publication"
    _description = "Published product page"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    categ_ids = fields.Many2many("product.category", string="Product categories")
    product_tmpl_ids = fields.Many2many("product.template", string="Products")
    text = fields.Html("About the product", translate=True, sanitize_attributes=True)
    show_dates = fields.Boolean(default=True, help="Production, packing and expiry of the lot.")
    show_origin = fields.Boolean("Show origin", default=True)
    show_recall = fields.Boolean(
        "Tell of recalls", default=True, help="Whether a lot is recalled, and whom to call."
    )
    certificate_ids = fields.Many2many(
        "ir.attachment", string="Certificates", help="Anybody can download these files."
    )
    proof = fields.Selection(
        [
            ("label", "Who has the label: a date of the lot is in the link"),
            ("all", "Everybody who knows product and lot"),
        ],
        "Who sees what is known of a lot",
        required=True,
        default="label",
        help="Numbers of lots can be guessed. The links that our labels carry have the lot's date "
        "in them, which nobody can guess who has not the goods.",
    )

    @api.constrains("categ_ids", "product_tmpl_ids")
    def _check_products(self):
        for publication in self:
            if not publication.categ_ids and not publication.product_tmpl_ids:
                raise ValidationError(
                    self.env._(
                        "Choose the products or categories that “%s” publishes.", publication.name
                    )
                )

    @api.model
    def _of(self, product):
        """What is published of a product: the first publication that names it."""
        named = Domain("product_tmpl_ids", "=", product.product_tmpl_id.id)
        named |= Domain("categ_ids", "parent_of", product.categ_id.id)
        if product.company_id:
            named &= Domain("company_id", "=", product.company_id.id)
        return self.search(named, limit=1)

    # -- what a link is answered with --------------------------------------------------------------

    @api.model
    def _answer(self, elements) -> dict[str, Any] | None:
        """What may be told of a trade item, and of its lot or serial number where one is named.

        :param elements: an `ElementString` with a GTIN
        :return: None when nothing is published, whether or not there is such a product; else
            {"publication", "product", "gtin", "number", "recalled": True, False, or None where
            that is not told, "facts": [(code, label, date or text)], "certificates"}. A lot that
            is not known looks like one of which nothing is told.
        """
        product = self.env["lot.trace"]._products_of_gtin(elements.gtin)[:1]
        publication = self._of(product) if product.active else self
        if not publication:
            return None
        number = elements.serial if product.tracking == "serial" else elements.lot
        lot = self._lot(publication, product, number) if number else self.env["stock.lot"]
        shown = lot if lot and publication._is_proved(lot, elements) else lot[:0]
        return {
            "publication": publication,
            "product": product,
            "gtin": elements.gtin,
            "number": number or "",
            "recalled": publication._recalled(lot) if number else None,
            "facts": publication._facts(shown) if shown else [],
            "certificates": publication.certificate_ids,
        }

    @api.model
    def _lot(self, publication, product, number: str):
        """Its lot, once it has left the firm: what is in the works is nobody's business."""
        company = Domain("company_id", "in", [publication.company_id.id, False])
        lots = self.env["stock.lot"].search(
            company & Domain("product_id", "=", product.id) & Domain("name", "=", number), limit=1
        )
        left = self.env["stock.move.line"].search_count(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
            ],
            limit=1,
        )
        return lots if left else lots[:0]

    def _is_proved(self, lot, elements) -> bool:
        """Whether who asks has the label, or needs none."""
        self.ensure_one()
        if self.proof == "all":
            return True
        told = {ai: elements.typed(ai) for ai in _DATES if elements.typed(ai)}
        return bool(told) and all(day == self._day(lot, ai) for ai, day in told.items())

    def _day(self, lot, ai: str) -> date | None:
        if ai in _DATE_FIELDS:
            return lot[_DATE_FIELDS[ai]] or None
        instant = lot.expiration_date if ai == "17" else (lot.use_date or lot.expiration_date)
        return self.env["lot.calendar"]._day(instant, self.company_id) if instant else None

    def _recalled(self, lot) -> bool | None:
        """Told without proof: who asks may have the goods on the table."""
        return bool(lot) and lot.status_id.code == "recalled" if self.show_recall else None

    def _facts(self, lot) -> list[tuple[str, str, Any]]:
        self.ensure_one()
        facts = []
        if self.show_dates:
            facts += [
                ("productionDate", self.env._("Made on"), lot.production_date),
                ("packagingDate", self.env._("Packed on"), lot.packing_date),
                ("harvestDate", self.env._("Harvested on"), lot.harvest_date),
                ("expirationDate", self.env._("Use by"), self._day(lot, "17")),
            ]
        if self.show_origin:
            facts += [
                ("countryOfOrigin", self.env._("Country of origin"), lot.origin_country_id.name),
                ("originPlace", self.env._("Place of origin"), lot.origin_place),
            ]
        return [fact for fact in facts if fact[2]]
