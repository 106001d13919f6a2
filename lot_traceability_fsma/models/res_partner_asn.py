from odoo import fields, models

FORMATS = [("x12", "X12 856"), ("edifact", "EDIFACT DESADV")]


class ResPartner(models.Model):
    """How a customer wants to be told of what is shipped to it."""

    _inherit = "res.partner"

    fsma_asn = fields.Selection(
        FORMATS,
        "Ship notice",
        help="Made as a file at the delivery when goods are shipped to this customer",
    )
    fsma_asn_number = fields.Char("EDI number", help="As it stands in ship notices; empty: its GLN")
    fsma_asn_qualifier = fields.Char("Kind of EDI number", help="X12: 14 for a GLN, 01 for DUNS, …")

    def _asn_number(self) -> str:
        """What this firm is called in the envelope of a ship notice; empty when nothing is set."""
        self.ensure_one()
        firm = self.commercial_partner_id
        return self.fsma_asn_number or firm.fsma_asn_number or self.fsma_gln or firm.fsma_gln or ""
