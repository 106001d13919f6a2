from odoo import api, fields, models
from odoo.exceptions import UserError


class LotGateDocument(models.AbstractModel):
    """A document that shows, before anybody presses a button, which of its lots the gate will
    refuse, and on which quality can let them pass."""

    _name = "lot.gate.document"
    _description = "Document with lots before the gate"
    _inherit = ["lot.signable"]

    lot_refusals = fields.Text(compute="_compute_lot_refusals")
    signature_ids = fields.One2many(
        "lot.signature",
        "document_id",
        "Signatures",
        domain=lambda self: [("document_model", "=", self._name)],
        readonly=True,
        groups="lot_traceability.group_reader",
    )

    @api.depends_context("uid")
    def _compute_lot_refusals(self):
        for document in self:
            refusals = document._lot_refusals()
            document.lot_refusals = (
                "\n".join(self.env["lot.gate"]._refusal_rows(refusals)) if refusals else False
            )

    def _lot_refusals(self) -> list[tuple]:
        gate = self.env["lot.gate"]
        return gate._refusals(gate._lines_of(self), leaves=True) if self.ids else []

    def action_let_lots_pass(self) -> dict:
        """Open the dialog in which quality says why the refused lots may pass.

        :return: the window action of the dialog
        :raise UserError: when nothing is refused here
        """
        self.ensure_one()
        if not self._lot_refusals():
            raise UserError(self.env._("No lot of this document is refused."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_gate_override_wizard_action"
        )
        context = {"default_res_model": self._name, "default_res_id": self.id}
        return {**action, "context": context}

    def _signed_override(self, values: dict):
        reason = values.get("reason") or values.get("signed_reason") or ""
        return self.env["lot.gate.override"].union(*(one._let_pass(reason) for one in self))

    def _check_signed(self, code, values):
        super()._check_signed(code, values)
        self.env["lot.gate.override"].check_access("create")

    def _signature_summary(self, code, values):
        rows = [
            f"{document.display_name}\n{document.lot_refusals or ''}".strip() for document in self
        ]
        return "\n".join(rows)

    def _let_pass(self, reason: str):
        """Note that quality lets the lots pass that the gate refuses on this document.

        :return: what was noted
        """
        gate = self.env["lot.gate"]
        refused = {}
        for line, lot, code, terms in self._lot_refusals():
            refused.setdefault(lot, gate._reason(lot, code, terms, line.company_id))
        overrides = self.env["lot.gate.override"].create(
            [
                {
                    "lot_id": lot.id,
                    "refused_for": why,
                    "reason": reason,
                    "res_model": self._name,
                    "res_id": self.id,
                    "document_name": self.display_name,
                    "company_id": self.company_id.id or self.env.company.id,
                }
                for lot, why in refused.items()
            ]
        )
        rows = "; ".join(f"{lot.name}: {why}" for lot, why in refused.items())
        note = self.env._("Let pass: %(lots)s. Reason: %(reason)s", lots=rows, reason=reason)
        self.message_post(body=note)
        for lot in refused:
            lot.message_post(
                body=self.env._(
                    "Let pass on %(document)s. Reason: %(reason)s",
                    document=self.display_name,
                    reason=reason,
                )
            )
        return overrides
