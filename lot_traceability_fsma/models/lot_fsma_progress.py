from collections.abc import Callable

from odoo import api, fields, models
from odoo.tools import SQL


class LotFsmaProgress(models.Model):
    """How far an answer is written that takes a while. Told past the transaction that writes it,
    and apart from the request, which that transaction changes at its end."""

    _name = "lot.fsma.progress"
    _description = "Progress of an answer"
    _log_access = False

    request_id = fields.Many2one(
        "lot.fsma.request", required=True, index=True, readonly=True, ondelete="cascade"
    )
    done = fields.Integer(readonly=True)
    total = fields.Integer(readonly=True)

    @api.model
    def _start(self, request) -> None:
        # sudo: nobody writes it by hand
        progress = self.sudo()
        progress.search([("request_id", "=", request.id)]).unlink()
        progress.create({"request_id": request.id, "total": request.found})

    @api.model
    def _teller(self, request) -> Callable[[int], None]:
        """What tells the progress of this request."""

        def tell(done: int) -> None:
            with self.env.registry.cursor() as cr:
                cr.execute(
                    SQL(
                        "UPDATE lot_fsma_progress SET done = %s WHERE request_id = %s",
                        done,
                        request.id,
                    )
                )

        return tell
