from odoo import api, fields, models
from odoo.tools import SQL

from .lot_expiry_report import VALUE_GROUPS

KINDS = [
    ("scrap", "Scrapped"),
    ("adjustment_out", "Lost at a count"),
    ("delivery", "Delivered"),
    ("consumed", "Used in production"),
]


class LotExpiryHistory(models.Model):
    """What was written off, and what went out or was used just before or after its lot expired.
    One row a movement of a lot over the border of the stock."""

    _name = "lot.expiry.history"
    _description = "Lots written off and near misses"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "lot_id"
    _depends = {
        "stock.lot": ["expiration_date", "supplier_id"],
        "stock.move": ["value", "scrap_id"],
        "stock.scrap": ["scrap_reason_tag_ids"],
        "res.company": ["near_miss_days", "lot_timezone"],
    }

    lot_id = fields.Many2one("stock.lot", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product category", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    kind = fields.Selection(KINDS, "What happened", readonly=True)
    near_miss = fields.Boolean(readonly=True)
    reason_id = fields.Many2one("stock.scrap.reason.tag", "Cause", readonly=True)
    supplier_id = fields.Many2one("res.partner", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    move_id = fields.Many2one("stock.move", readonly=True)
    date = fields.Datetime(readonly=True)
    day = fields.Date(readonly=True, help="In the company's time zone")
    expiry_day = fields.Date("Expires", readonly=True)
    days_left = fields.Integer(
        readonly=True, aggregator="min", help="On that day; negative: it had expired"
    )
    expired = fields.Boolean("Had expired", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, groups=VALUE_GROUPS)
    currency_id = fields.Many2one("res.currency", readonly=True)

    @property
    def _table_query(self) -> SQL:
        report = self.env["lot.expiry.report"]
        return SQL(
            """
            WITH zone (company_id, name, today) AS (VALUES %(zones)s)
            SELECT movement.id, movement.lot_id, movement.product_id, template.categ_id,
                   template.uom_id, movement.company_id, source.warehouse_id, movement.kind,
                   movement.kind IN ('delivery', 'consumed') AS near_miss, movement.move_id,
                   movement.date, dated.day, dated.expiry_day,
                   dated.expiry_day - dated.day AS days_left,
                   COALESCE(dated.expiry_day < dated.day, FALSE) AS expired,
                   -movement.quantity AS quantity, company.currency_id,
                   CASE movement.kind WHEN 'delivery' THEN movement.partner_id END AS partner_id,
                   %(reason)s AS reason_id, %(supplier)s AS supplier_id, %(value)s AS value
              FROM lot_genealogy_movement movement
              JOIN stock_lot lot ON lot.id = movement.lot_id
              JOIN product_product product ON product.id = movement.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN res_company company ON company.id = movement.company_id
              JOIN zone ON zone.company_id = movement.company_id
              JOIN stock_move_line line ON line.id = movement.move_line_id
              JOIN stock_location source ON source.id = line.location_id
             CROSS JOIN LATERAL (SELECT
                   (movement.date AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date AS day,
                   (lot.expiration_date AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date
                   AS expiry_day) dated
             WHERE movement.kind IN ('scrap', 'adjustment_out')
                OR movement.kind IN ('delivery', 'consumed')
                   AND dated.expiry_day - dated.day <= company.near_miss_days
            """,
            zones=report._zones(),
            reason=self._reason(),
            supplier=report._supplier(),
            value=self._value(),
        )

    @api.model
    def _reason(self) -> SQL:
        """The cause as typed on the scrap; of several the one that comes first in the list."""
        tags = self.env["stock.scrap"]._fields["scrap_reason_tag_ids"]
        return SQL(
            """(SELECT tag.id FROM stock_move scrapped
                  JOIN %(rel)s rel ON rel.%(scrap)s = scrapped.scrap_id
                  JOIN stock_scrap_reason_tag tag ON tag.id = rel.%(tag)s
                 WHERE scrapped.id = movement.move_id ORDER BY tag.sequence, tag.id LIMIT 1)""",
            rel=SQL.identifier(tags.relation),
            scrap=SQL.identifier(tags.column1),
            tag=SQL.identifier(tags.column2),
        )

    @api.model
    def _value(self) -> SQL:
        """The part of the move's value, as Odoo's valuation booked it, that this lot is."""
        return SQL(
            """(SELECT ABS(valued.value) * line.quantity_product_uom
                       / NULLIF(SUM(part.quantity_product_uom), 0)
                  FROM stock_move valued JOIN stock_move_line part ON part.move_id = valued.id
                 WHERE valued.id = movement.move_id GROUP BY valued.id)"""
        )

    def _search(self, domain, *args, **kwargs):
        self.env["lot.genealogy.upkeep"]._flush_pending()
        return super()._search(domain, *args, **kwargs)
