from odoo import fields, models


class LotFsmaCommodity(models.AbstractModel):
    """Where a raw commodity comes from: told of an event, and of each lot that went into it."""

    _name = "lot.fsma.commodity"
    _description = "Origin of a raw commodity"

    commodity = fields.Char(readonly=True)
    variety = fields.Char(readonly=True)
    from_place_id = fields.Many2one(
        "lot.fsma.place", "Came from", readonly=True, ondelete="restrict"
    )
    farm_place_id = fields.Many2one("lot.fsma.place", "Farm", readonly=True, ondelete="restrict")
    field_name = fields.Char("Field or growing area", readonly=True)
    container_name = fields.Char("Pond, pool, tank or cage", readonly=True)
    harvester_place_id = fields.Many2one(
        "lot.fsma.place", "Harvester", readonly=True, ondelete="restrict"
    )
    harvest_date = fields.Date("Harvested", readonly=True)
    harvest_end_date = fields.Date("Harvested until", readonly=True)
    cooling_place_id = fields.Many2one(
        "lot.fsma.place", "Cooled at", readonly=True, ondelete="restrict"
    )
    cooling_date = fields.Date("Cooled", readonly=True)
    received_date = fields.Date("Received", readonly=True)
    received_quantity = fields.Float("Quantity received", digits="Product Unit", readonly=True)
    received_uom = fields.Char("Unit received", readonly=True)
