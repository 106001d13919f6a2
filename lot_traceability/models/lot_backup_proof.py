from odoo import fields, models
from odoo.exceptions import UserError


class LotBackupProof(models.Model):
    """One thing that a drill has proved of a restored backup, or could not."""

    _name = "lot.backup.proof"
    _description = "Proof of a drill"
    _order = "id"

    report_id = fields.Many2one(
        "lot.backup.report", required=True, readonly=True, index=True, ondelete="cascade"
    )
    name = fields.Char("What", required=True, readonly=True)
    passed = fields.Boolean("Proved", readonly=True)
    text = fields.Text("Details", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env["lot.audit.event"]._refused())
