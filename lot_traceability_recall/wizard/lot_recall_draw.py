from odoo import fields, models

from ..models.lot_recall_check import METHODS
from ..models.lot_recall_check_draw import DAYS, LEVELS


class LotRecallDraw(models.TransientModel):
    """Asks by which level consignees are drawn for effectiveness checks."""

    _name = "lot.recall.draw"
    _description = "Draw effectiveness checks"

    recall_id = fields.Many2one(
        "lot.recall", required=True, default=lambda self: self.env.context.get("active_id")
    )
    level = fields.Selection(LEVELS, default="A", required=True)
    percent = fields.Float("Share in percent", default=25)
    seed = fields.Char(
        help="Fixes whom the draw hits, so that anybody can draw the same again. Empty: the number "
        "of the recall."
    )
    method = fields.Selection(METHODS, "How", default="call", required=True)
    days = fields.Integer("Days to do them", default=DAYS, required=True)

    def action_draw(self) -> dict:
        """Draw the checks.

        :return: the action that shows them
        """
        self.ensure_one()
        self.recall_id.draw_checks(
            self.level, self.percent, self.seed or "", self.method, self.days
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_recall.lot_recall_check_action"
        )
        return {**action, "domain": [("recall_id", "=", self.recall_id.id)]}
