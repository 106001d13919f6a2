from odoo import fields, models


class LotImportProblem(models.Model):
    """What the check has found, by row and column, and what to do about it."""

    _name = "lot.import.problem"
    _description = "Problem of an imported file"
    _log_access = False
    _order = "severity, row, id"
    _rec_name = "text"

    import_id = fields.Many2one(
        "lot.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    row = fields.Integer(readonly=True, aggregator=False, help="As the spreadsheet counts them")
    column = fields.Char(readonly=True)
    value = fields.Char("Cell", readonly=True)
    text = fields.Char("Problem", required=True, readonly=True)
    fix = fields.Char("What to do", readonly=True)
    severity = fields.Selection(
        [("blocking", "To be put right"), ("note", "Note")], required=True, readonly=True
    )
