from odoo import fields, models

from ..models.lot_recall_disposition import KINDS


class LotRecallDispose(models.TransientModel):
    """Asks what happens with all that is in stock of a recall."""

    _name = "lot.recall.dispose"
    _description = "Decide about recalled stock"

    recall_id = fields.Many2one(
        "lot.recall", required=True, default=lambda self: self.env.context.get("active_id")
    )
    taken_lot_ids = fields.Many2many("stock.lot", compute="_compute_taken_lot_ids")
    lot_ids = fields.Many2many(
        "stock.lot",
        "lot_recall_dispose_lot_rel",
        string="Lots",
        domain="[('id', 'in', taken_lot_ids)]",
        help="Empty: all lots of the recall",
    )
    kind = fields.Selection(
        [kind for kind in KINDS if kind[0] != "outside"], default="destroy", required=True
    )
    planned_on = fields.Date("Planned for")
    note = fields.Text("Why")

    def _compute_taken_lot_ids(self):
        for wizard in self:
            wizard.taken_lot_ids = wizard.recall_id._taken_lots()

    def action_plan(self) -> dict:
        """Plan the dispositions, one for each lot and place.

        :return: the action that shows them
        """
        self.ensure_one()
        self.recall_id.plan_dispositions(
            self.kind,
            self.lot_ids.ids,
            self.note or "",
            fields.Date.to_string(self.planned_on) if self.planned_on else "",
        )
        return self.recall_id.action_dispositions()
