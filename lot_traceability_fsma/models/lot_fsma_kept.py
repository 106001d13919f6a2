from datetime import date

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

_YEARS = 2


class LotFsmaKept(models.AbstractModel):
    """Until when records are kept: 21 CFR 1.1455(d)."""

    _name = "lot.fsma.kept"
    _description = "Retention of records"

    @api.model
    def _years(self) -> int:
        """For how many years; never fewer than the rule named when this was written."""
        return max(self.env["lot.fsma.text"]._of("retention_years").number, _YEARS)

    @api.model
    def _kept_since(self) -> date:
        """What was recorded on this day, or later, is still kept."""
        return fields.Date.today() - relativedelta(years=self._years())
