from odoo import models


class LotGenealogyMovement(models.Model):
    _inherit = "lot.genealogy.movement"

    # What was written off, or nearly too late, in a month.
    _kind_date = models.Index("(kind, date)")
