from odoo import api, models
from odoo.tools import SQL


class LotExpiryStock(models.AbstractModel):
    """What of a company's own stock has a lot with a date: in its warehouses, on the way, and in
    the field (places that a partner or a van holds, and goods at customers that are still ours)."""

    _name = "lot.expiry.stock"
    _description = "Stock with a date"

    @api.model
    def _held(self, company_ids: list[int]) -> SQL:
        """One row a quant, as a SELECT.

        What lies between two companies belongs to the one that sent it.
        """
        return SQL(
            """
            SELECT q.id, q.lot_id, q.product_id, q.location_id, q.package_id, q.owner_id,
                   q.quantity, q.in_date, place.holder_id, place.warehouse_id, place.kind,
                   place.valued, whose.company_id
              FROM stock_quant q
              JOIN (%s) place ON place.id = q.location_id
              LEFT JOIN res_company owner
                ON place.kind = 'customer' AND owner.partner_id = q.owner_id
             CROSS JOIN LATERAL (SELECT COALESCE(
                       q.company_id, owner.id,
                       CASE WHEN q.company_id IS NULL AND place.kind = 'transit' THEN (
                            SELECT line.company_id FROM stock_move_line line
                             WHERE line.lot_id = q.lot_id AND line.state = 'done'
                               AND line.location_dest_id = q.location_id
                             ORDER BY line.date DESC, line.id DESC LIMIT 1) END
                   ) AS company_id) whose
             WHERE q.quantity > 0 AND q.lot_id IS NOT NULL
               AND (place.kind <> 'customer' OR owner.id IS NOT NULL)
               AND whose.company_id = ANY(%s)
            """,
            self._places(),
            list(company_ids),
        )

    @api.model
    def _places(self) -> SQL:
        """Places where stock of ours may be. A warehouse at another firm's address is held by
        that firm."""
        return SQL(
            """
            SELECT place.id, place.warehouse_id,
                   COALESCE(place.lot_holder_id, foreign_partner.id) AS holder_id,
                   place.company_id IS NOT NULL AND place.usage <> 'customer' AS valued,
                   CASE WHEN place.usage IN ('transit', 'customer') THEN place.usage
                        WHEN place.lot_holder_id IS NOT NULL OR foreign_partner.id IS NOT NULL
                             OR place.warehouse_id IS NULL THEN 'field'
                        ELSE 'warehouse' END AS kind
              FROM stock_location place
              LEFT JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
              LEFT JOIN res_company company ON company.id = warehouse.company_id
              LEFT JOIN res_partner address ON address.id = warehouse.partner_id
              LEFT JOIN res_partner own ON own.id = company.partner_id
              LEFT JOIN res_partner foreign_partner
                ON foreign_partner.id = address.id
               AND address.commercial_partner_id <> own.commercial_partner_id
             WHERE place.usage IN ('internal', 'transit', 'customer')
            """
        )
