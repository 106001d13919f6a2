from collections.abc import Collection, Iterable

from odoo import api, models
from odoo.tools import SQL

from ..tools.trace_graph import CHILD, ID, PARENT, Link, not_passed, spread

# A balance below this is a real shortage, not the rest of a rounding.
SHORTAGE = -0.0005


class LotTraceEngine(models.AbstractModel):
    """The only place that walks genealogy and movements in SQL.

    Everything is set-based, read-only and limited to the companies that the caller may see;
    which lots the caller may see is for `_readable` to say.
    """

    _name = "lot.trace.engine"
    _description = "Lot trace engine"

    @api.model
    def _prepare(self) -> None:
        """Reads see the stock moves of the running transaction."""
        self.env["lot.genealogy.upkeep"]._flush_pending()
        self.env.flush_all()

    @api.model
    def _companies(self) -> list[int]:
        return self.env.companies.ids

    @api.model
    def _id_subquery(self, ids: Iterable[int]) -> SQL:
        """Ids for `= ANY(...)`. As one text they are read ten times faster than one by one, and
        inside a subquery the planner does not weigh each of them: half a second for a hub."""
        return SQL("ARRAY(SELECT UNNEST(%s))", self._id_array(ids))

    @api.model
    def _id_array(self, ids: Iterable[int]) -> SQL:
        return SQL("%s::int[]", f"{{{','.join(map(str, ids))}}}")

    @api.model
    def _rows(self, query: SQL) -> list[tuple]:
        self.env.cr.execute(query)
        return self.env.cr.fetchall()

    # -- the walk ----------------------------------------------------------------------------

    @api.model
    def _walk_sql(self, lot_ids: list[int], backward: bool, columns: SQL) -> SQL:
        """All links that lead away from the lots, whatever their time. UNION on the lot id ends
        on cycles, and each lot is expanded once."""
        near, far = ("child_lot_id", "parent_lot_id")[:: 1 if backward else -1]
        return SQL(
            """
            WITH RECURSIVE reach(lot_id) AS (
                SELECT UNNEST(%(lots)s)
                UNION
                SELECT e.%(far)s
                  FROM reach JOIN lot_genealogy_edge e
                    ON e.%(near)s = reach.lot_id AND e.company_id = ANY(%(companies)s)
            )
            SELECT %(columns)s
              FROM reach JOIN lot_genealogy_edge e
                ON e.%(near)s = reach.lot_id AND e.company_id = ANY(%(companies)s)
            """,
            lots=self._id_array(lot_ids),
            near=SQL.identifier(near),
            far=SQL.identifier(far),
            companies=self._companies(),
            columns=columns,
        )

    @api.model
    def _walk(self, lot_ids: list[int], backward: bool) -> list[Link]:
        columns = SQL(
            """e.id, e.parent_lot_id, e.child_lot_id, e.kind, e.certainty = 'inferred',
               e.parent_quantity, e.child_quantity, e.res_model, e.res_id,
               DATE_PART('epoch', e.date)::bigint, DATE_PART('epoch', e.date_out)::bigint"""
        )
        return self._rows(self._walk_sql(lot_ids, backward, columns))

    @api.model
    def _reach(
        self, links: list[Link], steps: dict, origins: list[int], backward: bool
    ) -> tuple[dict, set, set]:
        """When the goods reached each lot, the lots whose booking order says nothing, and the
        ids of the links that the goods did not pass.

        A link that looks too early is only believed when the lot had stock at that time: where
        it was booked out before it was booked in, everything that left it is followed.
        """
        untimed: set[int] = set()
        checked: set[int] = set()
        near = CHILD if backward else PARENT
        while True:
            arrival = spread(steps, origins, backward, untimed)
            early = not_passed(links, arrival, backward, untimed)
            doubtful = {row[near] for row in links if row[ID] in early} if early else set()
            doubtful = doubtful & arrival.keys() - checked
            if not doubtful:
                return arrival, untimed, early
            checked |= doubtful
            untimed |= self._short_lots(doubtful)

    @api.model
    def _short_lots(self, lot_ids: Collection[int]) -> set[int]:
        """Those of the lots whose stock was below zero at some time."""
        rows = self._rows(
            SQL(
                """
                SELECT DISTINCT lot_id
                  FROM (SELECT lot_id, SUM(quantity) OVER (
                                   PARTITION BY lot_id ORDER BY date, quantity DESC) AS balance
                          FROM lot_genealogy_movement
                         WHERE lot_id = ANY(%s) AND company_id = ANY(%s)) history
                 WHERE balance < %s
                """,
                self._id_subquery(lot_ids),
                self._companies(),
                SHORTAGE,
            )
        )
        return {row[0] for row in rows}

    # -- what is attached to the lots that were reached --------------------------------------

    @api.model
    def _movements(self, lot_ids: Collection[int], kinds: Collection[str]) -> list[tuple]:
        """(lot, kind, quantity, partner, picking, move, returned move, time, company), by time.
        Of what was produced, only what a subcontractor made. What was imported has no move: its
        own id stands there, negative."""
        return self._rows(
            SQL(
                """
                SELECT lot_id, kind, quantity, partner_id, picking_id,
                       COALESCE(move_id, -history_movement_id), returned_move_id,
                       DATE_PART('epoch', date)::bigint, company_id
                  FROM lot_genealogy_movement
                 WHERE lot_id = ANY(%s) AND kind = ANY(%s) AND company_id = ANY(%s)
                   AND (kind <> 'produced' OR partner_id IS NOT NULL)
                 ORDER BY date, id
                """,
                self._id_subquery(lot_ids),
                list(kinds),
                self._companies(),
            )
        )

    @api.model
    def _stock(self, lot_ids: Collection[int]) -> list[tuple]:
        """(lot, location, package, quantity, reserved, company) of what lies in the stock."""
        return self._rows(
            SQL(
                """
                SELECT q.lot_id, q.location_id, q.package_id, SUM(q.quantity)::float8,
                       SUM(q.reserved_quantity)::float8, q.company_id
                  FROM stock_quant q
                  JOIN stock_location place ON place.id = q.location_id
                   AND (place.usage = 'internal'
                        OR place.usage = 'transit' AND place.company_id IS NOT NULL)
                 WHERE q.lot_id = ANY(%s) AND q.company_id = ANY(%s)
                 GROUP BY q.lot_id, q.location_id, q.package_id, q.company_id
                HAVING SUM(q.quantity) <> 0
                 ORDER BY q.lot_id, q.location_id
                """,
                self._id_subquery(lot_ids),
                self._companies(),
            )
        )

    @api.model
    def _balance(self, lot_ids: Collection[int]) -> list[tuple]:
        """(lot, kind, quantity) summed over all movements."""
        return self._rows(
            SQL(
                """SELECT lot_id, kind, SUM(quantity) FROM lot_genealogy_movement
                    WHERE lot_id = ANY(%s) AND company_id = ANY(%s) GROUP BY 1, 2""",
                self._id_subquery(lot_ids),
                self._companies(),
            )
        )

    @api.model
    def _history(self, lot_ids: Collection[int]) -> list[tuple]:
        """(lot, line, time, quantity, from, to, picking, move, company) of each done move line."""
        return self._rows(
            SQL(
                """
                SELECT l.lot_id, l.id, DATE_PART('epoch', l.date)::bigint,
                       l.quantity_product_uom::float8, l.location_id, l.location_dest_id,
                       l.picking_id, l.move_id, l.company_id
                  FROM stock_move_line l
                 WHERE l.lot_id = ANY(%s) AND l.state = 'done' AND l.company_id = ANY(%s)
                   AND l.quantity_product_uom <> 0
                 ORDER BY l.date, l.id
                """,
                self._id_subquery(lot_ids),
                self._companies(),
            )
        )

    @api.model
    def _readable(self, lot_ids: Collection[int]) -> dict[int, tuple]:
        """{lot: (name, product, supplier lot, expiry, removal, company, status)} of the lots that
        the caller may read."""
        columns = (
            "name",
            "product_id",
            "supplier_lot",
            "expiration_date",
            "removal_date",
            "company_id",
            "status_id",
        )
        rows = self._allowed_rows(self.env["stock.lot"], lot_ids, columns)
        return {row[0]: row[1:] for row in rows}

    @api.model
    def _allowed_rows(
        self, model: models.BaseModel, ids: Collection[int], columns: Iterable[str]
    ) -> list[tuple]:
        """(id, *columns) of the records that the caller may read, archived ones too, in one
        query. The ids are added to the query of the rules: a domain would adapt each of them."""
        query = model.with_context(active_test=False)._search([])
        of_table = [SQL.identifier(query.table, name) for name in ("id", *columns)]
        query.add_where(SQL("%s = ANY(%s)", of_table[0], self._id_subquery(ids)))
        query.order = None
        return self._rows(query.select(*of_table))

    @api.model
    def _readable_names(self, model: str, ids: Collection[int], field: str) -> dict[int, str]:
        """{id: name} of the records that the caller may read, archived ones too, in one query."""
        if not ids or not self.env[model].has_access("read"):
            return {}
        rows = self._allowed_rows(self.env[model], ids, (field,))
        return {record: value or "" for record, value in rows}

    # -- what a trace cannot be sure of ------------------------------------------------------

    @api.model
    def _beyond(self, lot_ids: Collection[int], backward: bool) -> bool:
        """Whether links or movements of these lots lie in companies that the caller may not see."""
        # sudo: only whether there is more than one company at all
        if self.env["res.company"].sudo().search_count([], limit=2) < 2:
            return False
        near = SQL.identifier("child_lot_id" if backward else "parent_lot_id")
        return bool(
            self._rows(
                SQL(
                    """
                    (SELECT 1 FROM lot_genealogy_edge e
                      WHERE e.%(near)s = ANY(%(lots)s)
                        AND e.company_id <> ALL(%(companies)s) LIMIT 1)
                    UNION ALL
                    (SELECT 1 FROM lot_genealogy_movement m
                      WHERE m.lot_id = ANY(%(lots)s) AND m.company_id <> ALL(%(companies)s) LIMIT 1)
                    """,
                    near=near,
                    lots=self._id_subquery(lot_ids),
                    companies=self._companies(),
                )
            )
        )

    @api.model
    def _lost_inputs(self, lot_ids: Collection[int]) -> list[tuple]:
        """(product, number of orders) of components without a lot in the orders that made these
        lots. By what was produced and not by links: an order of such components alone has none."""
        return self._rows(
            SQL(
                """
                SELECT l.product_id, COUNT(DISTINCT m.raw_material_production_id)
                  FROM (SELECT DISTINCT made.production_id
                          FROM lot_genealogy_movement p JOIN stock_move made ON made.id = p.move_id
                         WHERE p.lot_id = ANY(%s) AND p.kind = 'produced'
                           AND p.company_id = ANY(%s)) source
                  JOIN stock_move m ON m.raw_material_production_id = source.production_id
                  JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.quantity_product_uom > 0
                 GROUP BY 1 ORDER BY 1
                """,
                self._id_subquery(lot_ids),
                self._companies(),
            )
        )

    @api.model
    def _lost_recoveries(self, lot_ids: Collection[int]) -> list[tuple]:
        """(lot, unbuild order, product) where taking a lot apart gave back a component without a
        lot. Such components lie with much that was never in an order: they are not followed."""
        return self._rows(
            SQL(
                """
                SELECT DISTINCT c.lot_id, m.unbuild_id, back.product_id
                  FROM stock_move m
                  JOIN lot_genealogy_movement c ON c.move_id = m.id AND c.kind = 'consumed'
                   AND c.lot_id = ANY(%s) AND c.company_id = ANY(%s)
                  JOIN stock_move back ON back.unbuild_id = m.unbuild_id
                  JOIN stock_move_line l ON l.move_id = back.id AND l.state = 'done'
                   AND l.lot_id IS NULL AND l.quantity_product_uom > 0
                  JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
                 WHERE m.unbuild_id IS NOT NULL
                 ORDER BY 1, 2, 3
                """,
                self._id_subquery(lot_ids),
                self._companies(),
            )
        )

    @api.model
    def _lost_outputs(self, lot_ids: Collection[int]) -> list[tuple]:
        """(lot, order, product) where a lot went into an order whose output carries no lot."""
        return self._rows(
            SQL(
                """
                SELECT DISTINCT c.lot_id, lost.production_id, lost.product_id
                  FROM lot_genealogy_unlabelled lost
                  JOIN stock_move m ON m.raw_material_production_id = lost.production_id
                  JOIN lot_genealogy_movement c ON c.move_id = m.id AND c.kind = 'consumed'
                 WHERE c.lot_id = ANY(%s) AND c.company_id = ANY(%s)
                """,
                self._id_subquery(lot_ids),
                self._companies(),
            )
        )

    @api.model
    def _deliveries_without_lot(self, production_ids: Collection[int]) -> list[tuple]:
        """(order, product, quantity, partner, picking, move, time) of deliveries that may hold
        what these orders made of a product without lots: the same product, from the time it was
        made and within the window that the untracked links use."""
        return self._rows(
            SQL(
                """
                WITH made AS (
                    SELECT m.production_id, l.product_id, l.company_id, MIN(l.date) AS date
                      FROM stock_move m
                      JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                       AND l.lot_id IS NULL AND l.quantity_product_uom > 0
                      JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
                     WHERE m.production_id = ANY(%s) AND l.company_id = ANY(%s)
                     GROUP BY 1, 2, 3
                )
                SELECT MIN(made.production_id), l.product_id, l.quantity_product_uom::float8,
                       COALESCE(picking.partner_id, m.partner_id), l.picking_id, l.move_id,
                       DATE_PART('epoch', l.date)::bigint
                  FROM made
                  JOIN stock_move_line l ON l.product_id = made.product_id
                   AND l.company_id = made.company_id AND l.state = 'done' AND l.lot_id IS NULL
                   AND l.date BETWEEN made.date AND made.date + make_interval(days => %s)
                   AND l.quantity_product_uom > 0
                  JOIN stock_location dest
                    ON dest.id = l.location_dest_id AND dest.usage = 'customer'
                  JOIN stock_move m ON m.id = l.move_id
                  LEFT JOIN stock_picking picking ON picking.id = l.picking_id
                 GROUP BY l.id, 2, 3, 4, 5, 6, 7
                 ORDER BY l.date, l.id
                """,
                self._id_subquery(production_ids),
                self._companies(),
                self.env["lot.genealogy.untracked"]._window(),
            )
        )

    @api.model
    def _names(self, model: str, ids: Collection[int], field: str = "name") -> dict[int, str]:
        """{id: name} of documents, without a query each; nothing of a model that the caller may
        not read."""
        if not ids or model not in self.env or not self.env[model].has_access("read"):
            return {}
        if self.env[model]._fields[field].translate:
            return {r.id: r[field] or "" for r in self.env[model].browse(ids)}
        return dict(
            self._rows(
                SQL(
                    "SELECT id, %s FROM %s WHERE id = ANY(%s)",
                    SQL.identifier(field),
                    SQL.identifier(self.env[model]._table),
                    self._id_subquery(ids),
                )
            )
        )
