from odoo import api, fields, models
from odoo.tools import SQL


class LotExpiryForecast(models.AbstractModel):
    """How much of each lot will be used before it may not be used any more.

    Open deliveries and component needs take what expires first, as the reservation will: what is
    reserved is taken by whom it is reserved for, the rest of their needs by the free stock of the
    same warehouse. With the lots in order of their last day, D the need up to a lot's last day and
    Q the free stock up to and with that lot, the first k lots give U(k) = min(U(k-1) + q(k), D(k)),
    which is Q(k) + min(0, D(1) - Q(1), ..., D(k) - Q(k)): sums and a minimum over one ordered pass.
    """

    _name = "lot.expiry.forecast"
    _description = "Use of lots by open orders"

    @api.model
    def _used(self, stock: SQL) -> SQL:
        """One row a quant of `stock`: (id, reserved, planned), in the product's unit.

        :param stock: name of a table of (id, company_id, product_id, warehouse_id, kind,
            location_id, lot_id, package_id, owner_id, quantity, deadline, usable), where deadline
            is the instant from which the lot may not be used
        """
        return SQL(
            """
            WITH leaving AS (%(leaving)s),
                 taken AS (%(taken)s),
                 reserved AS (
                     SELECT stock.id, SUM(taken.quantity) AS quantity
                       FROM taken
                       JOIN %(stock)s stock
                         ON stock.lot_id = taken.lot_id AND stock.location_id = taken.location_id
                        AND COALESCE(stock.package_id, 0) = COALESCE(taken.package_id, 0)
                        AND COALESCE(stock.owner_id, 0) = COALESCE(taken.owner_id, 0)
                      WHERE taken.date < stock.deadline
                      GROUP BY stock.id),
                 event AS (
                     SELECT stock.id, stock.product_id, %(stock_pool)s AS pool,
                            stock.deadline AS date, 0 AS need,
                            CASE WHEN stock.usable AND stock.deadline > %(now)s
                                 THEN GREATEST(stock.quantity - COALESCE(reserved.quantity, 0), 0)
                                 ELSE 0 END AS free
                       FROM %(stock)s stock LEFT JOIN reserved ON reserved.id = stock.id
                      WHERE stock.product_id IN (SELECT product_id FROM leaving)
                     UNION ALL
                     SELECT NULL, leaving.product_id, %(need_pool)s, leaving.date,
                            leaving.quantity - COALESCE(own.quantity, 0), 0
                       FROM leaving
                       LEFT JOIN (SELECT move_id, SUM(quantity) AS quantity
                                    FROM taken GROUP BY move_id) own ON own.move_id = leaving.id
                      WHERE leaving.first
                        AND leaving.quantity > COALESCE(own.quantity, 0)),
                 running AS (
                     SELECT id, free, SUM(need - free) OVER past AS spare, product_id, pool, date
                       FROM event
                     WINDOW past AS (PARTITION BY product_id, pool ORDER BY date, id
                                     ROWS UNBOUNDED PRECEDING)),
                 lowest AS (
                     SELECT id, free, LEAST(0, MIN(spare) OVER past) AS low,
                            product_id, pool, date
                       FROM running WHERE id IS NOT NULL
                     WINDOW past AS (PARTITION BY product_id, pool ORDER BY date, id
                                     ROWS UNBOUNDED PRECEDING))
            SELECT used.id, COALESCE(reserved.quantity, 0) AS reserved,
                   GREATEST(used.planned, 0) AS planned
              FROM (SELECT id, free + low - COALESCE(LAG(low) OVER past, 0) AS planned
                      FROM lowest
                    WINDOW past AS (PARTITION BY product_id, pool ORDER BY date, id)) used
              LEFT JOIN reserved ON reserved.id = used.id
            """,
            leaving=self._leaving(stock),
            taken=self._taken(),
            stock=stock,
            stock_pool=self._pool(SQL("stock")),
            need_pool=self._pool(SQL("leaving")),
            now=fields.Datetime.now(),
        )

    @api.model
    def _pool(self, alias: SQL) -> SQL:
        """Stock that may serve the same needs: a warehouse, or one place in the field. Needs have
        no id: they sort after the stock that ends at the same instant, and find it gone."""
        return SQL(
            "CASE WHEN %(alias)s.kind = 'warehouse' THEN %(alias)s.warehouse_id "
            "ELSE -%(alias)s.location_id END",
            alias=alias,
        )

    @api.model
    def _leaving(self, stock: SQL) -> SQL:
        """Open moves that take goods out of the stock, now or at the end of their chain: a pick
        for a delivery, or for production, counts as well. `first` marks those that take from
        stock and not from another open move."""
        outside = SQL("('customer', 'production', 'supplier', 'inventory')")
        return SQL(
            """
            SELECT m.id, m.product_id, m.location_id, place.kind,
                   place.warehouse_id, GREATEST(m.date, %(now)s) AS date,
                   m.product_qty AS quantity,
                   NOT EXISTS (SELECT FROM stock_move_move_rel rel
                                 JOIN stock_move before ON before.id = rel.move_orig_id
                                WHERE rel.move_dest_id = m.id
                                  AND before.state NOT IN ('done', 'cancel')) AS first
              FROM stock_move m
              JOIN (%(places)s) place ON place.id = m.location_id AND place.kind <> 'customer'
              JOIN stock_location target
                ON target.id = COALESCE(m.location_final_id, m.location_dest_id)
             WHERE m.state IN ('waiting', 'confirmed', 'partially_available', 'assigned')
               AND m.product_id IN (SELECT product_id FROM %(stock)s)
               AND (target.usage IN %(outside)s
                    OR EXISTS (SELECT FROM stock_move_move_rel rel
                                 JOIN stock_move next ON next.id = rel.move_dest_id
                                 JOIN stock_location last ON last.id =
                                      COALESCE(next.location_final_id, next.location_dest_id)
                                WHERE rel.move_orig_id = m.id
                                  AND next.state NOT IN ('done', 'cancel')
                                  AND last.usage IN %(outside)s))
            """,
            now=fields.Datetime.now(),
            places=self.env["lot.expiry.stock"]._places(),
            stock=stock,
            outside=outside,
        )

    @api.model
    def _taken(self) -> SQL:
        """What these moves have reserved."""
        return SQL(
            """
            SELECT line.move_id, line.lot_id, line.location_id, line.package_id, line.owner_id,
                   line.quantity_product_uom AS quantity, leaving.date
              FROM leaving JOIN stock_move_line line ON line.move_id = leaving.id
             WHERE line.state NOT IN ('done', 'cancel') AND line.quantity_product_uom > 0
            """
        )
