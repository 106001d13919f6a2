from odoo import api, models


class LotLearn(models.AbstractModel):
    _inherit = "lot.learn"

    @api.model
    def _tours(self) -> list[dict[str, str]]:
        _ = self.env._
        return [
            *super()._tours(),
            {
                "name": "lot_learn_recall",
                "group": "lot_traceability.group_recall_manager",
                "title": _("Recall lots"),
                "text": _("The board, the recalls, and how one is started from a trace."),
                "guide": "/lot_traceability_recall/static/description/guide-recall.html",
            },
        ]
