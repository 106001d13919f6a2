from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """As Odoo, with the time zones in which dates of lots are days.

        :return: ``lot_zones``: {company id: time zone} of the companies that the user works in
        """
        info = super().session_info()
        if self.env.user._is_internal():
            zone = self.env["lot.calendar"]._zone
            info["lot_zones"] = {company.id: zone(company) for company in self.env.user.company_ids}
        return info

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        request.env["lot.audit.origin"]._note_client()
        return result
