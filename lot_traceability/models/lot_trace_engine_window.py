from datetime import datetime

from odoo import api, models
from odoo.tools import SQL


class LotTraceEngine(models.AbstractModel):
    """Lots by what nobody wrote on them: when they came in, and where they lay."""

    _inherit = "lot.trace.engine"

    @api.model
    def _entered(self, start: datetime | bool, end: datetime | bool) -> list[int]:
        """Ids of the lots of which anything was received or made in this window, ends included;
        an end that is False is open."""
        return self._lots_of(
            SQL(
                """SELECT DISTINCT lot_id FROM lot_genealogy_movement
                    WHERE kind IN ('receipt', 'produced', 'intercompany_in')
                      AND company_id = ANY(%(companies)s)
                      AND date BETWEEN COALESCE(%(start)s::timestamp, '-infinity')
                                   AND COALESCE(%(end)s::timestamp, 'infinity')""",
                companies=self._companies(),
                start=start or None,
                end=end or None,
            )
        )

    @api.model
    def _present(
        self, location_ids: list[int], start: datetime | bool, end: datetime | bool
    ) -> list[int]:
        """Ids of the lots of which anything lay in these places at any time of this window: what
        was there when it began, and what came in or left before it ended."""
        return self._lots_of(
            SQL(
                """
                SELECT lot_id
                  FROM (SELECT l.lot_id, l.date, l.quantity_product_uom
                               * ((l.location_dest_id = ANY(%(places)s))::int
                                  - (l.location_id = ANY(%(places)s))::int) AS quantity
                          FROM stock_move_line l
                         WHERE l.state = 'done' AND l.lot_id IS NOT NULL
                           AND l.company_id = ANY(%(companies)s)
                           AND (l.location_id = ANY(%(places)s)
                                OR l.location_dest_id = ANY(%(places)s))
                           AND l.date <= COALESCE(%(end)s::timestamp, 'infinity')) crossing
                 GROUP BY lot_id
                HAVING SUM(quantity) FILTER (
                           WHERE date < COALESCE(%(start)s::timestamp, '-infinity')) > 0.0005
                    OR BOOL_OR(quantity <> 0
                               AND date >= COALESCE(%(start)s::timestamp, '-infinity'))
                """,
                places=location_ids,
                companies=self._companies(),
                start=start or None,
                end=end or None,
            )
        )

    @api.model
    def _lots_of(self, query: SQL) -> list[int]:
        self._prepare()
        return sorted(row[0] for row in self._rows(query))
