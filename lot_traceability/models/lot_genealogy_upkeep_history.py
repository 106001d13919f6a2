from odoo import api, models
from odoo.tools import SQL

from .lot_genealogy_history import LINKED, MOVED


class LotGenealogyUpkeep(models.AbstractModel):
    """Imported history is kept up like what follows from done stock records."""

    _inherit = "lot.genealogy.upkeep"

    @api.model
    def _replace_edges(self, documents, spans, new=()):
        moved, linked = (
            SQL("= ANY(%s)", sorted(documents[model])) if documents.get(model) else None
            for model in (MOVED, LINKED)
        )
        self.env["lot.genealogy.history"]._replace_movements(moved, linked)
        return super()._replace_edges(documents, spans, new)
