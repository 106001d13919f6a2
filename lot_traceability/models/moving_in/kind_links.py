"""History of what went into what."""

from __future__ import annotations

from array import array
from typing import Any

from odoo.tools import SQL

from ...tools.moving_in.checks import cycles
from ..lot_history_link import HISTORY_LINKS
from .flow import Flow, tell
from .kind import ROUNDING, Kind
from .lookup import Lot
from .rows import Row

_NAMED = 5


class Links(Kind):
    """Adds imported links."""

    batch_size = 5_000

    def __init__(self, batch, problems, rows, writing):
        super().__init__(batch, problems, rows, writing)
        self._flow = Flow(self.env)
        self._kinds = {code: code for code, _name in HISTORY_LINKS}
        names = self.env["lot.history.link"]._fields["kind"]._description_selection(self.env)
        self._kinds |= {name.casefold(): code for code, name in names}
        self._parents, self._children, self._rows = array("i"), array("i"), array("i")
        self._outputs: dict[int, tuple[float, int]] = {}

    def check(self, rows):
        self.load(rows, ("in_product", "in_lot"), ("out_product", "out_lot"))
        found = []
        for row in rows:
            before = self.problems.blocking
            vals = self._values(row)
            if vals and row.good and self.problems.blocking == before:
                found.append(vals)
                if not self.writing:
                    self._note(row, vals)
        return found

    def finish(self):
        self._tell_cycles()
        tell(self, self._flow, "in_quantity")

    def apply(self, found):
        self.env["lot.history.link"]._append(
            {**vals, "import_id": self.batch.id, "company_id": self.company.id} for vals in found
        )

    def _values(self, row: Row) -> dict[str, Any] | None:
        _ = self.env._
        values = row.values
        parent = self.lot(row, "in_product", "in_lot") if row.get("in_lot") else None
        child = self.lot(row, "out_product", "out_lot") if row.get("out_lot") else None
        if not parent or not child or "date" not in values:
            return None
        if parent.id == child.id:
            self.bad(
                row, "out_lot",
                _("The lot goes into itself."),
                _("Correct one of the two numbers, or take the row out."),
            )  # fmt: skip
            return None
        quantities = {
            "parent_quantity": self._amount(row, "in", parent),
            "child_quantity": self._amount(row, "out", child),
        }
        told = row.get("kind")
        kind = self._kinds.get(told.casefold()) if told else "production"
        if not kind:
            self.bad(
                row, "kind",
                _("There is no such kind of link."),
                _("Use one of: %s.", ", ".join(code for code, _name in HISTORY_LINKS)),
            )  # fmt: skip
        if None in quantities.values() or not kind or not self.in_past(row, "date"):
            return None
        self.after_made(row, "date", parent)
        return {
            "row": row.number,
            "name": row.get("document", None),
            "date": self.instant(values["date"]),
            "date_out": self._came_out(row),
            "kind": kind,
            "parent_lot_id": parent.id,
            "child_lot_id": child.id,
            **quantities,
        }

    def _amount(self, row: Row, side: str, lot: Lot) -> float | None:
        code = f"{side}_quantity"
        if code not in row.values:
            return None
        product = self.lookup.product_of(lot)
        quantity = self.quantity(row, code, f"{side}_unit", product)
        if quantity is not None and quantity <= 0:
            self.bad(
                row, code,
                self.env._("A quantity that went in or came out is more than zero."),
                self.env._("Correct it; what was taken apart again is a link of its own."),
            )  # fmt: skip
            return None
        return quantity

    def _came_out(self, row: Row):
        told = row.values.get("date_out")
        if not told:
            return self.instant(row.values["date"])
        if self.instant(told) < self.instant(row.values["date"]) and not self.writing:
            self.bad(
                row, "date_out",
                self.env._("It came out before the other went in."),
                self.env._("Correct one of the two dates: a trace goes by them."),
                note=True,
            )  # fmt: skip
        return self.instant(told)

    # -- all rows together ------------------------------------------------------------------

    def _note(self, row: Row, vals: dict[str, Any]) -> None:
        self._parents.append(vals["parent_lot_id"])
        self._children.append(vals["child_lot_id"])
        self._rows.append(row.number)
        self._flow.add(vals["parent_lot_id"], -vals["parent_quantity"], row.number)
        # By the same rule as the derivation: rows of one output tell its quantity each.
        output = hash((vals["name"] or vals["date_out"], vals["child_lot_id"]))
        amount, first = self._outputs.setdefault(output, (vals["child_quantity"], row.number))
        if first == row.number:
            self._flow.add(vals["child_lot_id"], vals["child_quantity"], row.number)
        elif abs(amount - vals["child_quantity"]) > ROUNDING:
            self.bad(
                row, "out_quantity",
                self.env._(
                    "Row %(row)s says that %(quantity)s came out in this document.",
                    row=first,
                    quantity=f"{amount:.6g}",
                ),
                self.env._("Write in each row of a document how much of the lot came out in all."),
            )  # fmt: skip

    def _tell_cycles(self) -> None:
        count = len(self._rows)
        parents, children = self._parents, self._children
        for parent, child in self._recorded():
            parents.append(parent)
            children.append(child)
        for circle in cycles(parents, children):
            rows = sorted(self._rows[position] for position in circle if position < count)
            if not rows:
                continue
            others = ", ".join(map(str, rows[:_NAMED]))
            for number in rows[:_NAMED]:
                self.bad(
                    number, "out_lot",
                    self.env._("Lots go round in a circle (rows %s).", others)
                    if len(rows) > 1
                    else self.env._("With links that are there, lots go round in a circle."),
                    self.env._("Look for the row in which the two lots are the wrong way round."),
                )  # fmt: skip

    def _recorded(self) -> list[tuple[int, int]]:
        """Links that are there already and lead away from lots of this file."""
        engine = self.env["lot.trace.engine"]
        engine._prepare()
        self.env.cr.execute(SQL("SELECT EXISTS (SELECT FROM lot_genealogy_edge)"))
        if not self.env.cr.fetchone()[0]:
            return []
        columns = SQL("DISTINCT e.parent_lot_id, e.child_lot_id")
        return engine._rows(engine._walk_sql(list(set(self._children)), False, columns))
