"""Tables and totals of a trace, as a screen or a file shows them.

The rows of a trace dict (see `lot.trace.trace`) name lots by id. Here they get
the lot's name, product and unit, and are paged. Nothing here reads a database:

>>> trace = {
...     "origin": [1],
...     "lots": [
...         {"id": 1, "name": "M-1", "product_id": 5, "product": "Milk", "uom": "l",
...          "side": "origin", "level": 0, "before": False},
...         {"id": 2, "name": "C-1", "product_id": 6, "product": "Cheese", "uom": "kg",
...          "side": "downstream", "level": 1, "before": False},
...     ],
...     "deliveries": [
...         {"lot_id": 2, "partner_id": 9, "partner": "Deli", "quantity": 8.0,
...          "returned": 3.0, "net": 5.0, "date": "2026-11-02T08:00:00+00:00",
...          "document": False, "before": False},
...     ],
... }
>>> page = table_rows(trace, "deliveries")
>>> page["total"], page["rows"][0]["lot"], page["rows"][0]["uom"]
(1, 'C-1', 'kg')
>>> totals(trace)["delivered"]
[{'uom': 'kg', 'quantity': 8.0, 'returned': 3.0, 'net': 5.0}]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

Row = dict[str, Any]
Trace = dict[str, Any]

#: Every table that `table_rows` answers for, in the order of the screen's tabs.
TABLES = (
    "lots",
    "edges",
    "receipts",
    "deliveries",
    "customers",
    "suppliers",
    "on_hand",
    "scrapped",
    "timeline",
)

#: The columns that have a total, by table.
SUMMED = {
    "receipts": ("quantity",),
    "deliveries": ("quantity", "returned", "net"),
    "on_hand": ("quantity", "reserved"),
    "scrapped": ("quantity",),
}

AFFECTED_SIDES = frozenset({"origin", "downstream", "both"})


def table_rows(
    trace: Trace,
    table: str,
    offset: int = 0,
    limit: int = 80,
    filters: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One page of a table of the trace.

    :param trace: what `lot.trace.trace` returns
    :param table: one of `TABLES`
    :param offset: rows to pass over
    :param limit: rows of the page; 0 for all
    :param filters: `level`, `level_min`, `level_max`, `product_id`, `before` and
        `lot_id` restrict the lots that the rows may speak of; keys that are absent
        or None restrict nothing
    :return: ``{"rows": [dict], "total": int, "sums": [dict]}``; quantities in the
        product's unit, `sums` by unit over all rows of the (filtered) table.
        Rows are those of the trace with `lot`, `product` and `uom` added (`parent`
        and `child` with these three for an edge). A row of the timeline: `date`,
        `kind` (receipt, delivery, scrap, or the kind of the genealogy edge),
        `lot_id`, `quantity`, `returned`, `partner_id`, `partner`, `document`,
        `certainty`, `before`.
    :raises KeyError: when there is no such table

    >>> table_rows({"lots": []}, "prices")
    Traceback (most recent call last):
    ...
    KeyError: 'prices'
    """
    if table not in TABLES:
        raise KeyError(table)
    rows = _filtered(trace, table, filters) if filters else _all_rows(trace, table)
    offset = max(offset, 0)
    page = rows[offset : offset + limit] if limit > 0 else rows[offset:]
    lots = {lot["id"]: lot for lot in trace.get("lots", ())}
    if table == "timeline":
        page = [_event(entry, lots) for entry in page]
    return {
        "rows": [_named(row, lots) for row in page],
        "total": len(rows),
        "sums": _by_unit(rows, lots, SUMMED[table]) if table in SUMMED else [],
    }


def each_row(trace: Trace, table: str) -> Iterator[Row]:
    """Every row of a table as `table_rows` gives it, one at a time: for files, in which
    a table may have 100,000 rows.

    :param table: one of `TABLES`
    :raises KeyError: when there is no such table

    >>> list(each_row({"lots": []}, "deliveries"))
    []
    """
    if table not in TABLES:
        raise KeyError(table)
    lots = {lot["id"]: lot for lot in trace.get("lots", ())}
    for row in _all_rows(trace, table):
        yield _named(_event(row, lots) if table == "timeline" else row, lots)


