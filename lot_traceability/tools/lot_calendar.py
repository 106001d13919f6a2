"""Days of a lot: what day an instant falls on, and when a day begins, in a company's time zone.

A lot that expires on 31 March may be used until that day ends where the company is. Odoo keeps
instants in UTC, so a label printed from one may be a day off, and a rule compared with "now" ends
in the middle of a day. Everything that asks what day a lot's date means asks here.

>>> local_day(datetime(2026, 3, 30, 22, 30), "Europe/Berlin")
datetime.date(2026, 3, 31)
>>> day_start(date(2026, 3, 31), "Europe/Berlin")
datetime.datetime(2026, 3, 30, 22, 0)
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import pytz

# The lots of a document share their days, and each asks for them several times.
_remembered = lru_cache(maxsize=4096)


@_remembered
def local_day(instant: datetime, zone: str) -> date:
    """The day on which an instant falls.

    :param instant: UTC without a time zone, as Odoo keeps it
    :param zone: name of a time zone, such as "America/New_York"
    """
    return pytz.utc.localize(instant).astimezone(pytz.timezone(zone)).date()


@_remembered
def day_start(day: date, zone: str) -> datetime:
    """The instant at which a day begins, as UTC without a time zone.

    Where the clock skips midnight (as in Beirut each spring) the day begins after the gap:

    >>> day_start(date(2026, 3, 29), "Asia/Beirut")
    datetime.datetime(2026, 3, 28, 22, 0)

    Where the clock passes midnight twice (as in Havana each autumn) it begins at the first time:

    >>> day_start(date(2026, 11, 1), "America/Havana")
    datetime.datetime(2026, 11, 1, 4, 0)
    """
    place = pytz.timezone(zone)
    midnight = datetime.combine(day, time())
    instants = (
        place.localize(midnight, is_dst=summer).astimezone(pytz.utc).replace(tzinfo=None)
        for summer in (True, False)
    )
    return min(instant for instant in instants if local_day(instant, zone) == day)


def day_end(day: date, zone: str) -> datetime:
    """The last second of a day, as UTC without a time zone: how a date becomes an expiry."""
    return day_start(day + timedelta(days=1), zone) - timedelta(seconds=1)


def remaining_days(expiry: datetime, today: date, zone: str) -> int:
    """Whole days for which a lot may still be used, the present one not counted.

    Zero on the day on which it expires, negative after it:

    >>> remaining_days(datetime(2026, 3, 30, 22, 30), date(2026, 3, 31), "Europe/Berlin")
    0
    >>> remaining_days(datetime(2026, 3, 30, 22, 30), date(2026, 3, 31), "America/New_York")
    -1
    """
    return (local_day(expiry, zone) - today).days
