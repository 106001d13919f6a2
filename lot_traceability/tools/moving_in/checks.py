"""What can be wrong with the rows of a file among one another."""

from __future__ import annotations

from collections.abc import Sequence

from ..lot_name import key

_SEPARATING = str.maketrans(dict.fromkeys(" -_./\\"))


def near(number: str) -> str:
    """What all numbers share that people may take for one: case, blanks, O and 0, I and 1, hyphens
    and other separators do not count.

    >>> near("lot-O1 B"), near("L0T 01/8")
    ('10T018', '10T018')
    """
    return key(number).translate(_SEPARATING)


def cycles(parents: Sequence[int], children: Sequence[int]) -> list[list[int]]:
    """The positions of the links that lie on a circle, a list for each circle (or knot of them).

    >>> cycles([1, 2, 3, 3, 9], [2, 3, 1, 4, 9])
    [[0, 1, 2], [4]]
    """
    nodes, links = _peeled(parents, children)
    if not links:
        return []
    component = _components(nodes, parents, children, links)
    found: dict[int, list[int]] = {}
    for position in links:
        if component[parents[position]] == component[children[position]]:
            found.setdefault(component[parents[position]], []).append(position)
    return sorted(found.values())


def _peeled(parents: Sequence[int], children: Sequence[int]) -> tuple[set[int], list[int]]:
    """What is left when lots that nothing goes into, and links from them, are taken away again and
    again: nothing, unless there is a circle."""
    incoming: dict[int, int] = {}
    first: dict[int, int] = {}  # of each lot the last link away from it; `following` is the next
    following = [-1] * len(parents)
    for position, (parent, child) in enumerate(zip(parents, children, strict=True)):
        incoming[child] = incoming.get(child, 0) + 1
        incoming.setdefault(parent, 0)
        following[position] = first.get(parent, -1)
        first[parent] = position
    free = [lot for lot, count in incoming.items() if not count]
    left = incoming.keys() - free if free else set(incoming)
    while free:
        position = first.get(free.pop(), -1)
        while position >= 0:
            child = children[position]
            incoming[child] -= 1
            if not incoming[child]:
                free.append(child)
                left.discard(child)
            position = following[position]
    links = [
        position
        for position, parent in enumerate(parents)
        if parent in left and children[position] in left
    ] if left else []  # fmt: skip
    return set(left), links


def _components(
    nodes: set[int], parents: Sequence[int], children: Sequence[int], links: list[int]
) -> dict[int, int]:
    """{lot: number of its strongly connected component}: Kosaraju's, without recursion."""
    after: dict[int, list[int]] = {}
    before: dict[int, list[int]] = {}
    for position in links:
        after.setdefault(parents[position], []).append(children[position])
        before.setdefault(children[position], []).append(parents[position])
    component: dict[int, int] = {}
    for start in reversed(_finished(nodes, after)):
        left = [start]
        while left:
            lot = left.pop()
            if lot not in component:
                component[lot] = start
                left += before.get(lot, ())
    return component


def _finished(nodes: set[int], after: dict[int, list[int]]) -> list[int]:
    """The lots in the order in which a walk in depth is done with them."""
    seen: set[int] = set()
    order: list[int] = []
    for start in sorted(nodes):
        work = [(start, False)]
        while work:
            lot, done = work.pop()
            if done:
                order.append(lot)
            elif lot not in seen:
                seen.add(lot)
                work.append((lot, True))
                work += [(child, False) for child in after.get(lot, ()) if child not in seen]
    return order


def words(title: str) -> str:
    """What is left of a title when spelling does not matter.

    >>> words(" Lot-Nr.* "), words("Qté (kg)")
    ('lotnr', 'qtékg')
    """
    return "".join(filter(str.isalnum, title.casefold()))
