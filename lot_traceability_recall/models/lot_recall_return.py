from collections import defaultdict
from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class LotRecall(models.Model):
    """Getting the goods back: transfers that are filled in, into the place for recalled goods."""

    _inherit = "lot.recall"

    picking_ids = fields.One2many("stock.picking", "recall_id", "Transfers")
    return_count = fields.Integer("Returns", compute="_compute_return_count")

    def _compute_return_count(self):
        counts = dict(
            self.env["stock.picking"]._read_group(
                [("recall_id", "in", self.ids)], ["recall_id"], ["__count"]
            )
        )
        for recall in self:
            recall.return_count = counts.get(recall, 0)

    def prepare_returns(self) -> list[int]:
        """Prepare the return of everything that consignees still have, or say that they send.

        :return: ids of the new transfers in `stock.picking`
        :raise AccessError: without the right to record for recalls and to move stock
        :raise UserError: for a drill, or before the scope is frozen
        """
        return [
            picking for recall in self for picking in recall.consignee_ids._prepare_returns().ids
        ]

    def action_prepare_returns(self) -> dict[str, Any]:
        """As `prepare_returns`, for a button.

        :return: the action that shows the transfers
        """
        self.prepare_returns()
        return self.action_returns()

    def action_returns(self) -> dict[str, Any]:
        """Open the transfers of the recall.

        :return: a window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.action_picking_tree_all")
        return {**action, "domain": [("recall_id", "in", self.ids)], "context": {}}

    def _return_values(self) -> dict[str, Any]:
        """What a transfer says that brings goods of this recall back."""
        self.ensure_one()
        return {
            "recall_id": self.id,
            "location_dest_id": self.company_id._recall_place().id,
            "origin": self.name,
        }

    def _check_real(self) -> None:
        """:raise UserError: for a drill, which moves nothing, and before the scope is frozen"""
        for recall in self:
            if recall.kind == "mock":
                raise UserError(
                    self.env._(
                        "%s is a drill: no goods are moved and nothing is paid.", recall.name
                    )
                )
        self._check_state("decided")


class LotRecallConsignee(models.Model):
    _inherit = "lot.recall.consignee"

    def prepare_return(self) -> list[int]:
        """Prepare transfers that bring back what these consignees have of the recalled lots: what
        they say that they send, or else all that is not accounted for. A return of each delivery
        where the delivery is known; what is on its way or has come back is not asked for again.

        :return: ids of the new transfers in `stock.picking`, ready to be received; empty where
            nothing is to be brought back
        :raise AccessError: without the right to record for recalls and to move stock
        :raise UserError: for a drill, or before the scope is frozen
        """
        return self._prepare_returns().ids

    def action_prepare_return(self) -> dict[str, Any]:
        """As `prepare_return`, for a button.

        :return: the action that shows the transfers
        :raise UserError: when nothing is to be brought back
        """
        if not self.prepare_return():
            raise UserError(
                self.env._(
                    "Nothing is left to bring back here: it has come back, is on its way, or is "
                    "said to be gone."
                )
            )
        return self.recall_id.action_returns()

    def _prepare_returns(self):
        self.check_access("write")
        self.recall_id._check_real()
        made = self.env["stock.picking"]
        wanted = self.line_ids._still_to_come()
        for consignee in self:
            own = {line: wanted[line] for line in consignee.line_ids if line in wanted}
            if not own:
                continue
            pickings = consignee._return_known(own) | consignee._return_unknown(own)
            made |= pickings
            consignee.recall_id._tell_step(
                "return prepared",
                consignee={"id": consignee.id, "name": consignee.partner_id.display_name},
                transfers=pickings.mapped("name"),
            )
            consignee.message_post(
                body=self.env._("Return prepared: %s", ", ".join(pickings.mapped("name")))
            )
        return made

    def _return_known(self, wanted: dict):
        """Returns of deliveries that are known; takes from `wanted` what they bring. The latest
        delivery first: of it there is most likely something left."""
        made = self.env["stock.picking"]
        # sudo: the deliveries of the scope, of other companies' partners too
        deliveries = self.env["lot.recall.delivery"].sudo()
        rows = deliveries.search(
            [
                ("scope_id", "=", self.recall_id.scope_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("res_model", "=", "stock.picking"),
            ],
            order="date desc, id desc",
        )
        lines = {(line.product_id, line.lot_id): line for line in wanted}
        by_picking: dict = defaultdict(dict)
        for row in rows:
            line = lines.get((row.product_id, row.lot_id))
            left = wanted.get(line, 0.0) if line else 0.0
            share = min(left, row.net)
            if line and line.uom_id.compare(share, 0) > 0:
                wanted[line] = left - share
                by_picking[row.res_id][line] = share
        for picking_id, content in by_picking.items():
            picking = self.env["stock.picking"].browse(picking_id).exists()
            if picking and picking.state == "done":
                made |= self._return_of(picking, content)
            else:
                for line, share in content.items():
                    wanted[line] += share
        return made

    def _return_of(self, picking, content: dict):
        """Core's return of one delivery, with these lots on its lines."""
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": picking.id, "recall_id": self.recall_id.id}
        )
        taken: dict = {}
        left = dict(content)
        for row in wizard.product_return_moves:
            for line in content:
                share = min(left[line], line._sent_with(row.move_id))
                if line.uom_id.compare(share, 0) > 0:
                    left[line] -= share
                    taken.setdefault(row.move_id, {})[line] = share
            row.quantity = sum(
                line.uom_id._compute_quantity(share, row.uom_id)
                for line, share in taken.get(row.move_id, {}).items()
            )
        back = wizard._create_return()
        back.recall_id = self.recall_id
        for move in back.move_ids:
            self._fill(move, taken.get(move.origin_returned_move_id, {}))
        return back

    def _return_unknown(self, wanted: dict):
        """One transfer for what no delivery is known of, or whose delivery is gone."""
        content = {
            line: share for line, share in wanted.items() if line.uom_id.compare(share, 0) > 0
        }
        if not content:
            return self.env["stock.picking"]
        recall = self.recall_id
        values = recall._return_values()
        customers = self.partner_id.with_company(recall.company_id).property_stock_customer
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", recall.company_id.id)], limit=1
        )
        places = {"location_id": customers.id, "location_dest_id": values["location_dest_id"]}
        by_product: dict = defaultdict(dict)
        for line, share in content.items():
            by_product[line.product_id][line] = share
        picking = self.env["stock.picking"].create(
            {
                **values,
                **places,
                "picking_type_id": warehouse.in_type_id.id,
                "partner_id": self.partner_id.id,
                "move_ids": [
                    Command.create(
                        {
                            **places,
                            "product_id": product.id,
                            "product_uom_qty": sum(same.values()),
                            "product_uom": product.uom_id.id,
                        }
                    )
                    for product, same in by_product.items()
                ],
            }
        )
        picking.action_confirm()
        for move in picking.move_ids:
            self._fill(move, by_product[move.product_id])
        return picking

    def _fill(self, move, content: dict) -> None:
        """Say which lots this move brings."""
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": move.product_id.id,
                    "product_uom_id": line.uom_id.id,
                    "lot_id": line.lot_id.id,
                    "quantity": share,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "picking_id": move.picking_id.id,
                    "company_id": move.company_id.id,
                }
            )
            for line, share in content.items()
        ]


