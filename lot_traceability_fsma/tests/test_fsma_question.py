from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FsmaCommon


class QuestionCommon(FsmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hand = new_test_user(
            cls.env, "fsma_ask", "lot_traceability.group_operator,stock.group_stock_user"
        )
        cls.distributor.email = "trace@fresh.example"
        cls.receipt = cls.bought(cls.lettuce, "L1", 10, fsma_code="T1")
        cls.question = cls.ask(cls.receipt)

    @classmethod
    def ask(cls, picking):
        action = picking.with_user(cls.hand).action_fsma_ask()
        return cls.env["lot.fsma.question"].browse(action["res_id"]).with_user(cls.hand)

    @classmethod
    def raw_receipt(cls, *names):
        raw = cls.listed("Lettuce heads", fsma_stage="raw")
        receipts = [cls.bought(raw, name, 10, partner=cls.grower) for name in names]
        return raw, receipts


@tagged("post_install", "-at_install", "fsma_question")
class TestFsmaQuestion(QuestionCommon):
    """Suppliers are asked for what is missing of a shipment, and reminded."""

    def test_asks_for_what_is_missing(self):
        line = self.question.line_ids
        self.assertEqual(line.lot_id.name, "L1")
        self.assertEqual(line.asks, ",tlc_source,")
        self.assertEqual(self.question.partner_id, self.distributor)
        self.assertEqual(self.ask(self.receipt), self.question)

    def test_raw_commodities_are_asked_about_before_any_event(self):
        _raw, (receipt,) = self.raw_receipt("RAW1")
        self.assertFalse(self.events(receipt))
        asked = set(self.ask(receipt).line_ids._codes())
        self.assertEqual(
            asked, {"farm", "harvester", "harvest_date", "cooling_location", "field_name"}
        )

    def test_complete_receipt_asks_nothing(self):
        lot = self.coded(self.lettuce, "FULL", 1)
        receipt = self.events(lot).picking_id
        with self.assertRaisesRegex(UserError, "Nothing is missing"):
            receipt.action_fsma_ask()

    def test_mail_has_the_link(self):
        self.question.action_send()
        mail = self.env["mail.mail"].search([("model", "=", "lot.fsma.question")], limit=1)
        self.assertEqual(mail.email_to, "trace@fresh.example")
        self.assertIn(self.question._url(), mail.body_html)
        self.assertEqual(self.question.state, "sent")

    def test_without_address_it_says_what_to_do(self):
        self.distributor.email = False
        with self.assertRaisesRegex(UserError, "Send to"):
            self.question.action_send()

    def test_reminded_twice_then_called(self):
        self.question.action_send()
        subjects = []
        for days in (2, 4, 4, 8, 11, 12):
            self.question.sudo().sent_on = fields.Datetime.now() - timedelta(days=days)
            with self.enter_registry_test_mode():
                self.env.ref(
                    "lot_traceability_fsma.ir_cron_question_remind"
                ).method_direct_trigger()
            self.env.invalidate_all()
            mails = self.env["mail.mail"].search([("email_to", "=", "trace@fresh.example")])
            subjects.append((days, len(mails), len(self.question.activity_ids)))
        self.assertEqual(
            subjects, [(2, 1, 0), (4, 2, 0), (4, 2, 0), (8, 3, 0), (11, 3, 1), (12, 3, 1)]
        )
        self.assertTrue(mails.sorted("id")[-1].subject.startswith("Reminder: "))

    def test_readers_do_not_ask(self):
        reader = new_test_user(self.env, "fsma_ro", "lot_traceability.group_reader")
        with self.assertRaises(AccessError):
            self.question.with_user(reader).action_send()
        with self.assertRaises(AccessError):
            self.question.with_user(self.hand).read(["link_key"])

    def test_answers_stay_as_they_were_given(self):
        facts = {self.question.line_ids: {"source_reference": "https://fresh.example/tlc"}}
        answer = self.question._take_answer(facts, "Ann")
        with self.assertRaises(UserError):
            answer.person = "Bob"
        with self.assertRaises(UserError):
            answer.unlink()


@tagged("post_install", "-at_install", "fsma_question")
class TestFsmaQuestionPage(QuestionCommon, HttpCase):
    """The page without login, as a supplier's phone uses it."""

    def setUp(self):
        super().setUp()
        self.question.action_send()
        self.env.flush_all()
        self.url = self.path(self.question)
        self.line = self.question.line_ids.id

    def path(self, question):
        return question._url().removeprefix(question.get_base_url())

    def send(self, url=None, **form):
        answer = self.url_open(url or self.url, data={"person": "Ann", **form})
        self.env.invalidate_all()
        return answer

    def test_page_shows_this_shipment_and_nobody_elses(self):
        self.bought(self.lettuce, "OTHER", 1, partner=self.market)
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        for text in ("L1", "Fresh Distribution", "2 Dock Street"):
            self.assertIn(text, page.text)
        for text in ("OTHER", "Corner Market", "Green Farm"):
            self.assertNotIn(text, page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_answer_becomes_a_version_of_the_suppliers_word(self):
        before = self.events(self.receipt)
        page = self.send(**{f"tlc_source-{self.line}": str(self.distributor.id)})
        self.assertIn("Thank you", page.text)
        self.assertIn("Nothing is missing any more", page.text)
        event = self.events(self.receipt)
        self.assertEqual((event.version, event.missing), (2, False))
        self.assertEqual(event.told_by_id, self.distributor)
        self.assertEqual(event.source_place_id.partner_id, self.distributor)
        self.assertIn("Ann of Fresh Distribution", event.reason)
        self.assertEqual(before.version, 1)
        self.assertEqual(self.question.state, "answered")
        self.assertIn("Fresh Distribution", self.question.answer_ids.told_text)

    def test_new_place_becomes_a_contact_of_the_supplier(self):
        key = f"tlc_source-{self.line}"
        self.send(
            **{
                f"{key}-name": "Valley Packing",
                f"{key}-phone": "+1 555 0123",
                f"{key}-street": "9 Shed Road",
                f"{key}-city": "Yuma",
                f"{key}-state": "Arizona",
                f"{key}-zip": "85364",
                f"{key}-country": "US",
            }
        )
        event = self.events(self.receipt)
        self.assertFalse(event.missing)
        place = event.source_place_id
        self.assertEqual((place.name, place.state), ("Valley Packing", "AZ"))
        self.assertEqual(place.partner_id.parent_id, self.distributor)

    def test_origin_is_told_before_packing_and_after(self):
        _raw, (receipt,) = self.raw_receipt("RAW1")
        question = self.ask(receipt)
        lot = receipt.move_line_ids.lot_id.with_env(self.env)
        order = self.make(self.lot(self.lettuce, "PACKED"), 5, {lot: 5})
        self.env.flush_all()
        line = question.line_ids.id
        page = self.send(
            self.path(question),
            **{
                f"farm-{line}": str(self.grower.id),
                f"field_name-{line}": "North 4",
                f"harvest_date-{line}": fields.Date.to_string(fields.Date.today()),
            },
        )
        self.assertIn("Thank you", page.text)
        event = self.events(order)
        self.assertFalse(event.missing)
        self.assertEqual(event.told_by_id, self.grower)
        self.assertEqual(event.input_ids.farm_place_id.partner_id, self.grower)
        self.assertEqual(lot.fsma_area_id.name, "North 4")
        second = self.make(self.lot(self.lettuce, "PACKED2"), 5, {lot: 5})
        self.assertFalse(self.events(second).missing)

    def test_what_is_wrong_is_said_and_the_rest_stays(self):
        key = f"tlc_source-{self.line}"
        page = self.send(**{f"{key}-name": "Zoë Packing"})
        self.assertIn("a place needs at least", page.text)
        self.assertIn("Zoë Packing", page.text)
        page = self.send(**{f"source_reference-{self.line}": "4012345000010"})
        self.assertIn("check digit", page.text)
        page = self.send()
        self.assertIn("Fill in at least one field", page.text)
        page = self.send(person="", **{key: str(self.distributor.id)})
        self.assertIn("Tell us your name", page.text)
        self.assertEqual(self.events(self.receipt).version, 1)
        self.assertFalse(self.question.answer_ids)

    def test_addresses_of_others_cannot_be_chosen(self):
        page = self.send(**{f"tlc_source-{self.line}": str(self.market.id)})
        self.assertIn("Fill in at least one field", page.text)

    def test_days_that_do_not_exist_or_are_to_come_are_refused(self):
        _raw, (receipt,) = self.raw_receipt("RAW1")
        question = self.ask(receipt)
        self.env.flush_all()
        for day in ("2026-02-30", "2099-01-01", "1999-01-01"):
            page = self.send(self.path(question), **{f"harvest_date-{question.line_ids.id}": day})
            self.assertIn("is no day until today", page.text)

    @mute_logger("odoo.http")
    def test_links_that_do_not_work_look_alike(self):
        key, secret = self.url.rsplit("/", 1)[1].split("-")
        pages = [
            self.url_open(f"/fsma/answer/{token}")
            for token in (f"{key}-{'0' * 40}", f"{'0' * 16}-{secret}", "x", f"{key}")
        ]
        self.question.action_close()
        self.env.flush_all()
        pages.append(self.url_open(self.url))
        self.assertEqual({page.status_code for page in pages}, {404})
        # Only what guards the session differs.
        shown = {page.text.split('id="wrap"')[1].split("</main>")[0] for page in pages}
        self.assertEqual(len(shown), 1)

    def test_link_dies_and_is_renewed(self):
        old = fields.Datetime.now() - timedelta(days=31)
        self.question.sudo().write({"sent_on": old, "link_on": old})
        self.env.flush_all()
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.question.action_new_link()
        self.env.flush_all()
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertEqual(self.url_open(self.path(self.question)).status_code, 200)

    def test_too_many_requests_are_refused(self):
        codes = {self.url_open(self.url).status_code for _number in range(32)}
        self.assertEqual(codes, {200, 429})

    def test_page_speaks_the_suppliers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.distributor.lang = "fr_FR"
        self.env.flush_all()
        self.assertIn('lang="fr-FR"', self.url_open(self.url).text)
