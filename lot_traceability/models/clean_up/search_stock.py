from odoo import api, models
from odoo.tools import SQL

from .lot_finding_search import Scope

# Below so much a difference comes from the last bits of floats.
_NOTHING = 6


class LotFindingSearch(models.AbstractModel):
    """Stock that cannot be, or should not be where it is."""

    _inherit = "lot.finding.search"

    @api.model
    def _found_no_lot_stock(self, scope: Scope) -> SQL:
        """Stock of tracked products without a lot, by place."""
        return self._select(
            SQL("CONCAT_WS(':', x.product_id, x.location_id, x.company_id)"),
            SQL(
                "FROM (%s) x",
                self._stock(
                    scope,
                    SQL("q.lot_id IS NULL AND %s", self._of_tracked()),
                    SQL("SUM(q.quantity)"),
                    having=SQL("<> 0"),
                ),
            ),
            severity=SQL("'2'"),
            company_id=SQL("x.company_id"),
            product_id=SQL("x.product_id"),
            location_id=SQL("x.location_id"),
            quantity=SQL("x.quantity"),
        )

    @api.model
    def _found_negative(self, scope: Scope) -> SQL:
        """Lots of which less than nothing is in a place."""
        stock = self._stock(
            scope,
            SQL("q.lot_id IS NOT NULL AND q.quantity < 0"),
            SQL("SUM(q.quantity)"),
            having=SQL("< 0"),
        )
        return self._select_stock(stock, SQL("NULL"), "2")

    @api.model
    def _found_expired(self, scope: Scope) -> SQL:
        """Free stock of lots of which the day of expiry is over where their company is, in places
        from which it is taken, and of a status with which it may be used."""
        quarantine = sorted(self.env["stock.location"]._quarantine_ids())
        stock = self._stock(
            scope,
            SQL(
                """
                place.usage = 'internal' AND q.quantity > 0 AND lot.expiration_date < day.start
                AND (status.id IS NULL OR status.usable)
                AND NOT STRING_TO_ARRAY(TRIM(place.parent_path, '/'), '/')::int4[] && %s::int4[]
                """,
                quarantine,
            ),
            SQL("SUM(q.quantity - q.reserved_quantity)"),
            having=SQL("> 0"),
            joins=SQL(
                """
                JOIN stock_lot lot ON lot.id = q.lot_id
                JOIN (VALUES %s) day(company_id, start) ON day.company_id = q.company_id
                LEFT JOIN lot_status status ON status.id = lot.status_id
                """,
                self._days_begun(),
            ),
        )
        return self._select_stock(stock, SQL("x.expiration_date"), "1")

    @api.model
    def _select_stock(self, stock: SQL, date: SQL, severity: str) -> SQL:
        return self._select(
            SQL("CONCAT_WS(':', x.id, found.location_id, found.company_id)"),
            SQL("FROM (%s) found JOIN stock_lot x ON x.id = found.lot_id", stock),
            severity=SQL("%s", severity),
            company_id=SQL("found.company_id"),
            lot_id=SQL("x.id"),
            lot_name=SQL("x.name"),
            product_id=SQL("x.product_id"),
            location_id=SQL("found.location_id"),
            quantity=SQL("found.quantity"),
            date=date,
        )

    @api.model
    def _stock(
        self, scope: Scope, condition: SQL, quantity: SQL, having: SQL, joins: SQL | None = None
    ) -> SQL:
        """Quants of own places for which this holds, by lot and place."""
        return SQL(
            """
            SELECT q.product_id, q.lot_id, q.location_id, q.company_id, %(quantity)s AS quantity
              FROM stock_quant q JOIN stock_location place ON place.id = q.location_id %(joins)s
             WHERE place.usage IN ('internal', 'transit') AND %(condition)s AND %(scope)s
             GROUP BY 1, 2, 3, 4 HAVING ROUND((%(quantity)s)::numeric, %(digits)s) %(having)s
            """,
            quantity=quantity,
            joins=joins or SQL(),
            condition=condition,
            scope=scope.where(SQL("q.company_id"), SQL("q.product_id")),
            digits=_NOTHING,
            having=having,
        )

    @api.model
    def _of_tracked(self) -> SQL:
        return SQL(
            "EXISTS (SELECT FROM product_product p JOIN product_template t "
            "ON t.id = p.product_tmpl_id WHERE p.id = q.product_id AND t.tracking <> 'none')"
        )

    @api.model
    def _days_begun(self) -> SQL:
        """(company, when its day began) of all companies."""
        # sudo: time zones of companies are no secret
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        begun = self.env["lot.calendar"]._expired_before
        return SQL(", ").join(
            SQL("(%s, %s::timestamp)", company.id, begun(company)) for company in companies
        )
