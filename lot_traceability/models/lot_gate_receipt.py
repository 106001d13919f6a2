from odoo import api, fields, models

from .lot_gate import Terms


class LotGate(models.AbstractModel):
    """What suppliers deliver: refused when it does not last long enough, or kept in quarantine."""

    _inherit = "lot.gate"

    @api.model
    def _receipt_terms(self, move) -> Terms | None:
        """What a receipt asks of its lots; None when it takes all of them."""
        rule = self.env["lot.shelf.life"]._rule_of(move, "receipt")
        if not rule or rule.accept_quarantine:
            return None
        return self._terms_at_receipt(move, rule)

    @api.model
    def _terms_at_receipt(self, move, rule) -> Terms:
        arrived = move.date if move.state == "done" else fields.Datetime.now()
        return Terms(
            "receipt",
            (),
            expires_from=None,
            fit_from=rule._fit_from(arrived, move.company_id),
            share=rule._share(move.product_id, arrived, move.company_id),
        )

    @api.model
    def _arrival_reason(self, line, known: dict) -> str | None:
        """Why a lot that a supplier has just delivered waits in quarantine; None: it need not.

        :param known: the terms of moves that were asked for before
        """
        move, company = line.move_id, line.company_id
        if move not in known:
            rule = self.env["lot.shelf.life"]._rule_of(move, "receipt")
            known[move] = self._terms_at_receipt(move, rule)._replace(
                expires_from=self.env["lot.calendar"]._expired_before(company)
            )
        terms = known[move]
        code = self._refusal(terms, line.lot_id)
        if code is None or line.lot_id.id in move._lots_passed():
            return None
        return self.env._(
            "Received with %(document)s: %(why)s",
            document=move.reference or move.picking_type_id.display_name,
            why=self._reason(line.lot_id, code, terms, company),
        )
