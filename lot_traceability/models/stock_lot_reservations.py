from odoo import fields, models
from odoo.fields import Domain

from .stock_quant_gate import _available


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
        self._free(refused)
        # Odoo looks for nothing more where something was picked, even when that is gone.
        moves.filtered(lambda move: move.picked and not move.move_line_ids).picked = False
        self._worth_assigning(moves)._action_assign()
        self._tell_withdrawn(taken)

    def _free(self, lines) -> None:
        """Take these lines away; their quants are read together and not line by line."""
        quants = lines.env["stock.quant"]._get_quants_by_products_locations(
            lines.product_id, lines.location_id, [("lot_id", "in", [False, *lines.lot_id.ids])]
        )
        lines.with_context(quants_cache=quants).unlink()

    def _worth_assigning(self, moves):
        """Those of these moves that may find something else than these lots. When all lots of a
        product are withdrawn nothing is left to look for, move by move."""
        others = moves.filtered(
            lambda move: move.move_orig_ids or move._should_bypass_reservation()
        )
        searching = moves - others
        domain = Domain(
            [
                ("product_id", "in", searching.product_id.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("lot_id", "not in", self.ids),
            ]
        )
        quants = moves.env["stock.quant"]
        left = {
            product for (product,) in quants._read_group(domain & _available("<>"), ["product_id"])
        }
        return others | searching.filtered(lambda move: move.product_id in left)

    def _tell_withdrawn(self, taken: list[tuple]) -> None:
        """Tell whoever answers for a document that lots were taken out of it.

        :param taken: documents, each with its lots; a recall meets hundreds of them
        """
        if self.env.context.get("mail_activity_automation_skip"):
            return
        # Read at once, before anything is written.
        named = {lot.id: f"{lot.name} ({lot.status_id.name})" for lot in self}
        kind = self.env.ref("lot_traceability.activity_lot_withdrawn")
        models = self.env["ir.model"]
        # sudo: whoever holds a lot tells those who answer for documents of others too
        self.env["mail.activity"].sudo().create(
            [
                {
                    "activity_type_id": kind.id,
                    "summary": self.env._("Lots may not go: %s", lots._names(3)),
                    "note": self._note_withdrawn(document, lots, named),
                    "automated": True,
                    "date_deadline": fields.Date.context_today(self),
                    "res_model_id": models._get_id(document._name),
                    "res_id": document.id,
                    "user_id": self._answers_for(document).id,
                }
                for document, lots in taken
            ]
        )

    def _note_withdrawn(self, document, lots, named: dict[int, str]) -> str:
        lines = self.env["lot.gate"]._lines_of(document)
        rest = lines.filtered(lambda line: line.product_id in lots.product_id)
        others = rest.lot_id - lots
        return self.env._(
            "Taken out: %(lots)s. Reserved for these products now: %(others)s. What was picked "
            "already goes back to its place.",
            lots=", ".join(named[lot.id] for lot in lots),
            others=others._names() or self.env._("nothing"),
        )

    def _answers_for(self, document):
        user = document.user_id if "user_id" in document else None
        return user or document.create_uid
