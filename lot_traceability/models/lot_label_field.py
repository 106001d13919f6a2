from odoo import fields, models

SOURCES = [
    ("product", "Product"),
    ("reference", "Internal reference"),
    ("gtin", "GTIN"),
    ("lot", "Lot or serial number"),
    ("supplier_lot", "Supplier's lot number"),
    ("supplier", "Supplier"),
    ("production_date", "Production date"),
    ("packing_date", "Packing date"),
    ("freezing_date", "Freezing date"),
    ("use_date", "Best before"),
    ("expiration_date", "Use by"),
    ("quantity", "Quantity"),
    ("status", "Status, where it may not be used"),
    ("allergens", "Allergens"),
    ("origin", "Origin"),
    ("company", "Company"),
    ("package", "Package or SSCC"),
    ("location", "Location"),
    ("path", "Place around the location"),
    ("document", "Document"),
    ("printed", "Day of printing"),
    ("text", "A text of your own"),
]


class LotLabelField(models.Model):
    """One thing that labels of a design say, beside their code."""

    _name = "lot.label.field"
    _description = "Field of a label"
    _inherit = ["lot.audited"]
    _order = "sequence, id"
    _rec_name = "source"

    design_id = fields.Many2one(
        "lot.label.design", required=True, ondelete="cascade", index="btree"
    )
    sequence = fields.Integer(default=10)
    source = fields.Selection(SOURCES, "What", required=True, default="lot")
    caption = fields.Char(translate=True, help="Instead of the usual one")
    text = fields.Char(translate=True, help="What a text of your own says")
    scale = fields.Selection(
        [("small", "Small"), ("normal", "Normal"), ("large", "Large"), ("huge", "Very large")],
        "Size",
        required=True,
        default="normal",
    )
    needed = fields.Boolean(
        default=True, help="Otherwise it is left out where the label has no room for it"
    )
    company_id = fields.Many2one(related="design_id.company_id", store=True)
