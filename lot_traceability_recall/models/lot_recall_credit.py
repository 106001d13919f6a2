from collections import defaultdict
from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class AccountMove(models.Model):
    _inherit = "account.move"

    recall_id = fields.Many2one(
        "lot.recall", index="btree_not_null", ondelete="restrict", copy=False
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recall_line_id = fields.Many2one(
        "lot.recall.consignee.lot",
        "Recalled lot",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )


class LotRecall(models.Model):
    _inherit = "lot.recall"

    credit_ids = fields.One2many(
        "account.move",
        "recall_id",
        "Credit notes",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    credit_count = fields.Integer("Credit notes made", compute="_compute_credit_count")

    def _compute_credit_count(self):
        # sudo: how many there are tells nothing of what is in them
        rows = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [("recall_id", "in", self.ids), ("state", "!=", "cancel")],
                ["recall_id"],
                ["__count"],
            )
        )
        counts = {recall.id: count for recall, count in rows}
        for recall in self:
            recall.credit_count = counts.get(recall.id, 0)

    def prepare_credits(self) -> list[int]:
        """Draft credit notes for all consignees, as `prepare_credit` of each of them.

        :return: ids of the drafts in `account.move`
        :raise AccessError: without the right to run recalls
        :raise UserError: for a drill, or before the scope is frozen
        """
        return self.consignee_ids.prepare_credit()

    def action_prepare_credits(self) -> dict[str, Any]:
        """As `prepare_credits`, for a button.

        :return: the action that says what was made
        """
        made = self.prepare_credits()
        return self.env["lot.recall.consignee"]._say_made(
            self.env._("%s draft credit notes wait for accounting.", len(made))
        )


class LotRecallConsignee(models.Model):
    """Credit notes: for what came back and what was destroyed at the consignee."""

    _inherit = "lot.recall.consignee"

    def prepare_credit(self) -> list[int]:
        """Draft credit notes for what these consignees gave back or destroyed, at the price that
        they were invoiced, else that of the order, else the list price. What was credited for the
        recall already is left out. Accounting checks and posts them; their cost then stands on the
        recall's account.

        :return: ids of the drafts in `account.move`; empty where nothing is to be credited
        :raise AccessError: without the right to run recalls
        :raise UserError: for a drill, or before the scope is frozen
        """
        self.recall_id.check_access("write")
        self.recall_id._check_real()
        made = self.env["account.move"].sudo()  # sudo: drafts alone; accounting posts them
        for consignee in self:
            for (currency, invoices), rows in consignee._to_credit().items():
                values = consignee._credit_values(currency, invoices, rows)
                credit = made.with_company(consignee.company_id).create(values)
                made |= credit
                consignee.recall_id._tell_step(
                    "credit note drafted",
                    consignee={"id": consignee.id, "name": consignee.partner_id.display_name},
                    amount=credit.amount_total,
                    currency=currency.name,
                )
                consignee.message_post(
                    body=self.env._(
                        "Draft credit note over %(amount)s %(currency)s waits for accounting.",
                        amount=f"{credit.amount_total:.2f}",
                        currency=currency.name,
                    )
                )
        self.recall_id.invalidate_recordset(["credit_count"])
        return made.ids

    def action_prepare_credit(self) -> dict[str, Any]:
        """As `prepare_credit`, for a button.

        :return: the action that says what was made
        :raise UserError: when nothing is to be credited
        """
        made = self.prepare_credit()
        if not made:
            raise UserError(
                self.env._(
                    "Nothing is to be credited: nothing has come back or was destroyed there, or "
                    "it is credited already."
                )
            )
        return self._say_made(self.env._("%s draft credit notes wait for accounting.", len(made)))

    def _say_made(self, text: str) -> dict[str, Any]:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _to_credit(self) -> dict[tuple, list[tuple]]:
        """{(currency, invoices): [(line, sale line, invoice line, quantity)]}"""
        found: dict = defaultdict(list)
        for line in self.line_ids:
            for sale, quantity in line._sold_to_credit():
                # sudo: the price that was agreed and invoiced, whoever may read orders and invoices
                sale = sale.sudo()
                items = sale.invoice_lines.filtered(
                    lambda item: (
                        item.move_id.state == "posted" and item.move_id.move_type == "out_invoice"
                    )
                )
                item = items.sorted("id")[-1:]
                currency = item.currency_id or sale.currency_id or self.company_id.currency_id
                found[currency, item.move_id].append((line, sale, item, quantity))
        return found

    def _credit_values(self, currency, invoices, rows: list[tuple]) -> dict[str, Any]:
        recall = self.recall_id
        return {
            "move_type": "out_refund",
            "company_id": recall.company_id.id,
            "partner_id": (invoices.partner_id or self.bill_to_id or self.partner_id).id,
            "partner_shipping_id": self.partner_id.id,
            "currency_id": currency.id,
            "ref": f"{recall.name}: {recall.title}",
            "invoice_origin": recall.name,
            "reversed_entry_id": invoices.id,
            "recall_id": recall.id,
            "invoice_line_ids": [
                Command.create(self._credit_line(line, sale, item, quantity))
                for line, sale, item, quantity in rows
            ],
        }

    def _credit_line(self, line, sale, item, quantity: float) -> dict[str, Any]:
        account = self.recall_id._cost_account()
        values = {
            "product_id": line.product_id.id,
            "product_uom_id": line.uom_id.id,
            "name": " ".join(filter(None, (line.product_id.display_name, line.lot_name))),
            "quantity": quantity,
            "analytic_distribution": {str(account.id): 100},
            "recall_line_id": line.id,
        }
        source = item or sale
        if not source:
            return {**values, "price_unit": line.product_id.lst_price}
        unit = source.product_uom_id
        values |= {
            "product_uom_id": unit.id,
            "quantity": line.uom_id._compute_quantity(quantity, unit),
            "price_unit": source.price_unit,
            "discount": source.discount,
            "tax_ids": [Command.set(source.tax_ids.ids)],
            "sale_line_ids": [Command.set(sale.ids)],
        }
        return {**values, "account_id": item.account_id.id} if item else values


