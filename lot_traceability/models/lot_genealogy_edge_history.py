from odoo import api, models
from odoo.tools import SQL

from .lot_genealogy_history import LINKED, MOVED


class LotGenealogyEdge(models.Model):
    """Links of an earlier system are documents of their own, one each."""

    _inherit = "lot.genealogy.edge"

    @api.model
    def _documents_of_moves(self):
        # No move leads to them: they are in the list to be rebuilt and compared like the others.
        return super()._documents_of_moves() | {MOVED: _none, LINKED: _none}

    @api.model
    def _derive(self, documents, untracked=True, single=False):
        of_moves = {m: ids for m, ids in documents.items() if ids and m not in (MOVED, LINKED)}
        links = documents.get(LINKED)
        if not of_moves:
            return self.env["lot.genealogy.history"]._edges(links or [])
        derived = super()._derive(of_moves, untracked, single)
        if links:
            history = self.env["lot.genealogy.history"]._edges(links)
            derived = SQL("%s UNION ALL %s", derived, history)
        return derived


def _none(_move) -> bool:
    return False
