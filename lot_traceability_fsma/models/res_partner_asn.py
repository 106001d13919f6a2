from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

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
    fsma_asn_email = fields.Char(
        "Ship notices by mail to",
        help="The file goes to this address when the delivery is done. Empty: your gateway fetches "
        "it.",
    )

    @api.constrains("fsma_asn_email")
    def _check_fsma_asn_email(self):
        for partner in self:
            if partner.fsma_asn_email and not email_normalize(partner.fsma_asn_email):
                raise ValidationError(
                    self.env._(
                        "%(partner)s: ship notices cannot go to “%(value)s”. Enter one mail "
                        "address, as edi@example.com.",
                        partner=partner.display_name,
                        value=partner.fsma_asn_email,
                    )
                )

    def _asn_number(self) -> str:
        """What this firm is called in the envelope of a ship notice; empty when nothing is set."""
        self.ensure_one()
        firm = self.commercial_partner_id
        return self.fsma_asn_number or firm.fsma_asn_number or self.fsma_gln or firm.fsma_gln or ""
