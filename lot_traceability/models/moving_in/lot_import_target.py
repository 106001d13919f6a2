from odoo import api, fields, models
from odoo.tools import ormcache

from ...tools.moving_in.checks import words

IMPORT_KINDS = [
    ("lots", "Lots"),
    ("stock", "Stock on hand"),
    ("quality", "Quality results"),
    ("receipts", "History: receipts"),
    ("links", "History: what went into what"),
    ("shipments", "History: shipments"),
]
TYPES = [
    ("text", "Text"),
    ("day", "Day"),
    ("instant", "Day, or day and time"),
    ("quantity", "Quantity"),
]


class LotImportTarget(models.Model):
    """What a column of a file can mean, for each kind of import: it comes with the product."""

    _name = "lot.import.target"
    _description = "Meaning of an imported column"
    _order = "kind, sequence, id"

    kind = fields.Selection(IMPORT_KINDS, required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    type = fields.Selection(TYPES, required=True, readonly=True)
    required = fields.Boolean("Needed", readonly=True)
    name = fields.Char(required=True, translate=True, readonly=True)
    meaning = fields.Char(translate=True, readonly=True)
    example = fields.Char(readonly=True)
    synonyms = fields.Char(
        readonly=True, help="Titles by which other systems call it, with | between them"
    )

    _code_unique = models.UniqueIndex("(kind, code)")

    @api.depends("name", "required")
    def _compute_display_name(self):
        for target in self:
            target.display_name = f"{target.name} *" if target.required else target.name

    @api.model
    @ormcache("kind", "self.env.lang")
    def _by_title(self, kind: str) -> dict[str, int]:
        """{title without what spelling it matters: id}, of all titles that a column is known by."""
        found: dict[str, int] = {}
        targets = self.search([("kind", "=", kind)])
        for titles in (
            lambda one: (one.name, one.code, one.with_context(lang=None).name),
            lambda one: (one.synonyms or "").split("|"),
        ):
            for target in targets:
                for title in titles(target):
                    if words(title):
                        found.setdefault(words(title), target.id)
        return found
