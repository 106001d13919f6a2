from odoo import api, models
from odoo.addons.lot_traceability.models.lot_figure import Span
from odoo.fields import Domain
from odoo.tools import SQL


class LotFigure(models.Model):
    _inherit = "lot.figure"

    @api.model
    def _figure_drill_score(self, spans: list[Span]) -> list[tuple]:
        """Points of the drills that ended on the day."""
        return self._rows(
            SQL(
                """SELECT span.company_id, span.day, AVG(drill.score), COUNT(*)
                     FROM %s
                     JOIN lot_recall_drill drill ON drill.company_id = span.company_id
                      AND drill.ended_on >= span.since AND drill.ended_on < span.until
                    GROUP BY span.company_id, span.day""",
                self._over(spans),
            )
        )

    @api.model
    def _figure_open_recalls(self, spans: list[Span]) -> list[tuple]:
        """Recalls that are no drill and not closed."""
        is_open = Domain("state", "not in", ("closed", "cancelled")) & Domain("kind", "!=", "mock")
        return self._standing(spans, "lot.recall", is_open, ["__count", "__count"])
