from collections import defaultdict
from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .lot_recall_return import total_back


class SaleOrder(models.Model):
    _inherit = "sale.order"

    recall_id = fields.Many2one(
        "lot.recall", index="btree_not_null", ondelete="restrict", copy=False
    )


class LotRecallConsignee(models.Model):
    """Replacement: the same goods once more, of lots that are good."""

    _inherit = "lot.recall.consignee"

    replacement_count = fields.Integer(
        "Replacement orders", compute="_compute_replacement_count", compute_sudo=True
    )

    def _compute_replacement_count(self):
        for consignee in self:
            consignee.replacement_count = len(consignee._replacements())

    def _replacements(self):
        # sudo: what was ordered counts, whoever may read orders
        orders = self.env["sale.order"].sudo()
        return orders.search(
            [
                ("recall_id", "in", self.recall_id.ids),
                ("partner_shipping_id", "in", self.partner_id.ids),
                ("state", "!=", "cancel"),
            ]
        )

    def prepare_replacement(self, free: bool = True) -> list[int]:
        """Draft orders over the products and quantities that these consignees received of the
        recalled lots, less what is on a replacement order already.

        :param free: at a price of zero; else at the price of the day
        :return: ids of the drafts in `sale.order`; empty where nothing is to be replaced
        :raise AccessError: without the right to run recalls
        :raise UserError: for a drill, or before the scope is frozen
        """
        self.recall_id.check_access("write")
        self.recall_id._check_real()
        made = self.env["sale.order"].sudo()  # sudo: drafts alone; sales confirms them
        for consignee in self:
            wanted = consignee._to_replace()
            if not wanted:
                continue
            order = made.with_company(consignee.company_id).create(
                {
                    "partner_id": consignee.partner_id.id,
                    "partner_shipping_id": consignee.partner_id.id,
                    "partner_invoice_id": (consignee.bill_to_id or consignee.partner_id).id,
                    "company_id": consignee.company_id.id,
                    "client_order_ref": consignee.recall_id.name,
                    "origin": consignee.recall_id.name,
                    "recall_id": consignee.recall_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "product_uom_id": product.uom_id.id,
                            }
                            | ({"price_unit": 0.0} if free else {})
                        )
                        for product, quantity in wanted.items()
                    ],
                }
            )
            made |= order
            consignee.recall_id._tell_step(
                "replacement drafted",
                consignee={"id": consignee.id, "name": consignee.partner_id.display_name},
                order=order.name,
                free=free,
            )
            consignee.message_post(body=self.env._("Replacement drafted: %s", order.name))
        self.invalidate_recordset(["replacement_count"])
        return made.ids

    def action_prepare_replacement(self) -> dict[str, Any]:
        """As `prepare_replacement` at no charge, for a button.

        :return: the action that says what was made
        :raise UserError: when nothing is to be replaced
        """
        made = self.prepare_replacement()
        if not made:
            raise UserError(
                self.env._(
                    "All that they received is on a replacement order already: change that one."
                )
            )
        return self._say_made(self.env._("%s draft orders wait for sales.", len(made)))

    def _to_replace(self) -> dict[Any, float]:
        """{product: quantity in its unit}"""
        wanted: dict = defaultdict(float)
        back = self.line_ids._return_lines()
        for line in self.line_ids:
            start = line.recall_id.started_on
            before = total_back(
                back.get(line._return_key(), []), lambda row, start=start: row.date < start
            )
            wanted[line.product_id] += line.quantity - before
        for item in self._replacements().order_line:
            wanted[item.product_id] -= item.product_uom_id._compute_quantity(
                item.product_uom_qty, item.product_id.uom_id
            )
        return {
            product: quantity
            for product, quantity in wanted.items()
            if product.uom_id.compare(quantity, 0) > 0
        }
