from odoo import api, models
from odoo.tools import ormcache

# Many2many fields that a firm fills once and every document asks for.
_CACHED = {"allergen_ids", "receipt_demand_ids", "production_demand_ids"}


class LotCachedLinks(models.AbstractModel):
    """What products and categories say of their lots. Most say nothing: without a cache each
    document would ask the database for that."""

    _name = "lot.cached.links"
    _description = "Links that are kept in memory"

    @api.model_create_multi
    def create(self, vals_list):
        if any(_CACHED & vals.keys() for vals in vals_list):
            self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if _CACHED & vals.keys():
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.model
    @ormcache("name")
    def _linked(self, name: str) -> dict[int, tuple[int, ...]]:
        """What a many2many field holds, by record; records without anything are left out."""
        # sudo: what a product demands of its lots counts for everybody
        every = self.sudo().with_context(active_test=False).search([(name, "!=", False)])
        return {record.id: tuple(record[name].ids) for record in every}
