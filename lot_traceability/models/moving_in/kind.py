"""What all kinds of imports have in common."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from odoo import fields

from .lookup import SEVERAL, Lookup, Lot, Product
from .problems import Problems
from .rows import Row, Rows, day_of

# Quantities that differ by less are the rest of a rounding.
ROUNDING = 0.0005


class Kind:
    """Checks rows of one kind and writes them.

    A kind has `batch_size` (rows that are written in one transaction), and these methods:

    - `check(rows)` looks at rows that belong together in a batch, notes their problems and returns
      a plain dict of what is to be written for each row that has none. The very same check runs
      before anything is written and again when it is.
    - `finish()` notes what only shows when all rows were seen. It runs after a check alone.
    - `apply(found)` writes what `check` gave.

    :param batch: the `lot.import`
    :param problems: where problems are noted
    :param rows: what reads the rows of the file
    :param writing: whether the rows are checked in order to be written at once
    """

    batch_size = 1_000

    def __init__(self, batch, problems: Problems, rows: Rows, writing: bool) -> None:
        self.batch = batch
        self.env = batch.env
        self.company = batch.company_id
        self.problems = problems
        self.rows = rows
        self.headers = rows.headers
        self.writing = writing
        self.lookup = Lookup(self.env, self.company)
        self.calendar = self.env["lot.calendar"]
        self.now = fields.Datetime.now()
        self.today = self.calendar._today(self.company)
        self._alike: dict[str, str] = {}
        self._instants: dict[tuple, datetime] = {}

    def check(self, rows: list[Row]) -> list[dict[str, Any]]:
        raise NotImplementedError

    def finish(self) -> None:
        """Note what only shows when all rows were seen."""

    def apply(self, found: list[dict[str, Any]]) -> None:
        raise NotImplementedError

    # -- problems ---------------------------------------------------------------------------

    def bad(self, row: Row | int, code: str, text: str, fix: str, note: bool = False) -> None:
        """Note what is wrong with a cell of a row."""
        number, value = (row, "") if isinstance(row, int) else (row.number, row.get(code))
        if isinstance(value, float):
            value = f"{value:.10g}"
        self.problems.add(number, self.headers.get(code, ""), str(value), text, fix, note)

    # -- what cells name --------------------------------------------------------------------

    def load(self, rows: Iterable[Row], *pairs: tuple[str, str]) -> None:
        """Look up at once what these rows name as product and lot, in these pairs of columns."""
        rows = list(rows)
        self.lookup.load_products(row.get(product) for row in rows for product, _lot in pairs)
        names = {row.get(lot) for row in rows for _product, lot in pairs} - {""}
        self.lookup.load_lots(names)
        missing = [name for name in names if not self.lookup.lots(name)]
        self._alike = self.lookup.alike(missing[:500])

    def product(self, row: Row, code: str) -> Product | None:
        """The product that a cell names."""
        _ = self.env._
        told = row.get(code)
        found = self.lookup.product(told) if told else None
        if found is SEVERAL:
            self.bad(
                row, code,
                _("Several products are called so."),
                _("Give its internal reference or its barcode."),
            )  # fmt: skip
            return None
        if not found and told:
            self.bad(
                row, code,
                _("There is no such product."),
                _("Create it first, or give its internal reference, barcode or exact name."),
            )  # fmt: skip
        return found

    def lot(self, row: Row, product_code: str, lot_code: str) -> Lot | None:
        """The lot that two cells name; the product may be left out where the number is of one lot
        only."""
        _ = self.env._
        name = row.get(lot_code)
        lots = self.lookup.lots(name)
        if row.get(product_code):
            product = self.product(row, product_code)
            if not product:
                return None
            lots = [lot for lot in lots if lot.product_id == product.id]
        if len(lots) == 1:
            return lots[0]
        if lots:
            self.bad(
                row, lot_code,
                _("Lots of several products, or of several companies, have this number."),
                _("Give the product as well."),
            )  # fmt: skip
        elif name in self._alike:
            self.bad(
                row, lot_code,
                _("There is no such lot, but one that looks like it: %s.", self._alike[name]),
                _("Correct the number, or import the lot first."),
            )  # fmt: skip
        else:
            self.bad(
                row, lot_code,
                _("There is no such lot."),
                _("Import the lot first, with the kind “Lots”."),
            )  # fmt: skip
        return None

    def partner(self, row: Row, code: str) -> tuple[bool, int | None]:
        """(whether the cell is right, id of the contact that it names)"""
        _ = self.env._
        told = row.get(code)
        if not told:
            return True, None
        found = self.lookup.partner(told)
        if isinstance(found, int):
            return True, found
        if found is SEVERAL:
            self.bad(
                row, code,
                _("Several contacts are called so."),
                _("Give the contact's reference."),
            )  # fmt: skip
        else:
            self.bad(
                row, code,
                _("There is no such contact."),
                _("Create it first, or give its reference or exact name."),
            )  # fmt: skip
        return False, None

    def quantity(self, row: Row, code: str, unit_code: str, product: Product) -> float | None:
        """A quantity in the unit of the product."""
        _ = self.env._
        amount, told = row.values.get(code, 0.0), row.get(unit_code)
        if not told:
            return amount
        unit = self.lookup.unit(told)
        if not unit:
            self.bad(
                row, unit_code,
                _("There is no such unit."),
                _("Use the name of a unit of measure as it stands in Odoo, such as kg."),
            )  # fmt: skip
            return None
        factor = self.lookup.factor(unit, product)
        if factor is None:
            self.bad(
                row, unit_code,
                _("%(product)s is not measured in this unit.", product=product.name),
                _("Give the quantity in %s.", unit.browse(product.uom_id).name),
            )  # fmt: skip
            return None
        return amount * factor

    # -- days -------------------------------------------------------------------------------

    def instant(self, value: date | datetime, at: str = "noon") -> datetime:
        """An instant in UTC of what a cell tells; a day alone is its start, noon or end in the zone
        of the company. What came in, what was made and what left on one day are in that order."""
        key = (value, at)
        if key not in self._instants:
            day = day_of(value)
            start = self.calendar._day_start(day, self.company)
            if isinstance(value, datetime):
                delta = value - datetime(day.year, day.month, day.day)
                self._instants[key] = start + delta
            elif at == "noon":
                self._instants[key] = start + timedelta(hours=12)
            else:
                end = self.calendar._day_end(day, self.company).replace(microsecond=0)
                self._instants[key] = start if at == "start" else end
        return self._instants[key]

    def in_past(self, row: Row, code: str) -> bool:
        """Whether the day of a cell has come: history does not lie ahead."""
        if day_of(row.values[code]) <= self.today:
            return True
        self.bad(
            row, code,
            self.env._("This day has not come yet."),
            self.env._("Correct the date, or the order in which days are written."),
        )  # fmt: skip
        return False

    def after_made(self, row: Row, code: str, lot: Lot) -> None:
        """Tell where goods moved before they were made."""
        if not self.writing and lot.made and day_of(row.values[code]) < lot.made:
            self.bad(
                row, code,
                self.env._(
                    "Lot %(lot)s was made later, on %(day)s.", lot=lot.name, day=lot.made
                ),
                self.env._("Correct this date or the production date of the lot."),
                note=True,
            )  # fmt: skip
