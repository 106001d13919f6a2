from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools import lot_calendar


class LotCalendar(models.AbstractModel):
    """Days of lots in the zone of the company, and the one rule of what "expires today" means:
    a lot may be used until the end of the day on which it expires.

    As `expiration_date >= _expired_before()` is that rule, no day needs to be stored, and a
    company that moves its time zone has nothing to compute anew.
    """

    _name = "lot.calendar"
    _description = "Calendar of lots"

    @api.model
    def _zone(self, company=None) -> str:
        company = company or self.env.company
        return company.lot_timezone or self._working_zone(company.id)

    @api.model
    @ormcache("company_id")
    def _working_zone(self, company_id: int) -> str:
        # sudo: who ships a lot need not be allowed to read working hours
        company = self.env["res.company"].sudo().browse(company_id)
        return company.resource_calendar_id.tz or "UTC"

    @api.model
    def _today(self, company=None) -> date:
        """The present day of the company."""
        return self._day(fields.Datetime.now(), company)

    @api.model
    def _day(self, instant: datetime, company=None) -> date:
        """The company's day on which an instant falls."""
        return lot_calendar.local_day(instant, self._zone(company))

    @api.model
    def _day_start(self, day: date, company=None) -> datetime:
        return lot_calendar.day_start(day, self._zone(company))

    @api.model
    def _day_end(self, day: date, company=None) -> datetime:
        return lot_calendar.day_end(day, self._zone(company))

    @api.model
    def _on_day(self, instant: datetime, day: date, company=None) -> datetime:
        """An instant of this day: the given one where it falls on it, or else the nearest.

        What Odoo adds up in hours ends on another day where the clocks change in between.
        """
        return min(max(instant, self._day_start(day, company)), self._day_end(day, company))

    @api.model
    def _typed(self, value, company=None):
        """What is meant by a date that somebody gives: a day alone lasts until it ends.

        :param value: an instant or a day, as an object or a text, or False
        """
        if isinstance(value, str) and len(value) == len("2026-03-31"):
            value = fields.Date.to_date(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return self._day_end(value, company)
        return value

    @api.model
    def _over(self, field_name: str, days: int = 0, companies=None) -> Domain:
        """Records of which this date is a day that is over, each in its company's time zone.

        :param days: how many days from now (1: whose day is over tomorrow, so has come today)
        :param companies: whose records (those that the user works in unless given)
        """
        domain = Domain.FALSE
        companies = (companies or self.env.companies) | self.env.company
        for zone, same in companies.grouped(self._zone).items():
            day = lot_calendar.local_day(fields.Datetime.now(), zone) + timedelta(days=days)
            ids = [*same.ids, *([False] if self.env.company in same else [])]
            domain |= Domain("company_id", "in", ids) & Domain(
                field_name, "<", lot_calendar.day_start(day, zone)
            )
        return domain

    @api.model
    def _expired_before(self, company=None, on: datetime | None = None, days: int = 0) -> datetime:
        """The instant before which a lot's date must not lie.

        :param on: the instant of use (now unless given)
        :param days: whole days that must be left then
        """
        day = self._day(on or fields.Datetime.now(), company) + timedelta(days=days)
        return self._day_start(day, company)

    @api.model
    def _remaining_days(self, expiry: datetime, company=None, on: datetime | None = None) -> int:
        """Whole days left at `on` (now unless given); negative when expired."""
        day = self._day(on or fields.Datetime.now(), company)
        return lot_calendar.remaining_days(expiry, day, self._zone(company))
