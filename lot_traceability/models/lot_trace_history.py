from collections.abc import Collection

from odoo import api, models

from ..tools.trace_values import document, iso
from .lot_genealogy_history import LINKED, MOVED
from .lot_replica import recent


class LotTraceHistory(models.AbstractModel):
    """What was imported from an earlier system, in the answers of a trace."""

    _inherit = "lot.trace"

    @api.model
    @api.readonly
    @recent
    def history(self, lot_ids: list[int]) -> list[dict]:
        """Each done move of these lots, and what an earlier system told of them, oldest first.

        :return: as before; an imported row names the contact, or nothing, as the place outside
        :raise AccessError, ValidationError: as `trace`
        """
        result = super().history(lot_ids)
        rows = self.env["lot.trace.engine"]._imported_history(lot_ids)
        if not rows:
            return result
        partners = self._partner_names({row[4] for row in rows})
        documents = {
            model: self._history_documents(model, {row[6] for row in rows if row[5] == model})
            for model in (MOVED, LINKED)
        }
        rounded, inside = self._rounder(), self.env._("Earlier system")
        result += [
            {
                "lot_id": lot,
                "date": iso(when),
                "quantity": rounded(abs(quantity)),
                "from": partners.get(partner, "") if quantity > 0 else inside,
                "to": inside if quantity > 0 else partners.get(partner, ""),
                "document": documents[model][row],
                "company_id": company,
            }
            for lot, when, quantity, company, partner, model, row in rows
        ]
        return sorted(result, key=lambda row: row["date"])

    @api.model
    def _history_documents(self, model: str, ids: Collection[int]) -> dict[int, dict]:
        """{row: document} of imported history; what it is called says that it was imported."""
        if not ids or not self.env[model].has_access("read"):
            return {row: document(model, row, "") for row in ids}
        title = self.env[model]._title
        return {
            row: document(model, row, title(name or "", number))
            for row, name, number in self.env["lot.trace.engine"]._history_names(model, ids)
        }
