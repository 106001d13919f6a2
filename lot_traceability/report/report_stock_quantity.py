from odoo import models
from odoo.tools.sql import column_exists, create_column

# The day of a company in SQL; as `lot.calendar._zone`.
_ZONE = """(
    SELECT COALESCE(company.lot_timezone, hours.tz, 'UTC')
      FROM res_company company
      LEFT JOIN resource_calendar hours ON hours.id = company.resource_calendar_id
     WHERE company.id = q.company_id
)"""


class ReportStockQuantity(models.Model):
    """Quantities by day, by the one rule of days: fresh until the day of the removal date ends."""

    _inherit = "report.stock.quantity"

    def init(self):
        # At installation Odoo makes tables and views in no fixed order.
        if not column_exists(self.env.cr, "res_company", "lot_timezone"):
            create_column(self.env.cr, "res_company", "lot_timezone", "varchar")
        return super().init()

    def _get_product_qty_col(self):
        return (
            super()
            ._get_product_qty_col()
            .replace(
                "q.removal_date::date <= (now() at time zone 'utc')::date",
                f"(q.removal_date AT TIME ZONE 'UTC' AT TIME ZONE {_ZONE})::date"
                f" < (now() AT TIME ZONE {_ZONE})::date",
            )
        )
