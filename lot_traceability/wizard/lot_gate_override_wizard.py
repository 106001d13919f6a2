from odoo import api, fields, models


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
            wizard.lot_refusals = wizard._document().lot_refusals

    def _document(self):
        """The document: only one that the gate stands before."""
        document = self.env[self.res_model].browse(self.res_id)
        document.check_access("read")
        return document if "lot_refusals" in document._fields else self.env["stock.picking"]

    def action_apply(self) -> bool | dict:
        """Let the lots pass, or have that signed first.

        :return: True, which closes the dialog, or the action that opens the one for the signature
        """
        self.ensure_one()
        document, signing = self._document(), self.env["lot.signing"]
        step = signing._step_of("override", document)
        if step:
            return signing._ask(step, document, {"reason": self.reason})
        document._let_pass(self.reason)
        return True
