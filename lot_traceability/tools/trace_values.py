"""How a value looks over the wire.

>>> iso(0)
'1970-01-01T00:00:00+00:00'
>>> iso(1795341600)
'2026-11-22T10:00:00+00:00'
>>> iso(None)
False
>>> document("stock.picking", 7, "WH/OUT/00007")
{'model': 'stock.picking', 'id': 7, 'name': 'WH/OUT/00007'}
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1)


class _Dates(dict):
    """Days since the epoch as text, made when first asked for."""

    def __missing__(self, day: int) -> str:
        text = self[day] = (EPOCH + timedelta(days=day)).strftime("%Y-%m-%dT")
        return text


class _Times(dict):
    """Seconds of a day as text, made when first asked for."""

    def __missing__(self, second: int) -> str:
        minutes, seconds = divmod(second, 60)
        text = self[second] = f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}+00:00"
        return text


# A trace may have a hundred thousand times: looked up, not formatted one by one.
_DATES, _TIMES = _Dates(), _Times()


def iso(value: float | datetime | bool | None) -> str | bool:
    """Seconds since the epoch, or a naive UTC datetime, as ISO 8601 with offset; else False."""
    if value is None or value is False:
        return False
    if isinstance(value, datetime):
        return value.replace(tzinfo=timezone.utc).isoformat()
    return iso_seconds(int(value))


def iso_seconds(value: int) -> str:
    """Whole seconds since the epoch as ISO 8601 with offset."""
    return _DATES[value // 86_400] + _TIMES[value % 86_400]


def document(model: str, res_id: int, name: str) -> dict:
    """The document that a row comes from."""
    return {"model": model, "id": res_id, "name": name}
