from odoo import api, models
from odoo.tools import SQL

from .lot_genealogy_history import LINKED, MOVED


class LotGenealogyRebuild(models.Model):
    """Imported history is read again, and compared, like the stock records."""

    _inherit = "lot.genealogy.rebuild"

    def _rebuild_documents(self, first, last):
        between = SQL("BETWEEN %s AND %s", first, last)
        if self.phase == MOVED:
            self.env["lot.genealogy.history"]._replace_movements(between, None)
        elif self.phase == LINKED:
            self.env["lot.genealogy.history"]._replace_movements(None, between)
        return super()._rebuild_documents(first, last)

    def _delete_orphans(self):
        """Movements of history whose import was undone past Odoo, too."""
        self.env["lot.genealogy.movement"]._delete(
            SQL(
                "(t.history_movement_id IS NOT NULL AND NOT EXISTS (SELECT FROM "
                "lot_history_movement h WHERE h.id = t.history_movement_id)) OR "
                "(t.history_link_id IS NOT NULL AND NOT EXISTS (SELECT FROM "
                "lot_history_link h WHERE h.id = t.history_link_id))"
            )
        )
        return super()._delete_orphans()

    @api.model
    def _drift(self, documents, line_ids):
        drift = super()._drift(documents, line_ids)
        columns = SQL(", ").join(map(SQL.identifier, self.env["lot.genealogy.movement"]._columns()))
        names = SQL("%s, history_movement_id, history_link_id", columns)
        for model, link in ((MOVED, "history_movement_id"), (LINKED, "history_link_id")):
            ids = documents.get(model)
            if ids:
                fits = SQL("= ANY(%s)", ids)
                sides = (fits, None) if model == MOVED else (None, fits)
                derived = SQL(
                    "SELECT %s FROM (%s) history(%s)",
                    columns,
                    self.env["lot.genealogy.history"]._movements(*sides),
                    names,
                )
                stored = SQL("t.%s %s", SQL.identifier(link), fits)
                found = self._difference("lot.genealogy.movement", derived, stored)
                drift["movements"] = [*drift["movements"], *found]
        return drift
