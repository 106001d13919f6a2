from odoo import api, models


class LotGenealogyDerived(models.AbstractModel):
    """A table that is a function of done stock records: nobody edits it, and whoever reads it
    sees the stock moves of the running transaction too."""

    _name = "lot.genealogy.derived"
    _description = "Derived from done stock moves"

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env["lot.genealogy.upkeep"]._flush_pending()
        return super()._search(domain, *args, **kwargs)
