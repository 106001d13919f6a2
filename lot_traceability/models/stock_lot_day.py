from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.lot_calendar import day_end, day_start, local_day
from .lot_columns import column, rows

# Core's dates of a lot, and what the product says of them: days before the expiry.
_BEFORE_EXPIRY = {
    "use_date": "use_time",
    "removal_date": "removal_time",
    "alert_date": "alert_time",
}
LOT_DATES = ("expiration_date", *_BEFORE_EXPIRY)


class StockLot(models.Model):
    """What core says of a lot's dates, brought to the one rule: they are days of the company, and
    a lot is too old when its day is over."""

    _inherit = "stock.lot"

    product_expiry_alert = fields.Boolean(search="_search_product_expiry_alert")
    lot_alert_reached = fields.Boolean(
        "Alert date reached", compute="_compute_lot_alert_reached", search="_search_alert_reached"
    )

    def _lot_company(self):
        return self.company_id or self.env.company

    def _by_company(self) -> dict:
        """These lots by the company whose days count for them."""
        found: dict = {}
        for lot_id, company_id in zip(self._ids, column(self, "company_id"), strict=True):
            found.setdefault(company_id or self.env.company.id, []).append(lot_id)
        companies = self.env["res.company"]
        return {
            companies.browse(company_id): self.browse(ids).with_prefetch(self._prefetch_ids)
            for company_id, ids in found.items()
        }

    def _lot_day(self, field_name: str) -> date | None:
        """The day that one of the lot's dates means, for screens, labels and documents."""
        if not self[field_name]:
            return None
        return self.env["lot.calendar"]._day(self[field_name], self._lot_company())

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            self._read_typed_days(vals, company)
        return super().create(vals_list)

    def write(self, vals):
        if any(vals.get(name) for name in LOT_DATES):
            vals = dict(vals)
            self._read_typed_days(vals, self[:1]._lot_company())
        return super().write(vals)

    def _read_typed_days(self, vals: dict, company) -> None:
        for name in LOT_DATES:
            if vals.get(name):
                vals[name] = self.env["lot.calendar"]._typed(vals[name], company)

    # -- what the product says ---------------------------------------------------------------

    @api.depends("product_id")
    def _compute_expiration_date(self):
        result = super()._compute_expiration_date()
        calendar = self.env["lot.calendar"]
        for company, lots in self._by_company().items():
            today = calendar._today(company)
            for lot in lots:
                expiry = lot.expiration_date
                if expiry:
                    life = timedelta(days=lot.product_id.product_tmpl_id.expiration_time)
                    right = calendar._on_day(expiry, today + life, company)
                    if right != expiry:
                        lot.expiration_date = right
        return result

    @api.depends("product_id", "expiration_date")
    def _compute_dates(self):
        result = super()._compute_dates()
        for company, lots in self._by_company().items():
            zone = self.env["lot.calendar"]._zone(company)
            # The same for all lots of a document: what is saved has no other day before it.
            right = {}
            for lot, row in zip(lots, rows(lots, "product_id", *LOT_DATES), strict=True):
                if not lot.id:
                    lot._put_on_right_days(zone)
                    continue
                if row not in right:
                    lot._put_on_right_days(zone)
                    right[row] = [lot[name] for name in _BEFORE_EXPIRY]
                    continue
                for name, before, after in zip(_BEFORE_EXPIRY, row[2:], right[row], strict=True):
                    if before != after:
                        lot[name] = after
        return result

    def _put_on_right_days(self, zone: str) -> None:
        if not self.expiration_date:
            return
        product = self.product_id.product_tmpl_id
        for name, days in _BEFORE_EXPIRY.items():
            value = self[name]
            right = value and self._on_right_day(name, product[days], zone)
            if right != value:
                self[name] = right

    def _on_right_day(self, name: str, days_before: int, zone: str):
        """What core has just counted from the expiry, on the day that is meant by it; what it has
        not counted stays as it is."""
        before, value = self._origin, self[name]
        if value == self.expiration_date - timedelta(days=days_before):
            day = local_day(self.expiration_date, zone) - timedelta(days=days_before)
        elif (
            before.expiration_date
            and before[name]
            and value - before[name] == self.expiration_date - before.expiration_date
        ):
            moved = self._lot_day("expiration_date") - before._lot_day("expiration_date")
            day = before._lot_day(name) + moved
        else:
            return value
        return min(max(value, day_start(day, zone)), day_end(day, zone))

    # -- what is said of it ------------------------------------------------------------------

    @api.depends("use_expiration_date", "expiration_date", "alert_date")
    @api.depends_context("formatted_display_name", "company")
    def _compute_display_name(self):
        super()._compute_display_name()
        if not self.env.context.get("formatted_display_name"):
            return
        expired = self._expired()
        for lot in self.filtered(lambda lot: lot.use_expiration_date and lot.expiration_date):
            day = fields.Date.to_string(lot._lot_day("expiration_date"))
            if lot in expired:
                lot.display_name = f"{lot.name}" + self.env._("\t--Expired--")
            elif not lot.lot_alert_reached:
                lot.display_name = f"{lot.name}"
            else:
                # Core's text, unless the day in it is another one than where the company is.
                instant = fields.Datetime.to_string(lot.expiration_date)
                lot.display_name = f"{lot.name}" + self.env._(
                    "\t--Expire on %(date)s--", date=instant if instant.startswith(day) else day
                )

    @api.depends("expiration_date", "company_id")
    @api.depends_context("company")
    def _compute_product_expiry_alert(self):
        expired = self._expired()
        for lot in self:
            lot.product_expiry_alert = lot in expired

    @api.depends("alert_date", "company_id")
    @api.depends_context("company")
    def _compute_lot_alert_reached(self):
        for company, lots in self._by_company().items():
            tomorrow = self.env["lot.calendar"]._expired_before(company, days=1)
            for lot in lots:
                lot.lot_alert_reached = bool(lot.alert_date and lot.alert_date < tomorrow)

    def _search_product_expiry_alert(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_day("expiration_date", 0, value)

    def _search_alert_reached(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_day("alert_date", 1, value)

    def _search_day(self, field_name: str, days: int, values) -> Domain:
        over = self.env["lot.calendar"]._over(field_name, days)
        domain = over if True in values else Domain.FALSE
        return domain | ~over | Domain(field_name, "=", False) if False in values else domain

    @api.model
    def _alert_date_exceeded(self):
        """Core reminds when the alert date is before the midnight (UTC) that began this day; here
        the day has come as soon as it begins where the company is."""
        companies = self.env["res.company"].search([("active", "=", True)])
        due = self.search(
            self.env["lot.calendar"]._over("alert_date", 1, companies)
            & Domain("product_expiry_reminded", "=", False)
            & Domain(
                "quant_ids", "any", [("quantity", ">", 0), ("location_id.usage", "=", "internal")]
            )
        )
        for lot in due:
            product = lot.product_id
            responsible = product.with_company(lot.company_id).responsible_id
            lot.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(responsible or product.responsible_id).id
                or self.env.ref("base.user_root").id,
                note=self.env._("The alert date has been reached for this lot/serial number"),
                summary=self.env._("Alert Date Reached"),
            )
        due.product_expiry_reminded = True
        return super()._alert_date_exceeded()
