"""Lots: numbers, suppliers' numbers, dates, statuses, origin, and what they are."""

from __future__ import annotations

from typing import Any

from odoo.tools import SQL

from ...tools import lot_name
from ...tools.lot_mask import Mask
from ...tools.moving_in.checks import near
from .facts import Facts
from .kind import Kind
from .lookup import Product
from .rows import Row, day_of

_DAYS = ("harvest_date", "production_date", "packing_date", "freezing_date")
_ENDS = ("alert_date", "removal_date", "use_date", "expiration_date")
_IN_ORDER = (
    ("harvest_date", "production_date"),
    ("harvest_date", "packing_date"),
    ("harvest_date", "freezing_date"),
    ("production_date", "packing_date"),
    ("production_date", "use_date"),
    ("production_date", "removal_date"),
    ("production_date", "expiration_date"),
    ("packing_date", "use_date"),
    ("packing_date", "expiration_date"),
    ("freezing_date", "expiration_date"),
)
# What is kept as it was typed.
_TEXTS = {"supplier_lot": "supplier_lot", "origin_place": "origin_place", "reference": "ref"}


class Lots(Kind):
    """Creates lots."""

    def __init__(self, batch, problems, rows, writing):
        super().__init__(batch, problems, rows, writing)
        self._seen: dict[tuple, tuple[int, str]] = {}
        self._masks: dict[int, Any] = {}
        self._facts = Facts(self)
        # sudo: what statuses and countries there are is no secret
        statuses = self.env["lot.status"].sudo().search([])
        self._statuses = {
            told.casefold(): status for status in statuses for told in (status.name, status.code)
        }
        # sudo: as above
        countries = self.env["res.country"].sudo().search([])
        self._countries = {
            told.casefold(): country.id for country in countries
            for told in (country.name, country.code or "")
        }  # fmt: skip

    def check(self, rows):
        self.lookup.load_products(row.get("product") for row in rows)
        self.lookup.load_partners(row.get("supplier") for row in rows)
        products = {row: self._product(row) for row in rows if row.values.get("product")}
        there = self._existing([(products.get(row), row.get("lot")) for row in rows])
        found = []
        for row in rows:
            product = products.get(row)
            if not product or not row.get("lot"):
                continue
            before = self.problems.blocking
            self._check_number(row, product, there)
            vals = self._values(row, product)
            if row.good and self.problems.blocking == before:
                found.append(vals)
        return found

    def apply(self, found):
        lots = self.env["stock.lot"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        lots.create([{**vals, "lot_import_id": self.batch.id} for vals in found])

    # -- one row ----------------------------------------------------------------------------

    def _product(self, row: Row) -> Product | None:
        product = self.product(row, "product")
        if product and product.tracking == "none":
            self.bad(
                row, "product",
                self.env._("This product is not tracked by lots."),
                self.env._("Set its tracking to lots or serial numbers first."),
            )  # fmt: skip
            return None
        return product

    def _values(self, row: Row, product: Product) -> dict[str, Any]:
        vals: dict[str, Any] = {
            "product_id": product.id,
            "name": lot_name.clean(row.get("lot")),
        }
        for code, field in _TEXTS.items():
            if row.get(code):
                vals[field] = row.get(code)
        _right, partner = self.partner(row, "supplier")
        if partner:
            vals["supplier_id"] = partner
        self._add_country(row, vals)
        self._add_status(row, vals)
        self._add_dates(row, product, vals)
        self._facts.add(row, product, vals)
        return vals

    def _add_country(self, row: Row, vals: dict[str, Any]) -> None:
        told = row.get("origin_country")
        country = self._countries.get(told.casefold()) if told else None
        if country:
            vals["origin_country_id"] = country
        elif told:
            self.bad(
                row, "origin_country",
                self.env._("There is no such country."),
                self.env._("Write its code of two letters, such as FR, or its name."),
            )  # fmt: skip

    def _add_status(self, row: Row, vals: dict[str, Any]) -> None:
        told = row.get("status")
        status = self._statuses.get(told.casefold()) if told else None
        if status:
            vals["status_id"] = status.id
            vals["status_reason"] = self.env._("As in %s", self.batch.name or "")
        elif told:
            codes = ", ".join(sorted({one.code for one in self._statuses.values()}))
            self.bad(
                row, "status",
                self.env._("There is no such status."),
                self.env._("Use one of: %s.", codes),
            )  # fmt: skip

    def _add_dates(self, row: Row, product: Product, vals: dict[str, Any]) -> None:
        _ = self.env._
        days = {name: day_of(row.values[name]) for name in _DAYS + _ENDS if name in row.values}
        for name in _DAYS:
            if name in days:
                vals[name] = days[name]
                if days[name] > self.today:
                    self.bad(
                        row, name,
                        _("This day has not come yet."),
                        _("Correct the date, or the order in which days are written."),
                    )  # fmt: skip
        for name in _ENDS:
            if name in days:
                vals[name] = self.calendar._typed(row.values[name], self.company)
        for first, second in _IN_ORDER:
            if first in days and second in days and days[second] < days[first]:
                self.bad(
                    row, second,
                    _("It is before “%(first)s”, %(day)s.",
                      first=self.headers[first], day=days[first]),
                    _("Correct one of the two dates."),
                )  # fmt: skip
        if product.dated and "expiration_date" not in days:
            # Odoo would work out a date from today.
            vals["expiration_date"] = False
            if not self.writing:
                self.bad(
                    row, "lot",
                    _("It has no expiration date, and %s keeps one.", product.name),
                    _("Add it: without a date the lot is offered last and never expires."),
                    note=True,
                )  # fmt: skip

    # -- numbers ----------------------------------------------------------------------------

    def _existing(self, wanted: list[tuple]) -> dict[tuple, str]:
        """{(product, number without what is easily mistaken): number} of lots that are there."""
        pairs = [(product.id, near(name)) for product, name in wanted if product and name]
        if not pairs:
            return {}
        self.env["stock.lot"].flush_model(["name", "product_id", "company_id", "name_key"])
        # Past the rules, as saving a lot looks too: another firm's numbers count where lots
        # belong to no company. Nothing is said of them but the number.
        self.env.cr.execute(
            SQL(
                r"""SELECT product_id, translate(name_key, ' -_./\', ''), name FROM stock_lot
                     WHERE product_id = ANY(%s) AND translate(name_key, ' -_./\', '') = ANY(%s)
                       AND (company_id IS NULL OR company_id = %s)""",
                list({product for product, _name in pairs}),
                list({name for _product, name in pairs}),
                self.company.id,
            )
        )
        return {(product, name): number for product, name, number in self.env.cr.fetchall()}

    def _check_number(self, row: Row, product: Product, there: dict[tuple, str]) -> None:
        _ = self.env._
        number = lot_name.clean(row.get("lot"))
        key = (product.id, near(number))
        first, other = self._seen.setdefault(key, (row.number, number))
        if key in there:
            self._tell_alike(
                row, product, number, there[key],
                _("Lot %s of this product is there already.", there[key]),
                _("Take the row out: what is there is not changed."),
            )  # fmt: skip
        elif first != row.number:
            self._tell_alike(
                row, product, number, other,
                _("Row %(row)s names the same lot, %(lot)s.", row=first, lot=other),
                _("Take one of the two rows out."),
            )  # fmt: skip
        mask = self._mask(product)
        if mask and not Mask.parse(mask).fits(number):
            self.bad(
                row, "lot",
                _("It does not fit the mask %(mask)s of %(product)s.",
                  mask=mask, product=product.name),
                _("Correct the number, or take the mask away while you import."),
            )  # fmt: skip

    def _tell_alike(
        self, row: Row, product: Product, number: str, other: str, text: str, fix: str
    ) -> None:
        """Tell a number that is there already, or one that may be taken for it."""
        if number == other:
            self.bad(row, "lot", text, fix)
            return
        _ = self.env._
        lots = self.env["stock.lot"]
        refused = lots._is_refused(
            lots.product_id.browse(product.id), self.company, number, other
        ) and lot_name.look_alike(number, other)
        if self.writing and not refused:
            return
        self.bad(
            row, "lot",
            _("It looks like lot %s.", other),
            _("Give both rows the same number if they are one lot; keep them if they are two.")
            if not refused
            else _("Saving it would be refused: correct the number, or allow such numbers in the "
                   "settings."),
            note=not refused,
        )  # fmt: skip

    def _mask(self, product: Product) -> str:
        if product.id not in self._masks:
            # sudo: as in `Lookup.product_of`
            record = self.env["product.product"].sudo().browse(product.id)
            self._masks[product.id] = record.lot_mask or ""
        return self._masks[product.id]
