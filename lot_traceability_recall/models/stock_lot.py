from typing import Any

from odoo import fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    recall_line_ids = fields.One2many("lot.recall.lot", "lot_id", "Recalls")
    recall_count = fields.Integer("Number of recalls", compute="_compute_recall_count")

    def _compute_recall_count(self):
        rows = self.env["lot.recall.lot"]._read_group(
            [("lot_id", "in", self.ids), ("decision", "!=", "excluded")],
            ["lot_id"],
            ["recall_id:count_distinct"],
        )
        counts = dict(rows)
        for lot in self:
            lot.recall_count = counts.get(lot, 0)

    def action_recalls(self) -> dict[str, Any]:
        """Open the recalls that take these lots.

        :return: a window action
        """
        recalls = self.recall_line_ids.recall_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_recall.lot_recall_action"
        )
        return {**action, "domain": [("id", "in", recalls.ids)]}

    def action_start_recall(self) -> dict[str, Any]:
        """Open the dialog that starts a recall of these lots.

        :return: a window action
        """
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lot_traceability_recall.lot_recall_wizard_action"
            ),
            "context": {"active_model": "stock.lot", "active_ids": self.ids},
        }
