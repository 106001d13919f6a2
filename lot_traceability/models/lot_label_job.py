import base64
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

STATES = [
    ("waiting", "Waiting for the printer"),
    ("sent", "Printed"),
    ("failed", "Not printed"),
    ("download", "As a file"),
    ("cancelled", "Cancelled"),
]
TYPES = {
    "pdf": "application/pdf",
    "zpl": "text/plain; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}
# After so many tries, over about a day, somebody has to look at the printer.
_MOST_TRIES = 50
_LONGEST_WAIT = 30  # minutes
_KEPT_DAYS = 90


class LotLabelJob(models.Model):
    """Labels as they were printed, and whether they have reached the printer.

    A job is made in the transaction of what it is printed with, and sent after that is done: a
    printer that is switched off holds up nothing, undoes nothing and loses nothing.
    """

    _name = "lot.label.job"
    _description = "Print of labels"
    _order = "id desc"

    name = fields.Char("File", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, index="btree")
    design_id = fields.Many2one(
        "lot.label.design", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(related="design_id.kind", store=True)
    printer_id = fields.Many2one("lot.label.printer", readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index="btree")
    user_id = fields.Many2one("res.users", "Printed by", required=True, readonly=True)
    ending = fields.Selection(
        [(name, name.upper()) for name in TYPES], "Format", required=True, readonly=True
    )
    copies = fields.Integer("Labels", required=True, readonly=True)
    reason = fields.Char(readonly=True)
    document = fields.Char(readonly=True)
    content = fields.Binary("Data", attachment=True, readonly=True)
    tries = fields.Integer(readonly=True)
    next_try = fields.Datetime(readonly=True)
    sent_at = fields.Datetime("Sent", readonly=True)
    problem = fields.Char(readonly=True)
    line_ids = fields.One2many("lot.label.line", "job_id", string="Of", readonly=True)

    # -- making ------------------------------------------------------------------------------

    @api.model
    def _enqueue(self, design, labels, printer, content, ending, reason, again) -> dict:
        """Keep what was drawn, and have it sent; see `_print` of the design."""
        first = labels[0]
        network = bool(printer) and printer.connection == "network"
        documents = {label.document for label in labels if label.document}
        document = documents.pop() if len(documents) == 1 else None
        company = self._company_of(first.record)
        # sudo: whoever may print makes a job, which nobody may write otherwise
        job = self.sudo().create(
            {
                "name": f"{design._file_name(first.record)}.{ending}",
                "state": "waiting" if network else "download",
                "design_id": design.id,
                "printer_id": printer.id if printer else False,
                "company_id": company.id,
                "user_id": self.env.uid,
                "ending": ending,
                "copies": sum(label.copies for label in labels),
                "reason": (reason or "").strip(),
                "document": document.display_name if document else False,
                "content": base64.b64encode(content),
                "next_try": fields.Datetime.now(),
                "line_ids": [
                    fields.Command.create(
                        {
                            "res_model": label.record._name,
                            "res_id": label.record.id,
                            "res_name": label.record.display_name,
                            "copies": label.copies,
                            "again": label.record in again,
                        }
                    )
                    for label in labels
                ],
            }
        )
        job._tell_printed(labels, again, reason)
        if network:
            self._wake()
        return job._answer()

    @api.model
    def _company_of(self, record):
        company = record.company_id if "company_id" in record._fields else record
        return company if company._name == "res.company" and company else self.env.company

    def _tell_printed(self, labels, again, reason) -> None:
        events = self.env["lot.audit.event"]
        # sudo: a printer of another company may be the usual one of a shared design
        printer = self.sudo().printer_id
        for label in labels:
            lot = label.record if label.record._name == "stock.lot" else None
            events._record(
                "reprinted" if label.record in again else "printed",
                lot=lot,
                record=label.record,
                company=self.company_id,
                document=label.document,
                data={
                    "count": label.copies,
                    "format": self.ending.upper(),
                    "design": self.design_id.name,
                    "printer": printer.name if printer else None,
                    "job": self.id,
                },
                why=reason,
            )

    def _answer(self) -> dict:
        url = f"/lot_traceability/label/{self.id}"
        if self.state == "download":
            message = self.env._("%s labels are ready.", self.copies)
            if self.copies == 1:
                message = self.env._("The label is ready.")
            return {"state": "download", "url": url, "message": message, "job_id": self.id}
        message = self.env._(
            "%(count)s labels go to %(printer)s.", count=self.copies, printer=self.printer_id.name
        )
        if self.copies == 1:
            message = self.env._("The label goes to %s.", self.printer_id.name)
        return {"state": "queued", "url": url, "message": message, "job_id": self.id}

    # -- sending -----------------------------------------------------------------------------

    @api.model
    def _wake(self, at=None) -> None:
        # sudo: everybody's labels are sent by the same scheduled action
        self.env.ref("lot_traceability.ir_cron_label_jobs").sudo()._trigger(at)

    @api.model
    def _cron_send(self) -> None:
        """Send what waits, in the order of printing. A printer that does not answer is left in
        peace for a while with all that waits for it; the others are served."""
        waiting = self.search(
            [("state", "=", "waiting"), ("next_try", "<=", fields.Datetime.now())], order="id"
        )
        silent = self.env["lot.label.printer"]
        crons = self.env["ir.cron"]
        crons._commit_progress(remaining=len(waiting))
        for job in waiting:
            if job.printer_id in silent or not job._lock_waiting():
                continue
            if not job._send():
                silent |= job.printer_id
            crons._commit_progress(1)

    def _lock_waiting(self) -> bool:
        """Take a job that is still to be sent, unless somebody else is sending it just now."""
        if not self.try_lock_for_update():
            return False
        self.invalidate_recordset(["state"])
        return self.state in ("waiting", "failed")

    def _send(self) -> bool:
        """Send one, and note what came of it.

        :return: whether the printer took it
        """
        self.ensure_one()
        try:
            # sudo: as in `_answer`
            self.sudo().printer_id._send(base64.b64decode(self.content or b""))
        except OSError as error:
            self._note_failure(self.printer_id._unreachable(error))
            return False
        self.sudo().write(  # sudo: as in `_enqueue`
            {"state": "sent", "sent_at": fields.Datetime.now(), "problem": False, "next_try": False}
        )
        return True

    def _note_failure(self, problem: str) -> None:
        tries = self.tries + 1
        minutes = min(2 ** min(tries - 1, 10), _LONGEST_WAIT)
        at = fields.Datetime.now() + timedelta(minutes=minutes)
        _logger.info("Labels %s wait: %s", self.name, problem)
        self.sudo().write(  # sudo: as in `_enqueue`
            {
                "state": "failed" if tries >= _MOST_TRIES else "waiting",
                "tries": tries,
                "next_try": at,
                "problem": problem,
            }
        )
        if self.state == "waiting":
            self._wake(at)

    def action_send(self) -> bool:
        """Send now what has not reached its printer.

        :raise UserError: the printer cannot be reached, or there is nothing to send
        """
        self.check_access("read")
        self.env["lot.label.design"]._check_may_print(self.env["stock.lot"])
        jobs = self.filtered(lambda job: job.state in ("waiting", "failed")).sorted("id")
        if not jobs:
            raise UserError(self.env._("These labels were sent already. Print them again."))
        for job in jobs:
            if job._lock_waiting() and not job._send():
                job.sudo().state = "waiting"  # sudo: as in `_enqueue`
                break
        return True

    def action_cancel(self) -> bool:
        """Do not print what has not reached its printer."""
        self.check_access("read")
        self.env["lot.label.design"]._check_may_print(self.env["stock.lot"])
        waiting = self.filtered(lambda job: job.state in ("waiting", "failed"))
        waiting.sudo().write({"state": "cancelled"})  # sudo: as in `_enqueue`
        return True

    # -- fetching ----------------------------------------------------------------------------

    def action_download(self) -> dict:
        """Fetch the file as it was printed.

        :return: an action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_traceability/label/{self.id}",
            "target": "download",
        }

    def _report_action(self) -> dict:
        """What has the client print this as a report."""
        kind = "zpl" if self.ending == "zpl" else "pdf"
        report = self.env.ref(f"lot_traceability.lot_label_report_{kind}")
        # sudo: the client is told which report it is
        return report.sudo().report_action(self.ids, config=False)

    @api.autovacuum
    def _forget_files(self):
        """What was printed is known for good; the file itself is not needed for ever."""
        before = fields.Datetime.now() - timedelta(days=_KEPT_DAYS)
        old = self.search(
            [
                ("create_date", "<", before),
                ("state", "in", ("sent", "download", "cancelled")),
                ("content", "!=", False),
            ],
            limit=1000,
        )
        old.write({"content": False})
        return len(old), 1000
