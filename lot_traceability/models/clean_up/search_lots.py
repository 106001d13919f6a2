from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .lot_finding_search import Scope

# So long a new lot may wait for its first movement.
WAITS = timedelta(days=7)


class LotFindingSearch(models.AbstractModel):
    """Lots, movements and productions that lost what they belong to."""

    _inherit = "lot.finding.search"

    @api.model
    def _found_no_movement(self, scope: Scope) -> SQL:
        """Lots that never moved, are not about to, and of which no history was imported."""
        unused = SQL(" ").join(
            SQL(
                "AND NOT EXISTS (SELECT FROM %s o WHERE o.%s = x.id)",
                SQL.identifier(table),
                SQL.identifier(column),
            )
            for table, column in (
                ("stock_move_line", "lot_id"),
                ("stock_quant", "lot_id"),
                ("lot_genealogy_movement", "lot_id"),
                ("lot_genealogy_edge", "parent_lot_id"),
                ("lot_genealogy_edge", "child_lot_id"),
                self._of_orders(),
            )
        )
        return self._select(
            SQL("x.id"),
            SQL(
                "FROM stock_lot x WHERE x.create_date < %s AND %s %s",
                fields.Datetime.now() - WAITS,
                scope.where(SQL("x.company_id"), SQL("x.product_id")),
                unused,
            ),
            severity=SQL("'3'"),
            company_id=SQL("x.company_id"),
            lot_id=SQL("x.id"),
            lot_name=SQL("x.name"),
            product_id=SQL("x.product_id"),
            date=SQL("x.create_date"),
        )

    @api.model
    def _of_orders(self) -> tuple[str, str]:
        """Table and column of the lots that orders are to make."""
        field = self.env["mrp.production"]._fields["lot_producing_ids"]
        return field.relation, field.column2

    @api.model
    def _found_no_lot_move(self, scope: Scope) -> SQL:
        """Done move lines of tracked products without a lot. Counts are left out: they put stock
        without a lot right."""
        return self._select(
            SQL("x.id"),
            SQL(
                """
                FROM stock_move_line x %s
                JOIN stock_move m ON m.id = x.move_id AND m.is_inventory IS NOT TRUE
               WHERE x.lot_id IS NULL AND x.state = 'done' AND x.quantity_product_uom > 0 AND %s
                """,
                self._of_product(),
                scope.where(SQL("x.company_id"), SQL("x.product_id")),
            ),
            severity=SQL("'2'"),
            company_id=SQL("x.company_id"),
            product_id=SQL("x.product_id"),
            location_id=SQL("x.location_id"),
            move_line_id=SQL("x.id"),
            quantity=SQL("x.quantity_product_uom"),
            date=SQL("x.date"),
            detail=SQL("m.reference"),
        )

    @api.model
    def _found_lost_link(self, scope: Scope) -> SQL:
        """Done orders that consumed lots and made lots where Odoo lost a link between the two: a
        lot made that is linked with nothing consumed, or a lot consumed that is linked with
        nothing made."""
        return SQL(
            """
            WITH made AS MATERIALIZED (%(made)s), used AS MATERIALIZED (%(used)s), lost AS (
                SELECT order_id FROM made WHERE NOT EXISTS (
                       SELECT FROM stock_move_line_consume_rel r WHERE r.consume_line_id = made.id)
                 UNION
                SELECT order_id FROM used WHERE NOT EXISTS (
                       SELECT FROM stock_move_line_consume_rel r WHERE r.produce_line_id = used.id)
            ), lots AS (
                SELECT order_id, ARRAY_AGG(DISTINCT lot_id ORDER BY lot_id) AS ids
                  FROM made WHERE order_id IN (SELECT order_id FROM lost) GROUP BY 1
            )
            %(select)s
            """,
            made=self._lines_of_orders("production_id", scope),
            used=self._lines_of_orders("raw_material_production_id", scope),
            select=self._select(
                SQL("x.id"),
                SQL(
                    """
                    FROM lots JOIN mrp_production x ON x.id = lots.order_id
                    JOIN (SELECT DISTINCT order_id FROM used) fed ON fed.order_id = lots.order_id
                    JOIN stock_lot lot ON lot.id = lots.ids[1]
                    """
                ),
                lot_ids=SQL("lots.ids"),
                severity=SQL("'2'"),
                company_id=SQL("x.company_id"),
                lot_id=SQL("lots.ids[1]"),
                lot_name=SQL("lot.name"),
                product_id=SQL("x.product_id"),
                production_id=SQL("x.id"),
                date=SQL("x.date_finished"),
            ),
        )

    @api.model
    def _lines_of_orders(self, order: str, scope: Scope) -> SQL:
        """The done move lines with lots by which done orders made (or consumed) goods.

        :param order: the column of a move that names the order
        """
        return SQL(
            """SELECT l.id, l.lot_id, o.id AS order_id
                 FROM mrp_production o
                 JOIN stock_move m ON m.%s = o.id
                 JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
                  AND l.lot_id IS NOT NULL AND l.quantity > 0
                WHERE o.state = 'done' AND %s""",
            SQL.identifier(order),
            scope.where(SQL("o.company_id"), SQL("o.product_id")),
        )
