"""Do the times of the audit log go forward? Numbers are given in turn, so times must follow them.

A long transaction is sealed after shorter ones that began later. That is no fault: what counts is
the order of the events' numbers, within a block and from one block to the next. An event whose
number is lower than one sealed before has no neighbours to compare with; it is suspect when
a block was sealed so long after the time that it states that no transaction was still open.

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .audit_entries import Entries
from .audit_format import Block, State, seconds
from .audit_report import Findings

#: Seconds by which clocks may differ, and by which a number may be taken before its time is.
TOLERANCE = 60.0
#: Seconds that no transaction stays open.
LATE = 86400.0


class Clock:
    """Looks at the times of one block after the other; `tolerance` and `late` are seconds."""

    def __init__(self, findings: Findings, tolerance: float, late: float) -> None:
        self._findings = findings
        self._tolerance, self._late = tolerance, late

    def check_block(self, before: State, block: Block, entries: Entries) -> None:
        """The times of a block and its events, `before` being where the log stood."""
        number, sealed = block.header["number"], block.header["sealed_at"]
        if before.sealed_at and self._is_back(before.sealed_at, sealed):
            text = f"Block {number} was sealed at {sealed}, before the block in front of it."
            self._findings.add("clock", number, None, text)
        ids, times = [event for event in entries.ids if event is not None], entries.times
        if not ids:
            return
        latest = max(times)
        if self._is_back(latest, sealed):
            event = ids[times.index(latest)]
            text = f"Event {event} is of {latest.decode()}, after its block was sealed at {sealed}."
            self._findings.add("clock", number, event, text)
        found = earlier_than_before(ids, times, self._tolerance)
        if found:
            text = (
                f"Event {found[0]} states a time {found[1]:.0f} s before that of an event with a "
                "lower number."
            )
            self._findings.add("clock", number, found[0], text)
        if before.last_at and self._is_back(before.last_at, min(times)):
            self.check_back(before, zip(ids, times), number)  # noqa: B905 (not in Python 3.9)

    def check_back(
        self, before: State, events: Iterable[tuple[int, bytes]], number: int | None
    ) -> None:
        """Events of which some time is before the latest of the earlier blocks; names the first
        of a higher number, and the first that came too late."""
        higher = late = False
        for event, at in events:
            if event > before.last_id:
                if not higher and self._is_back(before.last_at, at):
                    higher = True
                    text = (
                        f"Event {event} states a time {seconds(before.last_at) - seconds(at):.0f} "
                        "s before that of an event with a lower number in an earlier block."
                    )
                    self._findings.add("clock", number, event, text)
            elif not late and seconds(before.sealed_at) - seconds(at) > self._late:
                late = True
                text = (
                    f"Event {event} states {at.decode()}, but was not there when a block was "
                    f"sealed at {before.sealed_at}: it was added afterwards."
                )
                self._findings.add("clock", number, event, text)

    def _is_back(self, earlier: str | bytes, later: str | bytes) -> bool:
        """Is the time that should be later before the other, by more than the tolerance?"""
        return seconds(earlier) - seconds(later) > self._tolerance


def earlier_than_before(
    ids: Sequence[int], times: Sequence[bytes], tolerance: float
) -> tuple[int, float] | None:
    """The first event whose time is before that of one with a lower number by more than
    `tolerance` seconds, and by how many.

    >>> times = [b"2026-11-25T08:00:00.000000Z", b"2026-11-25T07:00:00.000000Z"]
    >>> earlier_than_before([1, 2], times, 60.0)
    (2, 3600.0)
    """
    latest = b""
    for number, at in sorted(zip(ids, times)):  # noqa: B905 (Python 3.9 has no `strict`)
        if at >= latest:
            latest = at
        elif (back := seconds(latest) - seconds(at)) > tolerance:
            return number, back
    return None
