import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from .lot_gate_signature import SignedDocument

# Context key. What has just been signed, for the place that demands it. Its value is an `Act`:
# nothing that comes in over the wire can be one.
SIGNING = "lot_signing_act"


@dataclass(frozen=True)
class Act:
    """One act of signing, of which the credentials have been checked."""

    code: str
    model: str
    ids: frozenset[int]
    signatures: tuple[dict[str, Any], ...]
    """Of the one who signs, or of both: the values that are the same under each record."""


class LotSigning(models.AbstractModel):
    """Signing: where a signature is demanded, and what follows when it is given.

    The demand is a hard stop in the method that does the step, whichever way it is reached. What
    the system does by its own rules (sudo) is nobody's act and is not signed.
    """

    _name = "lot.signing"
    _description = "Signing"

    # -- the demand ------------------------------------------------------------------------------

    @api.model
    def _step_of(self, code: str, records):
        """The step that has to be signed before this is done with these records; empty where
        none has to be. No query where the firm has nothing signed."""
        steps = self.env["lot.signature.step"]
        if self.env.su or not steps._demanded_ids():
            return steps
        companies = self._companies(records)
        found = steps.union(*(steps._demanded(code, company) for company in companies))
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "The companies of these records sign “%s” differently: do it for each company "
                    "by itself.",
                    found[0].name,
                )
            )
        return found

    @api.model
    def _companies(self, records):
        if "company_id" not in records._fields:
            return self.env.company
        # sudo: in which company a record is, to know its rule
        return records.sudo().mapped(lambda record: record.company_id or self.env.company)

    @api.model
    def _demand(self, code: str, records, values: dict[str, Any] | None = None) -> None:
        """Stop here unless the step needs no signature or these records have just been signed.

        :param code: code of a `lot.signature.step`
        :param values: what is to be done with the records, for `_signed_<code>`
        :raise UserError: names the step and the ways to sign it
        """
        step = self._step_of(code, records)
        if not step or self._given(code, records):
            return
        message = self.env._(
            "“%(step)s” of %(names)s has to be signed. Sign it in the dialog that opens there, or "
            "over the API with the method “sign” of lot.signature.",
            step=step.name,
            names=", ".join(records[:3].mapped("display_name")) + ("…" if records[3:] else ""),
        )
        if values is None or self.env["lot.audit.origin"]._origin()["via"] != "web":
            raise UserError(message)
        # Somebody saves a form: let them sign what they have changed.
        raise RedirectWarning(message, self._ask(step, records, values), self.env._("Sign"))

    @api.model
    def _given(self, code: str, records) -> bool:
        act = self.env.context.get(SIGNING)
        return (
            isinstance(act, Act)
            and act.code == code
            and act.model == records._name
            and act.ids.issuperset(records.ids)
        )

    @api.model
    def _ask(self, step, records, values: dict[str, Any]) -> dict[str, Any]:
        """The action that opens the dialog in which the step is signed, and then done."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_signature_wizard_action"
        )
        asked = {
            "default_step_id": step.id,
            "default_res_model": records._name,
            "default_res_ids": records.ids,
            "default_step_values": values,
        }
        return {**action, "context": {**asked, "dialog_size": "medium"}}

    # -- the act ---------------------------------------------------------------------------------

    @api.model
    def _sign(self, step, records, values: dict[str, Any], signature: dict[str, Any]):
        """Do what is signed or, where two have to sign, note the first.

        :param signature: from `_verified`
        :return: (signatures, request that waits for the second signer): one of both is empty
        :raise UserError: when the step cannot be done
        """
        if not step.second_signer:
            act = Act(step.code, records._name, frozenset(records.ids), (signature,))
            return self._do(act, records, values), self.env["lot.signature.request"]
        asked = {**values, "signed_reason": signature["reason"]}
        self._subject(records)._check_signed(step.code, asked)
        request = self.env["lot.signature.request"]._open(step, records, values, signature)
        return self.env["lot.signature"], request

    @api.model
    def _verified(self, step, credentials, meaning: str, reason: str) -> dict[str, Any]:
        """Check who signs. Nothing is changed by that.

        :return: what the signature says, the same under each record
        :raise AccessError: when the user may not sign the step
        :raise UserError: when meaning, reason or credentials are missing or wrong
        """
        step._check_signer(self.env.user)
        meaning = step._check_meaning(meaning)
        reason = (reason or "").strip()
        if step.reason_required and not reason:
            raise UserError(self.env._("“%s” needs a reason: say why in a few words.", step.name))
        method = self.env["lot.signing.credentials"]._verify(credentials, step)
        user = self.env.user
        return {
            "step_id": step.id,
            "step_name": step.name,
            "user_id": user.id,
            "login": user.login,
            "signer": user.name,
            "signed_on": fields.Datetime.to_string(fields.Datetime.now()),
            "zone": user.tz or "UTC",
            "meaning": meaning.name,
            "meaning_code": meaning.code,
            "reason": reason,
            "method": method,
            "act": uuid.uuid4().hex,
        }

    @api.model
    def _do(self, act: Act, records, values: dict[str, Any]):
        """Do what has been signed, and put the signatures under it."""
        reason = act.signatures[-1]["reason"]
        subject = self._subject(records.with_context(**{SIGNING: act}))
        signed = subject._do_signed(act.code, {**values, "signed_reason": reason})
        clean = {key: value for key, value in self.env.context.items() if key != SIGNING}
        return self.env["lot.signature"]._put(signed.with_context(clean), act.signatures)  # pylint: disable=context-overridden  # the signature is not to be taken twice

    @api.model
    def _subject(self, records):
        """What does the step, as `lot.signable` says."""
        return records if hasattr(records, "_do_signed") else SignedDocument(records)

    # -- for people ------------------------------------------------------------------------------

    @api.model
    def _local(self, instant: datetime, zone: str) -> str:
        """The date and time of a signature as the signer's clock had it."""
        moment = fields.Datetime.context_timestamp(self.with_context(tz=zone), instant)
        return f"{moment:%Y-%m-%d %H:%M:%S} {zone}"
