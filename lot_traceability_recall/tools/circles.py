"""Lots that went into each other, by rework: which of them form one circle.

>>> circles([0, 1, 2, 3], [[1], [2], [1], [0]])
[(2, 1), (0,), (3,)]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def circles(numbers: Iterable[int], steps: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The strongly connected parts of a graph (Tarjan 1972), without recursion: a part comes after
    all parts that can be reached from it.

    :param steps: to which others each number leads; these are among the numbers
    """
    found: list[tuple[int, ...]] = []
    seen: dict[int, int] = {}
    lowest: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    for start in numbers:
        if start in seen:
            continue
        seen[start] = lowest[start] = len(seen)
        path.append(start)
        on_path.add(start)
        open_calls = [(start, iter(steps[start]))]
        while open_calls:
            number, following = open_calls[-1]
            for other in following:
                if other not in seen:
                    seen[other] = lowest[other] = len(seen)
                    path.append(other)
                    on_path.add(other)
                    open_calls.append((other, iter(steps[other])))
                    break
                if other in on_path:
                    lowest[number] = min(lowest[number], seen[other])
            else:
                open_calls.pop()
                if open_calls:
                    above = open_calls[-1][0]
                    lowest[above] = min(lowest[above], lowest[number])
                if lowest[number] == seen[number]:
                    part: list[int] = []
                    while not part or part[-1] != number:
                        part.append(path.pop())
                        on_path.discard(part[-1])
                    found.append(tuple(part))
    return found
