from odoo import models
from odoo.addons.web.controllers.utils import clean_action


class MrpProduction(models.Model):
    """Labels of the lots that an order has made, as soon as it is done."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "lot.label.document"]

    def _get_autoprint_done_report_actions(self):
        actions = super()._get_autoprint_done_report_actions()
        done = self.filtered(lambda order: order.state == "done")
        done._print_by_itself(network=True)
        for action in done._label_reports():
            clean_action(action, self.env)
            actions.append(action)
        return actions
