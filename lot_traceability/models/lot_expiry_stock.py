from odoo import api, models
from odoo.tools import SQL


class LotExpiryStock(models.AbstractModel):
    """What of a company's own stock has a lot with a date: in its warehouses, on the way, and in
    the field (places that a partner or a van holds, and goods at customers that are still ours)."""

    _name = "lot.expiry.stock"
    _description = "Stock with a date"

    @api.model
    def _companies(self):
        """Companies that may hold stock."""
        return self.env["stock.warehouse"].search([("company_id.active", "=", True)]).company_id

    @api.model
    def _held(self, company_ids: list[int]) -> SQL:
        """One row a quant, as a SELECT: stock in the companies' places, stock on its way to
        another company, which is still the sender's, and our goods at customers.

        Three parts, as PostgreSQL must know that the first is nearly all of it to plan well.
        """
        columns = SQL(
            """q.id, q.lot_id, q.product_id, q.location_id, q.package_id, q.owner_id, q.quantity,
               place.holder_id, place.warehouse_id, place.kind, place.valued"""
        )
        return SQL(
            """
            SELECT %(columns)s, q.company_id
              FROM stock_quant q JOIN (%(places)s) place ON place.id = q.location_id
             WHERE q.quantity > 0 AND q.lot_id IS NOT NULL
               AND place.usage IN ('internal', 'transit') AND q.company_id = ANY(%(companies)s)
            UNION ALL
            SELECT %(columns)s, sender.company_id
              FROM stock_quant q JOIN (%(places)s) place ON place.id = q.location_id
              JOIN LATERAL (SELECT line.company_id FROM stock_move_line line
                             WHERE line.lot_id = q.lot_id AND line.state = 'done'
                               AND line.location_dest_id = q.location_id
                             ORDER BY line.date DESC, line.id DESC LIMIT 1) sender
                ON sender.company_id = ANY(%(companies)s)
             WHERE q.quantity > 0 AND q.lot_id IS NOT NULL
               AND place.usage = 'transit' AND q.company_id IS NULL
            UNION ALL
            SELECT %(columns)s, owner.id
              FROM stock_quant q JOIN (%(places)s) place ON place.id = q.location_id
              JOIN res_company owner ON owner.partner_id = q.owner_id
             WHERE q.quantity > 0 AND q.lot_id IS NOT NULL
               AND place.usage = 'customer' AND owner.id = ANY(%(companies)s)
            """,
            columns=columns,
            places=self._places(),
            companies=list(company_ids),
        )

    @api.model
    def _places(self) -> SQL:
        """Places where stock of ours may be. A warehouse at another firm's address is held by
        that firm."""
        return SQL(
            """
            SELECT place.id, place.usage, place.warehouse_id,
                   COALESCE(place.lot_holder_id, elsewhere.id) AS holder_id,
                   place.company_id IS NOT NULL AND place.usage <> 'customer' AS valued,
                   CASE WHEN place.usage IN ('transit', 'customer') THEN place.usage
                        WHEN place.lot_holder_id IS NOT NULL OR elsewhere.id IS NOT NULL
                             OR place.warehouse_id IS NULL THEN 'field'
                        ELSE 'warehouse' END AS kind
              FROM stock_location place
              LEFT JOIN (SELECT warehouse.id AS warehouse_id, address.id
                           FROM stock_warehouse warehouse
                           JOIN res_company company ON company.id = warehouse.company_id
                           JOIN res_partner own ON own.id = company.partner_id
                           JOIN res_partner address ON address.id = warehouse.partner_id
                          WHERE address.commercial_partner_id <> own.commercial_partner_id
                        ) elsewhere ON elsewhere.warehouse_id = place.warehouse_id
             WHERE place.usage IN ('internal', 'transit', 'customer')
            """
        )
