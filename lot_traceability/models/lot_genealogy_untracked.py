from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

WINDOW_PARAMETER = "lot_traceability.untracked_window_days"
DEFAULT_WINDOW = 30
MAX_HOPS = 20


class LotGenealogyUntracked(models.AbstractModel):
    """Links through products that are not tracked by lot: a lot goes into an untracked
    intermediate, and that goes into a lot.

    Which order made the intermediate that another order used is followed by the chain of moves
    where there is one, else by product, place and time: the orders that made it since the place
    last ran out of it, within a window of days (system parameter
    `lot_traceability.untracked_window_days`). Such links are always `inferred`.
    """

    _name = "lot.genealogy.untracked"
    _description = "Genealogy through untracked products"

    @api.model
    def _window(self) -> int:
        # sudo: a setting of the database, the same for whoever closes an order
        value = self.env["ir.config_parameter"].sudo().get_param(WINDOW_PARAMETER)
        return int(value) if value and value.isdigit() else DEFAULT_WINDOW

    @api.model
    def _derive(self, production_ids: list[int]) -> SQL | None:
        """The `untracked` edges into the lots that these orders made, or None."""
        hops = self._hops(production_ids)
        if not hops:
            return None
        consumers, sources, fractions = zip(*hops, strict=True)
        return SQL(
            """
            (WITH hop AS (
                SELECT * FROM UNNEST(%(consumers)s::int[], %(sources)s::int[],
                                     %(fractions)s::float8[]) AS hop(consumer_id, source_id, fraction)
            ), input AS (
                SELECT hop.consumer_id, l.lot_id, l.product_id, MAX(l.date) AS date,
                       SUM(l.quantity_product_uom::float8 * hop.fraction ORDER BY l.id) AS quantity
                  FROM hop
                  JOIN stock_move m ON m.raw_material_production_id = hop.source_id
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NOT NULL AND l.quantity_product_uom > 0
                  JOIN stock_location dest
                    ON dest.id = l.location_dest_id AND dest.usage = 'production'
                 GROUP BY 1, 2, 3
            ), output AS (
                SELECT m.production_id AS consumer_id, l.lot_id, MIN(l.date) AS date,
                       MIN(l.company_id) AS company_id,
                       SUM(l.quantity_product_uom)::float8 AS quantity
                  FROM stock_move m
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NOT NULL AND l.quantity_product_uom > 0
                  JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
                 WHERE m.production_id = ANY(%(consumers)s)
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
        )

    @api.model
    def _hops(self, production_ids: list[int]) -> list[tuple[int, int, float]]:
        """(order, order whose untracked output reached it, the part of that output), through
        any number of untracked products."""
        links: dict[int, list[tuple[int, float]]] = defaultdict(list)
        seen: set[int] = set()
        frontier = set(production_ids)
        while frontier:
            seen |= frontier
            for consumer, source, fraction in self._links(sorted(frontier)):
                links[consumer].append((source, fraction))
            frontier = {s for found in links.values() for s, _f in found} - seen
        reached: dict[tuple[int, int], float] = defaultdict(float)
        for consumer in sorted(set(production_ids) & links.keys()):
            path = [(consumer, 1.0, (consumer,))]
            while path:
                order, part, trail = path.pop()
                for source, fraction in links.get(order, ()):
                    if source not in trail and len(trail) <= MAX_HOPS:
                        reached[consumer, source] += part * fraction
                        path.append((source, part * fraction, (*trail, source)))
        return [(c, s, min(f, 1.0)) for (c, s), f in sorted(reached.items())]

    @api.model
    def _links(self, production_ids: list[int]) -> list[tuple[int, int, float]]:
        """(order, order that made an untracked product it used, part of that output), one hop."""
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE need AS MATERIALIZED (
                    SELECT m.raw_material_production_id AS consumer_id, l.product_id, l.company_id,
                           src.warehouse_id, MAX(l.date) AS date, ARRAY_AGG(DISTINCT m.id) AS move_ids,
                           SUM(l.quantity_product_uom)::float8 AS quantity
                      FROM stock_move m
                      JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                       AND l.lot_id IS NULL AND l.quantity_product_uom > 0
                      JOIN stock_location src ON src.id = l.location_id
                      JOIN stock_location dest
                        ON dest.id = l.location_dest_id AND dest.usage = 'production'
                     WHERE m.raw_material_production_id = ANY(%(ids)s)
                       AND EXISTS (SELECT 1 FROM stock_move made
                                    WHERE made.product_id = l.product_id
                                      AND made.production_id IS NOT NULL AND made.state = 'done')
                     GROUP BY 1, 2, 3, 4
                ), chain(consumer_id, product_id, move_id) AS (
                    SELECT consumer_id, product_id, UNNEST(move_ids) FROM need
                    UNION
                    SELECT chain.consumer_id, chain.product_id, orig.id
                      FROM chain
                      JOIN stock_move_move_rel rel ON rel.move_dest_id = chain.move_id
                      JOIN stock_move orig ON orig.id = rel.move_orig_id
                       AND orig.product_id = chain.product_id AND orig.state = 'done'
                ), made AS MATERIALIZED (
                    SELECT m.production_id AS source_id, l.product_id, l.company_id,
                           dest.warehouse_id, MIN(l.date) AS date,
                           SUM(l.quantity_product_uom)::float8 AS quantity
                      FROM (SELECT DISTINCT product_id, company_id FROM need) span
                      JOIN stock_move m ON m.product_id = span.product_id
                       AND m.production_id IS NOT NULL AND m.state = 'done'
                      JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                       AND l.lot_id IS NULL AND l.company_id = span.company_id
                       AND l.quantity_product_uom > 0
                      JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
                      JOIN stock_location dest ON dest.id = l.location_dest_id
                     GROUP BY 1, 2, 3, 4
                ), chained AS (
                    SELECT DISTINCT chain.consumer_id, chain.product_id, m.production_id AS source_id
                      FROM chain JOIN stock_move m ON m.id = chain.move_id
                     WHERE m.production_id IS NOT NULL AND m.production_id <> chain.consumer_id
                ), balance AS (
                    SELECT l.product_id, l.company_id, side.warehouse_id, l.date,
                           SUM(side.quantity) OVER (
                               PARTITION BY l.product_id, l.company_id, side.warehouse_id
                               ORDER BY l.date, l.id) AS left_over
                      FROM (SELECT DISTINCT product_id, company_id FROM need) wanted
                      JOIN stock_move_line l ON l.product_id = wanted.product_id
                       AND l.company_id = wanted.company_id AND l.state = 'done'
                      JOIN stock_location src ON src.id = l.location_id
                      JOIN stock_location dest ON dest.id = l.location_dest_id
                     CROSS JOIN LATERAL (VALUES
                           (src.warehouse_id, -l.quantity_product_uom, src.usage),
                           (dest.warehouse_id, l.quantity_product_uom, dest.usage)
                       ) AS side(warehouse_id, quantity, usage)
                     WHERE side.usage = 'internal'
                       AND (src.usage <> 'internal' OR dest.usage <> 'internal'
                            OR src.warehouse_id IS DISTINCT FROM dest.warehouse_id)
                ), moved_in AS (
                    SELECT DISTINCT l.product_id, l.company_id, dest.warehouse_id, l.date
                      FROM (SELECT DISTINCT product_id, company_id FROM need) wanted
                      JOIN stock_move_line l ON l.product_id = wanted.product_id
                       AND l.company_id = wanted.company_id AND l.state = 'done'
                      JOIN stock_location src
                        ON src.id = l.location_id AND src.usage IN ('internal', 'transit')
                      JOIN stock_location dest
                        ON dest.id = l.location_dest_id AND dest.usage = 'internal'
                     WHERE src.warehouse_id IS DISTINCT FROM dest.warehouse_id
                ), place AS (
                    SELECT need.*,
                           (SELECT MAX(b.date) FROM balance b
                             WHERE b.product_id = need.product_id AND b.company_id = need.company_id
                               AND b.warehouse_id IS NOT DISTINCT FROM need.warehouse_id
                               AND b.date < need.date AND b.left_over <= 0) AS emptied,
                           EXISTS (SELECT 1 FROM moved_in
                                    WHERE moved_in.product_id = need.product_id
                                      AND moved_in.company_id = need.company_id
                                      AND moved_in.warehouse_id IS NOT DISTINCT FROM need.warehouse_id
                                      AND moved_in.date <= need.date
                                      AND moved_in.date > need.date - %(window)s) AS supplied
                      FROM need
                     WHERE NOT EXISTS (SELECT 1 FROM chained
                                        WHERE chained.consumer_id = need.consumer_id
                                          AND chained.product_id = need.product_id)
                ), near AS (
                    SELECT place.consumer_id, place.product_id, made.source_id, made.date,
                           made.date > place.date AS late,
                           made.quantity AS made_quantity, place.quantity
                      FROM place
                      JOIN made ON made.product_id = place.product_id
                       AND made.company_id = place.company_id
                       AND made.source_id <> place.consumer_id
                       AND made.date BETWEEN place.date - %(window)s AND place.date + %(window)s
                       AND (place.supplied
                            OR made.warehouse_id IS NOT DISTINCT FROM place.warehouse_id)
                     WHERE place.supplied OR made.date >= COALESCE(place.emptied, made.date)
                ), candidate AS (
                    SELECT consumer_id, product_id, source_id, made_quantity, quantity
                      FROM near WHERE NOT late
                    UNION ALL
                    -- used before it was booked in: the next order that made it
                    SELECT consumer_id, product_id, source_id, made_quantity, quantity
                      FROM near
                     WHERE late AND date = (SELECT MIN(n.date) FROM near n
                                             WHERE n.consumer_id = near.consumer_id
                                               AND n.product_id = near.product_id)
                    UNION ALL
                    SELECT chained.consumer_id, chained.product_id, chained.source_id,
                           made.quantity, need.quantity
                      FROM chained
                      JOIN made USING (source_id, product_id)
                      JOIN need USING (consumer_id, product_id)
                )
                SELECT consumer_id, source_id,
                       MAX(LEAST(quantity / total, 1))::float8
                  FROM (SELECT c.*, SUM(made_quantity) OVER (
                                   PARTITION BY consumer_id, product_id) AS total
                          FROM candidate c) part
                 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                ids=production_ids,
                window=SQL("make_interval(days => %s)", self._window()),
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _affected(self, production_ids: set[int], spans: list[tuple]) -> set[int]:
        """The orders whose `untracked` edges may change when these orders changed or when done
        lines without a lot, given as spans (product, company, first date, last date), did."""
        affected = set(production_ids)
        found = self._consumers([], spans) if spans else set()
        found |= affected
        frontier = found
        while frontier:
            affected |= frontier
            frontier = self._consumers(sorted(frontier), []) - affected
        return affected

    @api.model
    def _consumers(self, production_ids: list[int], spans: list[tuple]) -> set[int]:
        """Orders that may have used the untracked output of these orders, or a product of the
        spans, by move chain or within the window."""
        columns = list(zip(*spans, strict=True)) if spans else [(), (), (), ()]
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE made AS MATERIALIZED (
                    SELECT m.id AS move_id, l.product_id, l.company_id,
                           MIN(l.date) AS first, MAX(l.date) AS last
                      FROM stock_move m
                      JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                       AND l.lot_id IS NULL
                     WHERE m.production_id = ANY(%(ids)s)
                     GROUP BY 1, 2, 3
                    UNION ALL
                    SELECT NULL, span.* FROM UNNEST(%(products)s::int[], %(companies)s::int[],
                        %(firsts)s::timestamp[], %(lasts)s::timestamp[]) AS span(p, c, f, l)
                     WHERE EXISTS (SELECT 1 FROM stock_move m WHERE m.product_id = span.p
                                      AND m.production_id IS NOT NULL)
                ), chain(move_id) AS (
                    SELECT move_id FROM made WHERE move_id IS NOT NULL
                    UNION
                    SELECT rel.move_dest_id FROM chain
                      JOIN stock_move_move_rel rel ON rel.move_orig_id = chain.move_id
                )
                SELECT m.raw_material_production_id FROM chain
                  JOIN stock_move m ON m.id = chain.move_id AND m.state = 'done'
                 WHERE m.raw_material_production_id IS NOT NULL
                UNION
                SELECT m.raw_material_production_id
                  FROM made
                  JOIN stock_move_line l ON l.product_id = made.product_id
                   AND l.company_id = made.company_id AND l.state = 'done' AND l.lot_id IS NULL
                   AND l.date BETWEEN made.first - %(window)s AND made.last + %(window)s
                  JOIN stock_move m ON m.id = l.move_id
                 WHERE m.raw_material_production_id IS NOT NULL
                """,
                ids=production_ids,
                products=list(columns[0]),
                companies=list(columns[1]),
                firsts=list(columns[2]),
                lasts=list(columns[3]),
                window=SQL("make_interval(days => %s)", self._window()),
            )
        )
        return {row[0] for row in self.env.cr.fetchall()}
