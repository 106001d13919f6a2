from odoo import api, models
from odoo.tools import SQL

WINDOW_PARAMETER = "lot_traceability.untracked_window_days"
DEFAULT_WINDOW = 30
LONGEST_WINDOW = 36_500  # a century: longer ones would leave the calendar
# Below this a balance is the rest of a rounding.
ROUNDING = 0.000001


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
        """(order, order that made an untracked product it used, part of that output), one hop."""
        if not production_ids or not self._used_untracked(production_ids):
            return []
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE %(needs)s, wanted AS (
                    SELECT DISTINCT product_id, company_id FROM need
                ), %(made)s, %(chain)s, %(balance)s, %(place)s, candidate AS (
                    SELECT place.consumer_id, place.product_id, place.date, place.warehouse_id,
                           place.quantity, made.source_id, made.quantity AS made_quantity
                      FROM place
                      JOIN made ON made.product_id = place.product_id
                       AND made.company_id = place.company_id
                       AND made.source_id <> place.consumer_id
                       AND made.first <= place.until
                       AND made.last >= place.date - %(window)s
                       AND (place.elsewhere
                            OR made.warehouse_id IS NOT DISTINCT FROM place.warehouse_id
                               AND made.last >= COALESCE(place.emptied, made.last))
                    UNION
                    SELECT need.consumer_id, need.product_id, need.date, need.warehouse_id,
                           need.quantity, made.source_id, made.quantity
                      FROM chained
                      JOIN need USING (consumer_id, product_id)
                      JOIN made USING (source_id, product_id)
                ), part AS (
                    SELECT consumer_id, product_id, source_id,
                           LEAST(quantity / SUM(made_quantity) OVER (
                               PARTITION BY consumer_id, product_id, date, warehouse_id), 1) AS part
                      FROM candidate
                ), by_product AS (
                    SELECT consumer_id, product_id, source_id, LEAST(SUM(part), 1) AS part
                      FROM part GROUP BY 1, 2, 3
                )
                SELECT consumer_id, source_id, MAX(part)::float8
                  FROM by_product GROUP BY 1, 2 ORDER BY 1, 2
                """,
                needs=self._need_sql(production_ids),
                made=self._made_sql(),
                chain=self._chain_sql(),
                balance=self._balance_sql(),
                place=self._place_sql(),
                window=self._interval(),
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _used_untracked(self, production_ids: list[int]) -> bool:
        """Most orders use nothing of this kind: asking first costs little."""
        self.env.cr.execute(
            SQL("WITH %s SELECT 1 FROM need LIMIT 1", self._need_sql(production_ids))
        )
        return bool(self.env.cr.fetchone())

    @api.model
    def _need_sql(self, production_ids: list[int]) -> SQL:
        """need: what these orders used without a lot, of products that are made here; one row
        for each time, since what was used early may be of another make than what was used late."""
        return SQL(
            """
            need AS MATERIALIZED (
                SELECT m.raw_material_production_id AS consumer_id, l.product_id, l.company_id,
                       src.warehouse_id, l.date, ARRAY_AGG(DISTINCT m.id) AS move_ids,
                       MIN(l.id) AS line_id, SUM(l.quantity_product_uom)::float8 AS quantity
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
            )
            """,
            production_ids,
        )

    @api.model
    def _made_sql(self) -> SQL:
        """made: what was made of the wanted products, by order and place."""
        return SQL(
            """
            made AS MATERIALIZED (
                SELECT m.production_id AS source_id, l.product_id, l.company_id,
                       dest.warehouse_id, MIN(l.date) AS first, MAX(l.date) AS last,
                       SUM(l.quantity_product_uom)::float8 AS quantity
                  FROM wanted
                  JOIN stock_move m ON m.product_id = wanted.product_id
                   AND m.production_id IS NOT NULL AND m.state = 'done'
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.company_id = wanted.company_id
                   AND l.quantity_product_uom > 0
                  JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
                  JOIN stock_location dest ON dest.id = l.location_dest_id
                 GROUP BY 1, 2, 3, 4
            )
            """
        )

    @api.model
    def _chain_sql(self) -> SQL:
        """chained: the orders that the chain of moves names; covered: where they made enough, so
        that nothing else can have been used."""
        return SQL(
            """
            chain(consumer_id, product_id, move_id) AS (
                SELECT consumer_id, product_id, UNNEST(move_ids) FROM need
                UNION
                SELECT chain.consumer_id, chain.product_id, orig.id
                  FROM chain
                  JOIN stock_move_move_rel rel ON rel.move_dest_id = chain.move_id
                  JOIN stock_move orig ON orig.id = rel.move_orig_id
                   AND orig.product_id = chain.product_id AND orig.state = 'done'
            ), chained AS (
                SELECT DISTINCT chain.consumer_id, chain.product_id, m.production_id AS source_id
                  FROM chain JOIN stock_move m ON m.id = chain.move_id
                 WHERE m.production_id IS NOT NULL AND m.production_id <> chain.consumer_id
            ), covered AS (
                SELECT consumer_id, product_id
                  FROM (SELECT chained.consumer_id, chained.product_id,
                               SUM(made.quantity) AS quantity
                          FROM chained JOIN made USING (source_id, product_id)
                         GROUP BY 1, 2) supply
                  JOIN (SELECT consumer_id, product_id, SUM(quantity) AS quantity
                          FROM need GROUP BY 1, 2) demand USING (consumer_id, product_id)
                 WHERE supply.quantity >= demand.quantity - %s
            )
            """,
            ROUNDING,
        )

    @api.model
    def _balance_sql(self) -> SQL:
        """balance: how much of the wanted products lay in each warehouse without a lot after
        each line that moved it in or out, whether more was missing than there was (`short`), and
        whether it came from another warehouse (`arrived`)."""
        return SQL(
            """
            side AS (
                SELECT l.id AS line_id, l.product_id, l.company_id, side.warehouse_id, l.date,
                       side.quantity, side.arrived
                  FROM wanted
                  JOIN stock_move_line l ON l.product_id = wanted.product_id
                   AND l.company_id = wanted.company_id AND l.state = 'done' AND l.lot_id IS NULL
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

    @api.model
    def _place_sql(self) -> SQL:
        """place: each need that no chain explains, with what the place tells: when it last ran
        empty, until when goods that came in may be what was used (later than the use only where
        the place was short), and whether goods of other warehouses may be."""
        return SQL(
            """
            told AS (
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
                SELECT need.*, told.emptied, told.supplied, told.supplied_late,
                       CASE WHEN told.short
                            THEN LEAST(COALESCE(told.filled, 'infinity'), need.date + %(window)s)
                            ELSE need.date END AS until
                  FROM need
                  LEFT JOIN told ON told.line_id = need.line_id
                   AND told.warehouse_id IS NOT DISTINCT FROM need.warehouse_id
                 WHERE NOT EXISTS (SELECT 1 FROM covered
                                    WHERE covered.consumer_id = need.consumer_id
                                      AND covered.product_id = need.product_id)
            ), place AS (
                SELECT timed.*,
                       COALESCE(supplied >= GREATEST(emptied, date - %(window)s), FALSE)
                       OR COALESCE(supplied_late <= until AND until > date, FALSE) AS elsewhere
                  FROM timed
            )
            """,
            window=self._interval(),
        )