class LotRecallConsigneeLot(models.Model):
    _inherit = "lot.recall.consignee.lot"

    def _sold_to_credit(self) -> list[tuple]:
        """[(sale line or none, quantity)] of what is to be credited and is not yet, in the
        product's unit: the latest delivery first, as it is brought back."""
        self.ensure_one()
        left, skip = self.came_back + self.destroyed, self._credited()
        found = []
        for sale, share in [*self._sold(), (self.env["sale.order.line"], left)]:
            share = min(share, left)
            left -= share
            done = min(share, skip)
            skip -= done
            if self.uom_id.compare(share - done, 0) > 0:
                found.append((sale, share - done))
        return found

    def _credited(self) -> float:
        """How much of it stands on credit notes of the recall."""
        # sudo: what is credited counts, whoever may read accounting
        items = self.env["account.move.line"].sudo()
        items = items.search([("recall_line_id", "=", self.id), ("parent_state", "!=", "cancel")])
        return sum(
            item.product_uom_id._compute_quantity(item.quantity, self.uom_id) for item in items
        )

    def _sold(self) -> list[tuple]:
        """[(sale line, quantity)] of the deliveries of this lot, the latest first."""
        # sudo: on which order it was sold, whoever may read orders
        rows = (
            self.env["lot.recall.delivery"]
            .sudo()
            .search(
                [
                    ("scope_id", "=", self.recall_id.scope_id.id),
                    ("partner_id", "=", self.consignee_id.partner_id.id),
                    ("product_id", "=", self.product_id.id),
                    ("lot_id", "=", self.lot_id.id),
                    ("res_model", "=", "stock.picking"),
                ],
                order="date desc, id desc",
            )
        )
        found = []
        for row in rows:
            # sudo: as above
            for move in self.env["stock.picking"].sudo().browse(row.res_id).exists().move_ids:
                sale = move.sale_line_id
                # A part of a kit has no price of its own on the order.
                if sale.product_id == self.product_id and self._sent_with(move):
                    found.append((sale, self._sent_with(move)))
        return found
