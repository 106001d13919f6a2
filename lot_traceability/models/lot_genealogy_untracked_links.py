from collections.abc import Iterable

from odoo import api, models
from odoo.tools import SQL

from ..tools.untracked_shares import ROUNDING, Make, Need, shares

WINDOW_PARAMETER = "lot_traceability.untracked_window_days"
DEFAULT_WINDOW = 30
LONGEST_WINDOW = 36_500  # a century: longer ones would leave the calendar


class LotGenealogyUntrackedLinks(models.AbstractModel):
    """One hop through an untracked product: which orders made what another order used."""

    _inherit = "lot.genealogy.untracked"

    @api.model
    def _window(self) -> int:
        """Days within which an untracked product is taken to be used."""
        # sudo: a setting of the database, the same for whoever closes an order
        value = self.env["ir.config_parameter"].sudo().get_param(WINDOW_PARAMETER)
        return min(int(value), LONGEST_WINDOW) if value and value.isdigit() else DEFAULT_WINDOW

    @api.model
    def _interval(self) -> SQL:
        return SQL("make_interval(days => %s)", self._window())

    @api.model
    def _links(self, production_ids: list[int]) -> list[tuple[int, int, float]]:
        """(order, order that made an untracked product it used, part of that output), one hop.

        The statements are separate, and which make may be in which use is found in Python: in
        one statement the planner takes each step for one row, and compares all with all.
        """
        used = self._used_untracked(production_ids) if production_ids else []
        if not used:
            return []
        told = self._told([row["line_id"] for row in used])
        chained = self._chained(used)
        needs = []
        for row in used:
            # Where nothing is told the goods came from a place that has no balance.
            since, until, elsewhere = told.get(
                row["line_id"], (row["earliest"], row["date"], False)
            )
            needs.append(
                Need(
                    consumer=row["consumer_id"],
                    product=row["product_id"],
                    company=row["company_id"],
                    warehouse=row["warehouse_id"],
                    quantity=row["quantity"],
                    since=since,
                    until=until,
                    elsewhere=elsewhere,
                    chained=chained.get((row["consumer_id"], row["product_id"]), ()),
                )
            )
        return shares(needs, self._makes(needs))

    @api.model
    def _used_untracked(self, production_ids: list[int]) -> list[dict]:
        """What these orders used without a lot, of products that are made here; one row for each
        time, since what was used early may be of another make than what was used late."""
        self.env.cr.execute(
            SQL(
                """
                SELECT m.raw_material_production_id AS consumer_id, l.product_id, l.company_id,
                       src.warehouse_id, l.date, %s AS earliest,
                       ARRAY_AGG(DISTINCT m.id) AS move_ids, MIN(l.id) AS line_id,
                       SUM(l.quantity_product_uom)::float8 AS quantity
                  FROM stock_move m
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.quantity_product_uom > 0
                  JOIN stock_location src ON src.id = l.location_id
                  JOIN stock_location dest
                    ON dest.id = l.location_dest_id AND dest.usage = 'production'
                 WHERE m.raw_material_production_id = ANY(%s)
                   AND EXISTS (SELECT 1 FROM stock_move made
                                WHERE made.product_id = l.product_id
                                  AND made.production_id IS NOT NULL AND made.state = 'done')
                 GROUP BY 1, 2, 3, 4, 5
                """,
                self._earliest(SQL("l.date")),
                production_ids,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _chained(self, used: list[dict]) -> dict[tuple[int, int], tuple[int, ...]]:
        """(consumer, product): the orders that the chain of moves names."""
        rows = [
            (row["consumer_id"], row["product_id"], move_id)
            for row in used
            for move_id in row["move_ids"]
        ]
        consumers, products, moves = zip(*rows, strict=True)
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE chain(consumer_id, product_id, move_id) AS (
                    SELECT * FROM UNNEST(%s::int[], %s::int[], %s::int[])
                    UNION
                    SELECT chain.consumer_id, chain.product_id, orig.id
                      FROM chain
                      JOIN stock_move_move_rel rel ON rel.move_dest_id = chain.move_id
                      JOIN stock_move orig ON orig.id = rel.move_orig_id
                       AND orig.product_id = chain.product_id AND orig.state = 'done'
                )
                SELECT chain.consumer_id, chain.product_id, ARRAY_AGG(DISTINCT m.production_id)
                  FROM chain JOIN stock_move m ON m.id = chain.move_id
                 WHERE m.production_id IS NOT NULL AND m.production_id <> chain.consumer_id
                 GROUP BY 1, 2
                """,
                list(consumers),
                list(products),
                list(moves),
            )
        )
        return {
            (consumer, product): tuple(sources)
            for consumer, product, sources in self.env.cr.fetchall()
        }

    # -- when ----------------------------------------------------------------------------------

    @api.model
    def _earliest(self, date: SQL) -> SQL:
        """The start of the window of this date; dates that Python does not know are cut."""
        return SQL("GREATEST(%s - %s, '0001-01-01')", date, self._interval())

    @api.model
    def _latest(self, date: SQL) -> SQL:
        return SQL("LEAST(%s + %s, '9999-12-31')", date, self._interval())

    @api.model
    def _told(self, line_ids: list[int]) -> dict[int, tuple]:
        """What the place tells of these lines, which took from it: since when and until when
        goods that came in may be what was used (since it last ran empty; later than the use only
        where the place was short), and whether goods of other warehouses may be."""
        self.env.cr.execute(
            SQL(
                """
                WITH stretch AS MATERIALIZED (
                    SELECT product_id, company_id, MIN(date) - %(window)s AS since,
                           MAX(date) + %(window)s AS until
                      FROM stock_move_line WHERE id = ANY(%(line_ids)s) GROUP BY 1, 2
                ), %(balance)s, told AS (
                    SELECT balance.*,
                           MAX(date) FILTER (WHERE empty) OVER past AS emptied,
                           MAX(date) FILTER (WHERE arrived) OVER until_now AS supplied,
                           MIN(date) FILTER (WHERE NOT short) OVER future AS filled,
                           MIN(date) FILTER (WHERE arrived) OVER future AS supplied_late
                      FROM balance
                    WINDOW past AS (
                        PARTITION BY product_id, company_id, warehouse_id ORDER BY date
                        RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1 microsecond' PRECEDING),
                    until_now AS (
                        PARTITION BY product_id, company_id, warehouse_id ORDER BY date),
                    future AS (
                        PARTITION BY product_id, company_id, warehouse_id ORDER BY date DESC
                        RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL '1 microsecond' PRECEDING)
                ), timed AS (
                    SELECT line_id, date, supplied, supplied_late,
                           %(earliest)s AS earliest, GREATEST(emptied, %(earliest)s) AS since,
                           CASE WHEN short THEN LEAST(filled, %(latest)s) ELSE date END AS until
                      FROM told WHERE line_id = ANY(%(line_ids)s) AND quantity < 0
                ), place AS (
                    SELECT timed.*, COALESCE(supplied >= since, FALSE)
                           OR COALESCE(supplied_late <= until AND until > date, FALSE) AS elsewhere
                      FROM timed
                )
                SELECT line_id, CASE WHEN elsewhere THEN earliest ELSE since END, until, elsewhere
                  FROM place
                """,
                line_ids=line_ids,
                balance=self._balance_sql(),
                earliest=self._earliest(SQL("date")),
                latest=self._latest(SQL("date")),
                window=self._interval(),
            )
        )
        return {line_id: tuple(row) for line_id, *row in self.env.cr.fetchall()}

    @api.model
    def _balance_sql(self) -> SQL:
        """balance: how much of each product of `stretch` (product, company, since, until) lay in
        each warehouse without a lot after each line that moved it in or out in that time, whether
        more was missing than there was (`short`), and whether it came from another warehouse
        (`arrived`). What was before is summed up, as lines without an id."""
        return SQL(
            """
            line AS (
                SELECT NULL::int AS id, product_id, company_id, '-infinity'::timestamp AS date,
                       opening.*
                  FROM stretch
                 CROSS JOIN LATERAL (
                       SELECT l.location_id, l.location_dest_id,
                              SUM(l.quantity_product_uom) AS quantity_product_uom
                         FROM stock_move_line l
                        WHERE l.product_id = stretch.product_id
                          AND l.company_id = stretch.company_id AND l.state = 'done'
                          AND l.lot_id IS NULL AND l.date < stretch.since
                        GROUP BY 1, 2) AS opening
                UNION ALL
                SELECT l.id, l.product_id, l.company_id, l.date, l.location_id,
                       l.location_dest_id, l.quantity_product_uom
                  FROM stretch
                  JOIN stock_move_line l ON l.product_id = stretch.product_id
                   AND l.company_id = stretch.company_id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.date BETWEEN stretch.since AND stretch.until
            ), side AS (
                SELECT l.id AS line_id, l.product_id, l.company_id, side.warehouse_id, l.date,
                       side.quantity, side.arrived
                  FROM line l
                  JOIN stock_location src ON src.id = l.location_id
                  JOIN stock_location dest ON dest.id = l.location_dest_id
                 CROSS JOIN LATERAL (VALUES
                       (src.warehouse_id, -l.quantity_product_uom, src.usage, FALSE),
                       (dest.warehouse_id, l.quantity_product_uom, dest.usage,
                        src.usage IN ('internal', 'transit'))
                   ) AS side(warehouse_id, quantity, usage, arrived)
                 WHERE side.usage = 'internal'
                   AND (src.usage <> 'internal' OR dest.usage <> 'internal'
                        OR src.warehouse_id IS DISTINCT FROM dest.warehouse_id)
            ), balance AS (
                SELECT side.*, SUM(quantity) OVER by_line <= %(rounding)s AS empty,
                       SUM(quantity) OVER by_time < -%(rounding)s AS short
                  FROM side
                WINDOW by_line AS (PARTITION BY product_id, company_id, warehouse_id
                                   ORDER BY date, line_id),
                       by_time AS (PARTITION BY product_id, company_id, warehouse_id
                                   ORDER BY date)
            )
            """,
            rounding=ROUNDING,
        )

    # -- the makes -------------------------------------------------------------------------------

    @api.model
    def _makes(self, needs: Iterable[Need]) -> list[Make]:
        """What was made of the needed products in the time that the needs reach, and what the
        orders made of them that the chain of moves names; by order and place."""
        reach: dict[tuple[int, int], tuple] = {}
        chained = set()
        for need in needs:
            since, until = reach.get((need.product, need.company), (need.since, need.until))
            reach[need.product, need.company] = (min(since, need.since), max(until, need.until))
            chained.update((source, need.product) for source in need.chained)
        products, companies = zip(*reach, strict=True)
        since, until = zip(*reach.values(), strict=True)
        self.env.cr.execute(
            SQL(
                """
                WITH reach AS MATERIALIZED (
                    SELECT * FROM UNNEST(%(products)s::int[], %(companies)s::int[],
                        %(since)s::timestamp[], %(until)s::timestamp[])
                        AS reach(product_id, company_id, since, until)
                ), %(source)s
                SELECT m.production_id, l.product_id, l.company_id, dest.warehouse_id,
                       MIN(l.date), MAX(l.date), SUM(l.quantity_product_uom)::float8
                  FROM source
                  JOIN stock_move m ON m.production_id = source.production_id
                   AND m.product_id = source.product_id AND m.state = 'done'
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.quantity_product_uom > 0
                  JOIN reach ON reach.product_id = l.product_id
                   AND reach.company_id = l.company_id
                  JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
                  JOIN stock_location dest ON dest.id = l.location_dest_id
                 GROUP BY 1, 2, 3, 4
                """,
                products=list(products),
                companies=list(companies),
                since=list(since),
                until=list(until),
                source=self._source_sql(chained),
            )
        )
        return [Make(*row) for row in self.env.cr.fetchall()]

    @api.model
    def _source_sql(self, chained: Iterable[tuple[int, int]]) -> SQL:
        """source: (order, product) of which a line lies in the time of `reach`, or lines on both
        sides of it, and those of the chain."""
        return SQL(
            """
            source AS MATERIALIZED (
                SELECT m.production_id, l.product_id
                  FROM reach
                  JOIN stock_move_line l ON l.product_id = reach.product_id
                   AND l.company_id = reach.company_id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.date BETWEEN reach.since AND reach.until
                  JOIN stock_location src ON src.id = l.location_id
                   AND src.usage = 'production'
                  JOIN stock_move m ON m.id = l.move_id AND m.production_id IS NOT NULL
                UNION
                -- made in part before that time and in part after it
                SELECT m.production_id, l.product_id
                  FROM reach
                  JOIN stock_move_line l ON l.product_id = reach.product_id
                   AND l.company_id = reach.company_id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.date > reach.until
                  JOIN stock_move m ON m.id = l.move_id AND m.production_id IS NOT NULL
                 WHERE EXISTS (
                       SELECT 1 FROM stock_move other
                         JOIN stock_move_line early ON early.move_id = other.id
                          AND early.state = 'done' AND early.lot_id IS NULL
                          AND early.date < reach.since
                        WHERE other.production_id = m.production_id
                          AND other.product_id = l.product_id)
                UNION
                SELECT * FROM UNNEST(%(sources)s::int[], %(source_products)s::int[])
            )
            """,
            sources=[source for source, _product in chained],
            source_products=[product for _source, product in chained],
        )
