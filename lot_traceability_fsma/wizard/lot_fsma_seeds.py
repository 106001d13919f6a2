from datetime import date

from odoo import api, fields, models

from ..tools.event_elements import SPROUTS


class LotFsmaSeeds(models.TransientModel):
    """What is known of a lot of seeds for sprouting (21 CFR 1.1330(b)): entered once, told by
    each initial packing of what grows of it."""

    _name = "lot.fsma.seeds"
    _description = "Elements of a lot of seeds"

    lot_id = fields.Many2one("stock.lot", "Lot of seeds", required=True, readonly=True)
    seed_grower = fields.Char("Grower", help="Name, address and phone, if they are available")
    seed_harvest_date = fields.Date("Harvested")
    seed_conditioner = fields.Char("Conditioner or processor", help="Its name, address and phone")
    seed_conditioner_lot = fields.Char("Conditioner's lot code")
    seed_conditioning_date = fields.Date("Conditioned")
    seed_packer = fields.Char("Packers and repackers", help="Their names, addresses and phones")
    seed_packer_lot = fields.Char("Packers' lot codes")
    seed_packing_date = fields.Date("Packed")
    seed_supplier = fields.Char("Supplier", help="Its name, address and phone")
    seed_supplier_lot = fields.Char("Supplier's lot code", help="With master lot and sub-lot")
    seed_own_lot = fields.Char("Lot code given here", help="If it is not the supplier's")
    seed_description = fields.Char(
        "Description of the seeds",
        help="Kind or taxonomic name, growing specifications, packaging, antimicrobial treatment",
    )
    seed_received_date = fields.Date("Received")
    seed_document = fields.Char("Reference document")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        lot = self.env["stock.lot"].browse(values.get("lot_id")).exists()
        told = lot._fsma_seed_facts().get(lot.id, {}) if lot else {}
        for one in SPROUTS:
            value = told.get(one.code)
            if value:
                values[one.code] = _as_day(value) if one.kind == "date" else value
        return values

    def action_save(self) -> dict:
        """Keep what is told with the lot; the events that lacked it get a new version.

        :return: the action that closes the form
        """
        self.ensure_one()
        told = {one.code: str(self[one.code]).strip() for one in SPROUTS if self[one.code]}
        self.lot_id._fsma_tell_seeds({code: value for code, value in told.items() if value})
        return {"type": "ir.actions.act_window_close"}


def _as_day(value: str) -> date | bool:
    try:
        return date.fromisoformat(value)
    except ValueError:
        # Told in words, where an event was completed by hand.
        return False
