from odoo import api, fields, models
from odoo.tools import SQL

PLACES = [
    ("warehouse", "In a warehouse"),
    ("transit", "On the way"),
    ("field", "In the field"),
    ("customer", "At a customer, still ours"),
]
VALUE_GROUPS = (
    "stock.group_stock_manager,lot_traceability.group_quality,lot_traceability.group_auditor"
)


class LotExpiryReport(models.Model):
    """What expires when: stock with a date, where it is, what it is worth, what open orders will
    use of it, and what will be left. One row a quant, and its id is the quant's."""

    _name = "lot.expiry.report"
    _description = "Stock by expiry"
    _auto = False
    _order = "expiration_date, id"
    _rec_name = "lot_id"
    _depends = {
        "stock.quant": [
            "company_id",
            "location_id",
            "lot_id",
            "owner_id",
            "package_id",
            "product_id",
            "quantity",
        ],
        "stock.lot": [
            "expiration_date",
            "removal_date",
            "standard_price",
            "status_id",
            "supplier_id",
        ],
        "stock.move": ["date", "location_dest_id", "location_final_id", "product_qty", "state"],
        "stock.move.line": ["location_id", "lot_id", "move_id", "quantity_product_uom", "state"],
        "stock.location": ["company_id", "lot_holder_id", "usage", "warehouse_id"],
        "stock.warehouse": ["company_id", "partner_id"],
        "product.product": ["standard_price"],
        "product.template": ["categ_id", "lot_valuated", "uom_id"],
        "lot.expiry.notice": ["date", "lot_id", "reached_on", "stage_id"],
    }

    lot_id = fields.Many2one("stock.lot", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product template", readonly=True)
    categ_id = fields.Many2one("product.category", "Product category", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    package_id = fields.Many2one("stock.package", readonly=True)
    owner_id = fields.Many2one("res.partner", readonly=True)
    place = fields.Selection(PLACES, "Where", readonly=True)
    holder_id = fields.Many2one("res.partner", "Held by", readonly=True)
    supplier_id = fields.Many2one("res.partner", readonly=True)
    status_id = fields.Many2one("lot.status", readonly=True)
    stage_id = fields.Many2one(
        "lot.expiry.stage", readonly=True, help="The latest stage that it reached"
    )
    expiration_date = fields.Datetime("Expires at", readonly=True)
    removal_date = fields.Datetime("Remove by", readonly=True)
    expiry_day = fields.Date("Expires", readonly=True, help="The last day on which it may be used")
    days_left = fields.Integer(
        readonly=True, aggregator="min", help="Negative: expired for so many days"
    )
    expired = fields.Boolean(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    reserved_quantity = fields.Float(
        "Reserved",
        digits="Product Unit",
        readonly=True,
        help="For deliveries and production that are planned before it expires",
    )
    planned_quantity = fields.Float(
        "Open orders will use",
        digits="Product Unit",
        readonly=True,
        help="Besides what is reserved, when orders take what expires first",
    )
    left_quantity = fields.Float(
        "Left at expiry",
        digits="Product Unit",
        readonly=True,
        help="What neither reservations nor open orders will have used by then",
    )
    value = fields.Monetary(readonly=True, groups=VALUE_GROUPS)
    left_value = fields.Monetary("Value left at expiry", readonly=True, groups=VALUE_GROUPS)
    currency_id = fields.Many2one("res.currency", readonly=True)

    @property
    def _table_query(self) -> SQL:
        """The forecast is joined by a key, grouped, so that PostgreSQL leaves it out of queries
        that ask for nothing of it; and the key is a table's: it knows then how many rows come."""
        return SQL(
            """
            WITH zone (company_id, name, today) AS (VALUES %(zones)s)
            SELECT stock.id, stock.lot_id, stock.product_id, product.product_tmpl_id,
                   template.categ_id, template.uom_id, stock.company_id, stock.warehouse_id,
                   stock.location_id, stock.package_id, stock.owner_id, stock.holder_id,
                   stock.kind AS place, lot.status_id, lot.expiration_date, lot.removal_date,
                   %(supplier)s AS supplier_id, %(stage)s AS stage_id, company.currency_id,
                   dated.day AS expiry_day, dated.day - zone.today AS days_left,
                   dated.day < zone.today AS expired, stock.quantity,
                   COALESCE(used.reserved, 0) AS reserved_quantity,
                   COALESCE(used.planned, 0) AS planned_quantity,
                   %(left)s AS left_quantity,
                   stock.quantity * %(cost)s AS value,
                   %(left)s * %(cost)s AS left_value
              FROM (%(held)s) stock
              JOIN stock_lot lot ON lot.id = stock.lot_id AND lot.expiration_date IS NOT NULL
              JOIN product_product product ON product.id = stock.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN res_company company ON company.id = stock.company_id
              JOIN zone ON zone.company_id = stock.company_id
             CROSS JOIN LATERAL (SELECT (lot.expiration_date AT TIME ZONE 'UTC'
                                         AT TIME ZONE zone.name)::date AS day) dated
              LEFT JOIN (%(used)s) used ON used.id = stock.id
            """,
            zones=self._zones(),
            held=self.env["lot.expiry.stock"]._held(self.env.companies.ids),
            used=self._used(),
            supplier=self._supplier(),
            stage=self._stage(),
            cost=self._unit_cost(),
            left=SQL(
                "GREATEST(stock.quantity - COALESCE(used.reserved, 0) "
                "- COALESCE(used.planned, 0), 0)"
            ),
        )

    @api.model
    def _zones(self) -> SQL:
        calendar = self.env["lot.calendar"]
        return SQL(", ").join(
            SQL("(%s, %s, %s::date)", company.id, calendar._zone(company), calendar._today(company))
            for company in self.env.companies
        )

    @api.model
    def _used(self) -> SQL:
        """The forecast for all dated stock of these companies, whatever the search: what one lot
        gives depends on those that expire before it."""
        blocked = self.env["lot.status"]._ids_without("usable")
        return SQL(
            """
            WITH dated_stock AS MATERIALIZED (
                SELECT stock.*,
                       ((LEAST(lot.expiration_date, lot.removal_date) AT TIME ZONE 'UTC'
                         AT TIME ZONE zone.name)::date + 1)::timestamp
                         AT TIME ZONE zone.name AT TIME ZONE 'UTC' AS deadline,
                       NOT COALESCE(lot.status_id = ANY(%s), FALSE) AS usable
                  FROM (%s) stock
                  JOIN stock_lot lot ON lot.id = stock.lot_id AND lot.expiration_date IS NOT NULL
                  JOIN zone ON zone.company_id = stock.company_id)
            SELECT quant.id, MAX(used.reserved) AS reserved, MAX(used.planned) AS planned
              FROM stock_quant quant JOIN (%s) used ON used.id = quant.id
             GROUP BY quant.id
            """,
            list(blocked),
            self.env["lot.expiry.stock"]._held(self.env.companies.ids),
            self.env["lot.expiry.forecast"]._used(SQL("dated_stock")),
        )

    @api.model
    def _supplier(self) -> SQL:
        """Who supplied the lot: as recorded on it, else from whom it was received first."""
        return SQL(
            """CASE WHEN lot.supplier_id IS NOT NULL THEN lot.supplier_id ELSE (
                    SELECT receipt.partner_id FROM lot_genealogy_movement receipt
                     WHERE receipt.lot_id = lot.id AND receipt.kind = 'receipt'
                     ORDER BY receipt.date, receipt.id LIMIT 1) END"""
        )

    @api.model
    def _stage(self) -> SQL:
        return SQL(
            """(SELECT notice.stage_id FROM lot_expiry_notice notice
                  JOIN lot_expiry_stage stage ON stage.id = notice.stage_id
                 WHERE notice.lot_id = lot.id AND notice.company_id = stock.company_id
                   AND notice.date = %s
                 ORDER BY notice.reached_on DESC, stage.sequence DESC, notice.id DESC LIMIT 1)""",
            self.env["lot.expiry.stage"]._date_of_lot(),
        )

    @api.model
    def _unit_cost(self) -> SQL:
        """What Odoo values a unit at: the cost that its valuation keeps on the lot, where the
        product is valued by lot, else on the product. Goods of others have no value to us."""
        return SQL(
            """CASE WHEN NOT stock.valued OR
                         stock.owner_id IS NOT NULL AND stock.owner_id <> company.partner_id
                    THEN 0
                    ELSE COALESCE((CASE WHEN template.lot_valuated THEN lot.standard_price
                                        ELSE product.standard_price END
                                   ->> stock.company_id::text)::float8, 0) END"""
        )

    def _search(self, domain, *args, **kwargs):
        # Who supplied a lot is read from the genealogy.
        self.env["lot.genealogy.upkeep"]._flush_pending()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # Whoever reads rows is asked for their company: read with them, it needs no second pass.
        if field_names is not None:
            field_names = [*field_names, "company_id"]
        return super().search_fetch(domain, field_names, offset, limit, order)
