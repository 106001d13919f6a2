from collections.abc import Collection

from odoo import api, fields, models
from odoo.tools import SQL

from .lot_genealogy_link import GenealogyLink

MOVEMENTS = [
    ("receipt", "Receipt"),
    ("delivery", "Delivery"),
    ("customer_return", "Return from customer"),
    ("supplier_return", "Return to supplier"),
    ("consumed", "Consumed"),
    ("produced", "Produced"),
    ("scrap", "Scrap"),
    ("adjustment_in", "Adjustment, more"),
    ("adjustment_out", "Adjustment, less"),
    ("intercompany_in", "From another company"),
    ("intercompany_out", "To another company"),
    ("taken_over", "Taken over into the stock"),
]


# By which a move leads to a partner who does not stand on it.
LINKS = ("origin_returned_move_id", "sale_line_id", "purchase_line_id", "production_id")


class LotGenealogyMovement(models.Model):
    """A lot that crossed the border of the stock: who sent it, who received it, what was lost.

    One narrow row per done move line and border, so that a trace answers from one table; a
    dropship crosses two borders. Moves inside the stock have no row. Imported history has rows
    without a move.
    """

    _name = "lot.genealogy.movement"
    _description = "Lot movement"
    _inherit = ["lot.genealogy.derived"]
    _order = "date desc, id desc"
    _rec_name = "kind"
    _log_access = False

    lot_id = fields.Many2one("stock.lot", required=True, ondelete="cascade")
    product_id = GenealogyLink("product.product", required=True)
    kind = fields.Selection(MOVEMENTS, required=True)
    quantity = fields.Float(help="In the product's unit: positive into the stock, negative out")
    partner_id = fields.Many2one("res.partner", ondelete="restrict", index="btree_not_null")
    picking_id = GenealogyLink("stock.picking", "Transfer")
    move_id = GenealogyLink("stock.move")
    returned_move_id = GenealogyLink("stock.move", "Return of")
    move_line_id = fields.Many2one("stock.move.line", ondelete="cascade")
    history_movement_id = GenealogyLink("lot.history.movement", "Imported movement")
    history_link_id = GenealogyLink("lot.history.link", "Imported link")
    date = fields.Datetime(required=True)
    company_id = GenealogyLink("res.company", required=True)

    _lot = models.Index("(lot_id, kind)")
    _line = models.UniqueIndex("(move_line_id, kind)")
    _move = models.Index("(move_id)")
    _history_moved = models.UniqueIndex(
        "(history_movement_id) WHERE history_movement_id IS NOT NULL"
    )
    _history_linked = models.UniqueIndex(
        "(history_link_id, kind) WHERE history_link_id IS NOT NULL"
    )
    _sourced = models.Constraint(
        "CHECK (num_nonnulls(move_line_id, history_movement_id, history_link_id) = 1)",
        "A movement follows from one done move line or from one row of imported history.",
    )

    @api.model
    def _columns(self) -> tuple[str, ...]:
        return (
            "lot_id",
            "product_id",
            "kind",
            "quantity",
            "partner_id",
            "picking_id",
            "move_id",
            "returned_move_id",
            "move_line_id",
            "date",
            "company_id",
        )

    @api.model
    def _key(self) -> tuple[str, ...]:
        return ("move_line_id", "kind")

    @api.model
    def _derive(self, lines: SQL, links: Collection[str] = LINKS) -> SQL:
        """The movements of the done move lines for which `lines` (a condition on alias `l`)
        holds, as a SELECT of `_columns`.

        :param links: which columns of `LINKS` any of their moves has at all

        The partner is the transfer's, else the move's, else the order's; a return belongs to the
        partner of the delivery that it returns; a dropship, and its return, know both ends by
        their orders. What was produced has a partner where a subcontractor made it.
        """
        return SQL(
            """
            SELECT l.lot_id, l.product_id, side.kind,
                   (side.sign * l.quantity_product_uom)::float8,
                   CASE WHEN side.usage = 'customer'
                        THEN COALESCE(
                             CASE WHEN 'supplier' IN (src.usage, %(returned_from)s) THEN NULL
                                  WHEN side.sign > 0
                                  THEN COALESCE(%(returned_partner)s, picking.partner_id,
                                                m.partner_id)
                                  ELSE COALESCE(picking.partner_id, m.partner_id) END,
                             %(sale)s, %(returned_contact)s, m.partner_id, picking.partner_id)
                        WHEN side.usage IN ('supplier', 'transit')
                        THEN COALESCE(
                             CASE WHEN side.usage = 'transit'
                                    OR 'customer' NOT IN (src.usage, dest.usage)
                                  THEN COALESCE(picking.partner_id, m.partner_id) END,
                             %(purchase)s, picking.partner_id, m.partner_id)
                        WHEN side.usage = 'production' AND side.sign > 0
                        THEN %(maker)s
                   END,
                   l.picking_id, l.move_id, m.origin_returned_move_id, l.id, l.date, l.company_id
              FROM stock_move_line l
              JOIN stock_move m ON m.id = l.move_id
              JOIN stock_location src ON src.id = l.location_id
              JOIN stock_location dest ON dest.id = l.location_dest_id
              LEFT JOIN stock_picking picking ON picking.id = l.picking_id
              %(returned)s
             CROSS JOIN LATERAL (VALUES
                   (src.usage, 1, CASE src.usage
                        WHEN 'supplier' THEN 'receipt'
                        WHEN 'customer' THEN 'customer_return'
                        WHEN 'production' THEN 'produced'
                        WHEN 'inventory' THEN 'adjustment_in'
                        WHEN 'transit' THEN CASE WHEN src.company_id IS NULL
                                                 THEN 'intercompany_in' END END),
                   (dest.usage, -1, CASE dest.usage
                        WHEN 'supplier' THEN 'supplier_return'
                        WHEN 'customer' THEN 'delivery'
                        WHEN 'production' THEN 'consumed'
                        WHEN 'inventory' THEN CASE WHEN m.scrap_id IS NULL AND m.is_inventory
                                                   THEN 'adjustment_out' ELSE 'scrap' END
                        WHEN 'transit' THEN CASE WHEN dest.company_id IS NULL
                                                 THEN 'intercompany_out' END END)
               ) AS side(usage, sign, kind)
             WHERE l.state = 'done' AND l.lot_id IS NOT NULL AND l.quantity_product_uom <> 0
               AND side.kind IS NOT NULL AND %(lines)s
            """,
            **self._partner_parts(links),
            lines=lines,
        )

    @api.model
    def _partner_parts(self, links: Collection[str]) -> dict[str, SQL]:
        """Where the partner stands beyond the transfer and its move. Subqueries and not joins:
        few rows need them, and to join a dozen tables takes longer to plan than to run. For the
        same reason those are left out that no row needs."""
        null, returns = SQL("NULL::integer"), "origin_returned_move_id" in links
        sale, purchase = SQL("m.sale_line_id"), SQL("m.purchase_line_id")
        if returns:
            sale = SQL("COALESCE(m.sale_line_id, returned.sale_line_id)")
            purchase = SQL("COALESCE(m.purchase_line_id, returned.purchase_line_id)")
        parts = {
            "sale": SQL(
                """(SELECT o.partner_shipping_id
                      FROM sale_order_line line JOIN sale_order o ON o.id = line.order_id
                     WHERE line.id = %s)""",
                sale,
            )
            if returns or "sale_line_id" in links
            else null,
            "purchase": SQL(
                """(SELECT o.partner_id
                      FROM purchase_order_line line JOIN purchase_order o ON o.id = line.order_id
                     WHERE line.id = %s)""",
                purchase,
            )
            if returns or "purchase_line_id" in links
            else null,
            "maker": SQL("(SELECT subcontractor_id FROM mrp_production WHERE id = m.production_id)")
            if "production_id" in links and "subcontractor_id" in self.env["mrp.production"]._fields
            else null,
            "returned": SQL(),
            "returned_contact": null,
            "returned_from": SQL("NULL"),
            "returned_partner": null,
        }
        if returns:
            parts |= {
                "returned": SQL(
                    "LEFT JOIN stock_move returned ON returned.id = m.origin_returned_move_id"
                ),
                "returned_contact": SQL("returned.partner_id"),
                "returned_from": SQL(
                    "(SELECT usage FROM stock_location WHERE id = returned.location_id)"
                ),
                "returned_partner": SQL(
                    "(SELECT partner_id FROM stock_picking WHERE id = returned.picking_id)"
                ),
            }
        return parts
