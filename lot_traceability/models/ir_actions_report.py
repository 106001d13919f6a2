from collections import Counter

from odoo import api, models

# Reports that are labels of lots, printed once for each time that a lot is given.
LABELS = {"stock.report_lot_label": "PDF", "stock.label_lot_template_view": "ZPL"}


class IrActionsReport(models.Model):
    """Each print of a lot's labels is told in the audit log: a label too many is a lot too many."""

    _inherit = "ir.actions.report"

    @api.model
    def _lot_labels(self) -> dict[str, str]:
        """Labels of lots: {name of the report on `stock.lot`: format}. Add those of others."""
        return LABELS

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        result = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        self._tell_printed(report_ref, res_ids)
        return result

    @api.model
    def _render_qweb_text(self, report_ref, docids, data=None):
        result = super()._render_qweb_text(report_ref, docids, data=data)
        self._tell_printed(report_ref, docids)
        return result

    @api.model
    def _tell_printed(self, report_ref, ids) -> None:
        kind = self._lot_labels().get(self._get_report(report_ref).report_name)
        if not kind or not ids:
            return
        copies = Counter([ids] if isinstance(ids, int) else ids)
        events = self.env["lot.audit.event"]
        lots = self.env["stock.lot"].browse(copies)
        # sudo: a print by somebody of another company was a print as well
        printed = events.sudo()._read_group(
            [("lot_id", "in", lots.ids), ("kind", "=", "printed")], ["lot_id"]
        )
        before = {lot.id for (lot,) in printed}
        for lot in lots:
            events._record_read(
                "reprinted" if lot.id in before else "printed",
                lot=lot,
                data={"count": copies[lot.id], "format": kind},
            )
