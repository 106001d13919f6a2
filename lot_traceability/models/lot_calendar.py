from datetime import date, datetime, timedelta

from odoo import api, fields, models

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
        # sudo: who ships a lot need not be allowed to read working hours
        return company.lot_timezone or company.sudo().resource_calendar_id.tz or "UTC"

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
