"""Times with their zone, as EPCIS writes them.

>>> read("2020-03-04T11:00:30+01:00").isoformat()
'2020-03-04T10:00:30+00:00'
>>> canonical("2023-02-02T11:04:03.1415Z")
'2023-02-02T11:04:03.142Z'
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from .errors import EpcisError, shown

_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?"
    r"(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
_OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)


def is_offset(text: str) -> bool:
    """Tell whether ``text`` is an offset from UTC that EPCIS allows, -14:00 to +14:00.

    >>> is_offset("-06:00"), is_offset("+14:30"), is_offset("06:00")
    (True, False, False)
    """
    return _OFFSET.fullmatch(text) is not None


def read(text: str) -> datetime:
    """Return the time in UTC; raises :class:`EpcisError` where there is no such time.

    More than six decimals of a second are rounded.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise EpcisError("time", shown=shown(text))
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    try:
        time = datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc)
        if fraction:
            # Enough digits to round by; a million of them would only cost time.
            time += timedelta(microseconds=(int(fraction[:9].ljust(9, "0")) + 500) // 1000)
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            time = time - offset if sign == "+" else time + offset
    except (ValueError, OverflowError):
        raise EpcisError("time", shown=shown(text)) from None
    return time


def write(time: datetime) -> str:
    """Return ``time`` in UTC to the millisecond, half up; ``time`` must know its zone."""
    if time.tzinfo is None:
        raise EpcisError("time", shown=shown(time))
    rounded = time.astimezone(timezone.utc) + timedelta(microseconds=500)
    return rounded.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def canonical(text: str) -> str:
    """Return ``text`` in UTC to the millisecond; what is no time is unchanged."""
    try:
        return write(read(text))
    except (EpcisError, OverflowError):
        return text


def offset_of(time: datetime) -> str:
    """Return the offset from UTC of ``time`` as EPCIS writes it.

    >>> offset_of(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-6))))
    '-06:00'
    """
    offset = time.utcoffset()
    if offset is None:
        raise EpcisError("time", shown=shown(time))
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
