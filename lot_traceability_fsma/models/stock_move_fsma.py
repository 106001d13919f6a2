from odoo import api, fields, models


class StockMove(models.Model):
    """What a receipt has to tell under the rule is shown where the lots are typed in, and only of
    foods that are traced. Nothing is refused: what is not told waits under “To Be Completed”."""

    _inherit = "stock.move"

    fsma_asks = fields.Char(compute="_compute_fsma_asks", string="Columns under FSMA 204")
    fsma_wanted = fields.Char(
        "FSMA 204 asks for",
        compute="_compute_fsma_asks",
        help="What the records of this receipt need and Odoo does not know",
    )

    @api.depends("product_id", "location_id", "partner_id", "picking_type_id", "company_id")
    def _compute_fsma_asks(self):
        words = {
            "code": self.env._("traceability lot code and its source"),
            "farm": self.env._("farm, field, harvester and day of harvest"),
            "catch": self.env._("days and areas of the catch"),
        }
        for move in self:
            asked = move._fsma_asked()
            # Each between commas, so that a view finds none within another.
            move.fsma_asks = f",{asked}," if asked else False
            move.fsma_wanted = words.get(asked, False)

    def _fsma_asked(self) -> str:
        """Which group of elements this receipt has to tell; empty for none."""
        self.ensure_one()
        # sudo: who receives goods need not be allowed to read how the product is traced
        product, partner = self.product_id.sudo(), self.partner_id.sudo()
        traced = product.fsma_listed or self.company_id.fsma_record_all
        arriving = self.location_id.usage == "supplier" or self.picking_code == "incoming"
        if not traced or not arriving or self.has_tracking == "none":
            return ""
        event = self.picking_type_id.fsma_event
        if event == "none":
            return ""
        if product.fsma_stage == "raw" or event == "harvesting":
            return "farm"
        vessel = partner.fsma_vessel or partner.commercial_partner_id.fsma_vessel
        return "catch" if event == "first_receiving" or vessel else "code"