def totals(trace: Trace) -> dict[str, Any]:
    """Key figures of a trace.

    Lots and deliveries that are linked only through goods which left before the
    suspect input entered ("before") are counted apart.

    :return: counts (`customers`, `suppliers`, `lots`, `affected_lots`,
        `before_lots`, `upstream_lots`, `deliveries`, `before_deliveries`,
        `inferred_lots`) and quantities by unit (`delivered`, `received`, `on_hand`
        of the affected lots, `scrapped`), the largest first
    """
    lots = {lot["id"]: lot for lot in trace.get("lots", ())}
    affected = {key for key, lot in lots.items() if is_affected(lot)}
    deliveries = trace.get("deliveries", ())
    reached = [row for row in deliveries if not row.get("before")]
    return {
        "lots": len(lots),
        "affected_lots": len(affected),
        "before_lots": sum(bool(lot.get("before")) for lot in lots.values()),
        "upstream_lots": sum(lot["side"] in ("upstream", "both") for lot in lots.values()),
        "inferred_lots": sum(lot.get("certainty") == "inferred" for lot in lots.values()),
        "customers": len({row["partner_id"] for row in reached if row["partner_id"]}),
        "suppliers": len(
            {row["partner_id"] for row in trace.get("receipts", ()) if row["partner_id"]}
        ),
        "deliveries": len(reached),
        "before_deliveries": len(deliveries) - len(reached),
        "delivered": _by_unit(reached, lots, ("quantity", "returned", "net")),
        "received": _by_unit(trace.get("receipts", ()), lots, ("quantity",)),
        "on_hand": _by_unit(
            (row for row in trace.get("on_hand", ()) if row["lot_id"] in affected),
            lots,
            ("quantity", "reserved"),
        ),
        "scrapped": _by_unit(trace.get("scrapped", ()), lots, ("quantity",)),
    }


def is_affected(lot: Row) -> bool:
    """Whether the trace reaches the lot downstream of its origin, or is its origin.

    >>> is_affected({"side": "downstream", "before": True})
    False
    """
    return lot["side"] in AFFECTED_SIDES and not lot.get("before")


def _timeline(trace: Trace) -> list[tuple]:
    """Everything dated that the trace knows, oldest first, as `_event` takes it.

    Only the rows of one page become dicts: a large trace has 100,000 of them.
    """
    found = [
        (row["date"] or "", kind, row["lot_id"], row)
        for kind, table in (
            ("receipt", "receipts"),
            ("delivery", "deliveries"),
            ("scrap", "scrapped"),
        )
        for row in trace.get(table, ())
    ]
    # A document that made a lot counts once, whatever the number of its components.
    made: dict[tuple, list[Row]] = {}
    for edge in trace.get("edges", ()):
        document = edge["document"]
        source = (document["model"], document["id"]) if document else edge["id"]
        made.setdefault((source, edge["child_lot_id"], edge["kind"]), []).append(edge)
    found += [
        (max([edge["date"] or "" for edge in edges]), kind, lot_id, edges)
        for (_source, lot_id, kind), edges in made.items()
    ]
    found.sort(key=itemgetter(0, 1, 2))
    return found


