from odoo import fields, models


class LotRecall(models.Model):
    """Goods that were credited, came back and were destroyed cost their firm the credit note: the
    price that it gives back has their cost in it. The cost that their destruction booked is set
    off, in one booking that follows what is destroyed and what is credited."""

    _inherit = "lot.recall"

    set_off_line_id = fields.Many2one(
        "account.analytic.line",
        "Set-off for credited goods",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="account.group_account_readonly,account.group_account_invoice",
    )

    def _set_off_credited(self) -> None:
        """Make the set-off what it has to be now."""
        for one in self:
            # sudo: follows from what was done; who did it need be no accountant
            recall = one.sudo()
            value = recall.currency_id.round(recall._destroyed_and_credited())
            line = recall.set_off_line_id
            if line:
                line.amount = value
                recall.invalidate_recordset(["cost_ids", "cost_total"])
            elif not recall.currency_id.is_zero(value):
                recall.set_off_line_id = recall._book(
                    "product",
                    self.env._("Destroyed goods that were credited: counted with the credit notes"),
                    -value,
                    date=fields.Date.context_today(self),
                )

    def _destroyed_and_credited(self) -> float:
        """At cost: of each lot as much as was destroyed here, at most what came back and stands on
        a posted credit note."""
        credited = self._credited_and_back()
        destroyed = self.disposition_ids.filtered("cost_line_id").grouped("lot_id")
        value = 0.0
        for lot, dispositions in destroyed.items():
            quantity = sum(dispositions.mapped("quantity"))
            share = min(credited.get(lot, 0.0) / quantity, 1.0) if quantity else 0.0
            value -= share * sum(dispositions.cost_line_id.mapped("amount"))
        return value

    def _credited_and_back(self) -> dict:
        """{lot: quantity in the product's unit}"""
        items = self.env["account.move.line"].search(
            [
                ("recall_line_id.recall_id", "=", self.id),
                ("move_id.recall_id", "=", self.id),
                ("parent_state", "=", "posted"),
            ]
        )
        found: dict = {}
        for line, same in items.grouped("recall_line_id").items():
            credited = sum(
                item.product_uom_id._compute_quantity(item.quantity, line.uom_id) for item in same
            )
            lot = line.lot_id
            found[lot] = found.get(lot, 0.0) + max(min(credited, line.came_back), 0.0)
        return found


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # sudo: whoever posts a credit note need not be allowed to read recalls
            self.sudo().recall_id._set_off_credited()
        return result
