from datetime import date, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.lot_calendar import day_end, day_start, local_day

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
        for lot in self.filtered("expiration_date"):
            company = lot._lot_company()
            life = timedelta(days=lot.product_id.product_tmpl_id.expiration_time)
            lot.expiration_date = calendar._on_day(
                lot.expiration_date, calendar._today(company) + life, company
            )
        return result

    @api.depends("product_id", "expiration_date")
    def _compute_dates(self):
        result = super()._compute_dates()
        zones: dict = {}
        for lot in self.filtered("expiration_date"):
            company, product = lot._lot_company(), lot.product_id.product_tmpl_id
            if company not in zones:
                zones[company] = self.env["lot.calendar"]._zone(company)
            for name, days in _BEFORE_EXPIRY.items():
                value = lot[name]
                right = value and lot._on_right_day(name, product[days], zones[company])
                if right != value:
                    lot[name] = right
        return result

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
        for company, lots in self.grouped(StockLot._lot_company).items():
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
