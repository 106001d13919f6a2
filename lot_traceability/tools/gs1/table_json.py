"""The table of application identifiers for a device that reads codes without the server.

>>> rows = table()
>>> [row for row in rows if row[0] == "17"]
[['17', 'N6 date_or_month', 'USE BY or EXPIRY', 'date', '', False]]
>>> [row[0] for row in rows if row[0].startswith("310")]
['3100-3105']
"""

from __future__ import annotations

from .ai import IDENTIFIERS
from .ai_table import ROWS


def table() -> list[list[str | bool]]:
    """Return one row per identifier or range of identifiers, as plain JSON: codes (``3100-3105``),
    form and title as in :mod:`.ai_table` (in titles, ``{digit}`` is the last digit of the code and
    ``{ordinal}`` the next number), kind of value as in :mod:`.ai`, unit, and the qualifiers of a
    key of a link (``22 10 21|235``; empty without any, ``False`` when it is no key, for
    XML-RPC knows no null).
    """
    rows: list[list[str | bool]] = []
    for row in ROWS:
        first = IDENTIFIERS[row.codes.partition("-")[0]]
        keyed = False if row.qualifiers is None else row.qualifiers
        rows.append([row.codes, row.form, row.title, first.kind, first.unit, keyed])
    return rows
