from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ...tools.moving_in.checks import words
from ...tools.moving_in.properties import by_name

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
    ("any", "Whatever its title asks for"),
]
# The one meaning that several columns can have: each is a property, by its title.
PROPERTY = "property"


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

    def _property_of(self, title: str) -> str:
        """The name of the property that a title asks for, without what spelling matters: the title
        itself, or what follows "Property:" where another meaning has that title."""
        first, mark, rest = title.partition(":")
        named = mark and words(first) in (PROPERTY, words(self.name or ""))
        return words(rest if named else title)

    @api.model
    def _properties(self, company) -> dict[str, tuple]:
        """{name of a property without what spelling matters: (its definition, the products whose
        lots have it)}, of the products that an import of this company may name."""
        found: dict[str, tuple] = {}
        products = self.env["product.product"].search(
            Domain("lot_properties_definition", "!=", False)
            & Domain("company_id", "in", [company.id, False])
        )
        for product in products:
            for name, definition in by_name(product.lot_properties_definition or ()).items():
                known, others = found.get(name, (definition, products.browse()))
                found[name] = (known, others | product)
        return found

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
