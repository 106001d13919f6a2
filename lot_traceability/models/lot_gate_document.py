from odoo import api, fields, models
from odoo.exceptions import UserError

# Context key, set by a form that is itself a dialog: the dialog of the override takes its place,
# and shows the document once it is done.
OPEN_DOCUMENT = "lot_gate_open_document"


class LotGateDocument(models.AbstractModel):
    """A document that shows, before anybody presses a button, which of its lots the gate will
    refuse, and on which quality can let them pass."""

    _name = "lot.gate.document"
    _description = "Document with lots before the gate"

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
        gate = self.env["lot.gate"]
        for document in self:
            refusals = document._lot_refusals()
            document.lot_refusals = "\n".join(gate._refusal_rows(refusals)) or False

    def _lot_refusals(self) -> list[tuple]:
        return self.env["lot.gate"]._refusals_on(self) if self.ids else []

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
        if self.env.context.get(OPEN_DOCUMENT):
            context[OPEN_DOCUMENT] = True
        return {**action, "context": context}
