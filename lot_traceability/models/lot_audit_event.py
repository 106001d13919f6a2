import json
from collections.abc import Iterable
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .lot_audit_tables import create_tables

# What a transaction has noted and not yet written, and who it was.
WAITING = "lot_traceability.audit"
ACTORS = "lot_traceability.audit.actors"
NAMES = "lot_traceability.audit.names"
KINDS = [
    ("baseline", "As it was found"),
    ("created", "Created"),
    ("changed", "Changed"),
    ("renamed", "Renamed"),
    ("status", "Status changed"),
    ("deleted", "Deleted"),
    ("deletion_refused", "Deletion refused"),
    ("split", "Split"),
    ("merged", "Merged"),
    ("relabelled", "Relabelled"),
    ("moved", "Moved"),
    ("consumed", "Consumed"),
    ("produced", "Produced"),
    ("corrected", "Done line corrected"),
    ("fefo", "Reserved or taken against FEFO"),
    ("override", "Let pass by quality"),
    ("printed", "Label printed"),
    ("reprinted", "Label printed again"),
    ("scanned", "Scan received"),
    ("traced", "Trace run"),
    ("exported", "Export run"),
    ("imported", "Import run"),
    ("configured", "Configuration changed"),
    ("rights", "Rights changed"),
    ("signed", "Signed"),
    ("signature_failed", "Signature failed"),
    ("signature_locked", "Signatures locked"),
    ("signature_void", "Signature void"),
    ("reviewed", "Log reviewed"),
    ("verified", "Log verified"),
    ("archived", "Log archived"),
    ("key", "Key of the seal changed"),
    ("bypassed", "Changed past Odoo"),
    ("recall", "Step of a recall"),
    ("passed", "Passed an RFID reader"),
    ("counted", "Counted by RFID"),
    ("tagged", "RFID tags registered"),
    ("key_refused", "Key refused"),
    ("fsma", "Record under FSMA 204"),
    ("cleaned", "Clean-up"),
]


