from odoo import api, models
from odoo.addons.lot_traceability.models.lot_figure import Span
from odoo.tools import SQL


class LotFigure(models.Model):
    _inherit = "lot.figure"

    @api.model
    def _figure_key_data(self, spans: list[Span]) -> list[tuple]:
        """How much of what the rule asks for is known of the events of the day, as they stand now:
        what is filled in later counts when the day is measured again."""
        self.env["lot.fsma.recorder"]._flush()
        self.env["lot.fsma.event"].flush_model()
        return self._rows(
            SQL(
                """SELECT span.company_id, span.day, 100 * AVG(event.completeness), COUNT(*)
                     FROM %s
                     JOIN lot_fsma_event event ON event.company_id = span.company_id
                      AND event.date = span.day
                    WHERE event.replaced_by_id IS NULL AND event.void IS NOT TRUE
                    GROUP BY span.company_id, span.day""",
                self._over(spans),
            )
        )
