from odoo import api, fields, models

from .stock_lot_fsma import ORIGINS


class StockMoveLine(models.Model):
    """What is told of a lot where it is received: code, source, farm, catch."""

    _inherit = "stock.move.line"

    fsma_code = fields.Char("Traceability lot code", help="As it stands on the label or paper")
    fsma_source_id = fields.Many2one(
        "res.partner",
        "Source of the code",
        ondelete="restrict",
        help="The place where the code was given to the goods",
    )
    fsma_source_reference = fields.Char(
        "Source reference", help="A GLN, registration number, GGN or web address instead of it"
    )
    fsma_farm_id = fields.Many2one("res.partner", "Farm", ondelete="restrict")
    fsma_area_id = fields.Many2one(
        "lot.fsma.area",
        "Field or container",
        ondelete="restrict",
        domain="[('farm_id', '=', fsma_farm_id)]",
    )
    fsma_harvester_id = fields.Many2one("res.partner", "Harvester", ondelete="restrict")
    fsma_cooler_id = fields.Many2one("res.partner", "Cooled at", ondelete="restrict")
    fsma_cooling_date = fields.Date("Cooled on")
    fsma_catch_area = fields.Char("Areas of the catch")

    @api.onchange("fsma_farm_id")
    def _onchange_fsma_farm(self):
        # A farm mostly harvests itself.
        self.fsma_harvester_id = self.fsma_harvester_id or self.fsma_farm_id
        if self.fsma_area_id.farm_id != self.fsma_farm_id:
            self.fsma_area_id = False

    def _told_facts(self) -> dict:
        told = super()._told_facts()
        for name in ORIGINS:
            value = self[name]
            if value:
                told[name] = value.id if isinstance(value, models.BaseModel) else value
        partner = self.picking_id.partner_id or self.move_id.partner_id
        if partner.fsma_farm and self.location_id.usage == "supplier":
            told.setdefault("fsma_farm_id", partner.id)
            told.setdefault("fsma_harvester_id", partner.id)
        return told

    def _fsma_given(self) -> tuple:
        """(code, source partner, source reference) that came with these goods; the code empty
        when none did."""
        self.ensure_one()
        partner = self.picking_id.partner_id or self.move_id.partner_id
        code = (self.fsma_code or self.supplier_lot or self.lot_id.supplier_lot or "").strip()
        if not code and self.company_id.fsma_lot_name_is_code:
            code = self.lot_id.name
        source = self.fsma_source_id
        reference = (self.fsma_source_reference or "").strip()
        if not source and not reference:
            source = partner.fsma_source_id or partner.commercial_partner_id.fsma_source_id
        return code, source, reference
