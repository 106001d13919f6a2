"""Checks the proofs of single events, and that one receipt's log continues another's.

Standard library and Python 3.9: a part of the verifier that an auditor runs without Odoo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .audit_chain import seal_fault
from .audit_format import (
    EVENT,
    Receipt,
    State,
    block_digest,
    check_header,
    is_hash,
    receipt_of,
)
from .audit_merkle import is_consistent, is_included, leaf_hash
from .audit_receipts import receipt_fault
from .audit_report import Findings, Report, Summary


class ProofCheck:
    """Takes the lines of an export of some events: a receipt, and proofs that lead to its tree.

    `keys` as of `parse_keys`; `kept` are receipts that were kept elsewhere.
    """

    def __init__(
        self,
        log: str,
        keys: Mapping[str, bytes] | None,
        kept: Iterable[Receipt],
        findings: Findings,
    ) -> None:
        self.summary = Summary(log=log, whole=False)
        self.findings = findings
        self._keys = keys or None
        self._kept = list(kept)
        self._receipt: Receipt | None = None

    def add_receipt(self, data: dict[str, Any]) -> None:
        """The receipt to whose tree the proofs lead. ValueError where it cannot be read."""
        receipt = receipt_of(data)
        if receipt.log != self.summary.log:
            why = f"has a receipt of another log, {receipt.log}"
            self.findings.once("chain", receipt.number, why)
        fault = receipt_fault(receipt, self._keys)
        if fault:
            self.findings.once("forged", receipt.number, fault)
        elif self._keys and receipt.key in self._keys:
            self.summary.seals += 1
        self._receipt = receipt
        self._compare(receipt)

    def add_consistency(self, data: dict[str, Any]) -> None:
        """A proof that the log of one receipt continues that of an earlier one. ValueError where
        it cannot be read."""
        first, second = receipt_of(data.get("first")), receipt_of(data.get("second"))
        roots = [bytes.fromhex(receipt.tree) for receipt in (first, second)]
        path = _path(data.get("path"))
        if first.log == second.log and is_consistent(
            first.number, roots[0], second.number, roots[1], path
        ):
            self.summary.consistent += 1
            self._compare(first)
            if second != self._receipt:
                self._compare(second)
            return
        text = (
            f"The log of the receipt of block {second.number} does not continue that of the "
            f"receipt of block {first.number}."
        )
        self.findings.add("rewritten", second.number, None, text)

    def add_proof(self, data: dict[str, Any]) -> None:
        """An event with its proof. ValueError where it cannot be read."""
        text, index = data.get("event"), data.get("index")
        header = check_header(data.get("block"))
        if not isinstance(text, str) or type(index) is not int:
            raise ValueError("a proof has the text of an event and its place")
        if not is_hash(data.get("digest")) or not (
            data.get("seal") is None or is_hash(data["seal"])
        ):
            raise ValueError("a proof has the digest of its block, and its seal")
        line, number = text.encode(), header["number"]
        path, tree_path = _path(data.get("path")), _path(data.get("tree_path"))
        found = EVENT.match(line)
        event = int(found[1]) if found else None
        name = f"Event {event}" if found else "A line that is no event"
        self.summary.events += 1
        if header["log"] != self.summary.log:
            self.findings.once("chain", number, f"is of another log, {header['log']}")
        elif block_digest(header) != data["digest"]:
            why = f"The header of block {number}, beside event {event}, was changed."
            self.findings.add("changed", number, event, why)
        elif not is_included(
            leaf_hash(line), index, header["count"], path, bytes.fromhex(header["root"])
        ):
            why = f"{name} is not what was sealed in block {number}, or its proof was changed."
            self.findings.add("changed", number, event, why)
        elif not self._leads_to_receipt(number, data["digest"], tree_path):
            why = f"{name} is in a block {number} that is not of the receipt's log."
            self.findings.add("rewritten", number, event, why)
        elif fault := seal_fault(header, data["digest"], data.get("seal"), self._keys):
            self.findings.once(fault[0], number, fault[1])
        else:
            self._proved(header, found[2].decode() if found else header["first_at"])

    def finish(self) -> Report:
        """What all proofs together tell."""
        summary, unsure = self.summary, self.summary.not_checked
        unsure.append(
            "whether further events should be in this selection: proofs are of those here"
        )
        if not self._keys:
            unsure.append("seals, as no key was given")
        if not summary.receipts:
            unsure.append(
                "the receipt in this file, as no receipt kept elsewhere agrees with it: with it, "
                "all of the file could have been made anew"
            )
        if self._kept and all(kept.log != summary.log for kept in self._kept):
            text = (
                f"The receipts are of another log, {self._kept[0].log}; this one is {summary.log}."
            )
            self.findings.add("rewritten", None, None, text)
        summary.findings = self.findings.count
        return Report(self.findings.kept, summary, State())

    def _compare(self, receipt: Receipt) -> None:
        """With those kept elsewhere of the same block."""
        for kept in self._kept:
            if (kept.log, kept.number) != (receipt.log, receipt.number):
                continue
            if (kept.digest, kept.tree) == (receipt.digest, receipt.tree):
                self.summary.receipts += 1
            else:
                why = f"has another receipt, of {kept.sealed_at}, than the one in this file"
                self.findings.once("rewritten", receipt.number, why)

    def _leads_to_receipt(self, number: int, digest: str, path: list[bytes]) -> bool:
        receipt = self._receipt
        if receipt is None:
            raise ValueError("no receipt stands before this proof")
        leaf = leaf_hash(bytes.fromhex(digest))
        return is_included(leaf, number - 1, receipt.number, path, bytes.fromhex(receipt.tree))

    def _proved(self, header: dict[str, Any], at: str) -> None:
        summary, number = self.summary, header["number"]
        summary.proofs += 1
        summary.seals += header["key"] is not None and self._keys is not None
        summary.first_block = min(summary.first_block or number, number)
        summary.last_block = max(summary.last_block, number)
        summary.first_at = min(summary.first_at or at, at)
        summary.last_at = max(summary.last_at, at)


def _path(value: Any) -> list[bytes]:
    if not isinstance(value, list) or not all(map(is_hash, value)):
        raise ValueError("the path of a proof is a list of hashes")
    return [bytes.fromhex(digest) for digest in value]
