from odoo import fields, models
from odoo.tools import SQL

# How far back deliveries are looked at: long enough to show before and after.
_DAYS = 365


class LotExposureSpread(models.Model):
    """On how many lots deliveries were spread: what keeping orders on few lots does for a recall.

    One row per delivery and product. One lot is the least that a product can be sent with; each
    lot more is one more pair of a lot and a customer, which a recall of that lot has to tell.
    """

    _name = "lot.exposure.spread"
    _description = "Lots per delivery"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "picking_id"
    _depends = {
        "lot.genealogy.movement": [
            "company_id",
            "date",
            "kind",
            "lot_id",
            "partner_id",
            "picking_id",
            "product_id",
            "quantity",
        ],
    }

    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Datetime("Delivered on", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    lots = fields.Integer(readonly=True, aggregator="avg", help="Of this product in this delivery")
    lots_more = fields.Integer(
        "More than one",
        readonly=True,
        help="Lots beyond the first: pairs of a lot and a customer that fewer lots would save",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT MIN(id) AS id, picking_id, product_id, MIN(partner_id) AS partner_id,
                   company_id, MIN(date) AS date, -SUM(quantity) AS quantity,
                   COUNT(DISTINCT lot_id)::int AS lots,
                   (COUNT(DISTINCT lot_id) - 1)::int AS lots_more
              FROM lot_genealogy_movement
             WHERE kind = 'delivery' AND picking_id IS NOT NULL
               AND date >= NOW() AT TIME ZONE 'UTC' - MAKE_INTERVAL(days => %s)
             GROUP BY picking_id, product_id, company_id
            """,
            _DAYS,
        )

    def _search(self, domain, *args, **kwargs):
        # What was delivered in this transaction counts too.
        self.env["lot.genealogy.upkeep"]._flush_pending()
        return super()._search(domain, *args, **kwargs)
