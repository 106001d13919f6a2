from urllib.parse import urlencode

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.lot_audit_event import KINDS


class LotAuditExportWizard(models.TransientModel):
    """Asks which events of the audit log to export, and as which kind of file."""

    _name = "lot.audit.export.wizard"
    _description = "Export the audit log"

    lot_ids = fields.Many2many("stock.lot", string="Lots")
    product_ids = fields.Many2many("product.product", string="Products")
    user_ids = fields.Many2many("res.users", string="Users")
    kind = fields.Selection(KINDS, help="Empty: all kinds")
    since = fields.Date("From", help="Empty: from the beginning")
    until = fields.Date("To", help="Empty: to the end")
    file_format = fields.Selection(
        [
            ("xlsx", "Workbook (XLSX)"),
            ("pdf", "Paper (PDF)"),
            ("jsonl", "For the verifier (JSON lines)"),
            ("csv", "For other programs (CSV)"),
        ],
        "Format",
        default="xlsx",
        required=True,
    )

    def action_export(self) -> dict:
        """Download the file.

        :return: an action that opens its address
        :raise UserError: when the period ends before it begins
        """
        self.ensure_one()
        if self.since and self.until and self.until < self.since:
            raise UserError(self.env._("The period ends before it begins. Change one of the days."))
        asked = {
            "lot_ids": ",".join(map(str, self.lot_ids.ids)),
            "product_ids": ",".join(map(str, self.product_ids.ids)),
            "user_ids": ",".join(map(str, self.user_ids.ids)),
            "kinds": self.kind or "",
            "since": self.since or "",
            "until": self.until or "",
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_traceability/audit/{self.file_format}?{query}",
            "target": "download",
        }

    def action_verifier(self) -> dict:
        """Download the program that verifies an export without Odoo.

        :return: an action that opens its address
        """
        return {
            "type": "ir.actions.act_url",
            "url": "/lot_traceability/audit/verifier",
            "target": "download",
        }
