from odoo import fields, models


class LotParameterChoice(models.Model):
    _name = "lot.parameter.choice"
    _description = "Choice of a parameter"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=50)
    parameter_id = fields.Many2one("lot.parameter", required=True, index=True, ondelete="cascade")

    _name_unique = models.Constraint(
        "UNIQUE(parameter_id, name)", "Each choice of a parameter needs a name of its own."
    )