class LotRecallConsigneeLot(models.Model):
    _inherit = "lot.recall.consignee.lot"

    came_back = fields.Float(
        "Came back since",
        digits="Product Unit",
        compute="_compute_came_back",
        help="Received from this consignee since the recall began, on whichever transfer",
    )
    on_the_way = fields.Float(
        "Return prepared", digits="Product Unit", compute="_compute_came_back"
    )

    def _compute_came_back(self):
        found = self._return_lines()
        for line in self:
            rows, recall = found.get(line._return_key(), []), line.recall_id
            line.came_back = total_back(
                rows, lambda row, recall=recall: row.date >= recall.started_on
            )
            line.on_the_way = sum(
                row.quantity_product_uom
                for row in rows
                if row.state != "done" and row.picking_id.recall_id == recall
            )

    def _return_key(self) -> tuple:
        return self.consignee_id.partner_id, self.product_id, self.lot_id

    def _return_lines(self) -> dict[tuple, list]:
        """{(partner, product, lot): move lines} of all that came or comes back from them."""
        found: dict = defaultdict(list)
        lots = self.lot_id.ids
        if not all(line.lot_id for line in self):
            lots.append(False)
        # sudo: what has come back is known to whoever may read the recall
        rows = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("lot_id", "in", lots),
                    ("state", "!=", "cancel"),
                    ("location_id.usage", "=", "customer"),
                    ("location_dest_id.usage", "in", ("internal", "transit")),
                ]
            )
        )
        for row in rows:
            sent = row.move_id.origin_returned_move_id
            partner = sent.picking_id.partner_id or row.picking_id.partner_id
            found[partner, row.product_id, row.lot_id].append(row)
        return found

    def _still_to_come(self) -> dict[Any, float]:
        """How much to ask back of each of these lines: what the consignee says it sends, or else
        what it has received and neither given back nor accounted for. Lines of which nothing is
        left to come are left out."""
        found, wanted = self._return_lines(), {}
        for line in self:
            if line.sent_back:
                quantity = line.sent_back - line.came_back
            else:
                # What came back before the scope was computed is not in `net` any more.
                since = line.recall_id.scope_id.computed_on
                rows = found.get(line._return_key(), [])
                back = total_back(rows, lambda row, since=since: row.date > since)
                quantity = line.net - back - line.destroyed - line.sold_on - line.consumed
            quantity -= line.on_the_way
            if line.uom_id.compare(quantity, 0) > 0:
                wanted[line] = quantity
        return wanted

    def _sent_with(self, move) -> float:
        """How much of it a move has delivered."""
        rows = move.move_line_ids.filtered(
            lambda row: (
                row.state == "done"
                and (row.product_id, row.lot_id) == (self.product_id, self.lot_id)
            )
        )
        return sum(rows.mapped("quantity_product_uom"))


def total_back(rows, counts) -> float:
    """Sum of the done rows for which `counts` holds."""
    return sum(row.quantity_product_uom for row in rows if row.state == "done" and counts(row))
