import re
import shutil
from pathlib import Path
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

from odoo import api, fields, models
from odoo.addons.lot_traceability.report.lot_dossier_pdf import write_dossier_pdf
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..report.fsma_plan import FsmaPlanReport
from ..report.fsma_rows import FsmaRows
from ..report.fsma_xlsx import write_fsma_xlsx
from .lot_fsma_kept_records import FILES

_UNSAFE = re.compile(r"[^\w.-]+")


class LotFsmaKept(models.AbstractModel):
    """What is written out before the module goes."""

    _inherit = "lot.fsma.kept"

    @api.model
    def _write_out(self) -> Path | None:
        """Write all records to a file beside the audit log's: for each company its events, every
        version of its plan, and the files of its requests, agreements and exemptions.

        :return: the path of the file; None where there is no record
        :raise UserError: when it cannot be written
        """
        events = self.env["lot.fsma.event"]
        plans = self.env["lot.fsma.plan"]
        if not events.search_count([], limit=1) and not plans.search_count([], limit=1):
            return None
        folder = self.env["lot.audit.receipt.file"]._folder()
        path = folder / f"fsma-records-{fields.Datetime.now():%Y%m%dT%H%M%S}.zip"
        part = path.with_suffix(".part")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with ZipFile(part, "w", ZIP_DEFLATED) as archive:
                # Archived ones have records as well.
                companies = self.env["res.company"].with_context(active_test=False)
                for company in companies.search(Domain.TRUE):
                    self.with_company(company)._write_company(archive)
                self._write_files(archive)
            part.rename(path)
        except OSError as error:
            raise UserError(
                self.env._(
                    "The records of FSMA 204 cannot be kept in %(folder)s: %(error)s. Make room "
                    "there, or let the server write to it, and uninstall again.",
                    folder=folder,
                    error=error.strerror or error,
                )
            ) from error
        return path

    @api.model
    def _write_company(self, archive: ZipFile) -> None:
        """The events and the plans of the current company."""
        company = self.env.company
        folder = f"{company.id}-{_UNSAFE.sub('-', company.name)}"
        rows = FsmaRows(self.env, Domain("company_id", "=", company.id))
        if any(rows.counts.values()):
            # A workbook goes back to its beginning at the end, which an archive cannot.
            with (
                TemporaryFile() as content,
                archive.open(f"{folder}/records.xlsx", "w", force_zip64=True) as file,
            ):
                write_fsma_xlsx(rows, content, [("Firm", company.name)])
                content.seek(0)
                shutil.copyfileobj(content, file)
        for plan in self.env["lot.fsma.plan"].search([("company_id", "=", company.id)]):
            with TemporaryFile() as content:
                write_dossier_pdf(FsmaPlanReport(plan, company), content)
                content.seek(0)
                archive.writestr(f"{folder}/plan-{plan.version}.pdf", content.read())

    @api.model
    def _write_files(self, archive: ZipFile) -> None:
        """The files that are records themselves."""
        for model, name in FILES.items():
            holders = self.env[model].with_context(active_test=False)
            for file in holders.search(Domain(name, "!=", False))[name]:
                archive.writestr(
                    f"files/{model}/{file.id}-{_UNSAFE.sub('-', file.name)}", file.raw or b""
                )
