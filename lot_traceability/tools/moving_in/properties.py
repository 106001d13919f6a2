"""Properties of lots, which each firm defines for its products: what a cell says of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ..lot_values import yes_or_no
from .cells import CellError, day_or_time, number, text
from .checks import words

# Kinds of properties that a cell can tell, with an example of each.
EXAMPLES = {
    "char": "A",
    "text": "A",
    "integer": "3",
    "float": "12.5",
    "boolean": "yes",
    "date": "2026-04-30",
    "datetime": "2026-04-30 14:30",
    "selection": "",
    "tags": "",
}
_SEPARATORS = re.compile(r"\s*[,;|]\s*")


def by_name(definitions: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """{name without what spelling matters: definition} of the properties that a cell can tell.

    >>> list(by_name([{"type": "char", "string": "Fat class"}, {"type": "separator"}]))
    ['fatclass']
    """
    return {
        words(one.get("string") or ""): one for one in definitions if one.get("type") in EXAMPLES
    }


def listed(told: str) -> list[str]:
    """The words of a cell that lists some.

    >>> listed("milk, eggs;Soy | ")
    ['milk', 'eggs', 'Soy']
    """
    return [word for word in _SEPARATORS.split(told.strip()) if word]


def choices(definition: Mapping[str, Any]) -> dict[str, str]:
    """{label: key} of what a property offers.

    >>> choices({"type": "selection", "selection": [["a", "Class A"]]})
    {'Class A': 'a'}
    """
    offered = definition.get(definition["type"]) if "type" in definition else None
    return {str(one[1]): one[0] for one in offered or ()}


def read(
    definition: Mapping[str, Any],
    cell: Any,
    notation: tuple[str, str] = ("", ""),
    answers: tuple[str, str] = ("yes", "no"),
) -> str | float | bool | list[str] | date | datetime:
    """What a cell says of a property.

    :param definition: as Odoo keeps it: "type", and "selection" or "tags"
    :param notation: order of days and decimal mark, as `Notation` has them
    :param answers: what "yes" and "no" are besides
    :return: as Odoo keeps it; of days and instants the day or instant itself
    :raises CellError: also "choice" and "yes_no"

    >>> read({"type": "integer"}, "12"), read({"type": "float"}, "1,5"), read({"type": "char"}, 7.0)
    (12, 1.5, '7')
    >>> read({"type": "boolean"}, "Yes"), read({"type": "tags", "tags": [["a", "Bio", 1]]}, "bio")
    (True, ['a'])
    >>> read({"type": "date"}, "30.4.2026")
    datetime.date(2026, 4, 30)
    >>> read({"type": "selection", "selection": [["a", "Class A"]]}, "B")
    Traceback (most recent call last):
    tools.moving_in.cells.CellError: choice
    """
    kind, told = definition["type"], text(cell)
    order, mark = notation
    if kind in ("char", "text"):
        return told
    if kind in ("integer", "float"):
        found = number(cell, mark)
        if found is None or (kind == "integer" and not found.is_integer()):
            raise CellError("number")
        return int(found) if kind == "integer" else found
    if kind in ("date", "datetime"):
        moment = day_or_time(cell, order)
        if moment is None:
            raise CellError("date")
        whole = kind == "date" and isinstance(moment, datetime)
        return moment.date() if whole else moment
    if kind == "boolean":
        answer = yes_or_no(told, *answers)
        if answer is None:
            raise CellError("yes_no")
        return answer
    return _chosen(definition, told)


def _chosen(definition: Mapping[str, Any], told: str) -> str | list[str]:
    known = {key.casefold(): key for key in choices(definition).values()}
    known |= {label.casefold(): key for label, key in choices(definition).items()}
    if definition["type"] == "selection":
        if told.casefold() not in known:
            raise CellError("choice")
        return known[told.casefold()]
    tags = [tag.casefold() for tag in listed(told)]
    if not all(tag in known for tag in tags):
        raise CellError("choice")
    return [known[tag] for tag in tags]
