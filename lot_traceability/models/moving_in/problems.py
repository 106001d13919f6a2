"""What a check has found so far: counted to the end, listed up to a limit."""

from __future__ import annotations

from typing import NamedTuple

# A file with more problems than these is not put right by reading them.
MAX_LISTED = 2_000
_SHOWN = 200


class Problem(NamedTuple):
    """What is wrong at a row and a column, and what to do."""

    row: int
    column: str
    value: str
    text: str
    fix: str
    severity: str


class Problems:
    """The problems of a file."""

    def __init__(self) -> None:
        self._listed: dict[str, list[Problem]] = {"blocking": [], "note": []}
        self.counts = {"blocking": 0, "note": 0}

    def add(
        self, row: int, column: str, value: str, text: str, fix: str, note: bool = False
    ) -> None:
        """Note one."""
        severity = "note" if note else "blocking"
        self.counts[severity] += 1
        if len(self._listed[severity]) < MAX_LISTED:
            shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
            self._listed[severity].append(Problem(row, column, shown, text, fix, severity))

    @property
    def blocking(self) -> int:
        """How many have to be put right."""
        return self.counts["blocking"]

    def listed(self) -> list[Problem]:
        """Those that are shown, by row: what blocks first."""
        return [
            one
            for severity in ("blocking", "note")
            for one in sorted(self._listed[severity], key=lambda problem: problem.row)
        ]
