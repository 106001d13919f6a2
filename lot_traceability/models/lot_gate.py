from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .lot_columns import rows
from .stock_lot_status import listed

# Context keys. The first carries a move's terms to where Odoo reserves for it without naming it;
# the second stands only while quants are chosen: elsewhere the gate must not hide any.
GATE_TERMS = "lot_gate_terms"
GATE_ACTIVE = "lot_gate_active"

# Which flag of a status lets a lot go which way.
_FLAG = {
    "delivery": "usable",
    "production": "usable",
    "transfer": "movable",
    "return": "returnable",
}
_USED_UP = {"delivery", "production"}
# What comes from here arrives, whatever the status of its lot.
_OUTSIDE = {"supplier", "production", "inventory"}


class Share(NamedTuple):
    """A part of a lot's life that must be left on a day."""

    part: float
    on: date
    zone: str
    life_days: int
    """How long lots of the product live of which no day of production is known; 0: not known."""


class Terms(NamedTuple):
    """What a way asks of the lots that go it: the one rule, for reserving and for the hard stop."""

    way: str
    blocked: tuple[int, ...]
    """Statuses that may not go this way."""
    expires_from: datetime | None = None
    """A lot that expires before this instant is too old to be used."""
    fit_from: datetime | None = None
    """A lot that expires before this instant is too old for whoever gets it."""
    removal_from: datetime | None = None
    passed: tuple[int, ...] = ()
    """Lots that quality lets pass on this document."""
    share: Share | None = None
    """How much of its own life a lot must have left."""


class Refusal(NamedTuple):
    lot: models.BaseModel
    code: str
    """"status", "expired", "removal" or "shelf_life"."""
    text: str


