from odoo import models
from odoo.exceptions import UserError


class LotExpiryReport(models.Model):
    """What one can do from the rows of the board."""

    _inherit = "lot.expiry.report"

    def action_promote(self) -> dict:
        """Open the dialog that tells sales about this stock.

        :return: a window action
        :raise AccessError: for those who only read
        """
        return self._act("promote")

    def action_transfer(self) -> dict:
        """Open the dialog that prepares transfers of this stock; see `action_promote`."""
        return self._act("transfer")

    def action_hold(self) -> dict:
        """Open the dialog that puts these lots on hold; see `action_promote`."""
        return self._act("hold")

    def action_scrap(self) -> dict:
        """Open the dialog that scraps this stock; see `action_promote`."""
        return self._act("scrap")

    def action_return(self) -> dict:
        """Open the dialog that prepares returns to suppliers; see `action_promote`."""
        return self._act("return")

    def action_open_lot(self) -> dict:
        """Open the lot of this row.

        :return: a window action
        """
        self.ensure_one()
        return self.lot_id.get_formview_action()

    def _act(self, kind: str) -> dict:
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose the lots first."))
        # The id of a row is that of its quant.
        quants = self.env["stock.quant"].browse(self.ids)
        return self.env["lot.expiry.action"]._open(kind, quants)
