"""A part of a document: what a dossier or a report is made of, whatever writes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Cell = str | float | int


@dataclass
class Section:
    """Pairs, or a table with the sentence for an empty one.

    `columns` are (title, width in characters), `rows` give as many cells. On paper `drawings`,
    flowables of reportlab, stand above the table; a workbook has none.
    """

    title: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    columns: list[tuple[str, int]] = field(default_factory=list)
    rows: Callable[[], Iterable[list[Cell]]] = list
    empty: str = ""
    note: str = ""
    drawings: Callable[[], Iterable[Any]] = tuple
