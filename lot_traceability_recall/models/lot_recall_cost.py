from odoo import fields, models
from odoo.tools import SQL

from .account_analytic_line import COST_KINDS


class LotRecallCost(models.Model):
    """What recalls cost, for those who run them and read no analytic accounting: its bookings on
    the recalls' accounts, as positive amounts."""

    _name = "lot.recall.cost"
    _description = "Cost of a recall"
    _auto = False
    _order = "date desc, id desc"

    recall_id = fields.Many2one("lot.recall", readonly=True)
    kind = fields.Selection(COST_KINDS, readonly=True)
    date = fields.Date(readonly=True)
    name = fields.Char("Description", readonly=True)
    ref = fields.Char("Document", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float("Quantity or hours", readonly=True)
    amount = fields.Monetary(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    _depends = {
        "account.analytic.line": [
            "recall_id",
            "recall_cost_kind",
            "date",
            "name",
            "ref",
            "partner_id",
            "product_id",
            "unit_amount",
            "amount",
            "company_id",
            "currency_id",
            "move_line_id",
        ],
        "account.move": ["name"],
        "account.move.line": ["move_id"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT line.id, line.recall_id, COALESCE(line.recall_cost_kind, 'other') AS kind,
                   line.date, line.name, COALESCE(move.name, line.ref) AS ref, line.partner_id,
                   line.product_id, line.unit_amount AS quantity, -line.amount AS amount,
                   line.company_id, line.currency_id
              FROM account_analytic_line line
              LEFT JOIN account_move_line item ON item.id = line.move_line_id
              LEFT JOIN account_move move ON move.id = item.move_id
             WHERE line.recall_id IS NOT NULL
            """
        )
