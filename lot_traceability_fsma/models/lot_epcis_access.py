from odoo import api, models
from odoo.tools import SQL

GROUP = "lot_traceability_fsma.group_epcis_partner"
_READER = "lot_traceability.group_reader"


class LotEpcisAccess(models.AbstractModel):
    """Who may exchange events: partners with a key of their own, and our own people and programs.

    A partner sees what it has told itself, and those of our events that concern it; nothing else,
    whatever it asks for.
    """

    _name = "lot.epcis.access"
    _description = "Right to exchange EPCIS events"

    @api.model
    def _may_capture(self) -> bool:
        return self.env.user.has_group(GROUP)

    @api.model
    def _may_query(self) -> bool:
        return self.env.user.has_group(GROUP) or self.env.user.has_group(_READER)

    @api.model
    def _partner(self):
        """The trading partner that the user of this key belongs to; empty for our own people."""
        # sudo: who asks may not read contacts, but is one
        user = self.env.user.sudo()
        if user.has_group(_READER):
            return user.partner_id.browse()
        return user.partner_id.commercial_partner_id

    @api.model
    def _company(self):
        # sudo: who asks may not read companies, but works for one
        return self.env.user.sudo().company_id

    @api.model
    def _seen(self) -> SQL:
        """Which events the user may see, as a condition on `event`."""
        # sudo: as above
        user = self.env.user.sudo()
        partner = self._partner()
        if not partner:
            return SQL("event.company_id = ANY(%s)", user.company_ids.ids)
        return SQL(
            "event.company_id = %s AND event.partner_id = %s", self._company().id, partner.id
        )
