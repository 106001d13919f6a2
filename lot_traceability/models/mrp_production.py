from odoo import models


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "lot.trace.document", "lot.gate.document"]

    def pre_button_mark_done(self):
        result = super().pre_button_mark_done()
        if result is not True:
            return result
        return self.env["lot.done.wizard"]._ask(self, self.move_raw_ids) or True
