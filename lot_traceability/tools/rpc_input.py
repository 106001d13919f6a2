"""What a program passes to a public method: whether it is of the kind that the method names.

>>> problem([1, 2], list[int]), problem("7", list[int])
(None, Problem(code='kind', expected=('list',)))
>>> problem(["7"], list[int])
Problem(code='kind', expected=('whole number',))
>>> problem(False, str), problem(None, str | None)
(None, None)
>>> problem("a\\0b", str)
Problem(code='character', expected=())
"""

import math
import re
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

# PostgreSQL's integers, which ids are, and what any number may be.
MOST_ID = 2**31 - 1
_MOST_INT = 2**63 - 1
_DEEPEST = 40
_UNWANTED = re.compile("[\0\ud800-\udfff]")
_NAMES = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    list: "list",
    dict: "object",
}
_JSON = (type(None), bool, int, float, str, list, tuple, dict)


@dataclass(frozen=True)
class Problem:
    """Why a value cannot be taken.

    :ivar code: "kind" (of another kind than `expected`), "character" (NUL, or half of one, which
        no database takes), "big" (a number that no field can hold), "deep" (too many levels)
    """

    code: str
    expected: tuple[str, ...] = ()


def takes_anything(method: Callable) -> Callable:
    """Marks a public method that answers for itself what cannot be read, as a part of its answer:
    what waits behind it on a device must not be stuck."""
    method._lot_takes_anything = True  # type: ignore[attr-defined]
    return method


def problem(value: Any, kind: Any) -> Problem | None:
    """Why `value` is not what an annotation asks for; None where it is, or where Python's own
    objects are passed, which only comes from code.

    False is Odoo's empty value and goes for all kinds.
    """
    if not isinstance(value, _JSON):
        return None
    return _unsound(value) or _wrong_kind(value, kind)


def wrong_id(value: Any) -> bool:
    """Whether no record can have this id.

    >>> [wrong_id(value) for value in (1, 0, -1, 2**31, "1", 1.0, True, None, [1])]
    [False, True, True, True, True, True, True, True, True]
    """
    if isinstance(value, _JSON):
        return type(value) is not int or not 0 < value <= MOST_ID
    return False  # a record that is not saved yet


def _unsound(value: Any) -> Problem | None:
    for part, depth in _parts(value):
        if depth > _DEEPEST:
            return Problem("deep")
        if isinstance(part, str):
            if _UNWANTED.search(part):
                return Problem("character")
        elif isinstance(part, int):
            if abs(part) > _MOST_INT:
                return Problem("big")
        elif isinstance(part, float) and not math.isfinite(part):
            return Problem("big")
    return None


def _parts(value: Any) -> Iterator[tuple[Any, int]]:
    """The value and all that is in it, with the level of each."""
    waiting = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        yield part, depth
        if depth > _DEEPEST:
            continue
        if isinstance(part, dict):
            waiting += [(one, depth + 1) for pair in part.items() for one in pair]
        elif isinstance(part, list | tuple):
            waiting += [(one, depth + 1) for one in part]


def _wrong_kind(value: Any, kind: Any) -> Problem | None:
    if kind is Any or value is False:
        return None
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        problems = [_wrong_kind(value, one) for one in typing.get_args(kind)]
        if None in problems:
            return None
        return Problem("kind", tuple(dict.fromkeys(n for one in problems for n in one.expected)))
    origin, parts = typing.get_origin(kind) or kind, typing.get_args(kind)
    if origin is types.NoneType:
        return None if value is None else Problem("kind")
    if origin not in _NAMES:
        return None  # a kind of Python's own
    if not _is(value, origin):
        return Problem("kind", (_NAMES[origin],))
    if origin is int and abs(value) > MOST_ID:
        return Problem("big")
    inner: list[tuple[Any, Any]] = []
    if origin is list and parts:
        inner = [(one, parts[0]) for one in value]
    elif origin is dict and parts:
        inner = [pair for item in value.items() for pair in zip(item, parts, strict=True)]
    return next(filter(None, (_wrong_kind(*pair) for pair in inner)), None)


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is list:
        return isinstance(value, list | tuple)
    return isinstance(value, kind)
