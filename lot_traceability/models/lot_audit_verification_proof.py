import io
import json
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.audit_chain import Verifier
from ..tools.audit_format import Receipt, receipt_of, time_text
from ..tools.audit_merkle import is_consistent
from ..tools.audit_proof import export_events
from ..tools.audit_reader import verify_file
from ..tools.audit_report import Report


class LotAuditVerification(models.Model):
    """Proofs of parts of the log: of a block, of an event, that one receipt continues another."""

    _inherit = "lot.audit.verification"

    @api.model
    def verify_block(self, number: int) -> dict[str, Any]:
        """Verify one block: its events, its place after the block before, its seal and receipts.

        :return: {"valid", "events", "findings": [texts]}
        :raise ValidationError: when there is no such block
        """
        self.env["lot.audit.event"].check_access("read")
        return self._told(self._block_report(number))

    @api.model
    def prove_event(self, event_id: int) -> dict[str, Any]:
        """Prove that an event is in the log as it was sealed (RFC 9162, 2.1.3).

        :return: {"valid", "block", "hashes", "findings": [texts], "proof": text}: the proof is in
            JSON lines, as the stand-alone verifier reads it; `hashes` is its length
        :raise ValidationError: when the event is not sealed yet, or not there
        """
        event = self.env["lot.audit.event"].search([("id", "=", event_id)])
        if not event:
            raise ValidationError(self.env._("There is no event %s.", event_id))
        blocks = self.env["lot.audit.block"]
        picks = list(blocks._picks([event.id]))
        if not picks:
            raise ValidationError(
                self.env._("Event %s is not sealed yet: that takes about a minute.", event_id)
            )
        receipt = blocks._receipt()
        tree = blocks._tree(receipt.number)
        now = time_text(fields.Datetime.now())
        lines = list(export_events(blocks._log_id(), now, receipt, tree, picks))
        text = b"".join(lines)
        report = verify_file(io.BytesIO(text), blocks._keys() or None)
        proof = next(json.loads(line) for line in lines if b'"type":"proof"' in line[:20])
        return {
            **self._told(report),
            "block": picks[0][0].header["number"],
            "hashes": len(proof["path"]) + len(proof["tree_path"]),
            "proof": text.decode(),
        }

    @api.model
    def compare_receipts(self, first: str, second: str = "") -> dict[str, Any]:
        """Prove that the log of one receipt continues that of another (RFC 9162, 2.1.4).

        :param first: the earlier receipt, a line of JSON as it left the database
        :param second: the later one; the present state of the log unless given
        :return: {"valid", "first": block, "second": block, "path": [hashes], "text"}
        :raise ValidationError: when a text is no receipt
        """
        self.env["lot.audit.event"].check_access("read")
        blocks = self.env["lot.audit.block"]
        one = self._parsed(first)
        other = self._parsed(second) if second else blocks._receipt()
        if other is None:
            raise ValidationError(self.env._("Nothing is sealed yet: there is nothing to compare."))
        if one.number > other.number:
            one, other = other, one
        path: list[str] = []
        valid = one.log == other.log and blocks._receipt(other.number) is not None
        if valid:
            tree = blocks._tree(other.number)
            valid = tree.size == other.number
        if valid:
            path = tree.consistency(one.number)
            roots = [bytes.fromhex(receipt.tree) for receipt in (one, other)]
            nodes = [bytes.fromhex(node) for node in path]
            valid = is_consistent(one.number, roots[0], other.number, roots[1], nodes)
        return {
            "valid": valid,
            "first": one.number,
            "second": other.number,
            "path": path,
            "text": self._compared(valid, one.number, other.number),
        }

    @api.model
    def _compared(self, valid: bool, first: int, second: int) -> str:
        """What comes of comparing the receipts of two blocks, in words."""
        if valid and first == second:
            return self.env._(
                "Block %s is as this receipt says: nothing up to it was changed or removed.", first
            )
        if valid:
            return self.env._(
                "The log of block %(second)s continues that of block %(first)s: nothing before it "
                "was changed or removed.",
                first=first,
                second=second,
            )
        return self.env._(
            "The log of block %(second)s does not continue that of the receipt of block "
            "%(first)s: it was cut, set back or made anew.",
            first=first,
            second=second,
        )

    @api.model
    def _parsed(self, text: str) -> Receipt:
        try:
            return receipt_of(json.loads(text))
        except (ValueError, TypeError) as error:
            raise ValidationError(
                self.env._("This is no receipt: %s. Give the whole line of JSON.", error)
            ) from error

    @api.model
    def _block_report(self, number: int) -> Report:
        blocks = self.env["lot.audit.block"]
        found = list(blocks._blocks(number, number))
        if not found:
            raise ValidationError(self.env._("There is no block %s.", number))
        receipts = [receipt for receipt in self._receipts() if receipt.number == number]
        start = blocks._state(number - 1) if number > 1 else None
        verifier = Verifier(
            blocks._keys() or None, receipts, log=blocks._log_id(), start=start, partial=True
        )
        for block, lines in found:
            verifier.add(block, lines)
        return verifier.finish()

    @api.model
    def _notify(self, found: dict[str, Any], text: str) -> dict:
        """A notification: the text, or what was found."""
        advice = self.env._("Press Verify Now under Verifications to see what else is wrong.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if found["valid"] else "danger",
                "message": text if found["valid"] else " ".join([*found["findings"], advice]),
                "sticky": not found["valid"],
            },
        }

    @api.model
    def _told(self, report: Report) -> dict[str, Any]:
        return {
            "valid": report.valid,
            "events": report.summary.events or report.summary.proofs,
            "findings": [finding.text for finding in report.findings],
        }
