"""Which lots that come together must be kept apart.

Of each lot only its mark counts, which says what a rule wants to know of it: lots of one mark are
all alike to the rule, so a place with very many lots is judged by the few marks in it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping

Mark = Hashable


def differ(one: Mark, other: Mark) -> bool:
    """Lots that differ in any way are kept apart, such as in their allergens.

    >>> differ(frozenset({"milk"}), frozenset({"milk", "nuts"}))
    True
    """
    return one != other


def several_lots(one: tuple, other: tuple) -> bool:
    """Lots of one product are kept apart; a mark is (product, lot).

    >>> several_lots(("curd", "A"), ("curd", "B"))
    True
    >>> several_lots(("curd", "A"), ("whey", "B"))
    False
    """
    return one[0] == other[0] and one[1] != other[1]


def opposed(one: tuple[bool, bool], other: tuple[bool, bool]) -> bool:
    """What is of one kind is kept apart from what is of another; a mark is (one kind?, other?).

    >>> opposed((True, False), (False, True))
    True
    >>> opposed((True, False), (True, False)), opposed((True, False), (False, False))
    (False, False)
    """
    return (one[0] and other[1]) or (one[1] and other[0])


def meetings(
    arriving: Mapping[Hashable, Mark],
    present: Iterable[tuple[Hashable, Mark]],
    apart: Callable[[Mark, Mark], bool],
) -> list[tuple[Hashable, Hashable]]:
    """Each arriving lot that must not meet another one, with one that it meets.

    Two arriving lots that meet each other are named once:

    >>> meetings({"A": 1, "B": 2}, [], differ)
    [('A', 'B')]
    >>> meetings({"A": 1, "B": 1}, [("C", 1), ("D", 5)], differ)
    [('A', 'D'), ('B', 'D')]
    """
    by_mark: dict[Mark, list[Hashable]] = {}
    for item, mark in (*arriving.items(), *present):
        by_mark.setdefault(mark, []).append(item)
    found: list[tuple[Hashable, Hashable]] = []
    named: set[Hashable] = set()
    for item, mark in arriving.items():
        other = next(
            (
                others
                for other_mark, same in by_mark.items()
                if apart(mark, other_mark)
                for others in same
                if others != item
            ),
            None,
        )
        if other is not None and item not in named:
            found.append((item, other))
            named.add(other)
    return found
