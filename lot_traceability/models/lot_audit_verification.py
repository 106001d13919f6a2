import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.audit_chain import verify
from ..tools.audit_format import Receipt, receipt_of
from ..tools.audit_report import Finding, Report

_KEPT = 200


class LotAuditVerification(models.Model):
    """A verification of the audit log and what it found. It reads, compares and tells; nothing is
    mended by it."""

    _name = "lot.audit.verification"
    _description = "Verification of the audit log"
    _inherit = ["mail.activity.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "date"

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, default=lambda self: self.env.user
    )
    scope = fields.Selection(
        [("log", "The log"), ("all", "The log and the records")], required=True, readonly=True
    )
    valid = fields.Boolean(readonly=True)
    blocks = fields.Integer(readonly=True)
    events = fields.Integer("Events sealed", readonly=True)
    unsealed = fields.Integer("Events not sealed yet", readonly=True)
    receipts = fields.Integer("Receipts that agree", readonly=True)
    seals = fields.Integer("Seals that are right", readonly=True)
    findings = fields.Integer(readonly=True)
    not_checked = fields.Text(readonly=True)
    line_ids = fields.One2many("lot.audit.finding", "verification_id", readonly=True)

    @api.depends("date")
    def _compute_display_name(self):
        for verification in self:
            verification.display_name = self.env._("Verification %s", verification.id or "")

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env["lot.audit.event"]._refused())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env["lot.audit.event"]._refused())

    # -- verifying -------------------------------------------------------------------------------

    @api.model
    def verify_log(self, with_records: bool = True) -> dict[str, Any]:
        """Verify the whole log, and note the outcome.

        :param with_records: compare lots, done move lines and stock with what the log tells, too
        :return: {"id", "valid", "blocks", "events", "unsealed", "receipts", "seals", "findings":
            [{"code", "block", "event", "text", "meaning", "advice"}], "not_checked": [texts]};
            a block or event that is not known is 0
        :raise AccessError: for whoever may not read the log
        """
        self.env["lot.audit.event"].check_access("read")
        made = self._run("all" if with_records else "log")
        return {
            "id": made.id,
            "valid": made.valid,
            **{name: made[name] for name in ("blocks", "events", "unsealed", "receipts", "seals")},
            "findings": [line._as_dict() for line in made.line_ids],
            "not_checked": (made.not_checked or "").splitlines(),
        }

    def action_verify(self) -> dict:
        """Verify the log and show the outcome; which verifications are selected is all the same.

        :return: a window action
        """
        self.env["lot.audit.event"].check_access("read")
        made = self._run("all")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": made.id,
            "views": [[False, "form"]],
        }

    @api.model
    def _run(self, scope: str) -> "LotAuditVerification":
        report, found = self._outcome(scope)
        lines = [*report.findings, *found]
        # sudo: whoever may read the log may have it verified; the outcome is nobody's to write
        made = self.sudo().create(
            {
                "scope": scope,
                "valid": report.valid and not found,
                "blocks": report.summary.blocks,
                "events": report.summary.events,
                "unsealed": report.summary.unsealed,
                "receipts": report.summary.receipts,
                "seals": report.summary.seals,
                "findings": report.summary.findings + len(found),
                "not_checked": "\n".join(
                    text[:1].upper() + text[1:] for text in report.summary.not_checked
                ),
                "line_ids": [
                    (0, 0, finding._asdict() | {"block": finding.block, "event": finding.event})
                    for finding in lines[:_KEPT]
                ],
            }
        )
        self.env["lot.audit.event"]._record(
            "verified",
            record={"model": made._name, "id": made.id, "name": str(made.id)},
            data={"scope": scope, "valid": made.valid, "findings": made.findings},
        )
        return made.with_env(self.env)

    @api.model
    def _outcome(self, scope: str) -> tuple[Report, list[Finding]]:
        """What the log itself says, and what else was found: of the first `_KEPT` one more, so
        that it shows that there are."""
        return self._report(), list(islice(self._more_findings(scope), _KEPT + 1))

    @api.model
    def _report(self) -> Report:
        """What the blocks, their events and all receipts that are known say together."""
        self.env.cr.flush()
        blocks = self.env["lot.audit.block"]
        _count, unsealed = blocks._unsealed()
        return verify(
            blocks._blocks(),
            blocks._keys() or None,
            self._receipts(),
            unsealed=unsealed,
            log=blocks._log_id(),
        )

    @api.model
    def _receipts(self) -> list[Receipt]:
        """All that have left the database: in the file, and handed out."""
        # sudo: receipts are for whoever may verify
        handed = self.env["lot.audit.receipt"].sudo().search([("number", ">", 0)])
        return [
            *self.env["lot.audit.receipt.file"]._read(),
            *(receipt_of(json.loads(line)) for line in handed.mapped("line")),
        ]

    @api.model
    def _more_findings(self, scope: str) -> Iterator[Finding]:
        yield from self._strays()
        yield from self._columns()
        yield from self._stamps()
        yield from self._bypassed()
        if scope == "all":
            yield from self.env["lot.audit.comparison"]._findings()

    @api.model
    def _strays(self) -> Iterator[Finding]:
        """Events that are in no block and do not wait for one: nobody recorded them."""
        self.env.cr.execute(
            """SELECT id FROM lot_audit_event
               EXCEPT SELECT unnest(event_ids) FROM lot_audit_block
               EXCEPT SELECT event_id FROM lot_audit_pending
                ORDER BY 1"""
        )
        for (number,) in self.env.cr.fetchall():
            text = f"Event {number} is in no block and does not wait for one: it was put there."
            yield Finding("inserted", None, number, text)

    @api.model
    def _columns(self) -> Iterator[Finding]:
        """What stands beside a header says the same as the header."""
        self.env.cr.execute(
            """SELECT id FROM lot_audit_block
                WHERE (header::jsonb ->> 'number')::int <> id
                   OR (header::jsonb ->> 'count')::int <> count
                   OR (header::jsonb ->> 'total')::bigint <> total
                   OR (header::jsonb ->> 'sealed_at') <>
                      to_char(sealed_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                   OR state::jsonb ->> 'digest' <> digest
                ORDER BY id"""
        )
        for (number,) in self.env.cr.fetchall():
            text = f"The row of block {number} was changed: it does not say what its header says."
            yield Finding("changed", number, None, text)

    @api.model
    def _stamps(self) -> Iterator[Finding]:
        # sudo: as in `_receipts`
        for receipt in self.env["lot.audit.receipt"].sudo().search([("stamp_date", "!=", False)]):
            problem = receipt._check_stamp()
            if problem:
                text = f"The time-stamp of block {receipt.number} is not valid: {problem}."
                yield Finding("forged", receipt.number, None, text)

    @api.model
    def _bypassed(self) -> Iterator[Finding]:
        """What the triggers noticed since the last verification that told of it."""
        self.env.cr.execute(
            SQL(
                """SELECT id, body::jsonb #>> '{record,model}', body::jsonb #>> '{record,id}'
                     FROM lot_audit_event
                    WHERE kind = 'bypassed'
                      AND id > COALESCE((SELECT MAX(event) FROM lot_audit_finding
                                          WHERE code = 'bypassed'), 0)
                    ORDER BY id LIMIT %s""",
                _KEPT,
            )
        )
        for number, model, record in self.env.cr.fetchall():
            text = f"Event {number}: {model} {record} was changed past Odoo."
            yield Finding("bypassed", None, number, text)

    # -- every night -----------------------------------------------------------------------------

    @api.model
    def _cron_verify(self) -> None:
        """Verify, and tell those of quality where something is wrong."""
        made = self._run("all")
        if made.valid:
            return
        quality = self.env.ref("lot_traceability.group_quality").all_user_ids
        auditors = self.env.ref("lot_traceability.group_auditor").all_user_ids
        first = made.line_ids[:1].text or ""
        for user in (quality | auditors).filtered(lambda user: user.active and not user.share):
            made.sudo().activity_schedule(  # sudo: the night has no user
                "mail.mail_activity_data_warning",
                summary=self.env._("The audit log does not verify"),
                note=first,
                user_id=user.id,
            )
