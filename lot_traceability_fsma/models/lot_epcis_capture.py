import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.epcis import EpcisError, Problem, Reading, validate_event
from ..tools.epcis.flows import is_shipment
from ..tools.epcis.indexing import told_at
from .lot_epcis_excess import Excess

_BATCH = 500
_MOST_ERRORS = 100
# PostgreSQL keeps every sign in a text but this one.
_NUL = "\\u0000"
_NUL_TEXT = "The sign with the number zero cannot be kept: remove it."
BEHAVIOURS = [("rollback", "All or nothing"), ("proceed", "What is right is kept")]


class _RefusedError(Exception):
    """Nothing of what was read is kept."""


class _Shipping(NamedTuple):
    """An event that ships: its number in the document, where it stands, and its id in the store."""

    number: int
    place: str
    event_id: int


class LotEpcisCapture(models.Model):
    """A document of events that somebody has sent, and what became of it."""

    _name = "lot.epcis.capture"
    _description = "Captured EPCIS document"
    _rec_name = "token"
    _order = "id desc"

    token = fields.Char(
        "Number", required=True, readonly=True, default=lambda self: str(uuid.uuid4()), copy=False
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", "Sender", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "Sent by", readonly=True, ondelete="restrict")
    behaviour = fields.Selection(BEHAVIOURS, "On errors", required=True, readonly=True)
    finished = fields.Datetime(readonly=True)
    success = fields.Boolean(readonly=True)
    received = fields.Integer("Events received", readonly=True, aggregator=None)
    new = fields.Integer("New events", readonly=True)
    errors = fields.Json(readonly=True)
    errors_text = fields.Text("What was wrong", compute="_compute_errors_text")
    first_error = fields.Char("First error", compute="_compute_errors_text")
    event_ids = fields.One2many("lot.epcis.event", "capture_id", "Events", readonly=True)

    _token_unique = models.UniqueIndex("(token)")

    @api.depends("errors")
    def _compute_errors_text(self):
        for capture in self:
            errors = capture.errors or []
            texts = [f"{one['place']}: {one['text']}" for one in errors]
            capture.errors_text = "\n".join(texts)
            capture.first_error = texts[0] if texts else False

    # -- taking a document -----------------------------------------------------------------------

    @api.model
    def _take(self, reading: Reading, company, partner, behaviour: str = "rollback"):
        """Keep the events of a document, read one at a time.

        :return: the capture, finished; it says what was wrong
        :raise EpcisError: the document cannot be read at all, before its first event
        """
        capture = self.create(
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "user_id": self.env.uid,
                "behaviour": behaviour,
            }
        )
        errors: list[dict[str, str]] = []
        count = {"received": 0, "new": 0}
        new_ids = capture._read_within(reading, errors, count)
        # sudo: what was sent is finished by whoever sent it
        capture.sudo().write(
            {
                **count,
                "finished": fields.Datetime.now(),
                "success": not errors,
                "errors": errors[:_MOST_ERRORS] or False,
            }
        )
        events = self.env["lot.epcis.event"].browse(new_ids)
        events._taken(reading.header)
        self.env["lot.audit.event"]._record(
            "imported",
            record=capture,
            company=company,
            data={
                "step": "EPCIS",
                "count": count["received"],
                "events": count["received"],
                "new": count["new"],
            },
        )
        return capture

    def _read_within(
        self, reading: Reading, errors: list[dict], count: dict[str, int]
    ) -> list[int]:
        """Keep what may be kept: all, or what is right.

        :return: the ids of the new events
        """
        excess: dict[int, Excess] = {}
        with suppress(_RefusedError), self.env.cr.savepoint():
            shipping: list[_Shipping] = []
            new_ids = self._read_all(reading, errors, count, shipping)
            if errors and self.behaviour == "rollback":
                raise _RefusedError
            excess = self._excess(shipping)
            if excess:
                raise _RefusedError
            return new_ids
        if self.behaviour == "rollback":
            for one in excess.values():
                self._tell(errors, one.path, one.text)
            count["new"] = 0
            return []
        # Read once more without them: what is in the store is never taken out again.
        errors.clear()
        with self.env.cr.savepoint():
            return self._read_all(reading, errors, count, [], excess)

    def _excess(self, shipping: "list[_Shipping]") -> dict[int, Excess]:
        """Which events of the document ship more than was received, by their number in it."""
        by_id = {one.event_id: one for one in reversed(shipping)}
        # sudo: who sends reads nothing; what it told before and what we delivered is counted
        events = self.env["lot.epcis.event"].sudo().browse(by_id)
        found = self.env["lot.epcis.excess"].sudo()._find(events)
        wrong = {
            by_id[one].number: Excess(f"{by_id[one].place}, {excess.path}", excess.text)
            for one, excess in found.items()
        }
        return dict(sorted(wrong.items()))

    def _read_all(
        self,
        reading: Reading,
        errors: list[dict],
        count: dict[str, int],
        shipping: "list[_Shipping]",
        without: Mapping[int, Excess] = MappingProxyType({}),
    ) -> list[int]:
        """:param shipping: those of the new events that ship are added to it
        :param without: events that are left out, by their number, and why
        :return: the ids of the new events
        """
        new_ids: list[int] = []
        batch: list[tuple[int, str, dict[str, Any]]] = []
        count.update(received=0, new=0)
        try:
            for event in reading:
                count["received"] += 1
                number = count["received"]
                if number in without:
                    self._tell(errors, without[number].path, without[number].text)
                elif self._is_right(event, reading.place, errors):
                    batch.append((number, reading.place, event))
                if len(batch) >= _BATCH:
                    new_ids += self._keep(batch, shipping)
                    batch = []
        except EpcisError as error:
            if not count["received"]:
                raise
            self._tell(errors, error.place or reading.place, str(error))
        new_ids += self._keep(batch, shipping)
        count["new"] = len(new_ids)
        return new_ids

    @api.model
    def _is_right(self, event: dict[str, Any], place: str, errors: list[dict]) -> bool:
        problems = validate_event(event, event.get("@context"))
        if not problems and _NUL in json.dumps(event):
            problems = [Problem("", _NUL_TEXT)]
        for problem in problems[:_MOST_ERRORS]:
            self._tell(errors, ", ".join(filter(None, (place, problem.path))), problem.sentence)
        return not problems

    @api.model
    def _tell(self, errors: list[dict], place: str, text: str) -> None:
        # What a refused document holds may be endless; beyond a hundred nobody reads on.
        if len(errors) < _MOST_ERRORS:
            errors.append({"place": place, "text": text})

    def _keep(
        self, batch: list[tuple[int, str, dict[str, Any]]], shipping: "list[_Shipping]"
    ) -> list[int]:
        """:return: the ids of those that are new"""
        events = [event for _number, _place, event in batch]
        stored = self.env["lot.epcis.event"]._store(
            events,
            self.company_id,
            self._tellers(events),
            told=True,
            capture=self,
        )
        shipping += [
            _Shipping(number, place, event_id)
            for (number, place, event), event_id in zip(batch, stored.ids, strict=True)
            if event_id in stored.new and is_shipment(event)
        ]
        return sorted(stored.new)

    def _tellers(self, events: list[dict[str, Any]]) -> list[int | None]:
        """Who tells each of these: the sender; where a program of our own sends for partners, the
        firm at whose place it happened, by its GLN."""
        if self.partner_id:
            return [self.partner_id.id] * len(events)
        numbers = [told_at(event) for event in events]
        found = self.env["res.partner"].search(
            [("fsma_gln", "in", [gln for glns in numbers for gln in glns])]
        )
        firms = {partner.fsma_gln: partner.commercial_partner_id.id for partner in found}
        return [next((firms[gln] for gln in glns if gln in firms), None) for glns in numbers]

    def _job(self) -> dict[str, Any]:
        """The capture as the standard describes a job."""
        self.ensure_one()
        finished = self.finished or self.create_date
        return {
            "captureID": self.token,
            "createdAt": self.create_date.isoformat(timespec="milliseconds") + "Z",
            "finishedAt": finished.isoformat(timespec="milliseconds") + "Z",
            "running": False,
            "success": self.success,
            "captureErrorBehaviour": self.behaviour,
            "errors": [
                {
                    "type": "epcisException:ValidationException",
                    "title": "The event was not taken",
                    "status": 400,
                    "detail": error["text"],
                    "instance": error["place"],
                }
                for error in self.errors or []
            ],
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        if self:
            raise UserError(
                self.env._("What partners have sent is kept for as long as its events are.")
            )
