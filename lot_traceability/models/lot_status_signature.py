from odoo import models

from .lot_status import QUARANTINE


class LotStatus(models.Model):
    _inherit = "lot.status"

    def _steps_to(self, status) -> tuple[str, ...]:
        """Which step it is to take a lot from this status to another: the first of these that the
        firm has signed. A hold that is put on needs no signature, so that its end must not be a
        way around that of the release."""
        if not self or self.usable:
            return ()
        if self.code == QUARANTINE:
            return ("release",) if status.usable else ()
        if status.usable:
            return ("end_hold", "release")
        return ("end_hold",) if status.sequence < self.sequence else ()
