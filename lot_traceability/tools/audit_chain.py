"""Verifies sealed blocks one after the other: a stream in, findings and a summary out.

>>> verify([]).valid
True

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from .audit_clock import LATE, TOLERANCE, Clock
from .audit_entries import Entries, read_entries
from .audit_format import EVENT, Block, Receipt, State, block_digest, seal_of
from .audit_merkle import Frontier, leaf_hash, merkle_root
from .audit_receipts import ReceiptCheck
from .audit_report import Findings, Report, Summary

#: So many findings are kept; the rest is counted.
LIMIT = 1000


class Verifier:
    """Takes the blocks of one log in turn.

    `keys` as of `parse_keys`: without them seals are not checked. `start` is where the log stood
    before the first block given (an earlier `Report.state`, or what an export's first line says);
    `partial` says that later blocks may exist, so that a receipt of one does not mean that it was
    cut off. `tolerance` and `late` are seconds, see `audit_clock`.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes] | None = None,
        receipts: Iterable[Receipt] = (),
        *,
        log: str = "",
        start: State | None = None,
        partial: bool = False,
        tolerance: float = TOLERANCE,
        late: float = LATE,
        limit: int = LIMIT,
    ) -> None:
        self.state = self._start = start or State()
        self.findings = Findings(limit)
        self.summary = Summary(log=log, whole=not partial and not self.state.number)
        self._keys = keys or None
        self._receipts = ReceiptCheck(receipts, self._keys, self.findings, self.summary)
        self._clock = Clock(self.findings, tolerance, late)
        self._partial = partial
        # Unknown where blocks are missing, or where the start does not tell.
        known = self.state.nodes or not self.state.number
        self._tree = Frontier(self.state.number, self.state.nodes) if known else None
        self._lost = False  # whether the block before could not be read

    def unreadable(self, text: str) -> None:
        """A block that could not be read: `text` says why. The next one starts anew."""
        self.findings.add("malformed", None, None, text)
        self._lost, self._tree = True, None

    def add(self, block: Block, lines: Iterable[bytes]) -> None:
        """Verify the next block; `lines` are its events without their line ends, read once."""
        number = block.header["number"]
        if not self.summary.blocks:
            self.summary.log = self.summary.log or block.header["log"]
            self.summary.first_block = number
            if self._start.number:
                self._receipts.check_start(self._start)
        self._check_place(block)
        genuine = block_digest(block.header) == block.digest
        if not genuine:
            text = f"The header of block {number} was changed: it has not the digest stated."
            self.findings.add("changed", number, None, text)
        sealed_well = genuine and self._check_seal(block)
        self._check_tree(block)
        self._receipts.check_block(block, sealed_well=sealed_well)
        entries = read_entries(block, lines)
        # Of a changed root events cannot tell anything.
        comparable = genuine or merkle_root(block.leaves).hex() == block.header["root"]
        for code, event, text in entries.differences if comparable else ():
            self.findings.add(code, number, event, text)
        if genuine and not entries.differences:
            self._check_header(block, entries)
        self._clock.check_block(self.state, block, entries)
        self._advance(block, entries)

    def add_unsealed(self, lines: Iterable[bytes]) -> None:
        """Events that no block holds yet: nothing proves them, but their times are looked at."""
        for line in lines:
            self.summary.unsealed += 1
            found = EVENT.match(line)
            if not found:
                self.findings.add("malformed", None, None, "An unsealed line is no event.")
            elif self.state.last_at:
                self._clock.check_back(self.state, [(int(found[1]), found[2])], None)

    def finish(self) -> Report:
        """What all blocks together tell."""
        summary, unsure = self.summary, self.summary.not_checked
        self._receipts.finish(self.state, partial=self._partial)
        if self._keys and summary.blocks and summary.unkeyed == summary.blocks:
            text = "has no seal, nor has any other: the log may have been made without the key"
            self.findings.once("rewritten", summary.first_block, text)
        elif self._keys and summary.unkeyed:
            unsure.append(f"seals of {summary.unkeyed} blocks, which were sealed without a key")
        elif not self._keys:
            unsure.append(
                "seals, as no key was given: who can write to the database could have made the "
                "whole log anew, unless receipts kept elsewhere agree with it"
            )
        if not summary.receipts and not self._receipts.disagreeing:
            unsure.append(
                "whether the log goes on, as no receipt agrees with it: its newest blocks could "
                "have been cut off"
            )
        if self._start.number:
            unsure.append(f"blocks before block {self._start.number + 1}")
        if summary.unsealed:
            unsure.append(f"the newest {summary.unsealed} events, as no block seals them yet")
        summary.findings = self.findings.count
        return Report(self.findings.kept, summary, self.state)

    def _check_place(self, block: Block) -> None:
        header, before = block.header, self.state
        number = header["number"]
        if header["log"] != self.summary.log:
            self.findings.once("chain", number, f"is of another log, {header['log']}")
        if self._lost or (number == before.number + 1 and header["previous"] == before.digest):
            return
        gone = max(header["total"] - header["count"] - before.total, 0)
        between = f"block {before.number} is followed by block {number}"
        if number <= before.number:
            text = f"Blocks are out of their order: {between}."
        elif number > before.number + 1 and before.number:
            text = f"Blocks are missing: {between}, and {gone} events between them are gone."
        elif number > before.number + 1:
            text = f"The log begins with block {number}: {gone} events before it are missing."
        else:
            text = (
                f"Block {number} does not continue block {before.number}: it was sealed on another "
                "digest. One of the two was replaced."
                if before.number
                else "The first block continues one that is not there."
            )
        self.findings.add("chain", number, None, text)
        self._tree = None

    def _check_seal(self, block: Block) -> bool:
        """False where the seal leaves doubt that the server sealed the block."""
        number, key = block.header["number"], block.header["key"]
        self.summary.unkeyed += key is None
        fault = seal_fault(block.header, block.digest, block.seal, self._keys)
        if not fault and key is None and self.state.keyed:
            fault = ("rewritten", "has no seal, though blocks before it have one")
        if fault:
            return self.findings.once(fault[0], number, fault[1])
        self.summary.seals += key is not None and self._keys is not None
        return True

    def _check_tree(self, block: Block) -> None:
        if self._tree is None:
            return
        self._tree.append(leaf_hash(bytes.fromhex(block.digest)))
        if self._tree.root().hex() != block.tree:
            number = block.header["number"]
            text = f"The tree hash beside block {number} was changed: it is not that of the blocks."
            self.findings.add("changed", number, None, text)

    def _check_header(self, block: Block, entries: Entries) -> None:
        """Does the header tell what its events are? No sealer ever wrote another."""
        header, ids, times, before = block.header, entries.ids, entries.times, self.state
        follows = header["number"] == before.number + 1 and not self._lost
        good = (
            ids == sorted(set(block.ids))
            and header["count"] == len(ids) > 0
            and (header["first_id"], header["last_id"]) == (ids[0], ids[-1])
            and header["first_at"].encode() == min(times)
            and header["last_at"].encode() == max(times)
            and (not follows or header["total"] == before.total + header["count"])
        )
        if not good:
            text = f"The header of block {header['number']} does not tell what its events are."
            self.findings.add("malformed", header["number"], None, text)

    def _advance(self, block: Block, entries: Entries) -> None:
        header, summary, before = block.header, self.summary, self.state
        first, last = min(entries.times, default=b""), max(entries.times, default=b"")
        self.state = State(
            number=header["number"],
            digest=block.digest,
            total=header["total"],
            last_id=max(before.last_id, header["last_id"]),
            last_at=max(before.last_at, last.decode()),
            sealed_at=header["sealed_at"],
            keyed=before.keyed or header["key"] is not None,
            nodes=self._tree.hexes() if self._tree else (),
        )
        self._lost = False
        summary.last_block, summary.sealed_at = header["number"], header["sealed_at"]
        summary.blocks += 1
        summary.events += len(entries.ids)
        if first:
            summary.first_at = min(summary.first_at or first.decode(), first.decode())
            summary.last_at = max(summary.last_at, last.decode())


