from odoo import api, fields, models
from odoo.tools import ormcache


class StockLocation(models.Model):
    _inherit = "stock.location"

    lot_quarantine = fields.Boolean(
        "Quarantine place",
        help="Lots that may not be used can always be moved here, and to the places below it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("lot_quarantine") for vals in vals_list):
            self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if "lot_quarantine" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    @ormcache()
    def _quarantine_ids(self) -> frozenset[int]:
        # sudo: where quarantine is, is known to everybody who moves goods
        every = self.sudo().with_context(active_test=False)
        return frozenset(every.search([("lot_quarantine", "=", True)]).ids)

    def _in_quarantine(self) -> bool:
        """Is this a quarantine place, or does it lie in one?"""
        places = self._quarantine_ids()
        path = (self.parent_path or "").split("/")
        return bool(places) and not places.isdisjoint(int(step) for step in path if step)
