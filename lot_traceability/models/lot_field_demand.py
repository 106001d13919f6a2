from odoo import api, fields, models

# What may be demanded of a lot, as it is named in a sentence.
DEMANDS = [
    ("supplier_id", "supplier"),
    ("supplier_lot", "supplier's lot number"),
    ("production_date", "production date"),
    ("packing_date", "packing date"),
    ("freezing_date", "freezing date"),
    ("harvest_date", "harvest date"),
    ("expiration_date", "expiry date"),
    ("use_date", "best-before date"),
    ("origin_country_id", "country of origin"),
    ("origin_place", "place of origin"),
    ("allergen_ids", "allergens"),
    ("measurement_ids", "a reading or test result"),
]


class LotFieldDemand(models.Model):
    """Something that must be known of a lot; products and categories choose from these."""

    _name = "lot.field.demand"
    _description = "Demanded lot data"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    field_name = fields.Selection(DEMANDS, "Field", required=True, readonly=True)
    sequence = fields.Integer(default=50)

    _field_unique = models.Constraint("UNIQUE(field_name)", "This is on the list already.")

    @api.model
    def _missing(self, demands_of: dict) -> str:
        """What lots lack, one line a lot; empty when nothing is missing.

        :param demands_of: {lot: demands}
        """
        lines = []
        for lot, demands in demands_of.items():
            missing = [demand.name for demand in demands if not lot[demand.field_name]]
            if missing:
                lines.append(
                    self.env._(
                        "- Lot %(lot)s of %(product)s: %(missing)s",
                        lot=lot.name,
                        product=lot.product_id.display_name,
                        missing=", ".join(missing),
                    )
                )
        return "\n".join(lines)
