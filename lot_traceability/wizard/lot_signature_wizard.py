from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError


class LotSignatureWizard(models.TransientModel):
    """Asks who signs, with what meaning and why; then does what is signed. What is wrong is said
    in the dialog, which keeps all but the password."""

    _name = "lot.signature.wizard"
    _description = "Sign"

    step_id = fields.Many2one("lot.signature.step", readonly=True)
    step_name = fields.Char(related="step_id.name")
    res_model = fields.Char()
    res_ids = fields.Json()
    step_values = fields.Json()
    request_id = fields.Many2one("lot.signature.request", "Signed first", readonly=True)
    summary = fields.Text(compute="_compute_summary")
    first_signed = fields.Char(compute="_compute_summary")
    two_persons = fields.Boolean(related="step_id.second_signer")
    reason_required = fields.Boolean(related="step_id.reason_required")
    signer = fields.Char(compute="_compute_asked")
    login_asked = fields.Boolean(compute="_compute_asked")
    totp_asked = fields.Boolean(compute="_compute_asked")
    passkey_offered = fields.Boolean(compute="_compute_asked")
    meaning_ids = fields.Many2many(
        "lot.signature.meaning", string="Meanings", compute="_compute_meaning_ids"
    )
    meaning_id = fields.Many2one(
        "lot.signature.meaning",
        compute="_compute_meaning_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', meaning_ids)]",
    )
    reason = fields.Char(compute="_compute_reason", store=True, readonly=False)
    login = fields.Char("User name")
    # Never stored: given to `action_sign` alone.
    password = fields.Char(store=False)
    totp = fields.Char("Code of the app", store=False)
    problem = fields.Char(readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if values.get("request_id"):
            request = self.env["lot.signature.request"].browse(values["request_id"])
            request.check_access("read")
            values["step_id"] = request.step_id.id
        return values

    @api.depends("res_model", "res_ids", "step_values", "request_id")
    def _compute_summary(self):
        for wizard in self:
            request = wizard.request_id
            wizard.first_signed = request and self.env._(
                "%(name)s has signed on %(when)s: %(meaning)s. %(reason)s",
                name=request.first_user_id.name,
                when=request.first_local,
                meaning=request.first_meaning,
                reason=request.first_reason or "",
            )
            wizard.summary = request.summary if request else wizard._asked_for()

    @api.depends_context("uid")
    @api.depends("step_id")
    def _compute_asked(self):
        credentials = self.env["lot.signing.credentials"]
        series = credentials._in_series()
        for wizard in self:
            wizard.signer = self.env.user.name
            wizard.login_asked = not series
            wizard.totp_asked = credentials._totp_asked(series)
            wizard.passkey_offered = credentials._has_passkey()

    @api.depends("step_id")
    def _compute_meaning_ids(self):
        for wizard in self:
            wizard.meaning_ids = wizard.step_id.meaning_ids

    @api.depends("step_id")
    def _compute_meaning_id(self):
        for wizard in self:
            offered = wizard.step_id.meaning_ids
            wizard.meaning_id = offered if len(offered) == 1 else False

    @api.depends("step_values")
    def _compute_reason(self):
        for wizard in self:
            wizard.reason = (wizard.step_values or {}).get("reason") or wizard.reason

    def _records(self):
        return self.env["lot.signature"]._signed_records(self.res_model, self.res_ids or [])

    def _asked_for(self) -> str:
        subject = self.env["lot.signing"]._subject(self._records())
        return subject._signature_summary(self.step_id.code, self.step_values or {})

    def action_sign(self) -> dict[str, Any]:
        """Sign; user name, password, code or passkey come in the context, so that no table ever
        holds them.

        :return: a message of what was done, after which the dialog closes; or the dialog again,
            with what is wrong
        """
        self.ensure_one()
        given = {
            name: self.env.context.get(f"sign_{name}") or ""
            for name in ("login", "password", "totp", "passkey")
        }
        clean = {
            name: value
            for name, value in self.env.context.items()
            if not name.startswith(("sign_", "default_"))
        }
        wizard = self.with_context(clean)  # pylint: disable=context-overridden  # without those
        try:
            signature = wizard._verified(given)
        except UserError as error:
            return wizard._again(str(error))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": wizard._sign(signature),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _verified(self, given: dict[str, str]) -> dict[str, Any]:
        """What the signature says, once it is clear who signs."""
        meaning, reason = self.meaning_id.code or "", self.reason or ""
        if self.request_id:
            return self.request_id._verified(given, meaning, reason)
        step = self.env["lot.signing"]._step_of(self.step_id.code or "", self._records())
        if not step:
            raise UserError(self.env._("This needs no signature any more: do it without one."))
        return self.env["lot.signing"]._verified(step, given, meaning, reason)

    def _sign(self, signature: dict[str, Any]) -> str:
        """Do what is signed.

        :return: what was done, for the signer
        """
        if self.request_id:
            return self._done_text(self.request_id._complete(signature))
        signing, records = self.env["lot.signing"], self._records()
        step = signing._step_of(self.step_id.code, records)
        signatures, request = signing._sign(step, records, self.step_values or {}, signature)
        if request:
            return self.env._("Signed. It is done when a second person has signed as well.")
        return self._done_text(signatures)

    def _done_text(self, signatures) -> str:
        names = list(dict.fromkeys(signatures.mapped("record_name")))
        return self.env._(
            "Signed: %(step)s, %(names)s",
            step=self.step_id.name,
            names=", ".join(names[:3]) + ("…" if names[3:] else ""),
        )

    def _again(self, problem: str) -> dict[str, Any]:
        self.problem = problem
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "medium"},
        }