def _event(entry: tuple, lots: dict[int, Row]) -> Row:
    date, kind, lot_id, source = entry
    event = {
        "date": date or False,
        "kind": kind,
        "lot_id": lot_id,
        "returned": 0.0,
        "partner_id": False,
        "partner": False,
        "certainty": "recorded",
    }
    if isinstance(source, dict):
        kept = ("quantity", "returned", "partner_id", "partner", "document", "certainty")
        event.update((key, source[key]) for key in kept if key in source)
        event["before"] = bool(source.get("before"))
        if not lot_id:  # a delivery of a product without lots
            event.update((key, source[key]) for key in ("product", "uom") if key in source)
        return event
    # The lots of one component share the child's quantity among them, and each
    # component tells the whole of it again.
    shares: dict[int, float] = {}
    for edge in source:
        component = lots.get(edge["parent_lot_id"], {}).get("product_id", 0)
        shares[component] = shares.get(component, 0.0) + edge["child_quantity"]
    event["quantity"] = max(shares.values())
    event["document"] = source[0]["document"]
    event["before"] = all(edge.get("before") for edge in source)
    if any(edge["certainty"] == "inferred" for edge in source):
        event["certainty"] = "inferred"
    return event


def _all_rows(trace: Trace, table: str) -> list[Any]:
    if table == "timeline":
        return _timeline(trace)
    if table in ("customers", "suppliers"):
        role = table[:-1]
        return [row for row in trace.get("partners", ()) if row["role"] == role]
    if table == "lots":
        return sorted(
            trace.get("lots", ()),
            key=lambda lot: (lot["level"], lot["product"] or "", lot["name"], lot["id"]),
        )
    return list(trace.get(table, ()))


def _filtered(trace: Trace, table: str, filters: dict[str, Any]) -> list[Any]:
    wanted = {key: value for key, value in filters.items() if value is not None}
    if lot_id := wanted.pop("lot_id", None):
        wanted["id"] = lot_id
    lowest = wanted.pop("level_min", float("-inf"))
    highest = wanted.pop("level_max", float("inf"))
    lot_ids = {
        lot["id"]
        for lot in trace.get("lots", ())
        if lowest <= lot["level"] <= highest
        and all(lot.get(key) == value for key, value in wanted.items())
    }
    rows = _all_rows(trace, table)
    if table == "lots":
        return [row for row in rows if row["id"] in lot_ids]
    if table == "edges":
        return [
            row for row in rows if row["parent_lot_id"] in lot_ids or row["child_lot_id"] in lot_ids
        ]
    if table in ("customers", "suppliers"):
        source = "deliveries" if table == "customers" else "receipts"
        partners = {row["partner_id"] for row in trace.get(source, ()) if row["lot_id"] in lot_ids}
        return [row for row in rows if row["id"] in partners]
    if table == "timeline":
        return [entry for entry in rows if entry[2] in lot_ids]
    return [row for row in rows if row["lot_id"] in lot_ids]


def _named(row: Row, lots: dict[int, Row]) -> Row:
    """The row with its lots by name; the trace's own dict stays as it is."""
    if "parent_lot_id" in row:
        return row | {
            "parent": _lot_name(lots.get(row["parent_lot_id"])),
            "child": _lot_name(lots.get(row["child_lot_id"])),
        }
    if "lot_id" in row:
        lot = lots.get(row["lot_id"])
        # a delivery of a product without lots names its product itself
        return row | _lot_name(lot) if lot else _lot_name(None) | row
    return row


def _lot_name(lot: Row | None) -> Row:
    if lot is None:
        return {"lot": "", "product": "", "uom": ""}
    return {"lot": lot["name"], "product": lot["product"], "uom": lot["uom"]}


def _by_unit(rows: Iterable[Row], lots: dict[int, Row], columns: tuple[str, ...]) -> list[Row]:
    sums: dict[str, list[float]] = {}
    for row in rows:
        lot = lots.get(row["lot_id"])
        line = sums.setdefault(lot["uom"] if lot else row.get("uom", ""), [0.0] * len(columns))
        for index, column in enumerate(columns):
            line[index] += row.get(column) or 0.0
    result = [
        {"uom": uom}
        | {column: round(value, 6) for column, value in zip(columns, line, strict=True)}
        for uom, line in sums.items()
    ]
    result.sort(key=lambda line: (-abs(line[columns[0]]), line["uom"]))
    return result
