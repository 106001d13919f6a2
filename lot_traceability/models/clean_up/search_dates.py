from odoo import api, models
from odoo.tools import SQL

from .lot_finding_search import Scope

# Of each pair the second cannot be before the first, for dates that core keeps.
_OF_CORE = (
    ("use_date", "expiration_date"),
    ("removal_date", "expiration_date"),
    ("alert_date", "expiration_date"),
)
_DEMANDED = (
    "production_date",
    "packing_date",
    "freezing_date",
    "harvest_date",
    "expiration_date",
    "use_date",
)


class LotFindingSearch(models.AbstractModel):
    """Dates of lots that are missing, or cannot be true."""

    _inherit = "lot.finding.search"

    @api.model
    def _found_no_date(self, scope: Scope) -> SQL:
        """Lots without the expiry of products that use it, or without a date that the product or
        its category demands of what was received or made."""
        missing = SQL(
            """
            SELECT x.id, 'expiration_date' AS name
              FROM stock_lot x %(product)s AND t.use_expiration_date
             WHERE x.expiration_date IS NULL AND %(scope)s
             UNION
            SELECT x.id, demand.name
              FROM (%(demands)s) demand JOIN stock_lot x ON x.product_id = demand.product_id
             WHERE CASE demand.name %(empty)s END AND %(scope)s
               AND EXISTS (SELECT FROM lot_genealogy_movement moved
                            WHERE moved.lot_id = x.id AND moved.kind = demand.kind)
            """,
            product=self._of_product(),
            scope=scope.where(SQL("x.company_id"), SQL("x.product_id")),
            demands=SQL(" UNION ").join(
                self._demands(step, kind)
                for step, kind in (("receipt", "receipt"), ("production", "produced"))
            ),
            empty=SQL(" ").join(
                SQL("WHEN %s THEN x.%s IS NULL", name, SQL.identifier(name)) for name in _DEMANDED
            ),
        )
        return self._select(
            SQL("x.id"),
            SQL(
                "FROM (SELECT id, STRING_AGG(name, ',' ORDER BY name) AS names FROM (%s) missing "
                "GROUP BY id) lacking JOIN stock_lot x ON x.id = lacking.id",
                missing,
            ),
            severity=self._by_stock("1", "3"),
            company_id=SQL("x.company_id"),
            lot_id=SQL("x.id"),
            lot_name=SQL("x.name"),
            product_id=SQL("x.product_id"),
            date=SQL("x.create_date"),
            detail=SQL("lacking.names"),
        )

    @api.model
    def _demands(self, step: str, kind: str) -> SQL:
        """Which dates which product demands of lots that came by a movement of this kind."""
        template = self.env["product.template"]._fields[f"{step}_demand_ids"]
        category = self.env["product.category"]._fields[f"{step}_demand_ids"]
        return SQL(
            """
            SELECT p.id AS product_id, %(kind)s AS kind, demand.field_name AS name
              FROM (SELECT link.%(template)s AS template_id,
                           link.%(demand_of_template)s AS demand_id
                      FROM %(of_templates)s link
                     UNION
                    SELECT t.id, link.%(demand_of_category)s
                      FROM %(of_categories)s link
                      JOIN product_category above ON above.id = link.%(category)s
                      JOIN product_category c ON c.parent_path LIKE above.parent_path || '%%'
                      JOIN product_template t ON t.categ_id = c.id) demanding
              JOIN lot_field_demand demand ON demand.id = demanding.demand_id
               AND demand.field_name = ANY(%(names)s)
              JOIN product_product p ON p.product_tmpl_id = demanding.template_id
              JOIN product_template t ON t.id = p.product_tmpl_id AND t.tracking <> 'none'
            """,
            kind=kind,
            names=list(_DEMANDED),
            of_templates=SQL.identifier(template.relation),
            template=SQL.identifier(template.column1),
            demand_of_template=SQL.identifier(template.column2),
            of_categories=SQL.identifier(category.relation),
            category=SQL.identifier(category.column1),
            demand_of_category=SQL.identifier(category.column2),
        )

    @api.model
    def _found_date_conflict(self, scope: Scope) -> SQL:
        """Lots of which one date is before another that it follows, or that were received more
        than a day after they had expired."""
        pairs = (*self.env["stock.lot"]._dates_in_order(), *_OF_CORE)
        conflicts = SQL(" ").join(
            SQL(
                "WHEN %s < %s THEN %s",
                self._day(second, compared=first),
                self._day(first, compared=second),
                f"{first},{second}",
            )
            for first, second in pairs
        )
        late = SQL(
            "(SELECT MIN(moved.date) FROM lot_genealogy_movement moved WHERE moved.lot_id = x.id "
            "AND moved.kind = 'receipt' AND moved.date > x.expiration_date + INTERVAL '1 day')"
        )
        return self._select(
            SQL("x.id"),
            SQL(
                """
                FROM (SELECT x.*, CASE %(conflicts)s
                             WHEN x.expiration_date IS NOT NULL AND %(late)s IS NOT NULL
                             THEN 'receipt,expiration_date' END AS conflict
                        FROM stock_lot x
                        JOIN (VALUES %(zones)s) zone(company_id, name)
                          ON zone.company_id = COALESCE(x.company_id, 0)
                       WHERE %(scope)s) x
               WHERE x.conflict IS NOT NULL
                """,
                conflicts=conflicts,
                late=late,
                zones=self._zones(),
                scope=scope.where(SQL("x.company_id"), SQL("x.product_id")),
            ),
            severity=self._by_stock("1", "3"),
            company_id=SQL("x.company_id"),
            lot_id=SQL("x.id"),
            lot_name=SQL("x.name"),
            product_id=SQL("x.product_id"),
            date=SQL("CASE WHEN x.conflict LIKE 'receipt%%' THEN %s ELSE x.create_date END", late),
            detail=SQL("x.conflict"),
        )

    @api.model
    def _day(self, name: str, compared: str) -> SQL:
        """A date of the lot `x` as what it is compared by: an instant with an instant, else the
        day that it is where its company is."""
        column, lot = SQL("x.%s", SQL.identifier(name)), self.env["stock.lot"]
        if lot._fields[name].type == "datetime" and lot._fields[compared].type == "date":
            return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date", column)
        return column

    @api.model
    def _zones(self) -> SQL:
        """(company, time zone) of all companies, and of lots of none as 0."""
        # sudo: time zones of companies are no secret
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        zone = self.env["lot.calendar"]._zone
        return SQL(", ").join(
            SQL("(%s, %s)", company_id, name)
            for company_id, name in [(0, zone()), *((one.id, zone(one)) for one in companies)]
        )
