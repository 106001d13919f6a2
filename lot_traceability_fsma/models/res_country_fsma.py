from odoo import api, models
from odoo.tools import ormcache


class ResCountry(models.Model):
    _name = "res.country"
    _inherit = ["res.country", "lot.cached.rules"]

    @api.model
    @ormcache("record_id")
    def _fsma_code(self, record_id: int | bool) -> str:
        """The code of a country; asked for by each event of each place."""
        # sudo: a code of a country is no secret
        return self.sudo().browse(record_id or []).code or ""


class ResCountryState(models.Model):
    _name = "res.country.state"
    _inherit = ["res.country.state", "lot.cached.rules"]

    @api.model
    @ormcache("record_id")
    def _fsma_code(self, record_id: int | bool) -> str:
        """The code of a state; asked for by each event of each place."""
        # sudo: a code of a state is no secret
        return self.sudo().browse(record_id or []).code or ""
