import json
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from ..tools.signed_content import canonical, difference, digest, matches

# What a transaction changes of records that may be signed.
CHANGED = "lot_traceability.signed.changed"
# What a signature says besides its record: stands in the text that is signed, and in columns.
_SAID = (
    "step_name",
    "login",
    "signer",
    "signed_on",
    "zone",
    "meaning",
    "meaning_code",
    "reason",
    "method",
    "act",
)

METHODS = [
    ("password", "User name and password"),
    ("series:password", "Password, in a series of signatures"),
    ("password+totp", "User name, password and code of an authenticator app"),
    ("passkey", "Passkey"),
]


class LotSignature(models.Model):
    """One person's signature under one record: printed name, date and time, meaning (21 CFR
    11.50), bound to what was signed (11.70). Made by `_put` alone; nobody changes or removes it.
    Whether it still holds is worked out from the record each time it is read."""

    _name = "lot.signature"
    _description = "Signature"
    _order = "id desc"
    _rec_name = "signer"

    res_model = fields.Char("Kind of record", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char("What was signed", required=True, readonly=True)
    lot_id = fields.Many2one(
        "stock.lot", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    document_model = fields.Char("Kind of document", readonly=True)
    document_id = fields.Many2oneReference(model_field="document_model", readonly=True)
    document_name = fields.Char("On document", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="restrict"
    )
    step_id = fields.Many2one(
        "lot.signature.step", required=True, readonly=True, ondelete="restrict"
    )
    step_name = fields.Char("Signed step", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", required=True, index=True, readonly=True, ondelete="restrict"
    )
    login = fields.Char("User name", required=True, readonly=True)
    signer = fields.Char("Signed by", required=True, readonly=True, help="As printed")
    signed_on = fields.Datetime("Signed on (UTC)", required=True, readonly=True)
    zone = fields.Char("Time zone", required=True, readonly=True, help="Of the signer")
    signed_local = fields.Char("Signed on", compute="_compute_signed_local")
    meaning = fields.Char(required=True, readonly=True)
    meaning_code = fields.Char(required=True, readonly=True)
    reason = fields.Char(readonly=True)
    method = fields.Selection(METHODS, "Signed with", required=True, readonly=True)
    act = fields.Char(required=True, readonly=True, help="The same for all that was signed at once")
    snapshot = fields.Text("Signed text", required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True, help="$version$SHA-256 of the signed text")
    state = fields.Selection(
        [("valid", "Valid"), ("void", "Void")], compute="_compute_state", string="Status"
    )
    difference = fields.Text("Why it is void", compute="_compute_state")

    _record = models.Index("(res_model, res_id)")
    _document = models.Index("(document_model, document_id) WHERE document_id IS NOT NULL")

    def init(self):
        result = super().init()
        # As for the audit log: PostgreSQL refuses it to whoever comes past Odoo.
        self.env.cr.execute(
            SQL(
                "DROP TRIGGER IF EXISTS lot_signature_refuse ON lot_signature; "
                "CREATE TRIGGER lot_signature_refuse BEFORE UPDATE OR DELETE ON lot_signature "
                "FOR EACH ROW EXECUTE FUNCTION lot_audit_refuse(); "
                "ALTER TABLE lot_signature ENABLE ALWAYS TRIGGER lot_signature_refuse"
            )
        )
        return result

    # -- signing over the API --------------------------------------------------------------------

    @api.model
    def sign(
        self,
        step: str,
        res_model: str,
        res_ids: list[int],
        credentials: dict[str, str],
        meaning: str,
        reason: str = "",
        values: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Sign a step, and have it done. 21 CFR 11.200: an integration has no session, so that all
        components of the signature are asked each time.

        :param step: code of the step: "release" or "end_hold" (records: stock.lot; values:
            {"status": code of the new status}), "override" (records: the document with the refused
            lots), "correction" (records: stock.move.line; values: what to write)
        :param credentials: {"login", "password"} of the calling user, and "totp" where the user has
            an authenticator app. An API key is no password.
        :param meaning: "authorship", "review", "approval", "responsibility" or another one that the
            step offers
        :return: {"signature_ids": […], "request_id": id of the request that waits for a second
            signer, or False}
        :raise AccessError: when the user may not sign this step, or not do it
        :raise UserError: when nothing has to be signed, or the signature is not valid
        """
        records = self._signed_records(res_model, res_ids)
        found = self.env["lot.signing"]._step_of(step, records)
        if not found:
            raise UserError(self.env._("“%s” needs no signature here: do it without one.", step))
        signing = self.env["lot.signing"]
        signature = signing._verified(found, credentials, meaning, reason)
        signatures, request = signing._sign(found, records, values or {}, signature)
        return {"signature_ids": signatures.ids, "request_id": request.id}

    @api.model
    def _signed_records(self, res_model: str, res_ids: list[int]):
        """The records that are to be signed.

        :raise UserError: when there are none, or records of this kind are not signed
        """
        model = self.env.get(res_model)
        documents = self.env["stock.move"]._document_models()
        if model is None or not (hasattr(model, "_do_signed") or res_model in documents):
            raise UserError(self.env._("Records of “%s” are not signed.", res_model))
        records = model.browse(res_ids).exists()
        if not records or len(records) != len(set(res_ids)):
            raise UserError(
                self.env._("What is to be signed does not exist any more: look it up again.")
            )
        records.check_access("read")
        return records

    # -- putting it under a record ---------------------------------------------------------------

    @api.model
    def _put(self, records, said: tuple[dict[str, Any], ...]):
        """Put the same signatures under each of these records, as they are now."""
        vals_list = []
        for record in records:
            # sudo: the text holds what the record says, not what its signer may read of it
            record = record.sudo()
            facts = record._signature_facts()
            place = record._signature_place()
            of = {"model": record._name, "id": record.id, "name": record.display_name}
            for values in said:
                text = canonical(
                    {"of": of, "facts": facts, "said": {name: values[name] for name in _SAID}}
                )
                vals_list.append(
                    {
                        **values,
                        "res_model": record._name,
                        "res_id": record.id,
                        "record_name": record.display_name,
                        "lot_id": place.get("lot") and place["lot"].id,
                        "document_model": place.get("document") and place["document"]._name,
                        "document_id": place.get("document") and place["document"].id,
                        "document_name": place.get("document") and place["document"].display_name,
                        "company_id": (place.get("company") or self.env.company).id,
                        "snapshot": text,
                        "digest": digest(text),
                    }
                )
        # sudo: a signature is made by signing and in no other way
        signatures = self.sudo().create(vals_list).sudo(self.env.su)
        if not self._any():
            self.env.registry.clear_cache()
        for signature in signatures:
            signature._tell("signed", {"method": signature.method}, why=signature.reason)
        return signatures

    def _tell(self, kind: str, data: dict[str, Any], **details) -> None:
        # sudo: the log names the record, whoever made it change
        found = self.sudo()
        document = found.document_id and self.env[found.document_model].browse(found.document_id)
        self.env["lot.audit.event"]._record(
            kind,
            record=found,
            lot=found.lot_id,
            company=found.company_id,
            document=document or None,
            data={
                "of": {"model": found.res_model, "id": found.res_id, "name": found.record_name},
                "step": found.step_name,
                "signer": found.signer,
                "meaning": found.meaning,
                "signed_on": f"{found.signed_on} UTC",
                "signed_local": found.signed_local,
                "digest": found.digest,
                **data,
            },
            **details,
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("A signature is made by signing."))
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env._("A signature is evidence and cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A signature is evidence and cannot be deleted."))

    # -- does it still hold? ---------------------------------------------------------------------

    @api.depends("signed_on", "zone")
    def _compute_signed_local(self):
        for signature in self:
            signature.signed_local = signature.signed_on and self.env["lot.signing"]._local(
                signature.signed_on, signature.zone
            )

    @api.depends_context("uid")
    def _compute_state(self):
        for signature in self:
            rows = signature._differences()
            signature.state = "void" if rows else "valid"
            signature.difference = "\n".join(map(signature._difference_text, rows))

    def differences(self) -> list[dict[str, Any]]:
        """What makes these signatures void.

        :return: for each signature {"id", "state": "valid" or "void", "signer", "meaning",
            "signed_on" (UTC), "signed_local", "differences": [{"name", "label", "signed",
            "present"}]}; a value that is not there is False
        :raise AccessError: when the user may not read signatures
        """
        self.check_access("read")
        answer = []
        for signature in self:
            rows = signature._differences()
            answer.append(
                {
                    "id": signature.id,
                    "state": "void" if rows else "valid",
                    "signer": signature.signer,
                    "meaning": signature.meaning,
                    "signed_on": f"{signature.signed_on}+00:00",
                    "signed_local": signature.signed_local,
                    "differences": [
                        {
                            "name": row["name"],
                            "label": signature._label(row["name"]),
                            "signed": row["signed"] if row["signed"] is not None else False,
                            "present": row["present"] if row["present"] is not None else False,
                        }
                        for row in rows
                    ],
                }
            )
        return answer

    def _differences(self) -> list[dict[str, Any]]:
        """[{"name", "signed", "present"}] of what is not as it was signed."""
        self.ensure_one()
        # sudo: whether a signature holds does not depend on what its reader may see of the record
        signature = self.sudo()
        content = signature._intact_content()
        if content is None:
            return [{"name": "digest", "signed": signature.digest, "present": None}]
        model = self.env.get(signature.res_model)
        if model is None:
            return []  # The module that had it signed has gone; the text is still there.
        record = model.sudo().browse(signature.res_id).exists()
        if not record:
            return [{"name": "record", "signed": signature.record_name, "present": None}]
        return difference(content["facts"], record._signature_present(content["facts"]))

    def _intact_content(self) -> dict[str, Any] | None:
        """The signed text, taken apart; None where text, digest and columns do not agree."""
        sealed = self._sealed_digest()
        if not matches(self.snapshot, self.digest) or sealed not in (None, self.digest):
            return None
        content = json.loads(self.snapshot)
        columns = {name: self[name] or "" for name in _SAID}
        columns["signed_on"] = fields.Datetime.to_string(self.signed_on)
        of = content["of"]
        same = (of["model"], of["id"]) == (self.res_model, self.res_id)
        return content if same and columns == content["said"] else None

    def _sealed_digest(self) -> str | None:
        """The digest as the audit log has it; None where its event has gone into an archive."""
        query = SQL(
            "SELECT body::jsonb #>> '{data,digest}' FROM lot_audit_event "
            "WHERE res_model = %s AND res_id = %s AND kind = 'signed' ORDER BY id LIMIT 1",
            self._name,
            self.id,
        )
        rows = self.env.execute_query(query)
        return rows[0][0] if rows else None

    def _label(self, name: str) -> str:
        if name == "digest":
            return self.env._("Signed text")
        if name == "record":
            return self.env._("Signed record")
        model = self.env.get(self.res_model)
        return model._signature_label(name) if model is not None else name

    def _difference_text(self, row: dict[str, Any]) -> str:
        if row["name"] == "digest":
            return self.env._("The signature does not belong to its text: somebody changed it.")
        return self.env._(
            "%(label)s: %(signed)s → %(present)s",
            label=self._label(row["name"]),
            signed=_shown(row["signed"]),
            present=_shown(row["present"]),
        )

    # -- noticing a change -----------------------------------------------------------------------

    @api.model
    @ormcache()
    def _any(self) -> bool:
        """Has anything been signed? Where nothing is signed, no change asks the database."""
        return bool(self.sudo().search([], limit=1))  # sudo: kept for everybody

    @api.model
    def _mark_changed(self, model: str, ids) -> None:
        """These records change in this transaction: at its end their signatures are looked at."""
        if not ids or not self._any():
            return
        data = self.env.cr.precommit.data
        if CHANGED not in data:
            data[CHANGED] = {}
            self.env.cr.precommit.add(self._note_changed)
        data[CHANGED].setdefault(model, set()).update(ids)

    @api.model
    def _note_changed(self) -> None:
        """Tell once of each signature that this transaction makes void."""
        for model, ids in self.env.cr.precommit.data.pop(CHANGED, {}).items():
            self._note_void(model, list(ids))

    @api.model
    def _note_void(self, model: str, ids: list[int]) -> None:
        # sudo: as in `_differences`
        signatures = self.sudo().search([("res_model", "=", model), ("res_id", "in", ids)])
        told = signatures._told_void()
        for signature in signatures.filtered(lambda signature: signature.id not in told):
            rows = signature._differences()
            if rows:
                changes = {row["name"]: [row["signed"], row["present"]] for row in rows}
                signature._tell("signature_void", {}, changes=changes)

    def _told_void(self) -> set[int]:
        if not self:
            return set()
        events = self.env["lot.audit.event"].sudo()  # sudo: as in `_differences`
        found = events.search(
            [
                ("kind", "=", "signature_void"),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
            ]
        )
        return set(found.mapped("res_id"))


def _shown(value: Any) -> str:
    """A signed value for people."""
    if value is None or value is False or value == "":
        return "–"
    if isinstance(value, dict):
        return str(value.get("name") or ", ".join(str(part) for part in value.values()))
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return str(value)
