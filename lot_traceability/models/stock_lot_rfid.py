from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.gs1 import encode_tag, from_pairs, is_gtin
from ..tools.rfid_tag import read_tag

MAX_TAGS = 10_000
# GS1 tag data standard: what is sold as it is.
_ITEM = 1


class StockLot(models.Model):
    """What is written to the tags of a lot."""

    _inherit = "stock.lot"

    def _rfid_encodings(self, quantity: int, per_tag: float = 1.0) -> list[str]:
        """EPCs of new tags for this lot, in hexadecimal digits, and registered as such: no serial
        number is given twice. Of an item with a serial number there is one tag, which is the same
        when it is asked for again.

        :param quantity: how many tags
        :param per_tag: how much each one stands for, in the product's unit
        :raise UserError: says what is missing or does not fit
        """
        self.ensure_one()
        tags = self.env["lot.rfid.tag"]
        tags.check_access("create")
        if not 0 < quantity <= MAX_TAGS:
            raise UserError(self.env._("Make 1 to %s tags at once.", MAX_TAGS))
        company = self.company_id or self.env.company
        scheme = self.product_id.rfid_scheme or company.rfid_scheme
        gtin = self._rfid_gtin()
        if self.product_id.tracking == "serial":
            return [self._rfid_serial_tag(company, scheme, gtin, quantity)]
        serials = self._rfid_serials(quantity)
        epcs = [self._rfid_encode(company, scheme, gtin, serial) for serial in serials]
        self._rfid_register(company, epcs, per_tag)
        return epcs

    def _rfid_gtin(self) -> str:
        code = self.product_id.barcode or ""
        if not is_gtin(code):
            raise UserError(
                self.env._(
                    "%s has no GTIN, which each tag names: enter it as the barcode of the product.",
                    self.product_id.display_name,
                )
            )
        return code.zfill(14)

    def _rfid_serial_tag(self, company, scheme: str, gtin: str, quantity: int) -> str:
        if quantity != 1:
            raise UserError(self.env._("%s is one item: it has one tag.", self.display_name))
        epc = self._rfid_encode(company, scheme, gtin, self.name)
        identity = read_tag(epc).identity
        known = self.env["lot.rfid.tag"].search(
            [("company_id", "=", company.id), ("identity", "=", identity)]
        )
        if known and known.lot_id != self:
            raise UserError(
                self.env._(
                    "The tag %(tag)s is on %(other)s already.",
                    tag=identity,
                    other=known.lot_id.display_name or known.package_id.display_name,
                )
            )
        if not known:
            self._rfid_register(company, [epc], 1.0)
        return known.epc or epc

    @api.model
    def _rfid_serials(self, quantity: int) -> list[str]:
        """Serial numbers that no tag had yet: of the sequence that counts tags."""
        self.env.cr.execute(
            SQL(
                "SELECT nextval(pg_get_serial_sequence('lot_rfid_tag', 'id')) "
                "FROM generate_series(1, %s)",
                quantity,
            )
        )
        return [str(row[0]) for row in self.env.cr.fetchall()]

    def _rfid_encode(self, company, scheme: str, gtin: str, serial: str) -> str:
        """:raise UserError: something does not fit on the tag"""
        pairs = [("01", gtin), ("21", serial)]
        if scheme.endswith("+"):
            if self.product_id.tracking == "lot":
                pairs.append(("10", self.name))
            if self.expiration_date:
                day = self.env["lot.calendar"]._day(self.expiration_date, company)
                pairs.append(("17", f"{day:%y%m%d}"))
            elif scheme == "dsgtin+":
                raise UserError(
                    self.env._("DSGTIN+ needs the expiry date of %s: enter it.", self.display_name)
                )
        prefix = company.gs1_prefix or ""
        if not scheme.endswith("+") and not gtin[1:].startswith(prefix or "-"):
            raise UserError(
                self.env._(
                    "%(scheme)s needs the GS1 company prefix of %(gtin)s: enter it in the settings "
                    "of the company, or choose SGTIN+ for goods of others.",
                    scheme=scheme.upper(),
                    gtin=gtin,
                )
            )
        try:
            return encode_tag(
                scheme,
                from_pairs(pairs),
                filter_value=_ITEM,
                company_prefix_length=len(prefix),
                data=scheme.endswith("+"),
            )
        except ValueError as error:
            raise UserError(str(error)) from error

    def _rfid_register(self, company, epcs: list[str], per_tag: float) -> None:
        self.env["lot.rfid.tag"].create(
            [
                {
                    "epc": epc,
                    "lot_id": self.id,
                    "quantity": per_tag,
                    "origin": "encoded",
                    "company_id": company.id,
                }
                for epc in epcs
            ]
        )
