from odoo import models


class LotOperation(models.Model):
    """Lots that are merged because of a fault are seen to then: nobody need look again."""

    _inherit = "lot.operation"

    def _transfer(self, taken, given):
        result = super()._transfer(taken, given)
        # sudo: who merges lots need not be of quality, who reads findings
        findings = self.env["lot.finding"].sudo()
        todo = findings.search(
            [
                ("kind", "=", "near_same"),
                ("state", "=", "open"),
                ("product_id", "in", self.product_id.ids),
            ]
        )
        if todo:
            todo._look_again()
        return result
