from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.rfid_loads import LONGEST, Passed, loads, way
from ..tools.rfid_tag import Tag
from .lot_rfid_resolver import Meaning

# Passages of one transaction.
SLICE = 20_000


class _Outcome(NamedTuple):
    """What becomes of a passage."""

    passage_id: int
    meaning: Meaning
    state: str
    way: str = ""


class LotRfidSettlement(models.AbstractModel):
    """Makes of passages what they mean: which goods, which way, and at a portal the loads that
    become transfers."""

    _name = "lot.rfid.settlement"
    _description = "Settlement of RFID passages"

    @api.model
    def _cron_settle(self) -> None:
        """Settle what has passed, a slice a transaction; then do the transfers that nobody has to
        look at."""
        cron = self.env["ir.cron"]
        readers = self.env["lot.rfid.reader"].with_context(active_test=False)
        for reader in readers.search([("kind", "!=", "printer")]):
            while self._settle(reader):
                if not cron._commit_progress(1, remaining=1):
                    return
            for proposal in reader._proposals_to_book():
                proposal._book_automatically()
                if not cron._commit_progress(1, remaining=1):
                    return
        cron._commit_progress(remaining=0)

    @api.model
    def _settle(self, reader, at_once: bool = False) -> bool:
        """Settle passages of a reader that have ended.

        :param at_once: those that may still go on as well, and loads that may still grow
        :return: whether there are more
        """
        now = fields.Datetime.now()
        ended = now if at_once else now - reader._window_span()
        rows = self._waiting(reader, ended)
        outcomes = self._outcomes(reader, rows)
        done = [outcome for outcome in outcomes if outcome.state != "known"]
        self._write(done)
        over = now if at_once else now - timedelta(seconds=reader.load_gap)
        known = [outcome for outcome in outcomes if outcome.state == "known"]
        gathered = self._gather(reader, known, rows, over)
        return len(rows) == SLICE and bool(done or gathered)

    @api.model
    def _identify(self, reader, passage_ids: list[int]) -> None:
        """Find out once more what these passages are; at a portal they wait to be gathered."""
        fresh = "new" if reader.kind == "portal" else "seen"
        rows = self._rows(SQL("id = ANY(%s)", passage_ids))
        self._write(
            [
                outcome._replace(state=fresh if outcome.state == "known" else outcome.state)
                for outcome in self._outcomes(reader, rows)
            ]
        )

    # -- reading -------------------------------------------------------------------------------

    @api.model
    def _waiting(self, reader, ended) -> list[tuple]:
        return self._rows(
            SQL(
                """reader_id = %s AND state = 'new' AND last_at <= %s
                   ORDER BY first_at, id LIMIT %s FOR UPDATE SKIP LOCKED""",
                *(reader.id, ended, SLICE),
            )
        )

    @api.model
    def _rows(self, condition: SQL) -> list[tuple]:
        """(id, first, last, first antenna, last antenna, tag) of passages."""
        self.env["lot.rfid.passage"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT id, first_at, last_at, first_antenna, last_antenna, identity, epc,
                          coalesce(scheme, ''), coalesce(gtin, ''), coalesce(serial, ''),
                          coalesce(lot_name, ''), coalesce(sscc, ''), coalesce(reason, '')
                     FROM lot_rfid_passage WHERE %s""",
                condition,
            )
        )
        return [(*row[:5], Tag(*row[5:])) for row in self.env.cr.fetchall()]

    @api.model
    def _outcomes(self, reader, rows: list[tuple]) -> list[_Outcome]:
        """What each passage is: "known" at a portal, else its state."""
        if not rows:
            return []
        meanings = self.env["lot.rfid.resolver"]._meanings(
            reader.company_id, (row[5] for row in rows)
        )
        first, second = reader._antennas("first"), reader._antennas("second")
        portal = reader.kind == "portal"
        found = []
        for passage_id, _first, _last, first_antenna, last_antenna, tag in rows:
            meaning = meanings[tag.identity]
            went = ""
            if portal:
                fixed = reader.direction == "one_way"
                went = "there" if fixed else way(first, second, first_antenna, last_antenna)
            if meaning.problem and (not portal or not meaning.product_id):
                state = "unread" if meaning.problem == "unread" else "unknown"
            elif portal:
                state = "known" if went else "aside"
            else:
                state = "seen"
            found.append(_Outcome(passage_id, meaning, state, went))
        return found

    # -- loads ---------------------------------------------------------------------------------

    @api.model
    def _gather(self, reader, outcomes: list[_Outcome], rows: list[tuple], over):
        """Put passages of goods of ours into the proposals of their loads.

        :param over: a load whose last passage is older than this has ended; the others wait
        :return: the proposals
        """
        times = {row[0]: Passed(*row[:3]) for row in rows}
        gap = timedelta(seconds=reader.load_gap)
        known = {outcome.passage_id: outcome for outcome in outcomes}
        touched = self.env["lot.rfid.proposal"]
        for went in ("there", "back"):
            same = [times[one.passage_id] for one in known.values() if one.way == went]
            for load in loads(same, gap, LONGEST):
                if max(one.last_at for one in load) > over:
                    continue
                proposal = reader._proposal_of(went, load)
                members = [known[one.passage_id] for one in load]
                self._write(
                    [
                        one._replace(state="unknown" if one.meaning.problem else "proposed")
                        for one in members
                    ],
                    proposal,
                )
                touched |= proposal
        touched._refresh()
        return touched

    # -- writing -------------------------------------------------------------------------------

    @api.model
    def _write(self, outcomes: list[_Outcome], proposal=None) -> None:
        if not outcomes:
            return
        columns = zip(
            *(
                (
                    one.passage_id,
                    one.meaning.product_id or None,
                    one.meaning.lot_id or None,
                    one.meaning.package_id or None,
                    one.meaning.quantity,
                    one.way or None,
                    one.state,
                    one.meaning.text or None,
                )
                for one in outcomes
            ),
            strict=True,
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE lot_rfid_passage passage SET
                       product_id = new.product_id, lot_id = new.lot_id,
                       package_id = new.package_id, quantity = new.quantity, way = new.way,
                       state = new.state, reason = new.reason, proposal_id = %(proposal)s
                  FROM unnest(%(ids)s::int4[], %(products)s::int4[], %(lots)s::int4[],
                              %(packages)s::int4[], %(quantities)s::numeric[], %(ways)s::varchar[],
                              %(states)s::varchar[], %(reasons)s::varchar[])
                       AS new (id, product_id, lot_id, package_id, quantity, way, state, reason)
                 WHERE passage.id = new.id
                """,
                proposal=proposal.id if proposal else None,
                **dict(
                    zip(
                        (
                            "ids",
                            "products",
                            "lots",
                            "packages",
                            "quantities",
                            "ways",
                            "states",
                            "reasons",
                        ),
                        map(list, columns),
                        strict=True,
                    )
                ),
            )
        )
        self.env["lot.rfid.passage"].invalidate_model(flush=False)