class LotGate(models.AbstractModel):
    """The one gate: may a lot go this way? Asked by the reservation (as a filter on quants) and by
    `stock.move.line._action_done` and the guards on done lines (as a hard stop)."""

    _name = "lot.gate"
    _description = "Gate for lots"

    # -- which way ---------------------------------------------------------------------------

    @api.model
    def _way(self, move, source, target) -> str | None:
        """How goods that go from `source` to `target` leave their place; None where every lot
        may go: into stock, into quarantine, to scrap, to a count, to another name."""
        if move.is_inventory or move.lot_operation_id or target.usage == "inventory":
            return None
        if target._in_quarantine():
            return None
        last = move.location_final_id or target
        if "customer" in (target.usage, last.usage):
            return "delivery" if source.usage != "customer" else None
        if source.usage == "supplier" and target.usage in ("internal", "transit"):
            return "receipt"
        if target.usage == "production" or (
            source.usage == "internal" and move.move_dest_ids.raw_material_production_id
        ):
            return "production" if source.usage != "production" else None
        if source.usage not in ("internal", "transit"):
            return None
        if target.usage == "supplier":
            return "return"
        arrives = source.usage == "transit" and target.usage == "internal"
        return None if arrives or source == target else "transfer"

    # -- the rule ----------------------------------------------------------------------------

    @api.model
    def _terms(
        self, move, source=None, target=None, leaves: bool = False, passed=None
    ) -> Terms | None:
        """What this move asks of its lots; None when it asks nothing.

        :param source: where the goods are (the move's unless given)
        :param target: where they go (the move's unless given)
        :param leaves: the goods go now, and are not only planned to
        :param passed: lots that quality lets pass, where they were read for many moves already
        """
        way = self._way(move, source or move.location_id, target or move.location_dest_id)
        if way is None:
            return None
        if way == "receipt":
            return self._receipt_terms(move) if leaves else None
        blocked = self.env["lot.status"]._ids_without(_FLAG[way])
        passed = tuple(move._lots_passed() if passed is None else passed)
        if way not in _USED_UP:
            return Terms(way, blocked, passed=passed)
        calendar, company = self.env["lot.calendar"], move.company_id
        now = fields.Datetime.now()
        arrives = now if leaves and move.location_dest_id.usage == "customer" else None
        arrives = arrives or max(now, move.date or now, move.date_deadline or now)
        used = now if leaves else arrives
        rule = self.env["lot.shelf.life"]._rule_of(move, way)
        return Terms(
            way,
            blocked,
            expires_from=calendar._expired_before(company, used),
            fit_from=rule._fit_from(arrives, company),
            removal_from=calendar._expired_before(company, used),
            passed=passed,
            share=rule._share(move.product_id, arrives, company),
        )

    @api.model
    def _default_terms(self) -> Terms:
        """For a reservation that is made for no move that we know of."""
        start = self.env["lot.calendar"]._expired_before()
        blocked = self.env["lot.status"]._ids_without("usable")
        return Terms("delivery", blocked, expires_from=start, removal_from=start)

    @api.model
    def _quant_domain(self, terms: Terms) -> Domain:
        """The rule, as a filter on quants."""
        domain = Domain.TRUE
        if terms.blocked:
            refused = Domain("status_id", "in", terms.blocked)
            domain &= Domain("lot_id", "not any", refused) | Domain("lot_id", "=", False)
        latest = max(filter(None, (terms.expires_from, terms.fit_from)), default=None)
        for name, limit in (("expiration_date", latest), ("removal_date", terms.removal_from)):
            if limit:
                domain &= Domain(name, ">=", limit) | Domain(name, "=", False)
        if terms.share:
            lasting = self.env["stock.lot"]._lasting(terms.share)
            domain &= Domain("lot_id", "any", lasting) | Domain("lot_id", "=", False)
        return domain | Domain("lot_id", "in", terms.passed) if terms.passed else domain

    @api.model
    def _refusal(self, terms: Terms, lot, status=None) -> str | None:
        """The rule, asked of one lot (as if it had `status`, where one is given): the code of what
        it fails; None when it may go."""
        if lot.id in terms.passed:
            return None
        if (status or lot.status_id).id in terms.blocked:
            return "status"
        for code, moment, limit in (
            ("expired", lot.expiration_date, terms.expires_from),
            ("removal", lot.removal_date, terms.removal_from),
            ("shelf_life", lot.expiration_date, terms.fit_from),
        ):
            if moment and limit and moment < limit:
                return code
        if terms.share and not lot._lasts(terms.share):
            return "shelf_life"
        return None

    @api.model
    def _passed_of(self, moves) -> dict:
        """Lots that quality lets pass on the documents of these moves, read once a document."""
        documents = {move._lot_document() for move in moves}
        return self.env["lot.gate.override"]._lots_by_document(filter(None, documents))

    @api.model
    def _lines_of(self, document):
        """The move lines that a document has still to move."""
        names = ("move_raw_ids", "produce_line_ids", "move_ids")
        moves = document[next(name for name in names if name in document)]
        return moves.move_line_ids.filtered(lambda line: line.state not in ("done", "cancel"))

    # -- the hard stop -----------------------------------------------------------------------

    @api.model
    def _refused(self, lines, status=None):
        """Those of these move lines whose lots may not go their way; once all of their lots have
        a status, where one is given."""
        refusals = self._refusals(lines, status=status)
        return lines.browse(line.id for line, *_rest in refusals)

    @api.model
    def _refusals(self, lines, leaves: bool = False, status=None) -> list[tuple]:
        """(line, lot, code, terms) of each move line that is refused.

        :param leaves: the goods go now, and are not only planned to
        :param status: as if all of the lots had this status
        """
        found = []
        # sudo: whether a lot may go does not depend on what its mover may read
        for way, same in self._suspects(lines.sudo(), status)._by_way().items():
            # What quality lets pass is asked for only where something is refused.
            terms = self._terms(*way, leaves=leaves, passed=())
            for line in same if terms else ():
                code = self._refusal(terms, line.lot_id, status)
                if code:
                    found.append((line, line.lot_id, code, terms))
        if found:
            places = {line_id: place for place, line_id in enumerate(lines._ids)}
            found.sort(key=lambda row: places[row[0].id])
            passed = self._passed_of(line.move_id for line, *_rest in found)
            found = [
                row
                for row in found
                if row[1].id not in passed.get(row[0].move_id._lot_document(), ())
            ]
        return found

    @api.model
    def _suspects(self, lines, status=None):
        """Leaves out the many lines of whose lots nothing is to be said."""
        lots = lines.lot_id
        unusable = self.env["lot.status"]._ids_without("usable")
        if not lots or (status and status.id in unusable):
            return lines.filtered("lot_id")
        facts = rows(lots, "expiration_date", "removal_date", "status_id")
        suspects = {
            lot_id
            for lot_id, (expiry, removal, known) in zip(lots._ids, facts, strict=True)
            if expiry or removal or (not status and known in unusable)
        }
        return lines.filtered(lambda line: line.lot_id.id in suspects) if suspects else lines[:0]

    @api.model
    def _check(self, lines) -> None:
        """Stop these move lines when the gate refuses one of their lots.

        :raise UserError: names each lot, what is wrong with it, and what to do
        :raise RedirectWarning: the same, with the button of quality that lets them pass, where the
            document does not show it
        """
        leaving = lines.filtered(lambda line: line.location_id.usage not in _OUTSIDE)
        self._keep_status(leaving.lot_id)
        refusals = self._refusals(lines, leaves=True)
        if refusals:
            raise self._redirect(refusals) or UserError(self._message(refusals))

    @api.model
    def _keep_status(self, lots) -> None:
        """Whoever puts one of these lots on hold now waits until this transaction ends; where that
        has just happened, Odoo does the request again, and it finds the new status. Lots that this
        transaction made are seen by nobody else yet."""
        lots -= lots._made_here()
        if lots:
            self.env.cr.execute(
                SQL("SELECT id FROM stock_lot WHERE id = ANY(%s) ORDER BY id FOR SHARE", lots.ids),
                log_exceptions=False,
            )

    @api.model
    def _message(self, refusals: list[tuple]) -> str:
        return self.env._(
            "These lots may not go:\n%(lots)s\n\nTake other lots. Where there is a reason to use "
            "them all the same, somebody of Quality can let them pass on the document.",
            lots=listed(self.env, self._refusal_rows(refusals), 20, "\n"),
        )

    @api.model
    def _refusal_rows(self, refusals: list[tuple]) -> list[str]:
        """A line of text for each lot that is refused: which, and why."""
        by_lot = defaultdict(list)
        for line, lot, code, terms in refusals:
            text = self._reason(lot, code, terms, line.company_id)
            if text not in by_lot[lot]:
                by_lot[lot].append(text)
        return [
            f"- {lot.name} ({lot.product_id.display_name}): {'; '.join(texts)}"
            for lot, texts in by_lot.items()
        ]

    @api.model
    def _reason(self, lot, code: str, terms: Terms, company) -> str:
        """Why a lot is refused, for people."""
        calendar = self.env["lot.calendar"]

        def day(instant):
            return fields.Date.to_string(calendar._day(instant, company))

        if code == "status":
            why = f" – {lot.status_reason}" if lot.status_reason else ""
            return f"{lot.status_id.name}{why}"
        if code == "expired":
            return self.env._("expired on %s", day(lot.expiration_date))
        if code == "removal":
            return self.env._("to be removed from stock since %s", day(lot.removal_date))
        return self.env._(
            "expires on %(expiry)s, but has to last until %(asked)s",
            expiry=day(lot.expiration_date),
            asked=fields.Date.to_string(self._asked_day(lot, terms, company)),
        )

    @api.model
    def _asked_day(self, lot, terms: Terms, company) -> date:
        """The day until which a lot would have to last."""
        days = [self.env["lot.calendar"]._day(terms.fit_from, company)] if terms.fit_from else []
        if terms.share:
            days.append(lot._asked_by(terms.share))
        return max(days)
