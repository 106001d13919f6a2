from odoo import api, fields, models

from ..tools.audit_report import MEANINGS


class LotAuditFinding(models.Model):
    _name = "lot.audit.finding"
    _description = "Finding in the audit log"
    _order = "id"
    _rec_name = "text"

    verification_id = fields.Many2one(
        "lot.audit.verification", required=True, readonly=True, index=True, ondelete="cascade"
    )
    code = fields.Selection(
        [(code, code.replace("_", " ").capitalize()) for code in MEANINGS]
        + [("bypassed", "Changed past Odoo")],
        "What",
        required=True,
        readonly=True,
    )
    block = fields.Integer(readonly=True)
    event = fields.Integer(readonly=True)
    text = fields.Char(required=True, readonly=True)
    meaning = fields.Char(compute="_compute_meaning")
    advice = fields.Char("What to do", compute="_compute_meaning")

    @api.depends("code")
    def _compute_meaning(self):
        past = (
            self.env._("Somebody wrote to the database itself."),
            self.env._("Ask who may; compare the record with its documents, and correct it."),
        )
        for finding in self:
            finding.meaning, finding.advice = MEANINGS.get(finding.code, past)

    def _as_dict(self) -> dict:
        return {
            "code": self.code,
            "block": self.block,
            "event": self.event,
            "text": self.text,
            "meaning": self.meaning,
            "advice": self.advice,
        }