def seal_fault(
    header: dict[str, Any], digest: str, seal: str | None, keys: Mapping[str, bytes] | None
) -> tuple[str, str] | None:
    """(code, what is wrong with the seal of a block), None where nothing is; without keys it can
    only be seen whether there should be one."""
    key = header["key"]
    if key is None:
        return ("forged", "has a seal, though it was sealed without a key") if seal else None
    if seal is None:
        return "forged", f"lost its seal: it was sealed with key {key}"
    if not keys:
        return None
    if key not in keys:
        return "rewritten", f"is sealed with key {key}, which is not among those given"
    if not hmac.compare_digest(seal_of(keys[key], digest), seal):
        return "forged", f"has a seal that was not made with key {key}"
    return None


def verify(
    blocks: Iterable[tuple[Block, Iterable[bytes]]],
    keys: Mapping[str, bytes] | None = None,
    receipts: Iterable[Receipt] = (),
    *,
    unsealed: Iterable[bytes] = (),
    **options: Any,
) -> Report:
    """Verify blocks with the lines of their events, in turn; `options` are those of `Verifier`."""
    verifier = Verifier(keys, receipts, **options)
    for block, lines in blocks:
        verifier.add(block, lines)
    verifier.add_unsealed(unsealed)
    return verifier.finish()
