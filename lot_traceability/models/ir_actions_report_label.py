import base64

from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

PDF, ZPL = "lot_traceability.lot_label_pdf", "lot_traceability.lot_label_zpl"


class IrActionsReport(models.Model):
    """Prints of labels as reports of Odoo: whatever takes reports to a printer (an IoT box, a
    module for CUPS) takes labels as well. They were drawn before; here they are handed out."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        if self._get_report(report_ref).report_name == PDF:
            return self._label_files(res_ids, "pdf"), "pdf"
        return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)

    @api.model
    def _render_qweb_text(self, report_ref, docids, data=None):
        if self._get_report(report_ref).report_name == ZPL:
            return self._label_files(docids, "zpl"), "text"
        return super()._render_qweb_text(report_ref, docids, data=data)

    @api.model
    def _render_qweb_html(self, report_ref, docids, data=None):
        """Shown where wkhtmltopdf is missing, which labels do without."""
        if self._get_report(report_ref).report_name in (PDF, ZPL):
            jobs = self._label_jobs(docids)
            links = Markup("").join(
                Markup('<p><a href="/lot_traceability/label/%s">%s</a></p>') % (job.id, job.name)
                for job in jobs
            )
            return Markup("<main>%s</main>") % links, "html"
        return super()._render_qweb_html(report_ref, docids, data=data)

    @api.model
    def _label_jobs(self, ids):
        jobs = self.env["lot.label.job"].browse([ids] if isinstance(ids, int) else ids or [])
        jobs.check_access("read")
        return jobs

    @api.model
    def _label_files(self, ids, ending: str) -> bytes:
        jobs = self._label_jobs(ids)
        files = [base64.b64decode(job.content or b"") for job in jobs if job.ending == ending]
        files = [file for file in files if file]
        if not files:
            raise UserError(
                self.env._(
                    "The file of these labels is not kept any more, or has another format. Print "
                    "them again."
                )
            )
        if ending == "zpl":
            return b"".join(files)
        return files[0] if len(files) == 1 else merge_pdf(files)
