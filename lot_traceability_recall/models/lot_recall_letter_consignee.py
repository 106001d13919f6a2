import base64
import logging
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .lot_recall_letter import AUDIENCES, CONTACT

_logger = logging.getLogger(__name__)
REPORT = "lot_traceability_recall.report_letter"
_SINGLY = 10


class LotRecallConsignee(models.Model):
    """The letter as one consignee gets it: in its language, with its lots and no others."""

    _inherit = "lot.recall.consignee"

    audience = fields.Selection(
        AUDIENCES, "Kind of consignee", default="retailer", required=True, tracking=True
    )
    letter_id = fields.Many2one("lot.recall.letter", compute="_compute_letter_id")
    notice_ids = fields.One2many("lot.recall.notice", "consignee_id", "Notices")

    @api.depends("audience", "recall_id.letter_ids.audience")
    def _compute_letter_id(self):
        for consignee in self:
            consignee.letter_id = consignee.recall_id.letter_ids.filtered(
                lambda letter, consignee=consignee: letter.audience == consignee.audience
            )[:1]

    def action_preview_letter(self) -> dict[str, Any]:
        """Show the letter of these consignees as it would be printed now.

        :return: a report action
        """
        self.check_access("read")
        return self.env.ref("lot_traceability_recall.action_report_letter").report_action(self)

    # -- for the templates -----------------------------------------------------------------------

    def _letter_lang(self) -> str:
        """The language in which this consignee reads."""
        self.ensure_one()
        installed = self.env["lot.recall.letter"]._installed()
        # sudo: the language of the firm
        wanted = (self.lang, self.company_id.sudo().partner_id.lang, self.env.lang)
        return next((lang for lang in wanted if lang in installed), "en_US")

    def _letter_values(self) -> dict[str, Any]:
        """What the template of the letter shows, in the language of the environment."""
        self.ensure_one()
        letter, lines = self.letter_id, self.line_ids
        first = [date for date in lines.mapped("first_date") if date]
        last = [date for date in lines.mapped("last_date") if date]
        answer = getattr(self, "_answer_url", None)
        company = self.company_id.sudo()  # sudo: the firm that writes
        return {
            "consignee": self,
            "recall": self.recall_id,
            "letter": letter,
            "heading": self.recall_id._letter_heading(),
            "lines": lines,
            "returned": any(lines.mapped("returned")),
            "inferred": any(line.certainty == "inferred" for line in lines),
            "from": min(first, default=False),
            "until": max(last, default=False),
            "problem": (letter.problem or "").splitlines(),
            "steps": [step for step in (letter.instructions or "").splitlines() if step.strip()],
            "answer_url": answer() if answer else "",
            "company": company,
            "contact": ", ".join(filter(None, (letter[name] for name in CONTACT))),
            "sender": ", ".join(filter(None, (company.name, company.city))),
        }

    @api.model
    def _letter_qr(self, url: str) -> str:
        """A QR code as a picture that the page holds itself: printing needs no web request."""
        image = self.env["ir.actions.report"].barcode("QR", url, width=120, height=120)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _letter_html(self):
        """The letter alone, for the body of a mail, in the language of the environment."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "lot_traceability_recall.letter_body",
            {**self._letter_values(), "in_mail": True},
            minimal_qcontext=True,
        )

    def _letter_addressees(self) -> list[tuple[Any, str]]:
        """[(partner, mail address or "")] of ship to and, where it is somebody else, bill to:
        21 CFR 7.49 asks for each direct account, FDA for both addresses."""
        self.ensure_one()
        found = [(self.partner_id, self._mail_address())]
        bill = self.bill_to_id
        if bill and bill != self.partner_id:
            address = email_normalize(bill.email or "") or ""
            if address and address != found[0][1]:
                found.append((bill, address))
            elif (
                not address and bill.street and self._postal(bill) != self._postal(self.partner_id)
            ):
                found.append((bill, ""))
        return found

    @api.model
    def _postal(self, partner) -> tuple:
        return (partner.street, partner.street2, partner.zip, partner.city, partner.country_id.id)

    # -- the letter as a file ---------------------------------------------------------------------

    def _letter_files(self) -> dict[int, tuple[str, bytes]]:
        """{consignee id: (file name, PDF)}: many are printed at a time, by language. Empty where
        the server cannot print: the mail itself holds all of the letter."""
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() in ("install", "broken"):
            return {}
        files = {}
        for lang, same in self.grouped(lambda one: one._letter_lang()).items():
            consignees = same.with_context(lang=lang)
            for number, content in consignees._print_letters().items():
                consignee = consignees.browse(number)
                name = f"{consignee.recall_id.name} {consignee.recall_id._letter_heading()}.pdf"
                files[number] = (name.replace("/", "-").replace(":", ""), content)
        return files

    def _print_letters(self) -> dict[int, bytes]:
        """Printed together, which takes a tenth of the time. A program that cannot do that (built
        without Odoo's patches of it) prints a few by themselves; many would hold the mails up, and
        those say it all without a file."""
        try:
            return self._print_together()
        except UserError:
            _logger.info("letters of a recall cannot be printed", exc_info=True)
        if len(self) == 1 or len(self) > _SINGLY:
            return {}
        found = {}
        for consignee in self:
            found |= consignee._print_letters()
            if not found:
                break
        return found

    def _print_together(self) -> dict[int, bytes]:
        printer = self.env["ir.actions.report"]
        streams, kind = printer._pre_render_qweb_pdf(REPORT, self.ids)
        if kind != "pdf":
            return {}
        found = {number: part["stream"].getvalue() for number, part in streams.items() if number}
        for consignee in self:  # what could not be told apart is printed by itself
            if consignee.id not in found:
                found[consignee.id] = printer._render_qweb_pdf(REPORT, consignee.ids)[0]
        return found

    @api.model
    def _as_attachments(self, files: dict[int, tuple[str, bytes]]) -> dict[int, Any]:
        """{consignee id: attachment}, in one go."""
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "datas": base64.b64encode(content),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": number,
                }
                for number, (name, content) in files.items()
            ]
        )
        return dict(zip(files, attachments, strict=True))
