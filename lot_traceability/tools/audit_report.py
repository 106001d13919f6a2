"""What a verification of the audit log gives back.

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from .audit_format import State

#: Every kind of finding: what it means, and what to do about it.
MEANINGS = {
    "changed": (
        "Something sealed was altered afterwards.",
        "Compare the entry with a backup or an earlier export; ask who could write to the data.",
    ),
    "missing": (
        "A sealed entry was deleted.",
        "Look for it in backups and earlier exports; ask who could write to the database.",
    ),
    "inserted": (
        "An entry was added among sealed ones afterwards.",
        "Do not rely on it; ask who could write to the database.",
    ),
    "reordered": (
        "Sealed entries were put in another order.",
        "Do not rely on which of them came first; an earlier export shows the true order.",
    ),
    "truncated": (
        "The end is gone: cut off, or lost by restoring a backup, or the file is incomplete.",
        "Export again; if the end is still missing, look for the blocks in backups and exports.",
    ),
    "rolled_back": (
        "The log was set back to an earlier state and went on from there.",
        "Find the restore in the server's records; what the lost blocks held is in older exports.",
    ),
    "rewritten": (
        "Blocks were made anew, after they had been sealed or without the server's key.",
        "Do not rely on this log from that block on; compare it with receipts and older exports.",
    ),
    "forged": (
        "A seal was not made with the server's key, or was taken away.",
        "Make sure that the right keys were given; if so, do not rely on the log from there on.",
    ),
    "clock": (
        "Times go backwards: a clock was set back, or an entry was added with an older time.",
        "Compare with other records of that time, and with the server's clock log.",
    ),
    "chain": (
        "Blocks are missing, replaced or out of their order.",
        "Export again; if it stays so, compare with receipts and older exports.",
    ),
    "malformed": (
        "Something here is not in the log's format.",
        "Export again and carry the file over unchanged; if it stays so, ask who wrote it.",
    ),
}
CODES = tuple(MEANINGS)


class Finding(NamedTuple):
    """One thing that is wrong."""

    code: str  # one of CODES
    block: int | None
    event: int | None
    text: str


@dataclass
class Summary:
    """What was read, what was checked and what was not."""

    log: str = ""
    whole: bool = True  # False where blocks before or after were left out, or single events chosen
    first_block: int = 0
    last_block: int = 0
    blocks: int = 0
    events: int = 0  # sealed ones
    unsealed: int = 0
    first_at: str = ""
    last_at: str = ""
    sealed_at: str = ""
    seals: int = 0  # seals that were checked with a key and are right
    unkeyed: int = 0  # blocks without a seal
    receipts: int = 0  # receipts that were compared and agree
    proofs: int = 0  # events that were proved one by one
    consistent: int = 0  # pairs of receipts of which the second continues the first
    findings: int = 0  # all of them, those not kept included
    not_checked: list[str] = field(default_factory=list)


class Report(NamedTuple):
    """The outcome of a verification."""

    findings: list[Finding]
    summary: Summary
    state: State  # where the log stands: a later verification can go on from here

    @property
    def valid(self) -> bool:
        """Was nothing found?"""
        return not self.summary.findings


class Findings:
    """Gathers findings: so many are kept, the rest is counted.

    >>> found = Findings(limit=1)
    >>> found.add("chain", 2, None, "Block 2 is of another log.")
    >>> found.add("chain", 3, None, "Block 3 is of another log.")
    >>> len(found.kept), found.count
    (1, 2)
    """

    def __init__(self, limit: int) -> None:
        self.kept: list[Finding] = []
        self.count = 0
        self._limit = limit
        self._said: set[tuple[str, str]] = set()

    def add(self, code: str, block: int | None, event: int | None, text: str) -> None:
        """Add one."""
        self.count += 1
        if len(self.kept) < self._limit:
            self.kept.append(Finding(code, block, event, text))

    def once(self, code: str, block: int, why: str) -> bool:
        """Add what may hold for all blocks from here on, for the first alone; always False."""
        if (code, why) not in self._said:
            self._said.add((code, why))
            self.add(code, block, None, f"Block {block} {why}.")
        return False
