"""Compares the events of one block with what was sealed, and names each that differs.

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import combinations
from typing import NamedTuple

from .audit_format import EVENT, Block
from .audit_merkle import HASH, merkle_root

# Lines unlike any that was sealed are kept to find out what became of them: the text of so many,
# and of so many bytes at most.
_KEPT = 256
_LONGEST_KEPT = 1 << 16
# Events renumbered or exchanged are looked for among so many at most.
_PAIRED = 64


class Difference(NamedTuple):
    """One thing that is wrong in a block: code and text as of `audit_report.Finding`."""

    code: str
    event: int | None
    text: str


class Entries(NamedTuple):
    """What was read of a block's events."""

    ids: list[int | None]  # as they came; None for a line that is no event
    times: list[bytes]  # of those that are events
    differences: list[Difference]


class _Line(NamedTuple):
    """A line that is unlike any that was sealed."""

    place: int  # where it stands among the lines
    number: int | None
    text: bytes  # empty where it is not kept


def read_entries(block: Block, lines: Iterable[bytes]) -> Entries:
    """Read the lines of a block once, without keeping them, and compare them with its leaves."""
    sealed = split_hashes(block.leaves)
    known = set(sealed)
    ids: list[int | None] = []
    times: list[bytes] = []
    leaves: list[bytes] = []
    odd: list[_Line] = []
    match = EVENT.match
    for line in lines:
        leaf = sha256(b"\x00" + line).digest()
        found = match(line)
        if found:
            ids.append(int(found[1]))
            times.append(found[2])
        else:
            ids.append(None)
        if leaf not in known:
            kept = len(odd) < _KEPT and len(line) <= _LONGEST_KEPT
            odd.append(_Line(len(leaves), ids[-1], line if kept else b""))
        leaves.append(leaf)
    intact = merkle_root(b"".join(leaves)).hex() == block.header["root"]
    if intact and leaves == sealed and ids == list(block.ids):
        return Entries(ids, times, [])
    return Entries(ids, times, _differences(block, sealed, leaves, ids, odd, intact))


def _differences(
    block: Block,
    sealed: list[bytes],
    leaves: list[bytes],
    ids: list[int | None],
    odd: list[_Line],
    intact: bool,
) -> list[Difference]:
    number, beside = block.header["number"], f"kept beside block {block.header['number']}"
    whole = "was changed; the events are intact: they agree with the block's sealed root."
    found = []
    if intact:
        if leaves != sealed:
            found.append(f"The list of fingerprints {beside} {whole}")
        if ids != list(block.ids):
            found.append(f"The list of event numbers {beside} {whole}")
        return [Difference("changed", None, text) for text in found]
    if merkle_root(block.leaves).hex() != block.header["root"]:
        found.append(
            f"Neither the events of block {number} nor the list of fingerprints {beside} are what "
            f"was sealed: something between event {block.header['first_id']} and event "
            f"{block.header['last_id']} was changed, and the list with it."
        )
    comparison = _Comparison(block, sealed, leaves, ids, odd)
    if comparison.ids != list(block.ids):
        found.append(f"The list of event numbers {beside} was changed.")
    return [
        *(Difference("changed", None, text) for text in found),
        *comparison.differences(),
    ]


def split_hashes(leaves: bytes) -> list[bytes]:
    """Single hashes of 32 bytes each.

    >>> split_hashes(bytes(64)) == [bytes(32), bytes(32)]
    True
    """
    return [leaves[start : start + HASH] for start in range(0, len(leaves), HASH)]


def _list_differences(block: Block, leaves: list[bytes], ids: list[int]) -> list[Difference]:
    """What is wrong with the two lists that are kept beside the block."""
    root, number = block.header["root"], block.header["number"]
    if merkle_root(block.leaves).hex() != root:
        if merkle_root(b"".join(leaves)).hex() == root:
            text = (
                f"The list of fingerprints kept beside block {number} was changed; the block's "
                "events are intact: they agree with its sealed root."
            )
        else:
            text = (
                f"The list of fingerprints kept beside block {number} is not what was sealed, nor "
                f"are its events. Between event {block.header['first_id']} and event "
                f"{block.header['last_id']} something was changed, and the list with it."
            )
        return [Difference("changed", None, text)]
    if b"".join(leaves) == block.leaves and ids != list(block.ids):
        text = (
            f"The list of event numbers kept beside block {number} was changed; the block's "
            "events are intact: they agree with its sealed root."
        )
        return [Difference("changed", None, text)]
    return []


