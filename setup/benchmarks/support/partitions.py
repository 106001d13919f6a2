"""Whether partitions would help: the movements of lots in one table, and in a table of 16
partitions by lot, side by side in the same database."""

from __future__ import annotations

import random
import time

from odoo.tools import SQL

from . import results

PARTS = 16
_PLAIN, _PARTED = "bench_movement_plain", "bench_movement_parted"
_LOOKUPS, _SET = 2000, 10_000


def compare(cr, lots: int) -> None:
    """Report what is read for one lot, for many at once, and what VACUUM takes.

    :param cr: a cursor in autocommit: VACUUM runs in no transaction
    :param lots: `n` of the lines
    """
    try:
        _make(cr)
        chosen = _chosen(cr)
        for case, measure in (
            ("partition_lot", lambda table: _one_by_one(cr, table, chosen[:_LOOKUPS])),
            ("partition_set", lambda table: _at_once(cr, table, chosen)),
            ("partition_vacuum", lambda table: _vacuum(cr, table)),
        ):
            plain = measure(_PLAIN)
            parted = measure(_PARTED)
            results.report("scale", case, plain, {f"in_{PARTS}_parts": parted}, n=lots)
    finally:
        for table in (_PLAIN, _PARTED):
            cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))


def _make(cr) -> None:
    columns = SQL("lot_id, kind, quantity, partner_id, picking_id, move_id, move_line_id, date")
    source = SQL("SELECT %s FROM lot_genealogy_movement", columns)
    cr.execute(SQL("CREATE TABLE %s AS %s", SQL.identifier(_PLAIN), source))
    cr.execute(
        SQL(
            "CREATE TABLE %s (LIKE %s) PARTITION BY HASH (lot_id)",
            SQL.identifier(_PARTED), SQL.identifier(_PLAIN),
        )
    )  # fmt: skip
    for part in range(PARTS):
        cr.execute(
            SQL(
                "CREATE TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS %s, REMAINDER %s)",
                SQL.identifier(f"{_PARTED}_{part}"), SQL.identifier(_PARTED), PARTS, part,
            )
        )  # fmt: skip
    cr.execute(SQL("INSERT INTO %s %s", SQL.identifier(_PARTED), source))
    for table in (_PLAIN, _PARTED):
        cr.execute(SQL("CREATE INDEX ON %s (lot_id, kind)", SQL.identifier(table)))
        cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(table)))


def _chosen(cr) -> list[int]:
    cr.execute("SELECT max(lot_id) FROM lot_genealogy_movement")
    ((last,),) = cr.fetchall()
    return random.Random(7).choices(range(1, last + 1), k=_SET)


def _timed(cr, statement: SQL) -> float:
    """Milliseconds until all rows of a statement are there."""
    began = time.perf_counter()
    cr.execute(statement)
    cr.fetchall()
    return (time.perf_counter() - began) * 1000


def _one_by_one(cr, table: str, lots: list[int]) -> float:
    """Milliseconds a lot, as a statement of its own asks for it; the median."""
    statement = "SELECT kind, SUM(quantity) FROM %s WHERE lot_id = %s GROUP BY kind"
    name = SQL.identifier(table)
    return results.median([_timed(cr, SQL(statement, name, lot)) for lot in lots])


def _at_once(cr, table: str, lots: list[int]) -> float:
    """Milliseconds for all of them in one statement, the median of five."""
    statement = SQL(
        "SELECT lot_id, kind, SUM(quantity) FROM %s WHERE lot_id = ANY(%s) GROUP BY 1, 2",
        *(SQL.identifier(table), lots),
    )
    return results.median([_timed(cr, statement) for _round in range(5)])


def _vacuum(cr, table: str) -> float:
    """Milliseconds of the VACUUM after one row of a hundred was written again."""
    cr.execute(
        SQL("UPDATE %s SET quantity = quantity WHERE lot_id %% 100 = 0", SQL.identifier(table))
    )
    began = time.perf_counter()
    cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(table)))
    return (time.perf_counter() - began) * 1000
