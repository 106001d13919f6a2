"""Whether what the history says of a lot adds up: nothing can leave that never came in."""

from __future__ import annotations

from array import array

from odoo.tools import SQL

from .kind import ROUNDING


class Flow:
    """Sums of what came in and went out, by lot, with the first row that names it.

    A hundred thousand lots are ordinary: they are kept in arrays, not in objects.
    """

    def __init__(self, env) -> None:
        self.env = env
        self._position: dict[int, int] = {}
        self._came = array("d")
        self._went = array("d")
        self._rows = array("l")

    def add(self, lot_id: int, quantity: float, row: int) -> None:
        """Count what came in (positive) or went out (negative)."""
        position = self._position.get(lot_id)
        if position is None:
            position = self._position[lot_id] = len(self._rows)
            self._came.append(0.0)
            self._went.append(0.0)
            self._rows.append(row)
        if quantity > 0:
            self._came[position] += quantity
        else:
            self._went[position] -= quantity

    def add_recorded(self) -> None:
        """Count what was imported before of the same lots."""
        self.env["lot.genealogy.upkeep"]._flush_pending()
        ids = list(self._position)
        for start in range(0, len(ids), 10_000):
            self.env.cr.execute(
                SQL(
                    """SELECT lot_id, SUM(quantity) FILTER (WHERE quantity > 0),
                              SUM(quantity) FILTER (WHERE quantity < 0)
                         FROM lot_genealogy_movement
                        WHERE lot_id = ANY(%s) AND move_line_id IS NULL AND kind <> 'taken_over'
                        GROUP BY lot_id""",
                    ids[start : start + 10_000],
                )
            )
            for lot_id, came, went in self.env.cr.fetchall():
                self._came[self._position[lot_id]] += came or 0.0
                self._went[self._position[lot_id]] -= went or 0.0

    def overdrawn(self) -> list[tuple[int, int, float, float]]:
        """(lot, row, came in, went out) of lots of which more went out than came in."""
        return [
            (lot_id, self._rows[position], self._came[position], self._went[position])
            for lot_id, position in self._position.items()
            if 0 < self._came[position] < self._went[position] * (1 - 1e-6) - ROUNDING
        ]

    def left(self) -> list[tuple[int, int, float]]:
        """(lot, row, what is left of it) where it is known how the lot came in."""
        return [
            (lot_id, self._rows[position], self._came[position] - self._went[position])
            for lot_id, position in self._position.items()
            if self._came[position]
        ]

    def without_entry(self) -> int:
        """How many lots went out of which nothing came in."""
        return sum(
            not came and went > ROUNDING for came, went in zip(self._came, self._went, strict=True)
        )


def tell(kind, flow: Flow, column: str) -> None:
    """Note the lots that do not add up."""
    _, env = kind.env._, kind.env
    flow.add_recorded()
    found = flow.overdrawn()
    # sudo: lots that the file named and the user may read
    names = {lot.id: lot.name for lot in env["stock.lot"].sudo().browse(one[0] for one in found)}
    for lot_id, row, came, went in found:
        kind.bad(
            row, column,
            _("Of lot %(lot)s, %(went)s went out and only %(came)s came in.",
              lot=names[lot_id], went=f"{went:.6g}", came=f"{came:.6g}"),
            _("Look for a row that is missing or stands twice, or a wrong unit."),
            note=True,
        )  # fmt: skip
    missing = flow.without_entry()
    if missing:
        kind.bad(
            0, column,
            _("%s lots went out of which no receipt and no production was imported.", missing),
            _("Import those as well, before or after, so that quantities can be compared."),
            note=True,
        )  # fmt: skip
