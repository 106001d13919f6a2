from datetime import datetime, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import lot_label


class StockLot(models.Model):
    """What a scanned label says, where a lot number is expected: read before anything else looks
    at the number, so this file comes after those of numbering."""

    _inherit = "stock.lot"

    @api.model_create_multi
    def create(self, vals_list):
        scanned = {}
        for place, vals in enumerate(vals_list):
            product = self.env["product.product"].browse(vals.get("product_id"))
            if product and isinstance(vals.get("name"), str):
                told = self._read_label(vals["name"], product)
                if told:
                    scanned[place] = vals["name"]
                told["name"] = told.pop("lot_name", vals["name"])
                # core works the other dates out from the expiry when only that is given
                told.pop("use_date", None)
                vals.update({key: told[key] for key in told if key == "name" or not vals.get(key)})
        lots = super().create(vals_list)
        for place, text in scanned.items():
            self.env["lot.audit.event"]._record("scanned", lot=lots[place], data={"text": text})
        return lots

    @api.model
    def _read_label(self, text: str, product, company=None) -> dict:
        """What a GS1 label tells of a lot of this product, as field values with the number as
        `lot_name`; empty when the text is an ordinary lot number.

        :raise UserError: the label cannot be read, names no lot, or belongs to another product
        """
        company = company or self.env.company
        calendar = self.env["lot.calendar"]
        label, error = lot_label.read(text, today=calendar._today(company))
        if error:
            raise UserError(error)
        if label is None:
            return {}
        self._check_label_product(label, product)
        told = lot_label.facts(label, serial=product.tracking == "serial")
        if "lot_name" not in told:
            raise UserError(
                self.env._("This label has no serial number (AI 21). Type the number instead.")
                if product.tracking == "serial"
                else self.env._("This label has no lot number (AI 10). Type the number instead.")
            )
        country = told.pop("origin_country", None)
        if country:
            found = self.env["res.country"].search([("code", "=", country)], limit=1)
            told["origin_country_id"] = found.id
        for name in ("expiration_date", "use_date"):
            moment = told.pop(name, None)
            if moment and product.use_expiration_date:
                told[name] = self._instant(moment, company)
        return told

    @api.model
    def _instant(self, moment, company) -> datetime:
        """A day ends where the company is; a time of day is that place's."""
        calendar = self.env["lot.calendar"]
        if isinstance(moment, datetime):
            start = calendar._day_start(moment.date(), company)
            return start + timedelta(hours=moment.hour, minutes=moment.minute)
        return calendar._day_end(moment, company)

    @api.model
    def _check_label_product(self, label, product) -> None:
        """A label of another product that we know is on the wrong goods or the wrong line."""
        gtin = label.gtin
        if not gtin:
            return
        codes = list({gtin, *(gtin[start:] for start in (1, 2, 6) if not int(gtin[:start]))})
        own = [product.barcode, *product.product_uom_ids.mapped("barcode")]
        if set(codes) & set(own):
            return
        # sudo: the product of another company is another product, too
        other = (
            self.env["product.product"]
            .sudo()
            .search(
                Domain("barcode", "in", codes) | Domain("product_uom_ids.barcode", "in", codes),
                limit=1,
            )
        )
        if other and other != product:
            raise UserError(
                self.env._(
                    "This label is of %(other)s (GTIN %(gtin)s), not of %(product)s. Scan the "
                    "right label, or choose the line of that product.",
                    other=other.display_name,
                    gtin=gtin,
                    product=product.display_name,
                )
            )
