import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.epcis.hashing import hash_id
from ..tools.epcis.identifiers import read_link
from ..tools.epcis.indexing import ROLES, columns, named
from ..tools.epcis.query import EVENT_TYPES

_COLUMNS = (
    "kind",
    "event_time",
    "action",
    "biz_step",
    "disposition",
    "read_point",
    "biz_location",
    "declared",
)
_GOODS = {role for field in ("anyEPC", "anyEPCClass") for role in ROLES[field]}
_SHOWN = 3


class Stored(NamedTuple):
    """What became of events: the ids of all of them in their order, and which are new."""

    ids: list[int]
    new: set[int]


class LotEpcisEvent(models.Model):
    """An event in the words of EPCIS 2.0: one of ours, or one that a partner has told us.

    It is what was told, and is never changed. The same event told twice, in whatever notation, is
    one: its hash says so.
    """

    _name = "lot.epcis.event"
    _description = "EPCIS event"
    _log_access = False
    _rec_name = "event_id"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Business partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who told it; of our own events, whom it concerns",
    )
    told = fields.Boolean("Told by a partner", readonly=True)
    capture_id = fields.Many2one(
        "lot.epcis.capture", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    event_id = fields.Char("Event id", required=True, readonly=True, index=True)
    event_hash = fields.Char("Hash of what happened", required=True, readonly=True)
    kind = fields.Selection(
        [(kind, kind) for kind in EVENT_TYPES], "Type", required=True, readonly=True
    )
    event_time = fields.Datetime(required=True, readonly=True)
    record_time = fields.Datetime("Recorded", required=True, readonly=True)
    action = fields.Char(readonly=True)
    biz_step = fields.Char("Business step", readonly=True)
    disposition = fields.Char(readonly=True)
    read_point = fields.Char(readonly=True)
    biz_location = fields.Char("Business location", readonly=True)
    declared = fields.Boolean(
        "Declared wrong", readonly=True, help="Says that an earlier event was wrong"
    )
    body = fields.Json("As JSON-LD", readonly=True)
    body_text = fields.Text("Event", compute="_compute_body_text")
    goods_text = fields.Char("Goods", compute="_compute_goods_text")
    identifier_ids = fields.One2many("lot.epcis.identifier", "event_id", "Names", readonly=True)

    _hash_unique = models.UniqueIndex("(company_id, event_hash, declared)")
    _time = models.Index("(company_id, event_time, id)")
    _told = models.Index("(company_id, id) WHERE told")
    _step = models.Index("(company_id, biz_step, id)")

    def _compute_body_text(self):
        for event in self:
            event.body_text = json.dumps(event.body, indent=2, ensure_ascii=False)

    @api.depends("identifier_ids")
    def _compute_goods_text(self):
        readable = self.env["lot.trace"]._epc_text
        for event in self:
            goods = event.identifier_ids.filtered(lambda one: one.role in _GOODS)
            texts = [readable(one.epc, dict(read_link(one.epc) or ())) for one in goods[:_SHOWN]]
            rest = len(goods) - _SHOWN
            if rest > 0:
                texts.append(self.env._("and %s more", rest))
            event.goods_text = ", ".join(texts)

    # -- writing: the only way -------------------------------------------------------------------

    @api.model
    def _store(
        self, events: Sequence[dict[str, Any]], company, partners=(), *, told=False, capture=None
    ) -> Stored:
        """Keep valid events, each standing alone (with its `@context`); what is known already, by
        its hash, is not kept again. Four queries, however many there are.

        :param partners: the partner of each event (an id, or None), in their order
        """
        if not events:
            return Stored([], set())
        now = fields.Datetime.now()
        wanted: dict[tuple, tuple] = {}
        keys = []
        for number, event in enumerate(events):
            told_columns = columns(event)
            event_hash = hash_id(event)
            key = (event_hash, told_columns["declared"])
            keys.append(key)
            wanted.setdefault(
                key,
                (
                    company.id,
                    (partners[number] if partners else None) or None,
                    told,
                    capture.id if capture else None,
                    event.get("eventID") or event_hash,
                    event_hash,
                    now,
                    json.dumps(event),
                    *(told_columns[name] for name in _COLUMNS),
                ),
            )
        inserted = self._insert(list(wanted.values()))
        self._note_names(inserted, dict(zip(keys, events, strict=True)))
        known = self._known(company, [key for key in wanted if key not in inserted])
        found = {**known, **inserted}
        return Stored([found[key] for key in keys], set(inserted.values()))

    @api.model
    def _insert(self, rows: list[tuple]) -> dict[tuple, int]:
        names = "company_id partner_id told capture_id event_id event_hash record_time body".split()
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO lot_epcis_event (%s) VALUES %s "
                "ON CONFLICT (company_id, event_hash, declared) DO NOTHING "
                "RETURNING event_hash, declared, id",
                SQL(", ").join(map(SQL.identifier, (*names, *_COLUMNS))),
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model(flush=False)
        return {(event_hash, declared): one for event_hash, declared, one in inserted}

    @api.model
    def _note_names(self, inserted: dict[tuple, int], events: dict[tuple, dict]) -> None:
        """Note what these events name."""
        rows = [
            (one, role, epc)
            for key, one in inserted.items()
            for role, epc in sorted(named(events[key]))
        ]
        if rows:
            self.env.execute_query(
                SQL(
                    "INSERT INTO lot_epcis_identifier (event_id, role, epc) VALUES %s RETURNING 1",
                    SQL(", ").join(rows),
                )
            )

    @api.model
    def _known(self, company, keys: Iterable[tuple]) -> dict[tuple, int]:
        hashes = [event_hash for event_hash, _declared in keys]
        if not hashes:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT event_hash, declared, id FROM lot_epcis_event "
                "WHERE company_id = %s AND event_hash = ANY(%s)",
                company.id,
                hashes,
            )
        )
        return {(event_hash, declared): one for event_hash, declared, one in rows}

    def _told_bodies(self) -> list[dict[str, Any]]:
        """The events as they are given to others: with their id and when they were recorded."""
        return [
            {
                **event.body,
                "eventID": event.event_id,
                "recordTime": event.record_time.isoformat(timespec="milliseconds") + "Z",
            }
            for event in self
        ]

    # -- kept as it was --------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super  # only `_store` may
        raise UserError(self._refused())

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self._refused())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        if self:
            raise UserError(self._refused())

    @api.model
    def _refused(self) -> str:
        return self.env._(
            "EPCIS events stay as they were told. What was wrong is declared wrong by another "
            "event."
        )
