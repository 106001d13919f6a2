from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .lot_gate import Terms
from .stock_quant_gate import _available

_FOR_EVER = datetime(9999, 12, 31)


class Asked(NamedTuple):
    """Where another lot might have been taken from, and which."""

    place: models.BaseModel
    owner: models.BaseModel
    terms: Terms
    product: models.BaseModel


class Taking(NamedTuple):
    """A lot that a move takes from stock, and the one that it should have taken (or none)."""

    move: models.BaseModel
    location: models.BaseModel
    lot: models.BaseModel
    quantity: float
    proposed: models.BaseModel
    days: int


class LotFefo(models.AbstractModel):
    """Does whoever takes goods take the lot that is to be removed from stock first?

    Asked before the goods move: only then is known what was free. A lot counts when the
    reservation might have chosen it: free at the move's place, of the same owner, not refused by
    the gate, and due on an earlier day.
    """

    _name = "lot.fefo"
    _description = "First expired, first out"

    @api.model
    def _takings(self, moves) -> list[Taking]:
        """What these moves are about to take of products that go out by their dates."""
        # sudo: what was free does not depend on what its mover may read
        moves = moves.sudo().filtered(lambda move: move.state not in ("done", "cancel"))
        if not moves:
            return []
        terms_of = self._terms_of(moves)
        taken, left = defaultdict(float), []
        # sudo: as above, the moves that are measured
        for line in self.env["stock.move"].sudo().union(*terms_of).move_line_ids:
            if not line.lot_id or not line.quantity:
                continue
            move = line.move_id
            asked = Asked(move.location_id, line.owner_id, terms_of[move], line.product_id)
            if line.picked:
                taken[asked, move, line.location_id, line.lot_id] += line.quantity_product_uom
            else:
                # What was reserved for the same move and is left behind was free to be taken.
                left.append((asked, line.lot_id))
        earliest = self._earliest(taken, left) if taken else {}
        return [
            self._taking(*rest, quantity, earliest.get(asked))
            for (asked, *rest), quantity in taken.items()
        ]

    @api.model
    def _reservations(self, lines) -> list[tuple]:
        """(line, taking) of those of these lines, not done yet, that reserve another lot than the
        one to take."""
        terms_of = self._terms_of(lines.move_id.filtered(lambda move: move.state != "cancel"))
        asked_of = {}
        for line in lines.filtered(lambda line: line.lot_id and line.quantity):
            move = line.move_id
            if move in terms_of and line.state not in ("done", "cancel"):
                asked = Asked(move.location_id, line.owner_id, terms_of[move], line.product_id)
                asked_of[line] = (asked, move, line.location_id, line.lot_id)
        earliest = self._earliest(set(asked_of.values()), []) if asked_of else {}
        takings = [
            (line, self._taking(*rest, line.quantity_product_uom, earliest.get(asked)))
            for line, (asked, *rest) in asked_of.items()
        ]
        return [(line, taking) for line, taking in takings if taking.proposed]

    @api.model
    def _deviation(self, proposed, days: int, quantity: float) -> dict:
        """How the audit log tells of a lot that was not the one to take."""
        return {
            "proposed": {"id": proposed.id, "name": proposed.name},
            "days": days,
            "quantity": f"{quantity:.10g}",
        }

    @api.model
    def _deviations(self, moves) -> list[Taking]:
        return [taking for taking in self._takings(moves) if taking.proposed]

    @api.model
    def _terms_of(self, moves) -> dict:
        """The gate's terms of each of these moves that is measured: it takes goods from stock to
        be used up, and is free in its choice (one that follows another takes what that brought)."""
        gate, measured = self.env["lot.gate"], self._measured(moves)
        passed = gate._passed_of(measured)
        result = {}
        for move in measured:
            terms = gate._terms(move, passed=passed.get(move._lot_document(), ()))
            if terms and terms.way in ("delivery", "production"):
                result[move] = terms
        return result

    @api.model
    def _measured(self, moves):
        strategies, result = {}, []
        for move in moves:
            if move.location_id.usage not in ("internal", "transit") or move.move_orig_ids:
                continue
            product = move.product_id
            if not product.use_expiration_date or product.tracking == "none":
                continue
            key = (product.categ_id, move.location_id)
            if key not in strategies:
                strategies[key] = self.env["stock.quant"]._get_removal_strategy(
                    product, move.location_id
                )
            if strategies[key] == "fefo":
                result.append(move.id)
        return moves.browse(result)

    @api.model
    def _taking(self, move, location, lot, quantity, earliest) -> Taking:
        calendar, company = self.env["lot.calendar"], move.company_id
        proposed, due = earliest or (lot, _FOR_EVER)
        if proposed == lot or due >= self._day_of(lot, company):
            return Taking(move, location, lot, quantity, lot.browse(), 0)
        days = 0
        if lot.removal_date:
            days = (calendar._day(lot.removal_date, company) - calendar._day(due, company)).days
        return Taking(move, location, lot, quantity, proposed, days)

    @api.model
    def _day_of(self, lot, company) -> datetime:
        """Lots that are due before this instant come before this lot."""
        if not lot.removal_date:
            return _FOR_EVER
        calendar = self.env["lot.calendar"]
        return calendar._day_start(calendar._day(lot.removal_date, company), company)

    # -- what was free -----------------------------------------------------------------------

    @api.model
    def _earliest(self, taken: Iterable[tuple], left: list[tuple]) -> dict[Asked, tuple]:
        """The first lot that was free for each that is asked, with its date."""
        limits: dict[Asked, datetime] = {}
        for asked, move, _location, lot in taken:
            limit = self._day_of(lot, move.company_id)
            limits[asked] = max(limits.get(asked, limit), limit)
        result = self._first_free(limits)
        gate = self.env["lot.gate"]
        for asked, lot in left:
            due = lot.removal_date
            if asked not in limits or not due or gate._refusal(asked.terms, lot):
                continue
            if asked not in result or due < result[asked][1]:
                result[asked] = (lot, due)
        return result

    @api.model
    def _first_free(self, limits: dict[Asked, datetime]) -> dict[Asked, tuple]:
        """One query for all: for each that is asked the first quant before its limit."""
        every = list(limits)
        groups = defaultdict(list)
        for number, asked in enumerate(every):
            groups[asked[:3]].append((number, asked.product.id, limits[asked]))
        parts = [self._first_free_sql(*group, rows) for group, rows in groups.items()]
        found = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        lots = self.env["stock.lot"].sudo()  # sudo: as in `_takings`
        return {every[number]: (lots.browse(lot), due) for number, lot, due in found}

    @api.model
    def _first_free_sql(self, place, owner, terms: Terms, rows: list[tuple]) -> SQL:
        # sudo: as the reservation, which sees all stock of the place
        quants = self.env["stock.quant"].sudo()
        query = quants._search(
            self.env["lot.gate"]._quant_domain(terms)
            & Domain("location_id", "child_of", place.id)
            & Domain("owner_id", "=", owner.id)
            & Domain("lot_id", "!=", False)
            & _available(">")
        )
        names = ("lot_id", "removal_date", "product_id", "in_date", "id")
        lot, due, product, since, number = (
            quants._field_to_sql(query.table, name, query) for name in names
        )
        return SQL(
            """(SELECT asked.number, free.lot, free.due
                  FROM unnest(%s, %s, %s::timestamp[]) AS asked (number, product, before)
                 CROSS JOIN LATERAL (
                       SELECT %s AS lot, %s AS due FROM %s
                        WHERE %s AND %s = asked.product AND %s < asked.before
                        ORDER BY %s, %s, %s LIMIT 1) AS free)""",
            *([row[part] for row in rows] for part in range(3)),
            *(lot, due, query.from_clause, query.where_clause),
            *(product, due, due, since, number),
        )

    # -- the measurement ---------------------------------------------------------------------

    @api.model
    def _record(self, takings: list[Taking], answers: dict) -> None:
        """Note these takings, in one go.

        :param answers: {product id, or (product id, lot id): (reason id, explanation)}; a
            deviation without one is noted without a reason
        """
        now = fields.Datetime.now()
        values = []
        for taking in takings:
            move = taking.move
            document = move._lot_document() or move
            product = move.product_id
            given = answers if taking.proposed else {}
            reason, note = given.get((product.id, taking.lot.id)) or given.get(
                product.id, (False, False)
            )
            values.append(
                {
                    "date": now,
                    "user_id": self.env.uid,
                    "location_id": taking.location.id,
                    "product_id": product.id,
                    "lot_id": taking.lot.id,
                    "proposed_lot_id": taking.proposed.id,
                    "days": taking.days,
                    "quantity": taking.quantity,
                    "compliant": not taking.proposed,
                    "compliance": 0.0 if taking.proposed else 100.0,
                    "reason_id": reason,
                    "note": note,
                    "res_model": document._name,
                    "res_id": document.id,
                    "document_name": document.display_name,
                    "company_id": move.company_id.id,
                }
            )
        # sudo: whoever moves goods is measured; nobody writes a measurement
        self.env["lot.fefo.pick"].sudo().create(values)
