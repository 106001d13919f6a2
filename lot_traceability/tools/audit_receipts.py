"""Compares the blocks of the audit log with receipts that were kept outside the database.

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping

from .audit_format import Block, Receipt, State, seal_of
from .audit_report import Findings, Summary


class ReceiptCheck:
    """The receipts of one log, each compared when its block comes by."""

    def __init__(
        self,
        receipts: Iterable[Receipt],
        keys: Mapping[str, bytes] | None,
        findings: Findings,
        summary: Summary,
    ) -> None:
        self._all = list(receipts)
        self._keys = keys
        self._findings = findings
        self._summary = summary
        self._waiting: dict[int, list[Receipt]] | None = None
        self.disagreeing = 0

    def check_block(self, block: Block, *, sealed_well: bool) -> None:
        """`sealed_well` is false where the block's seal leaves doubt that the server made it."""
        number = block.header["number"]
        for receipt in self._by_number().pop(number, ()):
            if receipt.digest != block.digest:
                self.disagreeing += 1
                if self.disagreeing == 1:
                    self._disagrees(block, receipt, sealed_well)
            elif receipt.tree != block.tree:
                why = f"has another tree hash than its receipt of {receipt.sealed_at}"
                self._findings.once("changed", number, why)
            else:
                self._summary.receipts += 1

    def check_start(self, start: State) -> None:
        """The block that a part of a log continues, itself not in that part."""
        for receipt in self._by_number().pop(start.number, ()):
            if receipt.digest == start.digest:
                self._summary.receipts += 1
                continue
            self.disagreeing += 1
            text = (
                f"This part says that it continues a block {start.number} which is not the one of "
                f"its receipt of {receipt.sealed_at}."
            )
            self._findings.add("rewritten", start.number, None, text)

    def finish(self, state: State, *, partial: bool) -> None:
        """Receipts of blocks that did not come; `partial` where later ones may exist."""
        waiting, last = self._by_number(), state.number
        later = [number for number in waiting if number > last]
        if len(waiting) > len(later):
            self._summary.not_checked.append(
                f"receipts of {len(waiting) - len(later)} blocks that are not in this part"
            )
        if not later:
            return
        if partial:
            self._summary.not_checked.append(
                f"receipts of {len(later)} blocks after block {last}, where this part ends"
            )
        elif not self.disagreeing:
            receipt = waiting[max(later)][0]
            text = (
                f"The log ends with block {last} and {state.total} events, but the receipt of "
                f"{receipt.sealed_at} is for block {receipt.number} and {receipt.total} events: "
                "the end was cut off, or an older backup was restored."
            )
            self._findings.add("truncated", last or None, None, text)

    def _by_number(self) -> dict[int, list[Receipt]]:
        """Receipts of this log that no block has met; which log it is, the first block tells."""
        if self._waiting is None:
            self._waiting, log = {}, self._summary.log
            mine = [receipt for receipt in self._all if receipt.log == log]
            for receipt in mine:
                self._waiting.setdefault(receipt.number, []).append(receipt)
                self._check_seal(receipt)
            others = len(self._all) - len(mine)
            if others and not mine:
                self.disagreeing += 1
                text = f"The receipts are of another log, {self._all[0].log}; this one is {log}."
                self._findings.add("rewritten", None, None, text)
            elif others:
                self._summary.not_checked.append(f"{others} receipts, as they are of other logs")
        return self._waiting

    def _check_seal(self, receipt: Receipt) -> None:
        fault = receipt_fault(receipt, self._keys)
        if fault:
            self._findings.once("forged", receipt.number, fault)

    def _disagrees(self, block: Block, receipt: Receipt, sealed_well: bool) -> None:
        """The first block that is not the one of its receipt."""
        number, sealed = block.header["number"], block.header["sealed_at"]
        known = f"Block {number} is not the one that its receipt of {receipt.sealed_at} is for"
        # After a restore the server goes on by its clock; who makes a log anew keeps the times.
        if sealed_well and sealed > receipt.sealed_at:
            text = (
                f"{known}: it was sealed later, at {sealed}. The log was set back, by restoring a "
                "backup or by cutting off its end, and then went on; what had been sealed is gone."
            )
            self._findings.add("rolled_back", number, None, text)
        else:
            text = f"{known}: the log was made anew from this block or an earlier one on."
            self._findings.add("rewritten", number, None, text)


def receipt_fault(receipt: Receipt, keys: Mapping[str, bytes] | None) -> str | None:
    """What is wrong with a receipt's own seal, as far as the keys tell; None where nothing is."""
    key = (keys or {}).get(receipt.key or "")
    if key and not hmac.compare_digest(receipt.seal or "", seal_of(key, receipt.digest)):
        return f"has a receipt whose seal was not made with key {receipt.key}"
    return None
