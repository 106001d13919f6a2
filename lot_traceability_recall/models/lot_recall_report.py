import hashlib
from io import BytesIO
from typing import IO, Any

from odoo import api, models
from odoo.addons.lot_traceability.report.lot_dossier_pdf import write_dossier_pdf
from odoo.addons.lot_traceability.report.lot_dossier_xlsx import write_dossier_xlsx
from odoo.exceptions import UserError

from ..report.recall_report import KINDS, RecallReport

WRITERS = {"pdf": write_dossier_pdf, "xlsx": write_dossier_xlsx}
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class LotRecall(models.Model):
    """Reports of a recall, and its file of evidence."""

    _inherit = "lot.recall"

    def _write_report(self, kind: str, file_format: str, target: IO[bytes]) -> None:
        """Write a report of this recall. That it was written is an event of the audit log, with
        the SHA-256 of the evidence, which is sealed with it.

        :param kind: one of `report.recall_report.KINDS`
        :param file_format: "pdf" or "xlsx"
        :param target: a file open for writing bytes
        :raise AccessError: without the right to read the recall or the audit log
        :raise UserError: for an unknown report or format
        """
        self.ensure_one()
        self.check_access("read")
        self.env["lot.audit.event"].check_access("read")
        if kind not in KINDS or file_format not in WRITERS:
            raise UserError(
                self.env._(
                    "Choose one of the reports %(kinds)s, as %(formats)s.",
                    kinds=", ".join(KINDS),
                    formats=", ".join(WRITERS),
                )
            )
        report = RecallReport(self, kind)
        whole = BytesIO()
        WRITERS[file_format](report, whole)
        content = whole.getvalue()
        target.write(content)
        self.env["lot.audit.event"]._record_read(
            "exported",
            record=self,
            company=self.company_id,
            document=self,
            data={
                "what": report.kind(),
                "count": report.events.count,
                "format": file_format,
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        )

    def report_data(self, kind: str) -> dict[str, Any]:
        """A report as data.

        :param kind: "status" (21 CFR 7.53(b)), "termination" (7.55), "rfr" (21 USC 350f(e)),
            "device" (21 CFR 806.10(c)), "brcgs" or "evidence"
        :return: {"title", "recall", "sections": [{"title", "pairs": [[label, value]],
            "columns": [str], "rows": [[str or number]]}]}
        :raise AccessError: without the right to read the recall or the audit log
        :raise UserError: for an unknown report
        """
        self.ensure_one()
        self.check_access("read")
        self.env["lot.audit.event"].check_access("read")
        if kind not in KINDS:
            raise UserError(self.env._("Choose one of the reports %s.", ", ".join(KINDS)))
        report = RecallReport(self, kind)
        return {
            "title": report.kind(),
            "recall": report.title(),
            "sections": [
                {
                    "title": section.title,
                    "pairs": [list(pair) for pair in section.pairs],
                    "columns": [title for title, _width in section.columns],
                    "rows": [list(row) for row in section.rows()] if section.columns else [],
                }
                for section in report.sections()
            ],
        }

    def _keep_evidence(self):
        """Put the file of evidence beside the recall, as it is now.

        :return: the `ir.attachment` of both files
        """
        self.ensure_one()
        found = self.env["ir.attachment"]
        for file_format in WRITERS:
            target = BytesIO()
            self._write_report("evidence", file_format, target)
            # sudo: kept by the recall itself, whoever ends it
            found |= (
                self.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": self._evidence_name(file_format),
                        "raw": target.getvalue(),
                        "mimetype": TYPES[file_format],
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                )
            )
        return found

    @api.model
    def _file_part(self, text: str) -> str:
        return "".join(sign if sign.isalnum() or sign in ".-" else "-" for sign in text)

    def _evidence_name(self, file_format: str) -> str:
        return f"evidence-{self._file_part(self.name)}.{file_format}"

    def action_reports(self) -> dict[str, Any]:
        """Open the dialog with the reports of this recall.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_recall.lot_recall_report_wizard_action"
        )
        return {**action, "context": {"default_recall_id": self.id}}
