from collections.abc import Collection

from odoo import api, models
from odoo.tools import SQL


class LotTraceEngine(models.AbstractModel):
    """Imported history, as far as the tables that everything is read from do not tell it."""

    _inherit = "lot.trace.engine"

    @api.model
    def _imported_history(self, lot_ids: Collection[int]) -> list[tuple]:
        """(lot, time, quantity, company, partner, model, row) of each imported movement and of
        each imported link that these lots went into or came out of."""
        return self._rows(
            SQL(
                """
                SELECT lot_id, DATE_PART('epoch', date)::bigint, quantity, company_id, partner_id,
                       CASE WHEN history_link_id IS NULL THEN 'lot.history.movement'
                            ELSE 'lot.history.link' END,
                       COALESCE(history_link_id, history_movement_id)
                  FROM lot_genealogy_movement
                 WHERE lot_id = ANY(%s) AND company_id = ANY(%s) AND move_line_id IS NULL
                   AND kind <> 'taken_over'
                 ORDER BY date, id
                """,
                self._id_subquery(lot_ids),
                self._companies(),
            )
        )

    @api.model
    def _history_names(self, model: str, ids: Collection[int]) -> list[tuple]:
        """(row, document number, row of the file) of imported history."""
        return self._rows(
            SQL(
                "SELECT id, name, row FROM %s WHERE id = ANY(%s)",
                SQL.identifier(self.env[model]._table),
                self._id_subquery(ids),
            )
        )
