"""Which characters of a GS1-128 symbol go into which of its sets: the shortest way.

>>> sets("010952012345678810AB12")
[('C', '010952012345678810'), ('B', 'AB12')]
"""

from __future__ import annotations

from itertools import groupby

from ..gs1 import GS

_START, _CHECK, _STOP = 1, 1, 13


def sets(data: str) -> list[tuple[str, str]]:
    """[(set, characters)]: pairs of digits in set C, all else in set B. A separator is in both.

    >>> sets("10A" + GS + "171234")
    [('C', '10'), ('B', 'A\\x1d'), ('C', '171234')]
    """
    steps = _steps(data)
    found = []
    for name, group in groupby(steps, key=lambda step: step[0]):
        found.append((name, "".join(part for _name, part in group)))
    return found


def modules(data: str) -> int:
    """How wide the symbol gets, without its quiet zones.

    >>> modules("00095201234567891235")
    156
    """
    steps = _steps(data)
    changes = len(sets(data)) - 1
    # The first separator, which says that it is a GS1 symbol, is none of the data.
    return 11 * (_START + 1 + len(steps) + changes + _CHECK) + _STOP


def _steps(data: str) -> list[tuple[str, str]]:
    """[(set, character or pair)] of the shortest way, found from the end of the data."""
    size = len(data)
    cost = {name: [0] * (size + 1) for name in "BC"}
    for place in range(size - 1, -1, -1):
        here = {name: _choices(data, place, name, cost) for name in "BC"}
        for name, choices in here.items():
            cost[name][place] = min(choices)[0]
    steps: list[tuple[str, str]] = []
    place = 0
    name = min("CB", key=lambda each: cost[each][0])
    while place < size:
        _cost, name, length = min(_choices(data, place, name, cost))
        steps.append((name, data[place : place + length]))
        place += length
    return steps


def _choices(data: str, place: int, current: str, cost: dict) -> list[tuple[int, str, int]]:
    """(symbols from here on, set, characters taken) of each way to go on."""
    found = []
    for name in "BC":
        change = 0 if name == current else 1
        if data[place] == GS or name == "B":
            found.append((change + 1 + cost[name][place + 1], name, 1))
        elif data[place : place + 2].isdigit() and len(data) > place + 1:
            found.append((change + 1 + cost[name][place + 2], name, 2))
    return found
