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
    def _arrival_reasons(self, move, lots) -> dict[int, str]:
        """Why lots that a supplier has just delivered with this move wait in quarantine.

        :return: {id of a lot: reason}, of those that have to wait
        """
        company = move.company_id
        terms = self._terms_at_receipt(move, self.env["lot.shelf.life"]._rule_of(move, "receipt"))
        terms = terms._replace(expires_from=self.env["lot.calendar"]._expired_before(company))
        refused = {lot: code for lot in lots if (code := self._refusal(terms, lot))}
        passed = refused and move._lots_passed()
        return {
            lot.id: self.env._(
                "Received with %(document)s: %(why)s",
                document=move.reference or move.picking_type_id.display_name,
                why=self._reason(lot, code, terms, company),
            )
            for lot, code in refused.items()
            if lot.id not in passed
        }
