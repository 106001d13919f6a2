from odoo import models
from odoo.exceptions import UserError


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _release_obstacles(self) -> list[str]:
        """Why these lots cannot be released yet, a sentence for each reason; empty when they can.
        Add to it what else stands in the way."""
        # sudo: what is open in another company stops a shared lot as well
        actions = self.env["lot.corrective.action"].sudo()
        states = dict(actions._fields["state"]._description_selection(self.env))
        return [
            self.env._(
                "Lot %(lot)s: the corrective action of %(owner)s on “%(name)s” is not verified "
                "(%(state)s).",
                lot=action.lot_id.name,
                owner=action.owner_id.name,
                name=action.name,
                state=states[action.state],
            )
            for action in actions.search([("lot_id", "in", self.ids), ("state", "!=", "verified")])
        ]

    def write(self, vals):
        if self.env["lot.status"].browse(vals.get("status_id")).usable:
            obstacles = self.filtered(lambda lot: not lot.status_usable)._release_obstacles()
            if obstacles:
                raise UserError("\n".join(obstacles))
        return super().write(vals)
