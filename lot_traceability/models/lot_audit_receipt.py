import base64
import json
import logging
from datetime import timedelta

import requests
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config, email_split

from ..tools.audit_format import Receipt
from ..tools.audit_proof import receipt_line
from ..tools.audit_timestamp import (
    REQUEST_TYPE,
    TimestampError,
    new_nonce,
    request_for,
    verify_response,
)

_logger = logging.getLogger(__name__)
_HOURS = "lot_traceability.audit_receipt_hours"
_MAIL = "lot_traceability.audit_receipt_mail"
_TSA = "lot_traceability.audit_tsa_url"
# A file with certificates that are trusted; in the configuration, not in the database.
_TSA_TRUST = "lot_audit_tsa_certificates"
_SECONDS = 15
_TEMPLATE = "lot_traceability.mail_template_audit_receipt"


class LotAuditReceipt(models.Model):
    """Where the log stood at a moment, in a form that leaves the database: an attachment, a mail,
    a time-stamp of an authority. Made once a day, besides the receipt of each block in the file."""

    _name = "lot.audit.receipt"
    _description = "Receipt of the audit log"
    _order = "id desc"
    _rec_name = "number"

    number = fields.Integer("Block", required=True, readonly=True, index=True)
    digest = fields.Char(required=True, readonly=True)
    line = fields.Text("Receipt", required=True, readonly=True)
    date = fields.Datetime("Made on", required=True, readonly=True, default=fields.Datetime.now)
    mailed_to = fields.Char("Mailed to", readonly=True)
    stamp = fields.Binary("Time-stamp", readonly=True, attachment=True)
    stamp_date = fields.Datetime("Stamped on", readonly=True)
    stamp_authority = fields.Char("Stamped by", readonly=True)
    stamp_trusted = fields.Boolean("Authority is trusted", readonly=True)
    stamp_problem = fields.Char("Why there is no time-stamp", readonly=True)

    @api.depends("number")
    def _compute_display_name(self):
        for receipt in self:
            receipt.display_name = self.env._("Receipt of block %s", receipt.number)

    def write(self, vals):
        allowed = {name for name in self._fields if name.startswith("stamp")} | {"mailed_to"}
        if not self.env.su or not vals.keys() <= allowed:
            raise UserError(self.env["lot.audit.event"]._refused())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env["lot.audit.event"]._refused())

    def action_compare(self) -> dict:
        """Prove that the present log continues the one of this receipt, and say so.

        :return: a notification
        """
        self.ensure_one()
        verification = self.env["lot.audit.verification"]
        found = verification.compare_receipts(self.line)
        return verification._notify({**found, "findings": [found["text"]]}, found["text"])

    # -- handing out -----------------------------------------------------------------------------

    @api.model
    def _hand_out(self) -> None:
        """Let the receipts leave the database. What fails is tried again at the next run: neither
        a full disk nor an authority that is away stops the sealing."""
        try:
            self.env["lot.audit.receipt.file"]._append()
        except OSError as error:
            _logger.warning("audit log: the file of receipts cannot be written: %s", error)
        receipt = self._due()
        if receipt:
            made = self._make(receipt)
            self.env["ir.cron"]._commit_progress(1)
            made._mail()
        self._stamp_latest()
        self.env["ir.cron"]._commit_progress(0)

    @api.model
    def _due(self) -> Receipt | None:
        """The receipt of the last block, where the last one handed out is old enough."""
        latest = self.env["lot.audit.block"]._receipt()
        before = self.search([], limit=1)
        # sudo: how often is a setting of the firm
        hours = float(self.env["ir.config_parameter"].sudo().get_param(_HOURS, 24))
        if not latest or before.digest == latest.digest:
            return None
        if before and before.date > fields.Datetime.now() - timedelta(hours=hours):
            return None
        return latest

    @api.model
    def _make(self, receipt: Receipt) -> "LotAuditReceipt":
        line = receipt_line(receipt).decode()
        # sudo: receipts are made by the sealer, by nobody else
        made = self.sudo().create(
            {"number": receipt.number, "digest": receipt.digest, "line": line}
        )
        # sudo: the receipt is made by the sealer, and mailed for it
        self.env["ir.attachment"].sudo().create(
            {
                "name": f"audit-receipt-{receipt.number}.json",
                "raw": line.encode(),
                "mimetype": "application/json",
                "res_model": self._name,
                "res_id": made.id,
            }
        )
        return made

    def _mail(self) -> None:
        # sudo: who gets the receipts is a setting of the firm
        addresses = self.env["ir.config_parameter"].sudo().get_param(_MAIL, "")
        to = ", ".join(email_split(addresses))
        if to:
            domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
            # sudo: what was made with the receipt
            files = self.env["ir.attachment"].sudo()
            attachments = files.search([*domain, ("res_field", "=", False)])
            # sudo: the mail is the sealer's, and so is the note to whom it went
            self.env.ref(_TEMPLATE).sudo().send_mail(
                self.id,
                email_values={"email_to": to, "attachment_ids": [(6, 0, attachments.ids)]},
            )
            # sudo: only the sealer writes receipts
            self.sudo().mailed_to = to

    # -- time-stamps (RFC 3161) ----------------------------------------------------------------

    @api.model
    def _stamp_latest(self) -> None:
        """Have the last receipt stamped, where an authority is named and it has no stamp yet."""
        # sudo: which authority stamps is a setting of the firm
        url = self.env["ir.config_parameter"].sudo().get_param(_TSA)
        # sudo: only the sealer writes receipts
        receipt = self.sudo().search([], limit=1)
        if url and receipt and not receipt.stamp:
            receipt._stamp(url)

    def _stamp(self, url: str) -> None:
        nonce = new_nonce()
        try:
            answer = requests.post(
                url,
                data=request_for(self.digest, nonce),
                headers={"Content-Type": REQUEST_TYPE},
                timeout=_SECONDS,
            )
            answer.raise_for_status()
            stamp = verify_response(answer.content, self.digest, nonce, self._trusted())
        except (requests.RequestException, TimestampError, OSError) as error:
            self.stamp_problem = str(error)[:500]
            _logger.warning("audit log: no time-stamp from the authority: %s", error)
            return
        self.write(
            {
                "stamp": base64.b64encode(answer.content),
                "stamp_date": stamp.time.replace(tzinfo=None, microsecond=0),
                "stamp_authority": stamp.tsa,
                "stamp_trusted": stamp.trusted,
                "stamp_problem": False,
            }
        )

    @api.model
    def _trusted(self) -> list[bytes]:
        path = config.get(_TSA_TRUST)
        if not path:
            return []
        with open(path, "rb") as file:
            return [file.read()]

    def _check_stamp(self) -> str:
        """What is wrong with the stamp of this receipt; empty when it is right."""
        try:
            verify_response(
                base64.b64decode(self.stamp), json.loads(self.line)["digest"], None, self._trusted()
            )
        except (TimestampError, OSError, ValueError) as error:
            return str(error)
        return ""
