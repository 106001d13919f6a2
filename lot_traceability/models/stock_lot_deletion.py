from odoo import models
from odoo.exceptions import AccessError, UserError


class StockLot(models.Model):
    """Who tries to delete a lot and is refused is told in the audit log."""

    _inherit = "stock.lot"

    def unlink(self):
        try:
            return super().unlink()
        except (AccessError, UserError) as error:
            for lot in self.exists():
                self.env["lot.audit.event"]._record_refused(
                    "deletion_refused", lot=lot, data={"refused_for": str(error)}
                )
            raise  # pylint: disable=no-raise-unlink  # what super() refused
