import json
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.signed_content import canonical, difference, digest
from .lot_signing import Act

STATES = [("waiting", "Waiting"), ("done", "Done"), ("withdrawn", "Withdrawn")]


class LotSignatureRequest(models.Model):
    """A step that two persons sign, signed by the first. It is done when somebody else signs as
    well, and then in the name of both."""

    _name = "lot.signature.request"
    _description = "Step that waits for a second signature"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "summary"

    step_id = fields.Many2one(
        "lot.signature.step", required=True, readonly=True, ondelete="restrict"
    )
    summary = fields.Text("What is to be done", required=True, readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    step_values = fields.Json(required=True, readonly=True)
    first_user_id = fields.Many2one(
        "res.users", "Signed first by", required=True, readonly=True, ondelete="restrict"
    )
    first_signature = fields.Json(required=True, readonly=True)
    first_meaning = fields.Char("Meaning", readonly=True)
    first_reason = fields.Char("Reason", readonly=True)
    first_local = fields.Char("Signed on", readonly=True)
    snapshot = fields.Text("What was signed first", required=True, readonly=True)
    second_user_id = fields.Many2one(
        "res.users", "Second signer", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, default="waiting", required=True, readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    may_sign = fields.Boolean(compute="_compute_may_sign")

    @api.depends_context("uid")
    @api.depends("state", "first_user_id")
    def _compute_may_sign(self):
        user = self.env.user
        for request in self:
            group = request.sudo().step_id.group_id  # sudo: groups are not for every reader
            allowed = not group or group in user.all_group_ids
            request.may_sign = (
                request.state == "waiting" and request.first_user_id != user and allowed
            )

    # -- the first signer ------------------------------------------------------------------------

    @api.model
    def _open(self, step, records, values: dict[str, Any], signature: dict[str, Any]):
        """Note what the first has signed, and call for the second."""
        self._refuse_twice(step, records)
        facts = self._facts(records)
        # sudo: made by signing and in no other way
        request = self.sudo().create(
            {
                "step_id": step.id,
                "summary": self.env["lot.signing"]
                ._subject(records)
                ._signature_summary(step.code, values),
                "res_model": records._name,
                "res_ids": records.ids,
                "step_values": values,
                "first_user_id": self.env.uid,
                "first_signature": signature,
                "first_meaning": signature["meaning"],
                "first_reason": signature["reason"],
                "first_local": self.env["lot.signing"]._local(
                    fields.Datetime.to_datetime(signature["signed_on"]), signature["zone"]
                ),
                "snapshot": canonical({"facts": facts}),
                "company_id": self.env["lot.signing"]._companies(records)[:1].id,
            }
        )
        request._tell("signed", {"waiting": True, "digest": digest(request.snapshot)})
        request._call()
        return request.sudo(self.env.su)

    @api.model
    def _facts(self, records) -> dict[str, dict]:
        # sudo: as in `lot.signature._put`
        subject = self.env["lot.signing"]._subject
        return {str(record.id): subject(record.sudo())._signature_facts() for record in records}

    @api.model
    def _refuse_twice(self, step, records) -> None:
        # sudo: one that waits in another company stands in the way as well
        waiting = self.sudo().search([("state", "=", "waiting"), ("step_id", "=", step.id)])
        for request in waiting:
            if request.res_model == records._name and set(request.res_ids) & set(records.ids):
                raise UserError(
                    self.env._(
                        "This waits for a second signature already, since %(name)s signed it on "
                        "%(when)s. Sign or withdraw it under Traceability, Quality, Second "
                        "Signatures.",
                        name=request.first_user_id.name,
                        when=request.first_local,
                    )
                )

    def _creation_message(self):
        return self.env._("%s has signed; a second signature is asked.", self.first_user_id.name)

    def _call(self) -> None:
        """An activity for each who can be the second."""
        group = self.step_id.group_id or self.env.ref("lot_traceability.group_quality")
        users = group.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        for user in users - self.first_user_id - self.env.ref("base.user_root"):
            self.activity_schedule(
                "lot_traceability.activity_second_signature",
                user_id=user.id,
                note=self.env._(
                    "%s has signed; a second signature is asked.", self.first_user_id.name
                ),
            )

    # -- the second signer -----------------------------------------------------------------------

    def action_sign(self) -> dict[str, Any]:
        """Open the dialog in which the second person signs.

        :return: the window action of the dialog
        :raise UserError: when the user cannot be the second
        """
        self.ensure_one()
        self._check_second()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_signature_wizard_action"
        )
        context = {"default_request_id": self.id, "dialog_size": "medium"}
        return {**action, "context": context}

    def _check_second(self) -> None:
        self.check_access("read")
        if self.state != "waiting":
            raise UserError(
                self.env._("This does not wait any more: it is %s.", self._state_name().lower())
            )
        if self.first_user_id == self.env.user:
            raise UserError(
                self.env._("You have signed this first: the second signature is for somebody else.")
            )

    def _state_name(self) -> str:
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def sign(self, credentials: dict[str, str], meaning: str, reason: str = "") -> dict[str, Any]:
        """Sign as the second person; the step is then done in the name of both.

        :param credentials, meaning: as for `lot.signature.sign`
        :return: {"signature_ids": […]}: of both, under each record
        :raise AccessError: when the user may not sign this step, or not do it
        :raise UserError: when the user signed first, the signature is not valid, or the records
            have changed since the first signature
        """
        self.ensure_one()
        return {"signature_ids": self._complete(self._verified(credentials, meaning, reason)).ids}

    def _verified(self, credentials, meaning: str, reason: str) -> dict[str, Any]:
        """Check who signs; see `lot.signing._verified`."""
        self._check_second()
        step = self.sudo().step_id  # sudo: as in `_complete`
        # The reason of the first stands for both, unless the second has one of his own.
        reason = (reason or "").strip() or self.first_reason
        return self.env["lot.signing"]._verified(step, credentials, meaning, reason)

    def _complete(self, second: dict[str, Any]):
        """Do the step in the name of both.

        :param second: what the second signature says, from `_verified`
        """
        # sudo: whoever may sign may not write the request by hand
        request = self.sudo()
        # Of two who come at once the later one waits here, is done again and finds it done.
        self.env.cr.execute(
            SQL("SELECT FROM lot_signature_request WHERE id = %s FOR UPDATE", self.id),
            log_exceptions=False,
        )
        self._check_second()
        records = self.env[request.res_model].browse(request.res_ids).exists()
        request._check_unchanged(records)
        first = {**request.first_signature, "act": second["act"]}
        act = Act(request.step_id.code, records._name, frozenset(records.ids), (first, second))
        signatures = self.env["lot.signing"]._do(act, records, request.step_values)
        request.write({"state": "done", "second_user_id": self.env.uid})
        request._message_log(body=self.env._("%s has signed: done.", self.env.user.name))
        request.activity_unlink(["lot_traceability.activity_second_signature"])
        return signatures

    def _check_unchanged(self, records) -> None:
        """:raise UserError: when what the first signed is not so any more"""
        signed, present = json.loads(self.snapshot)["facts"], self._facts(records)
        subject = self.env["lot.signing"]._subject(records)
        for key in signed:
            rows = difference(signed[key], present.get(key, {}))
            if rows:
                raise UserError(
                    self.env._(
                        "%(record)s has changed since %(name)s signed (%(fields)s). Withdraw this "
                        "request and let %(name)s sign again.",
                        record=records.browse(int(key)).exists().display_name or key,
                        name=self.first_user_id.name,
                        fields=", ".join(subject._signature_label(row["name"]) for row in rows),
                    )
                )

    # -- taking it back --------------------------------------------------------------------------

    def withdraw(self) -> bool:
        """Take back requests that wait: their first signer, or a recall manager, may.

        :return: True
        :raise UserError: when one does not wait any more, or is somebody else's
        """
        self.check_access("read")
        for request in self:
            if request.state != "waiting":
                raise UserError(
                    self.env._(
                        "This does not wait any more: it is %s.", request._state_name().lower()
                    )
                )
            own = request.first_user_id == self.env.user
            if not own and not self.env.user.has_group("lot_traceability.group_recall_manager"):
                raise UserError(
                    self.env._(
                        "Only %s or a recall manager can withdraw this.", request.first_user_id.name
                    )
                )
            # sudo: who may withdraw was checked; nobody writes requests, their notes and activities
            request.sudo().write({"state": "withdrawn"})
            request.sudo()._message_log(
                body=self.env._("Withdrawn by %s: nothing was done.", self.env.user.name)
            )
            request.sudo().activity_unlink(["lot_traceability.activity_second_signature"])
            request._tell("changed", {"withdrawn": True})
        return True

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        request = self.sudo()  # sudo: as in `lot.signature._tell`
        records = self.env[request.res_model].sudo().browse(request.res_ids).exists()
        for record in records:
            place = self.env["lot.signing"]._subject(record)._signature_place()
            self.env["lot.audit.event"]._record(
                kind,
                record=request,
                lot=place.get("lot"),
                company=request.company_id,
                document=place.get("document"),
                data={
                    "of": {"model": record._name, "id": record.id, "name": record.display_name},
                    "step": request.step_id.name,
                    "signer": request.first_user_id.name,
                    "meaning": request.first_meaning,
                    "signed_local": request.first_local,
                    **data,
                },
                why=request.first_reason,
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was signed first is evidence and cannot be deleted."))
