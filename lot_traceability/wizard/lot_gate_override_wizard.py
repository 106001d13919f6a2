from odoo import api, fields, models

from ..models.lot_gate_document import OPEN_DOCUMENT


class LotGateOverrideWizard(models.TransientModel):
    """Quality says why the lots that the gate refuses on a document may pass there."""

    _name = "lot.gate.override.wizard"
    _description = "Let refused lots pass"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    lot_refusals = fields.Text(compute="_compute_lot_refusals")
    reason = fields.Char(required=True, help="Kept with the lots and with the document.")

    @api.depends("res_model", "res_id")
    def _compute_lot_refusals(self):
        for wizard in self:
            wizard.lot_refusals = self.env["lot.gate"]._text_on(wizard._document())

    def _document(self):
        return self.env["lot.gate"]._document(self.res_model, self.res_id)

    def action_apply(self) -> dict | bool:
        """Let the lots pass, or have that signed first.

        :return: True, which closes the dialog; or the action that shows the document, where its
            own form was a dialog that this one took the place of; or the action that opens the
            dialog for the signature
        :raise UserError: when nothing is refused on the document
        """
        self.ensure_one()
        document = self._document()
        signing = self.env["lot.signing"]
        step = signing._step_of("override", document)
        if step:
            return signing._ask(step, document, {"reason": self.reason})
        self.env["lot.gate"]._let_pass(document, self.reason)
        return document.get_formview_action() if self.env.context.get(OPEN_DOCUMENT) else True
