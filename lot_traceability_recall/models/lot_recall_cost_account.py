from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError

from .account_analytic_line import COST_KINDS, PLAN

# Typed by people; the others follow from what is done.
TYPED = ("freight", "labour", "destruction", "other")


class LotRecall(models.Model):
    """What a recall costs: bookings on its own analytic account, by kind."""

    _inherit = "lot.recall"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        "Cost account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Made when first needed; bills are booked on it in accounting.",
    )
    cost_ids = fields.One2many("lot.recall.cost", "recall_id", "Costs")
    cost_total = fields.Monetary("Costs so far", compute="_compute_cost_total")

    def _compute_cost_total(self):
        rows = self.env["lot.recall.cost"]._read_group(
            [("recall_id", "in", self.ids)], ["recall_id"], ["amount:sum"]
        )
        totals = dict(rows)
        for recall in self:
            recall.cost_total = totals.get(recall, 0.0)

    def costs(self) -> dict[str, Any]:
        """What the recall costs so far, by kind.

        "product" is our own goods, at cost, when they are destroyed or scrapped. "credit" is what
        customers get back, at the price without tax, once accounting has posted the credit note.
        Goods that were credited, came back and were destroyed count once, under "credit": the
        price has their cost in it. Goods that a customer destroyed are under "credit" alone. What
        is missing after a count is no cost of the recall until somebody scraps it.

        :return: {"currency": code, "kinds": {"product", "freight", "credit", "labour",
            "destruction", "other": amount each}, "total": amount}, in the company's currency
        :raise AccessError: without the right to read recalls
        """
        self.ensure_one()
        self.check_access("read")
        rows = self.env["lot.recall.cost"]._read_group(
            [("recall_id", "=", self.id)], ["kind"], ["amount:sum"]
        )
        currency, found = self.currency_id, dict(rows)
        kinds = {kind: currency.round(found.get(kind, 0.0)) for kind, _label in COST_KINDS}
        return {
            "currency": currency.name,
            "kinds": kinds,
            "total": currency.round(sum(kinds.values())),
        }

    def add_cost(
        self,
        kind: str,
        name: str,
        amount: float = 0.0,
        hours: float = 0.0,
        rate: float = 0.0,
        date: str = "",
        partner_id: int = 0,
    ) -> int:
        """Note a cost that no bill tells.

        :param kind: "freight", "labour", "destruction" or "other"
        :param name: what it was
        :param amount: in the company's currency; without it `hours` times `rate`
        :param hours: of labour
        :param rate: what an hour costs, in the company's currency
        :param date: day as YYYY-MM-DD; today unless given
        :param partner_id: who is paid, id in `res.partner`
        :return: id of the booking in `account.analytic.line`
        :raise AccessError: without the right to record for recalls
        :raise UserError: for another kind, without a description, or where nothing is to be noted
        """
        self.ensure_one()
        # Whoever records what is done for a recall says what it took.
        self.env["lot.recall.consignee"].check_access("write")
        self.check_access("read")
        if kind not in TYPED:
            raise UserError(
                self.env._(
                    "Costs of goods and credit notes are noted by themselves: choose freight, "
                    "labour, destruction or other."
                )
            )
        value = amount or hours * rate
        if not (name or "").strip() or self.currency_id.compare_amounts(value, 0) <= 0:
            raise UserError(
                self.env._(
                    "Say what it was, and give an amount above zero or hours and their rate."
                )
            )
        self._check_real()
        line = self._book(
            kind,
            name.strip(),
            value,
            quantity=hours,
            date=date or fields.Date.context_today(self),
            partner_id=partner_id,
        )
        self._tell_step("cost noted", cost=kind, amount=value, what=name.strip())
        return line.id

    def _book(self, kind: str, name: str, value: float, quantity: float = 0.0, **values):
        """Book a cost on the recall's account.

        :param value: positive, in the company's currency
        """
        account = self._cost_account()
        lines = self.env["account.analytic.line"]
        self.invalidate_recordset(["cost_ids", "cost_total"])
        # sudo: steps of the recall book what they cost; who does them need be no accountant
        return lines.sudo().create(
            {
                "name": f"{self.name}: {name}",
                account.plan_id._column_name(): account.id,
                "amount": -value,
                "unit_amount": quantity,
                "recall_cost_kind": kind,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                **values,
            }
        )

    def _cost_account(self):
        """The analytic account of the recall, made when there is none."""
        self.ensure_one()
        recall = self.sudo()  # sudo: as in `_book`
        if not recall.analytic_account_id:
            recall.analytic_account_id = recall.env["account.analytic.account"].create(
                {
                    "name": recall.title,
                    "code": recall.name,
                    "plan_id": self.env.ref(PLAN).id,
                    "company_id": recall.company_id.id,
                }
            )
        return recall.analytic_account_id

    def action_costs(self) -> dict[str, Any]:
        """Open the costs of the recall.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_recall.lot_recall_cost_action"
        )
        return {**action, "domain": [("recall_id", "=", self.id)]}
