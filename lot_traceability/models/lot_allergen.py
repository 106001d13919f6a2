from odoo import fields, models


class LotAllergen(models.Model):
    """A substance that the law wants to be declared."""

    _name = "lot.allergen"
    _description = "Allergen"
    _inherit = ["lot.audited"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How programs and exchange files name it")
    sequence = fields.Integer(default=100)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    eu = fields.Boolean("EU", help="Regulation (EU) No 1169/2011, Annex II")
    us = fields.Boolean("USA", help="Major food allergens: FALCPA 2004 and FASTER Act 2021")

    _code_unique = models.Constraint("UNIQUE(code)", "Another allergen has this code already.")
