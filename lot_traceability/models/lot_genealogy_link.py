from odoo import fields


class GenealogyLink(fields.Many2one):
    """A link of a derived row to what its stock move names as well.

    It has no foreign key of its own: those of the move and its lines already keep the other record
    there, and Odoo discards all plans between two requests, so that each key would have to be
    planned again before it is checked, for every document (0.1 ms each).
    """

    def update_db_foreign_key(self, model, column):
        """No key: see above."""
