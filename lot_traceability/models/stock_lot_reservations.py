from odoo import models


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _lines_withdrawn(self, status=None):
        """What is reserved of these lots and may not go: now, or once they have a status."""
        # sudo: whoever holds a lot stops it everywhere, in documents of others too
        waiting = (
            self.env["stock.move.line"]
            .sudo()
            .search([("lot_id", "in", self.ids), ("state", "not in", ("done", "cancel", "draft"))])
        )
        return self.env["lot.gate"]._refused(waiting, status)

    def _withdraw_reservations(self) -> None:
        """Take these lots out of every reservation that the gate would refuse, reserve other lots
        in their place, and tell those who answer for the documents."""
        refused = self._lines_withdrawn()
        if not refused:
            return
        moves = refused.move_id
        taken = [
            (document, lines_of_document.lot_id)
            for document, lines_of_document in refused.grouped(
                lambda line: line.move_id._lot_document()
            ).items()
            if document
        ]
        refused.unlink()
        moves._action_assign()
        for document, lots in taken:
            lots._tell_withdrawn(document)

    def _tell_withdrawn(self, document) -> None:
        """Tell whoever answers for a document that these lots were taken out of it."""
        lines = self.env["lot.gate"]._lines_of(document)
        rest = lines.filtered(lambda line: line.product_id in self.product_id)
        others = rest.lot_id - self
        note = self.env._(
            "Taken out: %(lots)s. Reserved for these products now: %(others)s. What was picked "
            "already goes back to its place.",
            lots=", ".join(f"{lot.name} ({lot.status_id.name})" for lot in self),
            others=others._names() or self.env._("nothing"),
        )
        user = document.user_id if "user_id" in document else None
        document.activity_schedule(
            "lot_traceability.activity_lot_withdrawn",
            summary=self.env._("Lots may not go: %s", self._names(3)),
            note=note,
            user_id=(user or document.create_uid).id,
        )
