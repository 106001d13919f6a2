"""How a value looks over the wire.

>>> iso(0)
'1970-01-01T00:00:00+00:00'
>>> iso(None)
False
>>> document("stock.picking", 7, "WH/OUT/00007")
{'model': 'stock.picking', 'id': 7, 'name': 'WH/OUT/00007'}
"""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache


@lru_cache(maxsize=8192)
def _iso_seconds(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


def iso(value: float | datetime | None | bool) -> str | bool:
    """Seconds since the epoch, or a naive UTC datetime, as ISO 8601 with offset; else False."""
    if value is None or value is False:
        return False
    if isinstance(value, datetime):
        return value.replace(tzinfo=timezone.utc).isoformat()
    return _iso_seconds(int(value))


def document(model: str, res_id: int, name: str) -> dict:
    """The document that a row comes from."""
    return {"model": model, "id": res_id, "name": name}
