from odoo import api, models

from .lot_audit_comparison import BATCH


class LotAuditComparison(models.AbstractModel):
    """Where events went to an archive, the comparison goes on from how things stood then: told
    anew in the log, as when it began."""

    _inherit = "lot.audit.comparison"

    @api.model
    def _note_again(self, lot_ids: set[int], line_ids: set[int]) -> None:
        """Tell of lots and done lines whose events are no longer in the database.

        :param lot_ids: of `stock.lot`, some of them gone perhaps; `line_ids`: of move lines
        """
        lots = self.env["stock.lot"].sudo()  # sudo: as when the log began
        ids = sorted(lot_ids)
        for start in range(0, len(ids), BATCH):
            rows = lots._audited_rows(ids[start : start + BATCH])
            for lot in lots.browse(rows):
                lot._tell("baseline", lot._first_changes(rows[lot.id]))
        self.env["lot.audit.event"]._flush_events()
        for first in sorted({number - number % BATCH for number in line_ids}):
            last = first + BATCH - 1
            count, digest = self._digest(first, last)
            data = {"first": first, "last": last, "count": count, "sha256": digest}
            self.env["lot.audit.event"]._record(
                "baseline", data={"table": "stock_move_line", **data}
            )

    @api.model
    def _baselines(self) -> list[dict]:
        """The latest for each range: it takes the place of those before."""
        return list({data["first"]: data for data in super()._baselines()}.values())
