from odoo import api, models


class LotCachedRules(models.AbstractModel):
    """What a firm sets up once and every document asks for. It is kept in Odoo's cache of each
    process, which is emptied in all of them when one of these records changes."""

    _name = "lot.cached.rules"
    _description = "Rules that are kept in memory"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
