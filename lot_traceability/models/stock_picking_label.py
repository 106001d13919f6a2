from odoo import models
from odoo.addons.web.controllers.utils import clean_action


class StockPicking(models.Model):
    """Labels of what was received, packed or moved, as soon as that is done."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "lot.label.document"]

    def _action_done(self):
        result = super()._action_done()
        self.filtered(lambda picking: picking.state == "done")._print_by_itself(network=True)
        return result

    def _get_autoprint_report_actions(self):
        actions = super()._get_autoprint_report_actions()
        for action in self._label_reports():
            clean_action(action, self.env)
            actions.append(action)
        return actions
