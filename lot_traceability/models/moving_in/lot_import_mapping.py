from odoo import api, fields, models

from ...tools.moving_in.checks import words
from .lot_import_target import IMPORT_KINDS


class LotImportMapping(models.Model):
    """What the columns of earlier files meant: the next file of that system needs no mapping."""

    _name = "lot.import.mapping"
    _description = "Remembered column"
    _order = "kind, header, id"
    _rec_name = "header"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    kind = fields.Selection(IMPORT_KINDS, required=True)
    header = fields.Char("Title", required=True, help="Without blanks, signs and capitals")
    target_id = fields.Many2one(
        "lot.import.target",
        "Means",
        domain="[('kind', '=', kind)]",
        ondelete="cascade",
        help="Empty: the column is left out",
    )

    _header_unique = models.UniqueIndex("(company_id, kind, header)")

    @api.model
    def _recall(self, kind: str, company) -> dict[str, int | bool]:
        """{title: id of what it means, or False where it is left out}"""
        known = self.search([("kind", "=", kind), ("company_id", "=", company.id)])
        return {one.header: one.target_id.id for one in known}

    @api.model
    def _remember(self, columns) -> None:
        """Keep what the columns of this import mean."""
        for batch, same in columns.grouped("import_id").items():
            domain = [("kind", "=", batch.kind), ("company_id", "=", batch.company_id.id)]
            known = {one.header: one for one in self.search(domain)}
            new = {}
            for column in same:
                header = words(column.header)
                if header in known:
                    if known[header].target_id != column.target_id:
                        known[header].target_id = column.target_id
                elif header:
                    new[header] = {
                        "kind": batch.kind,
                        "company_id": batch.company_id.id,
                        "header": header,
                        "target_id": column.target_id.id,
                    }
            self.create(list(new.values()))
