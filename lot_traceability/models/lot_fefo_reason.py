from odoo import fields, models


class LotFefoReason(models.Model):
    """Why somebody takes another lot than the one that expires first."""

    _name = "lot.fefo.reason"
    _description = "Reason for another lot"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    note_required = fields.Boolean("Needs an explanation", help="Ask for a few words as well.")
