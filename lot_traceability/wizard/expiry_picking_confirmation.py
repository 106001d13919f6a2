from odoo import api, fields, models
from odoo.exceptions import UserError


class ExpiryPickingConfirmation(models.TransientModel):
    """Core asks whether expired lots shall go. The gate refuses them to everybody: so only those
    who may let them pass are asked, and they say why."""

    _inherit = "expiry.picking.confirmation"

    gate_refuses = fields.Boolean(compute="_compute_gate")
    may_let_pass = fields.Boolean(compute="_compute_gate")
    let_pass_reason = fields.Char("Reason to use them all the same")

    @api.depends("lot_ids")
    def _compute_gate(self):
        may = self.env["lot.gate.override"].has_access("create")
        for wizard in self:
            wizard.may_let_pass = may
            wizard.gate_refuses = any(
                document._lot_refusals() for document in wizard._gate_documents()
            )

    def _gate_documents(self) -> list:
        return [*self.picking_ids, *self.production_ids]

    def _let_pass(self) -> None:
        if not (self.gate_refuses and self.may_let_pass):
            return
        if not (self.let_pass_reason or "").strip():
            raise UserError(self.env._("Say why these lots may be used: the reason is kept."))
        for document in self._gate_documents():
            if document._lot_refusals():
                self.env["lot.gate"]._let_pass(document, self.let_pass_reason)

    def process(self):
        self._let_pass()
        return super().process()

    def confirm_produce(self):
        self._let_pass()
        return super().confirm_produce()
