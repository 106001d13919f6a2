"""Other ways to answer what a trace answers: each returns (lots, delivery transfers)."""

from __future__ import annotations

import time
from array import array

from odoo.tools import SQL

Answer = tuple[set[int], set[int]]
LOT_INDEX = "stock_move_line__lot_state"
DONE_INTO_CUSTOMERS = SQL(
    """SELECT l.lot_id, l.picking_id
         FROM stock_move_line l
         JOIN stock_location place ON place.id = l.location_dest_id AND place.usage = 'customer'
        WHERE l.state = 'done' AND l.lot_id IS NOT NULL"""
)


def core(env, lot: int) -> Answer:
    """Core's own walker; its answer has a key for each descendant."""
    found = env["stock.lot"].browse(lot)._find_delivery_ids_by_lot_iterative()
    return set(found), set(found[lot])


def hide_lot_index(env) -> None:
    """Core as installed has no index on the lot of a move line. Dropped for this transaction
    only: rolled back, it is there again."""
    env.cr.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(LOT_INDEX)))


def recursive_sql(env, lot: int, backward: bool) -> Answer:
    """One recursive query on core's tables, with our index on the lot."""
    # Core's column names are the wrong way round: `consume_line_id` is the produced line.
    near, far = ("consume_line_id", "produce_line_id")[:: 1 if backward else -1]
    env.cr.execute(
        SQL(
            """
            WITH RECURSIVE reach(lot_id) AS (
                SELECT %(lot)s
                UNION
                SELECT l2.lot_id
                  FROM reach
                  JOIN stock_move_line l1 ON l1.lot_id = reach.lot_id AND l1.state = 'done'
                  JOIN stock_move_line_consume_rel rel ON rel.%(near)s = l1.id
                  JOIN stock_move_line l2 ON l2.id = rel.%(far)s AND l2.state = 'done'
                 WHERE l2.lot_id IS NOT NULL
            )
            SELECT reach.lot_id, d.picking_id
              FROM reach LEFT JOIN (%(deliveries)s) d ON d.lot_id = reach.lot_id
            """,
            lot=lot,
            near=SQL.identifier(near),
            far=SQL.identifier(far),
            deliveries=DONE_INTO_CUSTOMERS,
        )
    )
    rows = env.cr.fetchall()
    return {row[0] for row in rows}, {row[1] for row in rows if row[1]}


class Report:
    """Core's traceability report, opened and unfolded until nothing is left to open."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.stopped = False

    def downstream(self, env, lot: int) -> Answer:
        """Follow every "used in" button of each lot's report."""
        report = env["stock.traceability.report"]
        until = time.perf_counter() + self.seconds
        lots, deliveries, queue = {lot}, set(), [lot]
        while queue and not self._over(until):
            for line in report.get_lines(model_id=queue.pop(), model_name="stock.lot", level=1):
                if line["picking_type_code"] == "outgoing":
                    deliveries.add(line["res_id"])
                if line["is_used"]:
                    used = report.with_context(lot_name=line["lot_name"]).get_lines(
                        model_id=line["model_id"], model_name="stock.move.line", level=1
                    )
                    made = {row["lot_id"] for row in used if row["lot_id"]} - lots
                    lots |= made
                    queue.extend(made)
        return lots, deliveries

    def upstream(self, env, lot: int) -> Answer:
        """Unfold every line of one lot's report, each move line once."""
        report = env["stock.traceability.report"]
        until = time.perf_counter() + self.seconds
        lots, seen = {lot}, set()
        queue = report.get_lines(model_id=lot, model_name="stock.lot", level=1)
        while queue and not self._over(until):
            line = queue.pop()
            if line["model_id"] in seen:
                continue
            seen.add(line["model_id"])
            if line["lot_id"]:
                lots.add(line["lot_id"])
            if line["unfoldable"]:
                queue += report.get_lines(
                    line["id"],
                    model_id=line["model_id"],
                    model_name="stock.move.line",
                    level=line["level"] + 1,
                )
        return lots, set()

    def _over(self, until: float) -> bool:
        self.stopped = time.perf_counter() > until
        return self.stopped


class Memory:
    """The limit: the whole graph in memory as sorted arrays (compressed rows), read breadth
    first. It knows neither time, nor rights, nor what happened since it was loaded."""

    def __init__(self, env) -> None:
        env.cr.execute("SELECT MIN(id), MAX(id) FROM stock_lot")
        self.first, last = env.cr.fetchone()
        self.count = last - self.first + 1
        links = """SELECT used.lot_id AS parent, made.lot_id AS child
                     FROM stock_move_line_consume_rel rel
                     JOIN stock_move_line used ON used.id = rel.produce_line_id
                     JOIN stock_move_line made ON made.id = rel.consume_line_id
                    WHERE used.lot_id IS NOT NULL AND made.lot_id IS NOT NULL"""
        self.down = self._load(env, SQL("SELECT parent, child FROM (%s) l", SQL(links)))
        self.up = self._load(env, SQL("SELECT child, parent FROM (%s) l", SQL(links)))
        self.deliveries = self._load(env, DONE_INTO_CUSTOMERS)

    def _load(self, env, pairs: SQL) -> tuple[array, array]:
        env.cr.execute(SQL("SELECT a, array_agg(b) FROM (%s) p(a, b) GROUP BY a ORDER BY a", pairs))
        starts, values, row = array("i", [0]), array("i"), 0
        while chunk := env.cr.fetchmany(50_000):
            for near, far in chunk:
                starts.extend([len(values)] * (near - self.first - row))
                row = near - self.first
                values.extend(far)
        starts.extend([len(values)] * (self.count - row))
        return starts, values

    def trace(self, lot: int, backward: bool) -> Answer:
        """All lots that can be reached, and the transfers that delivered them."""
        starts, values = self.up if backward else self.down
        first = self.first
        reached, queue = {lot}, [lot]
        for near in queue:
            position = near - first
            for far in values[starts[position] : starts[position + 1]]:
                if far not in reached:
                    reached.add(far)
                    queue.append(far)
        starts, values = self.deliveries
        deliveries: set[int] = set()
        for near in queue:
            position = near - first
            deliveries.update(values[starts[position] : starts[position + 1]])
        return reached, deliveries
