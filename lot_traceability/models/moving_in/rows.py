"""Rows of a file as typed values: what cannot be read is a problem of its cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from ...tools.moving_in.cells import CellError, Notation, day_or_time, number, text
from ...tools.moving_in.tables import Table
from .problems import Problems

# A table of more kinds of days than these is no table of days.
_KEPT = 20_000


class Row:
    """A row: its number in the file, and what it says by the code of each column."""

    __slots__ = ("good", "number", "values")

    def __init__(self, number: int, values: dict[str, Any], good: bool) -> None:
        self.number = number
        self.values = values
        self.good = good

    def get(self, code: str, default: Any = "") -> Any:
        """What stands in a column, or the default where it is empty or missing."""
        return self.values.get(code) or default


class Rows:
    """Reads a table by the columns of an import.

    :param batch: the `lot.import`
    :param table: its file
    """

    def __init__(self, batch, table: Table, problems: Problems) -> None:
        self.env = batch.env
        self.problems = problems
        self._table = table
        columns = batch.column_ids.filtered("target_id")
        self._columns = [
            (one.position, one._code(), one.target_id.type, one.target_id.required)
            for one in columns
        ]
        self.headers = {one._code(): one.header or one.target_id.name for one in columns}
        self._order, self._mark = batch.date_order, batch.decimal_mark
        self._days: dict[str, Any] = {}
        self._asked: set[str] = set()

    def settle_notation(self, known: str | bool = "") -> None:
        """Look through the file for how it writes days and quantities, unless that was told.

        :param known: what an earlier look at the same file found, as in `notation`
        """
        if self._order != "auto" and self._mark != "auto":
            return
        if known:
            order, _sign, mark = known.partition("/")
            self._order = order if self._order == "auto" else self._order
            self._mark = mark if self._mark == "auto" else self._mark
            return
        notation = Notation()
        wanted = [
            position
            for position, _code, kind, _required in self._columns
            if kind not in ("text", "any")
        ]
        for _number, cells in self._table.rows(again=True):
            for position in wanted:
                notation.observe(cells[position])
        if self._order == "auto":
            self._order = notation.order
        if self._mark == "auto":
            self._mark = notation.mark
        if self._order == "mixed":
            self._order = ""
            self.problems.add(
                0, "", "",
                self.env._("Some days stand as day/month/year and some as month/day/year."),
                self.env._("Write all days in one way, best as 2026-04-30."),
            )  # fmt: skip
        if self._mark == "mixed":
            self._mark = ""
            self.problems.add(
                0, "", "",
                self.env._("Some quantities have a decimal comma and some a decimal point."),
                self.env._("Write all quantities in one way, or say above which one is meant."),
            )  # fmt: skip

    def settled(self) -> tuple[str, str]:
        """(order of days, decimal mark) as found or told; empty where nothing tells."""
        return self._order, self._mark

    @property
    def notation(self) -> str:
        """The same in one text, to be kept."""
        return f"{self._order}/{self._mark}"

    def chunks(self, size: int) -> Iterator[list[Row]]:
        """All rows, so many at a time."""
        chunk: list[Row] = []
        for row_number, cells in self._table.rows():
            chunk.append(self._row(row_number, cells))
            if len(chunk) == size:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _row(self, row_number: int, cells: list[Any]) -> Row:
        values: dict[str, Any] = {}
        good = True
        for position, code, kind, required in self._columns:
            cell = cells[position]
            try:
                value = text(cell) if kind == "text" else self._typed(cell, kind)
            except CellError as error:
                good = False
                self._refuse(row_number, code, cell, error.code)
                continue
            if value is None or value == "":
                if required:
                    good = False
                    self.problems.add(
                        row_number, self.headers[code], "",
                        self.env._("The cell is empty."),
                        self.env._("Fill it in, or take the row out."),
                    )  # fmt: skip
            else:
                values[code] = value
        return Row(row_number, values, good)

    def _typed(self, cell: Any, kind: str) -> Any:
        if kind == "any":
            return text(cell) if isinstance(cell, str) else cell
        if kind == "quantity":
            return number(cell, self._mark)
        if isinstance(cell, str) and cell in self._days:
            found = self._days[cell]
        else:
            found = day_or_time(cell, self._order)
            if isinstance(cell, str) and len(self._days) < _KEPT:
                self._days[cell] = found
        if kind == "day" and isinstance(found, datetime):
            return found.date()
        return found

    def _refuse(self, row_number: int, code: str, cell: Any, reason: str) -> None:
        told, fix = refusal(self.env, reason)
        if reason in ("date_order", "number_mark"):
            # One answer settles all of them: it is asked once for each column.
            if (code, reason) in self._asked:
                self.problems.counts["blocking"] += 1
                return
            self._asked.add((code, reason))
        self.problems.add(row_number, self.headers[code], text(cell), told, fix)


def refusal(env, reason: str) -> tuple[str, str]:
    """What is wrong with a cell, and what to do, by the code of its `CellError`."""
    _ = env._
    return {
        "date": lambda: (_("This is no day."), _("Write it as 2026-04-30.")),
        "date_far": lambda: (
            _("No lot has a day so far away."),
            _("Correct the year, or say above in which order days are written."),
        ),
        "date_order": lambda: (
            _("This can be two days, and nothing in the file tells which."),
            _("Say above whether the day or the month comes first."),
        ),
        "number": lambda: (_("This is no quantity."), _("Write it with digits, as 12.5.")),
        "number_mark": lambda: (
            _("The comma can stand before decimals or between thousands."),
            _("Say above which one it is."),
        ),
        "yes_no": lambda: (_("This is neither yes nor no."), _("Write yes or no.")),
    }[reason]()


def day_of(value: date | datetime) -> date:
    """The day of what a cell tells."""
    return value.date() if isinstance(value, datetime) else value
