from collections import defaultdict
from collections.abc import Iterable

from odoo import api, models
from odoo.tools import SQL

from .lot_columns import column

MAX_HOPS = 20
# So many orders are closed at once and known already; of more the database is asked.
FEW_ORDERS = 20


class LotGenealogyUntracked(models.AbstractModel):
    """Links through products that are not tracked by lot: a lot goes into an untracked
    intermediate, and that goes into a lot.

    Which order made the intermediate that another order used is followed by the chain of moves
    where there is one, else by product, place and time: the orders that made it since the place
    last ran out of it, within a window of days (system parameter
    `lot_traceability.untracked_window_days`), and where it was used before it was booked in,
    those that made it until the shortage was filled. Such links are always `inferred`.
    """

    _name = "lot.genealogy.untracked"
    _description = "Genealogy through untracked products"

    @api.model
    def _derive(self, production_ids: list[int]) -> SQL | None:
        """The `untracked` edges into the lots that these orders made, or None."""
        hops = self._hops(production_ids)
        if not hops:
            return None
        consumers, sources, fractions = zip(*hops, strict=True)
        return SQL(
            """
            (WITH hop AS MATERIALIZED (
                SELECT *
                  FROM UNNEST(%(consumers)s::int[], %(sources)s::int[], %(fractions)s::float8[])
                       AS hop(consumer_id, source_id, fraction)
            ), taken AS MATERIALIZED (
                SELECT m.raw_material_production_id AS source_id, l.id, l.lot_id, l.product_id,
                       l.date, l.quantity_product_uom::float8 AS quantity
                  FROM stock_move m
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NOT NULL AND l.quantity_product_uom > 0
                  JOIN stock_location dest
                    ON dest.id = l.location_dest_id AND dest.usage = 'production'
                 WHERE m.raw_material_production_id = ANY(%(distinct_sources)s)
            ), input AS (
                SELECT hop.consumer_id, taken.lot_id, taken.product_id, MAX(taken.date) AS date,
                       SUM(taken.quantity * hop.fraction ORDER BY taken.id) AS quantity
                  FROM hop JOIN taken USING (source_id)
                 GROUP BY 1, 2, 3
            ), output AS (
                SELECT m.production_id AS consumer_id, l.lot_id, MIN(l.date) AS date,
                       MIN(l.company_id) AS company_id,
                       SUM(l.quantity_product_uom)::float8 AS quantity
                  FROM stock_move m
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NOT NULL AND l.quantity_product_uom > 0
                  JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
                 WHERE m.production_id = ANY(%(distinct_consumers)s)
                 GROUP BY 1, 2
            )
            SELECT i.lot_id, o.lot_id, 'untracked', 'inferred',
                   i.quantity * o.quantity / SUM(o.quantity) OVER (
                       PARTITION BY i.consumer_id, i.lot_id),
                   o.quantity * i.quantity / NULLIF(SUM(i.quantity) OVER (
                       PARTITION BY i.consumer_id, i.product_id, o.lot_id), 0),
                   'mrp.production', i.consumer_id, i.date, o.date, o.company_id
              FROM input i JOIN output o USING (consumer_id)
             WHERE i.lot_id <> o.lot_id)
            """,
            consumers=list(consumers),
            sources=list(sources),
            fractions=list(fractions),
            distinct_consumers=sorted(set(consumers)),
            distinct_sources=sorted(set(sources)),
        )

    # -- through any number of untracked products --------------------------------------------

    @api.model
    def _hops(self, production_ids: list[int]) -> list[tuple[int, int, float]]:
        """(order, order whose untracked output reached it, the part of that output), through at
        most `MAX_HOPS` untracked products."""
        links: dict[int, list[tuple[int, float]]] = {}
        frontier = set(production_ids)
        for _hop in range(MAX_HOPS):
            if not frontier:
                break
            links |= dict.fromkeys(frontier, ())
            found = defaultdict(list)
            for consumer, source, fraction in self._links(sorted(frontier)):
                found[consumer].append((source, fraction))
            links |= found
            frontier = {source for row in found.values() for source, _f in row} - links.keys()
        return [
            (consumer, source, min(part, 1.0))
            for consumer in sorted(set(production_ids))
            if links.get(consumer)
            for source, part in self._parts(consumer, links)
        ]

    @api.model
    def _parts(self, consumer: int, links: dict) -> list[tuple[int, float]]:
        """(order, the part of its output that reached the consumer), each link taken once.

        Where orders use each other's output in a circle (rework), all of them are found; what
        went round more than once is not added up.
        """
        depth = {consumer: 0}
        frontier = [consumer]
        while frontier and depth[frontier[0]] < MAX_HOPS:
            following = []
            for order in frontier:
                for source, _fraction in links.get(order, ()):
                    if source not in depth:
                        depth[source] = depth[order] + 1
                        following.append(source)
            frontier = following
        near = {order: links.get(order, ()) for order in depth if depth[order] < MAX_HOPS}
        rank = {order: place for place, order in enumerate(self._sorted(consumer, near))}
        part = dict.fromkeys(rank, 0.0)
        part[consumer] = 1.0
        for order in rank:
            for source, fraction in near.get(order, ()):
                if rank[source] > rank[order]:
                    part[source] += part[order] * fraction
        return sorted((order, value) for order, value in part.items() if order != consumer)

    @api.model
    def _sorted(self, start: int, links: dict) -> list[int]:
        """The orders before those that they used, as far as there is no circle."""
        done: list[int] = []
        seen = {start}
        stack = [(start, iter(links.get(start, ())))]
        while stack:
            order, sources = stack[-1]
            for source, _fraction in sources:
                if source not in seen:
                    seen.add(source)
                    stack.append((source, iter(links.get(source, ()))))
                    break
            else:
                done.append(order)
                stack.pop()
        return done[::-1]

    # -- what a change touches ---------------------------------------------------------------

    @api.model
    def _affected(self, production_ids: set[int], spans: Iterable[tuple]) -> set[int]:
        """The orders whose `untracked` edges may change when these orders changed or when done
        lines without a lot, given as spans (product, company, date, move), did."""
        affected = set(production_ids)
        frontier = affected | self._consumers(spans)
        while frontier:
            affected |= frontier
            frontier = self._consumers(self._outputs(sorted(frontier))) - affected
        return affected

    @api.model
    def _shape(self, production_ids: Iterable[int]) -> tuple[bool, bool, set[int] | None]:
        """(did any of these orders make or use something without a lot? did any make several
        lots? their done lines, where they are known) Most did neither, and their links are
        quickly told."""
        orders = self.env["mrp.production"].sudo().browse(production_ids)  # sudo: as in `_scope`
        if len(orders) <= FEW_ORDERS:
            # As there: what was just closed is known, and to plan a query takes longer.
            made = orders.move_finished_ids.move_line_ids._done()
            used = orders.move_raw_ids.move_line_ids._done()
            lots = {(line.move_id.production_id, line.lot_id) for line in made if line.lot_id}
            without = not all(column(made | used, "lot_id"))
            several = len(lots) > len(made.move_id.production_id)
            return without, several, {*made._ids, *used._ids}
        self.env.cr.execute(
            SQL(
                """SELECT COALESCE(BOOL_OR(l.lot_id IS NULL), FALSE),
                          COUNT(DISTINCT (m.production_id, l.lot_id))
                              FILTER (WHERE m.production_id IS NOT NULL)
                          > COUNT(DISTINCT m.production_id)
                     FROM stock_move m
                     JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                    WHERE m.production_id = ANY(%(ids)s)
                       OR m.raw_material_production_id = ANY(%(ids)s)""",
                ids=list(production_ids),
            )
        )
        return (*self.env.cr.fetchone(), None)

    @api.model
    def _users(self, production_ids: Iterable[int]) -> set[int]:
        """These orders and those that may have used what they made without a lot, on and on,
        within the window; which did, `_hops` says."""
        users = set(production_ids)
        frontier = users
        while frontier:
            outputs = self._outputs(sorted(frontier))
            frontier = self._consumers(outputs, within_window=True) - users
            users |= frontier
        return users

    @api.model
    def _outputs(self, production_ids: list[int]) -> list[tuple]:
        """The spans of what these orders made without a lot."""
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT l.product_id, l.company_id, l.date, l.move_id
                  FROM stock_move m
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NULL
                 WHERE m.production_id = ANY(%s)
                """,
                production_ids,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _consumers(self, spans: Iterable[tuple], within_window: bool = False) -> set[int]:
        """Orders that may have used what these spans moved: by the chain of moves, or because
        they used the product since. An earlier order counts only while the place was short of
        the product up to then: what came in filled the shortage. Later ones count for ever, since
        a quantity decides when the place was empty; with `within_window` they do not."""
        spans = sorted(spans)
        if not spans:
            return set()
        products, companies, dates, moves = zip(*spans, strict=True)
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE span AS MATERIALIZED (
                    SELECT * FROM UNNEST(%(products)s::int[], %(companies)s::int[],
                        %(dates)s::timestamp[], %(moves)s::int[])
                        AS span(product_id, company_id, date, move_id)
                     WHERE EXISTS (SELECT 1 FROM stock_move made
                                    WHERE made.product_id = span.product_id
                                      AND made.production_id IS NOT NULL)
                ), chain(move_id) AS (
                    SELECT move_id FROM span
                    UNION
                    SELECT rel.move_dest_id FROM chain
                      JOIN stock_move_move_rel rel ON rel.move_orig_id = chain.move_id
                ), wanted AS (
                    SELECT product_id, company_id, MIN(date) AS first,
                           CASE WHEN %(within_window)s THEN MAX(date) + %(window)s
                                ELSE 'infinity' END AS last
                      FROM span GROUP BY 1, 2
                ), %(since)s
                SELECT m.raw_material_production_id FROM chain
                  JOIN stock_move m ON m.id = chain.move_id AND m.state = 'done'
                 WHERE m.raw_material_production_id IS NOT NULL
                UNION
                SELECT m.raw_material_production_id
                  FROM since
                  JOIN stock_move_line l ON l.product_id = since.product_id
                   AND l.company_id = since.company_id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.date BETWEEN since.date AND since.last
                  JOIN stock_move m ON m.id = l.move_id
                 WHERE m.raw_material_production_id IS NOT NULL
                """,
                products=list(products),
                companies=list(companies),
                dates=list(dates),
                moves=list(moves),
                within_window=within_window,
                since=self._since_sql(),
                window=self._interval(),
            )
        )
        return {row[0] for row in self.env.cr.fetchall()}

    @api.model
    def _since_sql(self) -> SQL:
        """since: from when on uses of the `wanted` products count: from the first change, or from
        the first use in a shortage that lasted until then."""
        return SQL(
            """
            stretch AS (
                SELECT product_id, company_id, first - %(window)s AS since, first AS until
                  FROM wanted
            ), %(balance)s, earlier AS (
                SELECT balance.*, wanted.first,
                       MAX(balance.date) FILTER (WHERE NOT short) OVER (
                           PARTITION BY product_id, company_id, warehouse_id) AS filled
                  FROM balance JOIN wanted USING (product_id, company_id)
                 WHERE balance.date < wanted.first
                   AND balance.date >= wanted.first - %(window)s
            ), since AS (
                SELECT wanted.product_id, wanted.company_id,
                       LEAST(wanted.first, MIN(earlier.date)) AS date, wanted.last
                  FROM wanted
                  LEFT JOIN earlier ON earlier.product_id = wanted.product_id
                   AND earlier.company_id = wanted.company_id
                   AND earlier.date > COALESCE(earlier.filled, '-infinity')
                 GROUP BY wanted.product_id, wanted.company_id, wanted.first, wanted.last
            )
            """,
            balance=self._balance_sql(),
            window=self._interval(),
        )
