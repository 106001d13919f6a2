import io
from unittest.mock import patch

import zxingcpp
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged
from odoo.tools import html2plaintext, mute_logger
from reportlab.pdfgen.canvas import Canvas

from ..report.paper_pages import RULE, numbered, split
from .letters_common import LettersCommon
from .paper_common import MODULE, PaperCommon


@tagged("post_install", "-at_install")
class TestRecallPaper(PaperCommon):
    """Letters as they come out of the printer."""

    def test_letters_of_one_run_begin_on_sheets_of_their_own(self):
        recall = self.many(22)
        recall.send_letters()
        waiting = recall._notices_for_post()
        content = self.printed("report_posted_letter", waiting)
        references = [one.consignee_id._paper_reference(one.partner_id) for one in waiting]
        letters = split(content, references)
        self.assertEqual(len(letters), 22)
        for notice, reference, letter in zip(waiting, references, letters, strict=True):
            pages = self.pages(letter)
            self.assertEqual(len(pages), 2)
            for number, page in enumerate(pages, 1):
                self.assertIn(notice.partner_id.name, page)
                self.assertIn(f"{reference} · {number} / 2", page)
            others = set(waiting.partner_id.mapped("name")) - {notice.partner_id.name}
            self.assertFalse([name for name in others if name in " ".join(pages)])

    def test_address_stands_in_the_window_of_the_envelope(self):
        recall = self.many(1)
        content = self.printed("report_letter", recall.consignee_ids)
        window = {
            text for left, top, text in self.places(content) if 20 < left < 105 and 50 < top < 90
        }
        text = " ".join(window)
        for part in ("URGENT: FOOD RECALL", "Corner shop 00", "Mill Lane 0", "Burlington"):
            for word in part.split():
                self.assertIn(word, text)

    def test_row_of_a_table_stays_on_one_page(self):
        recall = self.many(1)
        line = recall.consignee_ids.line_ids.sudo()
        for number in range(60):
            lot = self.lot(self.cheese_product, f"WHEEL-{number:02}")
            words = " ".join(f"D{number:02}-{part}" for part in "abcdefghijkl")
            line.copy({"lot_id": lot.id, "lot_name": lot.name, "documents": words})
        pages = self.pages(self.printed("report_letter", recall.consignee_ids))
        self.assertGreater(len(pages), 4)
        for number in range(60):
            begins = [page for page in pages if f"D{number:02}-a" in page]
            ends = [page for page in pages if f"D{number:02}-l" in page]
            self.assertEqual(begins, ends, number)

    def test_paper_needs_nothing_from_the_server(self):
        recall = self.approved()
        for name, records in (
            ("report_letter", recall.consignee_ids),
            ("report_press_notice", recall),
            ("report_submission", recall),
            ("report_insurance", recall),
        ):
            report = self.env.ref(f"{MODULE}.action_{name}")
            html = report._render_qweb_html(f"{MODULE}.{name}", records.ids)[0]
            bodies = report._prepare_html(html, report_model=report.model)[0]
            self.assertEqual(len(bodies), 1, name)
            for sign in ("<link", "<script", 'src="/', 'src="http', "/web/assets"):
                self.assertNotIn(sign, bodies[0], name)

    def test_paper_is_of_the_size_that_the_company_uses(self):
        recall = self.many(1)
        for name, sheet in (
            ("base.paperformat_euro", (595, 842)),
            ("base.paperformat_us", (612, 792)),
        ):
            self.env.company.paperformat_id = self.env.ref(name)
            content = self.printed("report_letter", recall.consignee_ids)
            box = self.opened(content).pages[0].mediabox
            self.assertEqual((round(float(box[2])), round(float(box[3]))), sheet)

    def test_other_reports_keep_their_layout_and_paper(self):
        delivery = self.env.ref("stock.action_report_delivery")
        self.assertEqual(delivery._get_layout(), self.env.ref("web.minimal_layout"))
        self.assertEqual(delivery.get_paperformat(), self.env.company.paperformat_id)

    def test_letters_that_cannot_be_told_apart_are_printed_one_by_one(self):
        recall = self.many(3)
        consignees = recall.consignee_ids.with_context(force_report_rendering=True)
        with patch(f"odoo.addons.{MODULE}.report.paper_pages._begins", lambda *_args: []):
            files = consignees._letter_files()
        self.assertEqual(set(files), set(consignees.ids))
        for consignee in consignees:
            text = " ".join(self.pages(files[consignee.id][1]))
            self.assertIn(consignee.partner_id.name, text)
            for other in consignees - consignee:
                self.assertNotIn(other.partner_id.name, text)

    def test_bill_to_gets_the_letter_under_its_own_address(self):
        bills = self.env["res.partner"].create(
            {
                "name": "Accounts Vienna",
                "parent_id": self.cafe.id,
                "type": "invoice",
                "street": "Graben 7",
                "city": "Wien",
            }
        )
        recall = self.queued()
        waiting = recall._notices_for_post()
        self.assertEqual(waiting.partner_id, self.cafe | bills)
        self.assertEqual(recall.posted_count, 2)
        pages = self.pages(self.printed("report_posted_letter", waiting))
        firsts = [page for page in pages if "What to do now" in page]
        self.assertEqual(len(firsts), 2)
        self.assertEqual(["Graben 7" in page for page in firsts], [False, True])
        self.assertEqual(["Ring 1" in page for page in firsts], [True, False])

    # -- labels ----------------------------------------------------------------------------------

    def test_labels_of_those_who_are_told_on_paper(self):
        recall = self.many(15)
        recall.send_letters()
        action = recall.with_user(self.reader).action_print_labels()
        notices = self.env["lot.recall.notice"].browse(action["context"]["active_ids"])
        content = self.printed("report_labels", notices, self.reader)
        pages = self.pages(content)
        self.assertEqual(len(pages), 2)
        self.assertEqual([page.count("URGENT: FOOD RECALL") for page in pages], [14, 1])
        names = notices.mapped("partner_id.name")
        self.assertEqual([name for name in names if name in pages[0]], names[:14])
        self.assertIn(names[14], pages[1])
        places = [place for place in self.places(content) if place[2].startswith("Corner")]
        # Two columns, seven rows, 99.1 mm and 38.1 mm wide and high.
        self.assertTrue(places)
        lefts = sorted({round(left) for left, _top, _text in places})
        self.assertLess(lefts[0], 20)

    def test_labels_without_a_letter_for_the_post_say_so_and_need_the_right(self):
        recall = self.approved()
        with self.assertRaisesRegex(UserError, "No letter waits"):
            recall.action_print_labels()
        recall.send_letters()
        stranger = new_test_user(self.env, "flow_stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            recall.with_user(stranger).action_print_labels()

    # -- the link --------------------------------------------------------------------------------

    def test_code_in_the_letter_reads_as_the_link_of_this_consignee(self):
        recall = self.approved()
        for consignee in recall.consignee_ids:
            content = self.printed("report_letter", consignee)
            found = [
                code.text
                for picture in self.pictures(content)
                for code in zxingcpp.read_barcodes(picture.convert("L"))
            ]
            link = consignee.sudo()._answer_url()
            self.assertEqual(found, [link])
            self.assertIn(link, self.pages(content)[0].replace(" ", ""))

    def test_who_may_not_record_answers_sees_no_link(self):
        recall = self.approved()
        consignee = self.consignee(recall, self.shop)
        text = " ".join(self.pages(self.printed("report_letter", consignee, self.reader)))
        self.assertIn("CHEESE-1", text)
        self.assertNotIn("/recall/answer/", text)
        self.assertNotIn("Answer online", text)

    # -- mails -----------------------------------------------------------------------------------

    def test_mail_carries_the_letter_as_pdf_of_its_consignee_alone(self):
        self.cafe.email = "cafe@example.com"
        recall = self.queued()
        self.run_printing()
        for partner, own, other in (
            (self.shop, "CHEESE-1", "CHEESE-2"),
            (self.cafe, "CHEESE-2", "CHEESE-1"),
        ):
            mail = self.notice(recall, partner).sudo().mail_id
            file = mail.attachment_ids
            self.assertEqual(file.mimetype, "application/pdf")
            self.assertEqual(file.name, f"{recall.name.replace('/', '-')} URGENT FOOD RECALL.pdf")
            text = " ".join(self.pages(file.raw))
            self.assertIn(own, text)
            self.assertNotIn(other, text)
            self.assertIn(partner.name, text)
            self.assertIn("1 / 2", text)
        note = self.consignee(recall, self.shop).message_ids[0]
        self.assertEqual(
            html2plaintext(note.body), "Letter mailed to shop@example.com, with the letter as PDF."
        )

    def test_followers_read_neither_the_mail_nor_its_file(self):
        recall = self.queued()
        consignee = self.consignee(recall, self.shop)
        consignee.message_subscribe(self.quality.partner_id.ids)
        self.run_printing()
        mail = self.mails(recall)
        self.assertFalse(mail.model or mail.res_id)
        self.assertIn("/recall/answer/", mail.body_html)
        seen = consignee.with_env(self.laboratory).message_ids
        self.assertTrue(seen)
        self.assertNotIn("/recall/answer/", " ".join(seen.mapped("body")))
        self.assertFalse(seen.attachment_ids)
        with self.assertRaises(AccessError):
            mail.mail_message_id.with_env(self.laboratory).read(["body"])
        with self.assertRaises(AccessError):
            mail.attachment_ids.with_env(self.laboratory).read(["raw"])

    def test_program_that_fails_leaves_mails_without_a_file(self):
        recall = self.queued()
        place = "odoo.addons.base.models.ir_actions_report"
        with patch(f"{place}._run_wkhtmltopdf") as program, mute_logger(place):
            program.return_value.returncode = -11
            program.return_value.stderr = "out of memory"
            self.run_printing()
        self.assertEqual(self.notice(recall, self.shop).state, "sent")
        self.assertFalse(self.mails(recall).attachment_ids)


@tagged("post_install", "-at_install")
class TestRecallPaperLanguages(PaperCommon):
    """A consignee reads the letter in its language, on paper and in the mail."""

    def test_letter_is_in_the_language_of_its_consignee_in_mail_and_pdf(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.translate("letter_body", {"What to do now": "Ce que vous devez faire"})
        self.translate("report_letter_document", {"Our reference:": "Notre dossier :"})
        self.cafe.write({"lang": "fr_FR", "email": "cafe@example.com"})
        recall = self.written()
        french = recall.letter_ids.with_env(self.laboratory).with_context(lang="fr_FR")
        french.write({"subject": "RAPPEL URGENT", "problem": "Listeria dans le fromage"})
        recall.approve_letters()
        recall.send_letters()
        self.run_printing()
        texts = {}
        for partner in (self.shop, self.cafe):
            mail = self.notice(recall, partner).sudo().mail_id
            pdf = " ".join(self.pages(mail.attachment_ids.raw))
            texts[partner] = (mail.subject, html2plaintext(mail.body_html), pdf)
        for subject_or_text in texts[self.cafe]:
            self.assertIn("RAPPEL URGENT", subject_or_text)
        for text in texts[self.cafe][1:]:
            self.assertIn("Ce que vous devez faire", text)
            self.assertIn("Listeria dans le fromage", text)
            self.assertNotIn("What to do now", text)
        self.assertIn("Notre dossier", texts[self.cafe][2])
        for text in texts[self.shop]:
            self.assertNotIn("RAPPEL", text)
        for text in texts[self.shop][1:]:
            self.assertIn("What to do now", text)

    def translate(self, name, words):
        """Translate terms of a template that have these words in them."""
        view = self.env.ref(f"{MODULE}.{name}")
        terms = {
            term["source"]: term["source"].replace(said, french)
            for said, french in words.items()
            for term in view.get_field_translations("arch_db")[0]
            if said in term["source"]
        }
        self.assertTrue(terms)
        view.update_field_translations("arch_db", {"fr_FR": terms})


@tagged("post_install", "-at_install")
class TestRecallPaperMissing(LettersCommon):
    """A server without the program that prints."""

    def setUp(self):
        super().setUp()
        state = patch.object(
            self.registry["ir.actions.report"], "get_wkhtmltopdf_state", lambda self: "install"
        )
        self.startPatcher(state)

    def test_mail_goes_without_a_file_and_says_so(self):
        recall = self.queued()
        self.assertFalse(recall.can_print)
        self.run_sender()
        mail = self.mails(recall)
        self.assertEqual((mail.state, self.notice(recall, self.shop).state), ("outgoing", "sent"))
        self.assertFalse(mail.attachment_ids)
        for text in ("CHEESE-1", "What to do now", "/recall/answer/"):
            self.assertIn(text, mail.body_html)
        note = self.consignee(recall, self.shop).message_ids[0]
        self.assertIn("without the letter as PDF", note.body)


@tagged("post_install", "-at_install")
class TestRecallLetterLink(LettersCommon, HttpCase):
    """The link in a letter, and answers to its mail."""

    def test_link_of_the_letter_opens_the_page_of_its_consignee(self):
        recall = self.queued()
        self.run_sender()
        link = self.consignee(recall, self.shop).sudo()._answer_url()
        self.assertIn(link, self.mails(recall).body_html)
        page = self.url_open(link[link.index("/recall/") :])
        self.assertEqual(page.status_code, 200)
        self.assertIn("CHEESE-1", page.text)
        self.assertNotIn("CHEESE-2", page.text)

    def test_mail_that_answers_a_letter_is_put_to_its_consignee(self):
        recall = self.queued()
        self.run_sender()
        key = self.notice(recall, self.shop).message_key
        self.env["mail.thread"].sudo().message_process(None, REPLY.format(key=key))
        message = self.consignee(recall, self.shop).message_ids[0]
        self.assertIn("We have set all of it aside", message.body)
        self.assertFalse(message.is_internal)


REPLY = """\
From: Ann <shop@example.com>
To: recaller@example.com
Subject: Re: recall
Message-Id: <answer-1@mx.example.com>
In-Reply-To: {key}
References: {key}
Date: Mon, 2 Mar 2026 08:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain

We have set all of it aside.
"""


@tagged("post_install", "-at_install")
class TestPaperPages(TransactionCase):
    """Which page belongs to which document."""

    def pdf(self, *begins):
        target = io.BytesIO()
        canvas = Canvas(target)
        for number, begin in enumerate(begins):
            canvas.drawString(100, 700, f"Page {number}")
            if begin:
                canvas.setStrokeColor(RULE)
                canvas.line(50, 600, 500, 600)
            canvas.showPage()
        canvas.save()
        return target.getvalue()

    def test_documents_are_cut_where_they_begin(self):
        content = numbered(self.pdf(True, False, True), ["A", "B"])
        self.assertEqual([len(self.words(part)) for part in split(content, ["A", "B"])], [2, 1])
        self.assertEqual(
            self.words(content), ["Page 0 A · 1 / 2", "Page 1 A · 2 / 2", "Page 2 B · 1 / 1"]
        )

    def test_what_is_not_certain_stays_as_it_is_and_is_not_cut(self):
        for begins, references in (
            ((True, False), ["A", "B"]),
            ((False, True), ["A"]),
            ((True, True), ["A", "A"]),
            ((True,), []),
        ):
            content = self.pdf(*begins)
            self.assertEqual(numbered(content, references), content)
            self.assertEqual(split(content, references), [])
        marked = numbered(self.pdf(True, True), ["A", "B"])
        self.assertEqual(split(marked, ["B", "A"]), [])

    words = PaperCommon.pages
    opened = PaperCommon.opened
