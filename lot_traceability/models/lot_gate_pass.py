from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.http import request

from .stock_lot_status import listed

# Where the web client sends the press of a button; programs never do.
_BUTTON = "/web/dataset/call_button"


class LotGate(models.AbstractModel):
    """How quality lets refused lots pass on a document, whichever app it is of."""

    _inherit = "lot.gate"

    @api.model
    def _refusals_on(self, document) -> list[tuple]:
        """(line, lot, code, terms) of what this document has still to move and may not."""
        return self._refusals(self._lines_to_judge(document), leaves=True)

    @api.model
    def _text_on(self, document) -> str | bool:
        """What is refused on this document, one line a lot; False when nothing is."""
        return "\n".join(self._refusal_rows(self._refusals_on(document))) or False

    @api.model
    def _document(self, model: str, document_id: int):
        """A document that this user may decide on.

        :raise UserError: when it is none that moves lots
        :raise AccessError: when the user may not read it, or may not write it where it is none of
            those that show to each reader what is refused
        """
        if model not in self.env["stock.move"]._document_models():
            raise UserError(self.env._("Lots pass on documents that move them, and on no other."))
        document = self.env[model].browse(document_id)
        document.check_access("read")
        if not self._shows_refusals(document):
            document.check_access("write")
        return document.exists()

    @api.model
    def _shows_refusals(self, document) -> bool:
        """Whether the form of this document has a banner with the button that lets lots pass."""
        return "lot_refusals" in document._fields

    @api.model
    def _let_pass(self, document, reason: str):
        """Note that quality lets the lots pass that the gate refuses on this document.

        :return: what was noted, a `lot.gate.override` for each lot
        :raise UserError: when nothing is refused there
        """
        refused = {}
        for line, lot, code, terms in self._refusals_on(document):
            refused.setdefault(lot, self._reason(lot, code, terms, line.company_id))
        if not refused:
            raise UserError(self.env._("No lot of this document is refused."))
        overrides = self.env["lot.gate.override"].create(
            [
                {
                    "lot_id": lot.id,
                    "refused_for": why,
                    "reason": reason,
                    "res_model": document._name,
                    "res_id": document.id,
                    "document_name": document.display_name,
                    "company_id": document.company_id.id or self.env.company.id,
                }
                for lot, why in refused.items()
            ]
        )
        rows = "; ".join(f"{lot.name}: {why}" for lot, why in refused.items())
        note = self.env._("Let pass: %(lots)s. Reason: %(reason)s", lots=rows, reason=reason)
        # sudo: the note tells what the user was allowed to do, who may not write orders or lots
        document.sudo().message_post(body=note)
        for lot in refused:
            lot._post_lines(
                [
                    self.env._(
                        "Let pass on %(document)s. Reason: %(reason)s",
                        document=document.display_name,
                        reason=reason,
                    )
                ]
            )
        return overrides

    @api.model
    def _redirect(self, refusals: list[tuple]) -> RedirectWarning | None:
        """The refusal with the button that lets these lots pass, for a person of quality whose
        document has no such button; None for everybody else, programs above all: they read a
        `UserError`, and so does code that goes on after one."""
        if not (request and request.httprequest.path.startswith(_BUTTON)):
            return None
        documents = {line.move_id._lot_document() for line, *_rest in refusals}
        document = documents.pop()
        if documents or not document or self._shows_refusals(document):
            return None
        # The person decides, whatever rights the code has that moves the goods.
        env = self.env(su=False)
        document = document.with_env(env)
        if not env["lot.gate.override"].has_access("create"):
            return None
        if not (document.has_access("read") and document.has_access("write")):
            return None
        return RedirectWarning(
            self.env._(
                "These lots may not go:\n%(lots)s\n\nTake other lots. Where there is a reason to "
                "use them all the same, let them pass and press the button again.",
                lots=listed(self.env, self._refusal_rows(refusals), 20, "\n"),
            ),
            self.env.ref("lot_traceability.lot_gate_override_wizard_action").id,
            self.env._("Let them pass"),
            {"default_res_model": document._name, "default_res_id": document.id},
        )
