from odoo import fields, models

from .lot_import_target import PROPERTY


class LotImportColumn(models.Model):
    """A column of the file, and what it means."""

    _name = "lot.import.column"
    _description = "Column of an imported file"
    _order = "position, id"
    _rec_name = "header"

    import_id = fields.Many2one("lot.import", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(related="import_id.kind")
    position = fields.Integer(required=True, readonly=True)
    header = fields.Char("Column of the file", readonly=True)
    sample = fields.Char("First rows", readonly=True)
    target_id = fields.Many2one(
        "lot.import.target",
        "Means",
        domain="[('kind', '=', kind)]",
        ondelete="restrict",
        help="Empty: the column is left out",
    )

    def _code(self) -> str:
        """The code of what it means; of a property with its name, since there can be several."""
        code = self.target_id.code or ""
        if code != PROPERTY:
            return code
        return f"{PROPERTY}:{self.target_id._property_of(self.header or '')}"

    def write(self, vals):
        self.import_id._check_open()
        if "target_id" in vals:
            self.import_id.filtered(lambda batch: batch.state == "checked").state = "draft"
        return super().write(vals)
