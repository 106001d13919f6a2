from odoo import api, fields, models
from odoo.tools import SQL


class LotGenealogyUnlabelled(models.Model):
    """An order that made a product without a lot: there a trace loses the goods.

    Few orders do. To ask each order that a hub went into took a third of the time of its trace.
    """

    _name = "lot.genealogy.unlabelled"
    _description = "Order that made a product without a lot"
    _inherit = ["lot.genealogy.derived"]
    _log_access = False

    production_id = fields.Many2one("mrp.production", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True)

    _output = models.UniqueIndex("(production_id, product_id)")

    @api.model
    def _columns(self) -> tuple[str, ...]:
        return ("production_id", "product_id", "company_id")

    @api.model
    def _key(self) -> tuple[str, ...]:
        return ("production_id", "product_id")

    @api.model
    def _derive(self, productions: SQL) -> SQL:
        """What orders made without a lot, as a SELECT of `_columns`; `productions` is a
        condition on `m.production_id`."""
        return SQL(
            """
            SELECT m.production_id, l.product_id, MIN(l.company_id)
              FROM stock_move m
              JOIN stock_move_line l ON l.move_id = m.id AND l.state = 'done'
               AND l.lot_id IS NULL AND l.quantity_product_uom > 0
              JOIN stock_location src ON src.id = l.location_id AND src.usage = 'production'
             WHERE m.production_id %s
             GROUP BY 1, 2
            """,
            productions,
        )
