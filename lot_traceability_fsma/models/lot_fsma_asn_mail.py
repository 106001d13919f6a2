from odoo import api, models


class LotFsmaAsn(models.AbstractModel):
    """Ship notices by mail, to customers that have no other way."""

    _inherit = "lot.fsma.asn"

    @api.model
    def _make(self, picking):
        file = super()._make(picking)
        partner = picking.partner_id
        address = partner.fsma_asn_email or partner.commercial_partner_id.fsma_asn_email
        if address:
            # sudo: the mail goes with the shipping, whoever ships; it leaves once that is sure
            template = self.env.ref("lot_traceability_fsma.mail_template_asn").sudo()
            template.send_mail(
                picking.id, email_values={"email_to": address, "attachment_ids": [(4, file.id)]}
            )
            picking.message_post(
                body=self.env._(
                    "The ship notice %(file)s goes to %(address)s by mail.",
                    file=file.name,
                    address=address,
                )
            )
        return file