class _Comparison:
    """Finds out what became of each event of a block."""

    def __init__(
        self,
        block: Block,
        sealed: list[bytes],
        leaves: list[bytes],
        ids: Sequence[int | None],
        odd: list[_Line],
    ) -> None:
        self.odd = odd
        self.found: list[Difference] = []
        # Place among the sealed ones of each line that is as it was sealed, in the order read.
        self.order: list[int] = []
        self.twice: list[int | None] = []
        self.ids = list(block.ids)[: len(sealed)]
        self.ids += [0] * (len(sealed) - len(self.ids))
        place_of = {leaf: place for place, leaf in enumerate(sealed)}
        seen: set[int] = set()
        for leaf, number in zip(leaves, ids):  # noqa: B905 (Python 3.9 has no `strict`)
            place = place_of.get(leaf)
            if place is None:
                continue
            if place in seen:
                self.twice.append(number)
                continue
            seen.add(place)
            self.order.append(place)
            # The sealed line tells its number better than the list beside the block.
            self.ids[place] = number or 0
        self.leaf_of = dict(zip(self.ids, sealed))  # noqa: B905 (see above)
        self.lost = {number: place for place, number in enumerate(self.ids) if place not in seen}

    def differences(self) -> list[Difference]:
        """Everything that is wrong, the lowest event first."""
        changed: dict[int, _Line] = {}
        extra: list[_Line] = []
        for line in self.odd:
            if line.number in self.lost and line.number not in changed:
                changed[line.number] = line
            else:
                extra.append(line)
        missing = [number for number in self.lost if number not in changed]
        extra = [line for line in extra if not self._became(line, missing)]
        self._exchanged(changed)
        for number in changed:
            self._add("changed", number, f"Event {number} was changed after it was sealed.")
        for line in extra:
            self._add("inserted", line.number, self._extra_text(line))
        for number in self.twice:
            self._add("inserted", number, f"Event {number} stands there twice.")
        for number in missing:
            text = f"Event {number} is missing: it was sealed in this block and is gone."
            self._add("missing", number, text)
        self._moved()
        return sorted(self.found, key=lambda item: (item.event is None, item.event or 0))

    def _add(self, code: str, event: int | None, text: str) -> None:
        self.found.append(Difference(code, event, text))

    def _became(self, line: _Line, missing: list[int]) -> bool:
        """Is a line too many one of those missing, renumbered or made unreadable?"""
        for number in missing[:_PAIRED]:
            if line.number is None and line.place == self.lost[number]:
                text = f"Event {number} was changed: its line is no event of the log any more."
            elif line.number and self._is(number, _with_number(line.text, number)):
                text = f"Event {number} was changed: its number was made {line.number}."
            else:
                continue
            self._add("changed", number, text)
            missing.remove(number)
            return True
        return False

    def _exchanged(self, changed: dict[int, _Line]) -> None:
        """Events whose contents stand under each other's number."""
        for one, other in combinations(sorted(changed)[:_PAIRED], 2):
            if one in changed and other in changed:
                first, second = changed[one].text, changed[other].text
                if self._swapped(first, second, one, other):
                    text = (
                        f"Events {one} and {other} were exchanged, each under the other's number."
                    )
                    self._add("reordered", one, text)
                    del changed[one], changed[other]

    def _swapped(self, first: bytes, second: bytes, one: int, other: int) -> bool:
        """Were the two exchanged as a whole, or without their times?"""
        if self._is(other, _with_number(first, other)):
            return self._is(one, _with_number(second, one))
        start, end = EVENT.match(first), EVENT.match(second)
        return (
            start is not None
            and end is not None
            and self._is(other, end[0] + first[start.end() :])
            and self._is(one, start[0] + second[end.end() :])
        )

    def _is(self, number: int, text: bytes) -> bool:
        return sha256(b"\x00" + text).digest() == self.leaf_of.get(number)

    def _extra_text(self, line: _Line) -> str:
        if line.number is None:
            return f"Line {line.place + 1} of the block is no event of the log, and was not sealed."
        if line.number in self.leaf_of:
            return f"Another event {line.number} was inserted beside the one that was sealed."
        return f"Event {line.number} was inserted: it was not there when the block was sealed."

    def _moved(self) -> None:
        """Lines that are intact and stand in another order."""
        wanted = sorted(self.order)
        places = [place for place, want in enumerate(wanted) if self.order[place] != want]
        if not places:
            return
        first, last = (self.ids[wanted[place]] for place in (places[0], places[-1]))
        text = (
            f"Events {first} and {last} have changed places."
            if len(places) == 2
            else f"{len(places)} events, from {first} to {last}, are in another order than sealed."
        )
        self._add("reordered", first, text)


def _with_number(line: bytes, number: int) -> bytes:
    """The same line under another number."""
    found = EVENT.match(line)
    return b'{"id":%d%s' % (number, line[found.end(1) :]) if found else line
