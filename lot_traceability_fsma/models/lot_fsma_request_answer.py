import hashlib
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from odoo import api, fields, models
from odoo.addons.lot_traceability.report import write_xlsx
from odoo.addons.lot_traceability.report.lot_dossier_pdf import write_dossier_pdf
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..report.fsma_plan import FsmaPlanReport
from ..report.fsma_rows import FsmaRows
from ..report.fsma_xlsx import write_fsma_xlsx
from ..tools import places

# More events than these are written in the background.
MAX_AT_ONCE = 20_000
# A trace of more lots than these answers no question: then the codes are to be named.
MAX_TRACED = 1_000
_BLOCK = 1 << 20


class LotFsmaRequest(models.Model):
    """Answering a request: one file with the spreadsheet, the plan and the trace."""

    _inherit = "lot.fsma.request"

    def action_prepare(self) -> bool:
        """Write the answer: at once, or in the background where there are many events.

        :return: True
        :raise UserError: when it was sent already
        """
        for request in self:
            if request.state in ("preparing", "sent", "cancelled"):
                raise UserError(
                    self.env._(
                        "This answer is being prepared, was sent, or the request was cancelled."
                    )
                )
            request.problem = False
            if request.found <= MAX_AT_ONCE:
                request._prepare()
                continue
            request.state = "preparing"
            self.env["lot.fsma.progress"]._start(request)
            self.env.ref("lot_traceability_fsma.ir_cron_request")._trigger()
        return True

    @api.model
    def _cron_prepare(self) -> None:
        """Write the answers that wait for it."""
        waiting = self.search([("state", "=", "preparing")], order="due_at")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(waiting))
        for request in waiting:
            # With the rights of the person who answers.
            request = request.with_user(request.user_id).with_company(request.company_id)
            try:
                request._prepare(self.env["lot.fsma.progress"]._teller(request))
            except UserError as error:
                request.write({"state": "open", "problem": str(error)})
            if not cron._commit_progress(1):
                return

    def _prepare(self, progress: Callable[[int], None] | None = None) -> None:
        """Write the answer and keep it with the request."""
        self.ensure_one()
        with TemporaryFile() as target:
            told = self._write_answer(target, progress)
            target.seek(0)
            content = target.read()
        # sudo: kept by the request itself; whoever may read that may read it
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self._answer_name(),
                    "raw": content,
                    "mimetype": "application/zip",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self.write(
            {
                "state": "prepared",
                "attachment_id": attachment.id,
                "digest": hashlib.sha256(content).hexdigest(),
                "row_count": told["count"],
                "prepared_at": fields.Datetime.now(),
                "problem": False,
            }
        )
        data = {"name": attachment.name, "sha256": self.digest, **told}
        self._tell(self.env._("Answer prepared"), data)

    def _answer_name(self) -> str:
        return f"traceability-records-{self.id}-{fields.Date.context_today(self)}.zip"

    def _write_answer(
        self, target: IO[bytes], progress: Callable[[int], None] | None = None
    ) -> dict:
        """Write the one file that is sent.

        :return: {"count": rows of events, "files": {name: its SHA-256}}
        """
        self.env["lot.fsma.event"].check_access("read")
        rows = FsmaRows(self.with_company(self.company_id).env, self._domain())
        lots = self._lots_of_codes() if self.codes else rows.lots(MAX_TRACED)
        traced = 0 < len(lots) <= MAX_TRACED
        facts = self._facts(traced)
        told = {"count": 0, "files": {}}
        # Its parts are compressed already.
        with ZipFile(target, "w", ZIP_STORED) as archive:

            def part(name: str, write: Callable[[IO[bytes]], object]) -> None:
                with TemporaryFile() as content:
                    written = write(content)
                    content.seek(0)
                    told["files"][name] = _copy(content, archive, name)
                if name == "records.xlsx":
                    told["count"] = written

            part("records.xlsx", lambda content: write_fsma_xlsx(rows, content, facts, progress))
            plan = self.env["lot.fsma.plan"]._in_force(self.company_id)
            plan = FsmaPlanReport(plan, self.company_id)
            part("plan.pdf", lambda content: write_dossier_pdf(plan, content))
            if traced:
                trace = self.env["lot.trace"]._exported(lots, "both", "xlsx")
                part("trace.xlsx", lambda content: write_xlsx(self.env, trace, content))
        return told

    def _facts(self, traced: bool) -> list[tuple[str, str]]:
        """What the first sheet says of the request; in English, as all of it."""
        partner = self.company_id.partner_id
        plan = self.env["lot.fsma.plan"]._in_force(self.company_id)
        asked = fields.Datetime.context_timestamp(self, self.asked_at)
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        zone = str(self.env.tz)
        english = self.with_context(lang="en_US")
        days = [day and format_date(english.env, day) for day in (self.date_from, self.date_until)]
        facts = [
            ("Firm", self.company_id.name),
            ("Address", places.text(partner._place())),
            ("Point of contact", plan._contact()),
            ("Asked by", self.asked_by),
            ("Asked at", f"{asked:%Y-%m-%d %H:%M} {zone}"),
            ("Written at", f"{now:%Y-%m-%d %H:%M} {zone}"),
            ("Written by", self.env.user.name),
            ("From", days[0]),
            ("Until", days[1]),
            ("Foods of the list", ", ".join(english.category_ids.mapped("name"))),
            ("Products", ", ".join(english.product_ids.mapped("display_name"))),
            ("Locations or firms", ", ".join(self.partner_ids.mapped("display_name"))),
            ("Codes", ", ".join(self._code_list())),
            ("Codes without records", self.unknown_codes),
            (
                "Trace",
                "In the file trace.xlsx"
                if traced
                else f"Left out: none, or more than {MAX_TRACED} lots. It is written for codes.",
            ),
        ]
        return [(label, text) for label, text in facts if text]


def _copy(content: IO[bytes], archive: ZipFile, name: str) -> str:
    """Put a file into the archive; its SHA-256."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        while block := content.read(_BLOCK):
            digest.update(block)
            part.write(block)
    return digest.hexdigest()
