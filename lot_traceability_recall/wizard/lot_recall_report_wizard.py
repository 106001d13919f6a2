from odoo import fields, models


class LotRecallReportWizard(models.TransientModel):
    """Which report of a recall, and as what."""

    _name = "lot.recall.report.wizard"
    _description = "Report of a recall"

    recall_id = fields.Many2one("lot.recall", required=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("status", "Status report (21 CFR 7.53)"),
            ("termination", "Request to end the recall (21 CFR 7.55)"),
            ("rfr", "Reportable Food Registry data sheet"),
            ("device", "Correction or removal of a device (21 CFR 806.10)"),
            ("brcgs", "Incident summary for the certification body"),
            ("evidence", "Evidence: all of it, with the audit log"),
        ],
        "Report",
        required=True,
        default="status",
    )
    file_format = fields.Selection(
        [("pdf", "PDF"), ("xlsx", "Excel workbook")], "As", required=True, default="pdf"
    )

    def action_write(self) -> dict:
        """Give the file.

        :return: the action that downloads it
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_traceability/recall/{self.recall_id.id}/{self.kind}.{self.file_format}",
            "target": "download",
        }
