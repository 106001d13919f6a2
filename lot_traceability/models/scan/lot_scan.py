import json
import logging
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, RedirectWarning, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from psycopg2 import OperationalError

from ...tools import scan_command
from ...tools.rpc_input import takes_anything
from ...tools.scan_choice import choice
from .lot_scan_flow import RefusedError

_logger = logging.getLogger(__name__)

# One request takes no more of them; what waits longer on a device comes with the next.
MOST = 50
# What was sent and answered is kept in full for so many days, unless the parameter says otherwise;
# that something was scanned, when, by whom and what came of it is kept for ever.
DAYS_IN_FULL = 90
_DAYS = "lot_traceability.scan_days_in_full"
_EMPTIED_AT_ONCE = 10_000


class LotScan(models.Model):
    """One thing that somebody did on a handheld, and what came of it. Written once: whoever sends
    it again gets the answer again, and nothing is done a second time."""

    _name = "lot.scan"
    _description = "Scan"
    _order = "id desc"
    _rec_name = "text"

    uid = fields.Char("Identity", required=True, readonly=True)
    follows = fields.Char("Answers", readonly=True, help="The refused scan that this one follows.")
    at = fields.Datetime("Scanned", required=True, readonly=True, help="By the device's clock.")
    create_date = fields.Datetime("Received", readonly=True)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, index=True, ondelete="restrict"
    )
    device_id = fields.Many2one("lot.scan.device", readonly=True, ondelete="set null")
    flow = fields.Char("Work", required=True, readonly=True)
    action = fields.Char(required=True, readonly=True)
    text = fields.Char("Code", readonly=True)
    typed = fields.Boolean(readonly=True, help="Typed by hand instead of scanned.")
    state = fields.Selection(
        [("done", "Done"), ("refused", "Refused")], required=True, readonly=True
    )
    message = fields.Char(readonly=True)
    typed_share = fields.Float(
        "Typed (%)",
        compute="_compute_shares",
        store=True,
        aggregator="avg",
        digits=(5, 1),
        help="100 or 0; on average, the share of codes that no scanner read.",
    )
    refused_share = fields.Float(
        "Refused (%)",
        compute="_compute_shares",
        store=True,
        aggregator="avg",
        digits=(5, 1),
        help="100 or 0; on average, the share of scans that were refused.",
    )
    lot_id = fields.Many2one("stock.lot", readonly=True, index="btree_not_null")
    res_model = fields.Char("Kind of document", readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", readonly=True)
    session = fields.Char(readonly=True, help="What the device calls work without a document.")
    data = fields.Json(readonly=True)
    answer = fields.Json(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)

    _unique_uid = models.Constraint("UNIQUE (uid)", "This scan was received already.")
    _session = models.Index("(session) WHERE session IS NOT NULL")
    _document = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _in_full = models.Index("(create_date) WHERE answer IS NOT NULL")
    # Scans come in the order of time: a few pages tell where a day lies.
    _received = models.Index("USING brin (create_date)")

    @api.depends("typed", "state")
    def _compute_shares(self):
        for scan in self:
            scan.typed_share = 100.0 if scan.typed else 0.0
            scan.refused_share = 100.0 if scan.state == "refused" else 0.0

    def action_open_document(self) -> dict[str, Any]:
        """Open the document on which this was done.

        :return: a window action
        :raise UserError: when there is none
        """
        self.ensure_one()
        if not self.res_id:
            raise UserError(self.env._("This scan belongs to no document."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }

    @api.model
    @takes_anything
    def send(
        self, commands: list[dict[str, Any]], device: dict[str, Any] | bool = False
    ) -> list[dict[str, Any]]:
        """Do what was done on a handheld, in this order, each thing exactly once.

        :param commands: at most 50 of {"uid": UUID, "at": ISO 8601, "flow": str, "action": str,
            "text": what was scanned, "typed": bool, "follows": UUID of the refused command that
            this one answers, "data": {…}}; which data an action takes stands in its flow
        :param device: {"uid": its identity, "name": str, "waiting": scans that wait
            besides these, "since": when the oldest of those was made, ISO 8601}
        :return: for each command {"uid", "state": "done" or "refused", "message": one sentence,
            "choices": [{"code", "label", "data", "asks"}], "document": as `lot.scan.document`
            gives it or False, "lot": as `lot.scan.identify` gives it or False, "repeated": bool,
            …}. What is refused has changed nothing; the choices say how to go on: send the command
            again under a new identity with the data of the choice, and what it asks for, added.
        :raise AccessError: without the right to work with lots
        :raise UserError: when what is sent is no list of commands, or too long
        """
        self._check_operator()
        if not isinstance(commands, list) or len(commands) > MOST:
            raise UserError(self.env._("Send a list of at most %s scans at once.", MOST))
        handheld = self.env["lot.scan.device"]._tell(device if isinstance(device, dict) else {})
        return [self._take(command, handheld) for command in commands]

    @api.model
    def _check_operator(self) -> None:
        self.env["stock.lot"].check_access("read")
        self.env["stock.move.line"].check_access("write")

    @api.model
    def _choices(self) -> dict[str, Any]:
        """What `start` tells besides: lists that the screens choose from, by key. Here, as each
        flow adds its own: reasons, statuses, label designs…"""
        return {}

    @api.model
    def _take(self, told: object, device) -> dict[str, Any]:
        """Do one command, or say again what came of it."""
        try:
            command = scan_command.read(told)
        except scan_command.CommandError as error:
            uid = told.get("uid") if isinstance(told, dict) else False
            return self._answer(
                uid or False,
                state="refused",
                message=self.env._(
                    "This scan cannot be read (%s). Reload the page and scan again.", error
                ),
            )
        self._wait_for_same(command.uid)
        # sudo: a device that was handed over may send again what its last user did
        known = self.sudo().search_fetch(
            [("uid", "=", command.uid)],
            ["answer", "user_id", "state", "message", "res_model", "res_id"],
            limit=1,
        )
        if known:
            return self._again(known, command)
        answer = self._try(command)
        self._keep(command, device, answer)
        return answer

    @api.model
    def _try(self, command) -> dict[str, Any]:
        """Do a command, or say why not. Nothing is half done then: what the command did until it
        was refused is taken back."""
        try:
            with self.env.cr.savepoint():
                return self._do(command)
        except RefusedError as refusal:
            message, choices = refusal.args[0], refusal.choices
        except (UserError, RedirectWarning) as refusal:
            message, choices = refusal.args[0] if refusal.args else "", []
        except (ConcurrencyError, OperationalError):
            # Odoo does the whole request again.
            raise
        except Exception:  # pylint: disable=broad-except  # else all that waits behind it is stuck
            _logger.exception("A scan could not be done: %s %s", command.flow, command.action)
            message = self.env._(
                "This cannot be done because of an error in Odoo. Try it again, or tell whoever "
                "administers Odoo."
            )
            choices = [choice("again", self.env._("Try again"))]
        return self._answer(command.uid, state="refused", message=str(message), choices=choices)

    @api.model
    def _wait_for_same(self, uid: str) -> None:
        """Whoever sends the same at the same time waits here until the first one is done, and then
        begins anew: what it has read so far is from before.

        :raise ConcurrencyError: Odoo does the request again
        """
        taken = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", uid)
        )[0][0]
        if not taken:
            self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", uid))
            raise ConcurrencyError(f"scan {uid} is being done already")

    @api.model
    def _again(self, known, command) -> dict[str, Any]:
        """What came of a command that was done before; its document as it is now."""
        if known.user_id != self.env.user:
            return self._answer(
                command.uid,
                state="refused",
                repeated=True,
                message=self.env._(
                    "This scan was sent by %s already. Nothing was done again.", known.user_id.name
                ),
            )
        kept = known.answer or self._answer(
            command.uid, state=known.state, message=known.message or ""
        )
        document = False
        if known.res_id:
            told = {"model": known.res_model, "id": known.res_id}
            document = self.env["lot.scan.flow"]._of(command.flow)._told(told)
        return {**kept, "document": document, "repeated": True}

    @api.model
    def _do(self, command) -> dict[str, Any]:
        flow = self.env["lot.scan.flow"]._of(command.flow)
        answer = self._answer(command.uid, **flow._apply(command))
        # What the flow left for the end of the transaction belongs to this command alone.
        self.env.flush_all()
        return answer

    @api.model
    def _answer(self, uid: str | bool, **told) -> dict[str, Any]:
        """The shape of an answer, with what is told."""
        return {
            "uid": uid,
            "state": "done",
            "message": "",
            "choices": [],
            "document": False,
            "lot": False,
            "repeated": False,
            **told,
        }

    @api.model
    def _keep(self, command, device, answer: dict[str, Any]) -> None:
        """Note a command with its answer, in the transaction of what it did."""
        document, lot = answer["document"] or {}, answer["lot"] or {}
        # sudo: nobody writes these but this method
        self.sudo().create(
            {
                "uid": command.uid,
                "follows": command.follows or False,
                "at": command.at,
                "user_id": self.env.uid,
                "device_id": device.id,
                "flow": command.flow,
                "action": command.action,
                "text": command.text,
                "typed": command.typed,
                "state": answer["state"],
                "message": answer["message"] or False,
                "lot_id": lot.get("id", False),
                "res_model": document.get("model", False),
                "res_id": document.get("id", False),
                "session": command.data.get("session") or False,
                "data": json.loads(json.dumps(command.data, default=str)),
                # The document is told anew to whoever asks again.
                "answer": json.loads(json.dumps({**answer, "document": False}, default=str)),
                "company_id": self.env.company.id,
            }
        )

    @api.autovacuum
    def _empty_old(self) -> None:
        """What was sent and answered long ago is nobody's business any more; the row stays."""
        # sudo: a parameter of the firm, read by the nightly job
        given = self.env["ir.config_parameter"].sudo().get_param(_DAYS, "")
        days = int(given) if given.isdigit() else DAYS_IN_FULL
        before = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE lot_scan SET data = NULL, answer = NULL WHERE id IN (
                       SELECT id FROM lot_scan WHERE create_date < %s AND answer IS NOT NULL
                        ORDER BY id LIMIT %s)""",
                before,
                _EMPTIED_AT_ONCE,
            )
        )
        self.invalidate_model(["data", "answer"], flush=False)

    @api.model
    def _of_session(self, session: str, *actions: str) -> "LotScan":
        """What this user did in a piece of work that has no document, in order."""
        done = Domain("session", "=", session) & Domain("state", "=", "done")
        if actions:
            done &= Domain("action", "in", actions)
        return self.search(done & Domain("user_id", "=", self.env.uid), order="id")