class LotAuditEvent(models.Model):
    """One thing that happened, as it was told in the transaction in which it happened.

    The `body` is the record: JSON text, hashed byte for byte when the event is sealed. All other
    columns are generated from it by PostgreSQL, which refuses to change or remove a row.
    """

    _name = "lot.audit.event"
    _description = "Audit event"
    _order = "id desc"
    _auto = False
    _rec_name = "kind"

    at = fields.Datetime("Time", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    res_model = fields.Char("Kind of record", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    document = fields.Char(readonly=True)
    body = fields.Text(readonly=True)

    def init(self):
        create_tables(self.env.cr)

    # -- writing: the only way -----------------------------------------------------------------

    @api.model
    def _record(
        self,
        kind: str,
        *,
        record=None,
        lot=None,
        product=None,
        company=None,
        document=None,
        changes: dict[str, list] | None = None,
        data: dict[str, Any] | None = None,
        why: str | bool = "",
        actor: dict[str, Any] | None = None,
    ) -> None:
        """Note an event. It is written in one go with all others of this transaction when that is
        flushed: no change without its event, no event without its change.

        :param kind: one of `KINDS`
        :param record: the record that it is about (the lot unless given), or how `_reference`
            names it
        :param lot: the lot on whose history it belongs
        :param product: that of the lot unless given
        :param document: the transfer, order, … with which it happened
        :param changes: {field name: [before, after]} as JSON values
        :param data: what else is to be known, as JSON values
        :param why: the reason, where the rule asks for one
        :param actor: who did it, as `_actor` said then, where that is told only now
        """
        # sudo: the log names what the user has touched, whether or not its name may be read; the
        # company and the lot below as well
        lot = lot.sudo() if lot else lot
        record = record or lot
        product = product or (lot and lot.product_id)
        company = company or (lot and lot.company_id) or self.env.company
        event = {
            "kind": kind,
            **(actor or self._actor()),
            "company": self._company_named(company),
            "lot": lot and {"id": lot.id, "name": lot.name},
            "product": product and {"id": product.id, "name": self._product_name(product)},
            "record": self._reference(record),
            "document": self._reference(document),
            "changes": changes,
            "data": data,
            "why": (why or "").strip(),
        }
        self._waiting().append({key: value for key, value in event.items() if value})

    @api.model
    def _record_apart(self, kind: str, **details) -> None:
        """Note an event that has to stay although the transaction may be rolled back, or may not
        write: what was refused, what was read on a replica. Details as in `_record`."""
        with self.env.registry.cursor() as cr:
            env = self.env(cr=cr)
            moved = {
                name: value.with_env(env) if isinstance(value, models.BaseModel) else value
                for name, value in details.items()
            }
            env["lot.audit.event"]._record(kind, **moved)

    @api.model
    def _actor(self) -> dict[str, Any]:
        """Who acts here, and from where; found out once for all events of a transaction."""
        known = self.env.cr.precommit.data.setdefault(ACTORS, {})
        if self.env.uid not in known:
            known[self.env.uid] = {
                "who": self._who(),
                "from": self.env["lot.audit.origin"]._origin(),
                "zone": self.env.user.tz or "UTC",
            }
        return known[self.env.uid]

    @api.model
    def _who(self) -> dict[str, Any]:
        """The user, and on whose behalf where that is somebody else."""
        # sudo: who acts is told, even to those who may not read users
        user = self.env.user.sudo()
        who = {"id": user.id, "login": user.login, "name": user.name}
        session = self.env["lot.audit.origin"]._session_user()
        if session and session != user.id:
            acting = user.browse(session)
            who["by"] = {"id": acting.id, "login": acting.login, "name": acting.name}
        return who

    @api.model
    def _reference(self, record) -> dict[str, Any] | None:
        """How a record is named; found out once for all events of a transaction."""
        if not record or isinstance(record, dict):
            return record or None
        known = self.env.cr.precommit.data.setdefault(NAMES, {})
        key = (record._name, record.id)
        if key not in known:
            # sudo: as in `_record`
            name = record.sudo().display_name
            known[key] = {"model": record._name, "id": record.id, "name": name}
        return known[key]

    @api.model
    def _product_name(self, product) -> str:
        """As people know it. Its display name asks for the attributes of variants, which most
        products have not, for each document."""
        known = self.env.cr.precommit.data.setdefault(NAMES, {})
        if ("product", product.id) not in known:
            known["product", product.id] = self._product_text(product)
        return known["product", product.id]

    @api.model
    def _company_named(self, company) -> dict[str, Any]:
        known = self.env.cr.precommit.data.setdefault(NAMES, {})
        if ("company", company.id) not in known:
            # sudo: as in `_record`
            known["company", company.id] = {"id": company.id, "name": company.sudo().name}
        return known["company", company.id]

    @api.model
    def _product_text(self, product) -> str:
        # sudo: as in `_record`
        product = product.sudo()
        if product.combination_indices:
            return product.display_name
        return f"[{product.default_code}] {product.name}" if product.default_code else product.name

    @api.model
    def _named(self, model: str, record_id: int) -> dict[str, Any]:
        """The same without the model, where the field tells it."""
        known = self.env.cr.precommit.data.setdefault(NAMES, {})
        found = known.get((model, record_id))
        if found is None and model in ("product.product", "lot.status"):
            record = self.env[model].browse(record_id)
            name = (
                self._product_name(record) if model == "product.product" else record._known_code()
            )
            found = known[model, record_id] = {"model": model, "id": record_id, "name": name}
        elif found is None:
            found = self._reference(self.env[model].browse(record_id))
        return {"id": record_id, "name": found["name"]}

    @api.model
    def _waiting(self) -> list[dict]:
        data = self.env.cr.precommit.data
        if WAITING not in data:
            data[WAITING] = []
            self.env.cr.precommit.add(self._flush_events)
        return data[WAITING]

    @api.model
    def _flush_events(self) -> None:
        """Write what this transaction has noted: one statement."""
        self.env["stock.lot"]._tell_touched()
        self.env["stock.move.line"]._tell_chosen()
        self.env["stock.move.line"]._tell_moved()
        events = self.env.cr.precommit.data.pop(WAITING, None)
        if events:
            # A lot is there before it moves.
            events.sort(key=lambda event: event["kind"] != "created")
            self._insert(map(self._body, events))

    @api.model
    def _body(self, event: dict) -> str:
        """The text of an event, on one line. PostgreSQL takes no NUL and no half of a character."""
        text = json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=str)
        return text.replace("\\u0000", "").encode("utf-8", "replace").decode()

    @api.model
    def _insert(self, bodies: Iterable[str]) -> None:
        self.env.cr.execute(
            SQL(
                "WITH new AS (INSERT INTO lot_audit_event (body) SELECT * FROM unnest(%s) "
                "RETURNING id) INSERT INTO lot_audit_pending SELECT id FROM new",
                list(bodies),
            )
        )
        self.invalidate_model(flush=False)

    # -- nobody else -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self._refused())

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self._refused())

    def unlink(self):  # pylint: disable=method-required-super  # nobody may
        raise UserError(  # pylint: disable=no-raise-unlink  # not even when uninstalling
            self._refused()
        )

    @api.model
    def _refused(self) -> str:
        return self.env._("The audit log is evidence: nobody writes, changes or removes events.")

    def action_prove(self) -> dict:
        """Prove that this event is in the log as it was sealed, and say so.

        :return: a notification
        """
        self.ensure_one()
        self.check_access("read")
        if not self.block_number:
            return self._warning(
                self.env._("This event is not sealed yet. Try again in about a minute.")
            )
        verification = self.env["lot.audit.verification"]
        found = verification.prove_event(self.id)
        text = self.env._(
            "This event is in block %(block)s as it was sealed, proved by %(hashes)s hashes.",
            block=found["block"],
            hashes=found["hashes"],
        )
        return verification._notify(found, text)

    # -- reading ---------------------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        # Whoever reads the log sees what the running transaction has done.
        self.env.cr.flush()
        return super()._search(domain, *args, **kwargs)
