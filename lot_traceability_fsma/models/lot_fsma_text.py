from datetime import date

from odoo import api, fields, models


class LotFsmaText(models.Model):
    """A sentence or a day that screens and papers quote from the rule, with its source: when the
    rule changes, the record is changed, and no program."""

    _name = "lot.fsma.text"
    _description = "Text of the rule"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    name = fields.Char("About", required=True, translate=True)
    text = fields.Text(translate=True)
    day = fields.Date()
    number = fields.Integer()
    source = fields.Char(required=True)
    checked_on = fields.Date("Last compared", help="When it was last compared with its source")
    sequence = fields.Integer(default=100)

    _code_unique = models.Constraint("UNIQUE(code)", "Another text has this code already.")

    @api.model
    def _of(self, code: str) -> "LotFsmaText":
        # sudo: the wording of a rule is no secret
        return self.sudo().search([("code", "=", code)], limit=1)

    @api.model
    def _words(self, code: str) -> str:
        """The text of this code; empty when it was removed."""
        return self._of(code).text or ""

    @api.model
    def _day(self, code: str) -> date | None:
        """The day of this code, if there is one."""
        return self._of(code).day or None

    def _quoted(self) -> str:
        """The text on one line, with its source; empty without a text."""
        words = " ".join((self.text or "").split())
        return f"{words} ({self.source})" if words else ""
