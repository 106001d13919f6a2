import base64
import logging
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..report.paper_pages import split
from ..report.paper_qr import qr_png
from .lot_recall_letter import AUDIENCES, CONTACT

_logger = logging.getLogger(__name__)
REPORT = "lot_traceability_recall.report_letter"


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
        return self.env.ref("lot_traceability_recall.action_report_letter").report_action(
            self, config=False
        )

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
        company = self.company_id.sudo()  # sudo: the firm that writes
        day = self.recall_id._day_text
        return {
            "consignee": self,
            "recall": self.recall_id,
            "letter": letter,
            "heading": self.recall_id._letter_heading(),
            "lines": lines,
            "returned": any(lines.mapped("returned")),
            "inferred": any(line.certainty == "inferred" for line in lines),
            "from": day(min(first, default=False)),
            "until": day(max(last, default=False)),
            "day": day,
            # The letter is of the day on which it was approved, whenever it is printed again.
            "date": day(letter.approved_on or fields.Datetime.now()),
            "problem": (letter.problem or "").splitlines(),
            "steps": [step for step in (letter.instructions or "").splitlines() if step.strip()],
            "answer_url": self._letter_link(),
            "company": company,
            "contact": ", ".join(filter(None, (letter[name] for name in CONTACT))),
            "sender": ", ".join(filter(None, (company.name, company.city))),
            "back": self._paper_back(company),
        }

    def _letter_link(self) -> str:
        """The link for the answer. Whoever has it answers for the consignee: it stands in letters
        that those print who may record answers, not in what others look at."""
        return self._answer_url() if self.has_access("write") else ""

    @api.model
    def _paper_back(self, company) -> str:
        """The sender in one line, for the window of an envelope that comes back."""
        partner = company.partner_id
        lines = (partner._display_address(without_company=True) or "").splitlines()
        rows = [company.name, *(line.strip() for line in lines)]
        return " · ".join(row for row in rows if row and row != partner.country_id.name)

    def _paper_reference(self, to) -> str:
        """What an answer on paper is known by, and by which the letters of one print run are told
        apart.

        :param to: ship to or bill to
        """
        suffix = "" if to == self.partner_id else f"/{to.id}"
        return f"{self.recall_id.name}-{self.id}{suffix}"

    @api.model
    def _paper_name(self, to) -> str:
        """The first line of an address: an address without a name of its own has its firm's."""
        return to.name or to.commercial_partner_id.name or ""

    @api.model
    def _letter_qr(self, url: str) -> str:
        """A QR code as a picture that the page holds itself: printing needs no web request."""
        return f"data:image/png;base64,{base64.b64encode(qr_png(url)).decode()}"

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

    @api.model
    def _can_print(self) -> bool:
        """Whether this server has the program that makes PDFs."""
        return self.env["ir.actions.report"].get_wkhtmltopdf_state() not in ("install", "broken")

    def _letter_files(self) -> dict[int, tuple[str, bytes]]:
        """{consignee id: (file name, PDF)}: all are printed at a time, each in its language. Empty
        where the server cannot print: the mail itself holds all of the letter."""
        if not self._can_print():
            return {}
        return {
            number: (self.browse(number)._letter_file_name(), content)
            for number, content in self._print_letters().items()
        }

    def _letter_file_name(self) -> str:
        recall = self.recall_id.with_context(lang=self._letter_lang())
        return f"{recall.name} {recall._letter_heading()}.pdf".replace("/", "-").replace(":", "")

    def _print_letters(self) -> dict[int, bytes]:
        """Printed together, which takes a tenth of the time; what cannot be told apart for certain
        is printed by itself, so that nobody gets the letter of somebody else."""
        printer = self.env["ir.actions.report"]
        try:
            content, kind = printer._render_qweb_pdf(REPORT, self.ids)
            if kind != "pdf":
                return {}
            own = split(content, [one._paper_reference(one.partner_id) for one in self])
            own = own or [printer._render_qweb_pdf(REPORT, one.ids)[0] for one in self]
        except UserError:
            # The mail itself says it all.
            _logger.info("letters of a recall cannot be printed", exc_info=True)
            return {}
        return dict(zip(self.ids, own, strict=True))

    @api.model
    def _as_attachments(self, files: dict[int, tuple[str, bytes]]) -> dict[int, Any]:
        """{consignee id: attachment}, in one go."""
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "datas": base64.b64encode(content),
                    "mimetype": "application/pdf",
                    # Of its mail, for administrators: the link in it is for the consignee alone.
                    "res_model": "mail.mail",
                }
                for name, content in files.values()
            ]
        )
        return dict(zip(files, attachments, strict=True))
