from odoo import fields, models

from ..models.account_analytic_line import COST_KINDS
from ..models.lot_recall_cost_account import TYPED


class LotRecallCostEntry(models.TransientModel):
    """Asks for a cost that no bill tells: hours, freight, a fee."""

    _name = "lot.recall.cost.entry"
    _description = "Note a cost of a recall"

    recall_id = fields.Many2one(
        "lot.recall", required=True, default=lambda self: self.env.context.get("active_id")
    )
    currency_id = fields.Many2one(related="recall_id.currency_id")
    kind = fields.Selection(
        [kind for kind in COST_KINDS if kind[0] in TYPED], default="labour", required=True
    )
    name = fields.Char("What for", required=True)
    date = fields.Date(default=fields.Date.context_today, required=True)
    partner_id = fields.Many2one("res.partner", "Paid to")
    hours = fields.Float()
    rate = fields.Monetary("Cost of an hour")
    amount = fields.Monetary()

    def action_add(self) -> dict:
        """Note the cost.

        :return: the action that closes the dialog
        """
        self.ensure_one()
        labour = self.kind == "labour"
        self.recall_id.add_cost(
            self.kind,
            self.name,
            amount=0.0 if labour else self.amount,
            hours=self.hours if labour else 0.0,
            rate=self.rate if labour else 0.0,
            date=fields.Date.to_string(self.date),
            partner_id=self.partner_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
