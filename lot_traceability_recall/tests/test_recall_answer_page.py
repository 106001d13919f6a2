from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .answer_common import AnswerCommon

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class PageCommon(AnswerCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.case.company_id.sudo().phone = "+1 555 0199"
        self.path = self.at_shop._answer_url().removeprefix(self.at_shop.get_base_url())
        self.line = self.at_shop.line_ids.id

    def form(self, **values):
        amounts = {
            f"{name}-{self.line}": values.pop(name)
            for name in ("found", "quarantined", "sold_on", "consumed")
            if name in values
        }
        form = {
            f"found-{self.line}": "",
            "basis": str(self.at_shop.answer_id.version),
            "name": "Ann",
            "followed": "yes",
            "agreed": "1",
            **amounts,
            **values,
        }
        return {name: value for name, value in form.items() if value is not None}

    def send(self, path=None, files=None, **values):
        answer = self.url_open(path or self.path, data=self.form(**values), files=files)
        self.env.invalidate_all()
        return answer

    def set(self, name, value):
        self.env["ir.config_parameter"].set_param(f"lot_traceability_recall.{name}", value)


@tagged("post_install", "-at_install")
class TestRecallAnswerPage(PageCommon):
    """The page without login, as a browser without an account uses it."""

    def test_page_shows_this_consignee_its_goods_and_nobody_elses(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        for text in ("Listeria in milk", "CHEESE-1", "Class I", "+1 555 0199", "I have none"):
            self.assertIn(text, page.text)
        for text in ("CHEESE-2", "Café", "Caf&#233;", "MILK-BAD"):
            self.assertNotIn(text, page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_opening_is_not_reading(self):
        self.url_open(self.path)
        self.env.invalidate_all()
        self.assertEqual((self.at_shop.state, self.at_shop.read_on), ("told", False))

    def test_first_touch_is_reading(self):
        answer = self.url_open(f"{self.path}/read", data={"x": "1"})
        self.assertEqual(answer.status_code, 204)
        self.env.invalidate_all()
        self.assertEqual(self.at_shop.state, "read")
        self.assertTrue(self.at_shop.read_on)
        self.assertEqual(self.steps(self.case)[-1]["step"], "read")

    def test_button_without_script_is_reading(self):
        page = self.url_open(self.path, data={"only_read": "1"})
        self.assertIn("Read on", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.at_shop.state, "read")

    def test_answer_is_taken(self):
        page = self.send(found="4", quarantined="4", consumed="2", comment="Sold in May")
        self.assertIn("Thank you", page.text)
        answer = self.at_shop.answer_id
        self.assertEqual(
            (answer.via, answer.person, answer.comment), ("page", "Ann", "Sold in May")
        )
        self.assertFalse(answer.user_id)
        self.assertEqual(self.at_shop.line_ids.quarantined, 4)
        self.assertEqual(self.at_shop.state, "answered")
        self.assertEqual(self.at_shop.message_ids[0].author_id, self.shop)

    def test_none_of_it_is_taken(self):
        self.assertIn("Thank you", self.send(none_found="1").text)
        self.assertTrue(self.at_shop.answer_id.none_found)

    def test_what_is_wrong_is_said_and_the_figures_stay(self):
        page = self.send(found="4", quarantined="5", name="Zoë Q.")
        self.assertEqual(page.status_code, 200)
        self.assertIn("only 4 kg were found", page.text)
        self.assertIn('value="5"', page.text)
        self.assertIn("Zoë Q.", page.text)
        self.assertFalse(self.at_shop.answer_id)

    def test_larger_than_shipped_is_asked_once_more(self):
        page = self.send(found="9")
        self.assertIn("come to 9 kg, but 6 kg were sent", page.text)
        self.assertFalse(self.at_shop.answer_id)
        self.assertIn("Thank you", self.send(found="9", confirmed="1").text)
        self.assertTrue(self.at_shop.answer_id.larger)
        self.assertTrue(self.activities(self.at_shop, "answer"))

    def test_sold_to_businesses_asks_to_whom(self):
        self.assertIn("name them below", self.send(found="4", sold_on="2").text)
        page = self.send(
            found="4",
            sold_on="2",
            sold_name="Kiosk <b>",
            sold_address="Main St",
            sold_email="k@example.com",
            sold_phone="",
            sold_quantity="2",
            sold_line_id=str(self.line),
        )
        self.assertIn("Thank you", page.text)
        sold = self.at_shop.answer_id.sold_ids
        self.assertEqual((sold.name, sold.quantity, sold.lot_name), ("Kiosk <b>", 2, "CHEESE-1"))
        again = self.url_open(self.path)
        self.assertIn("Kiosk &lt;b&gt;", again.text)

    def test_not_confirmed_is_not_taken(self):
        self.assertIn("complete and true", self.send(found="4", agreed=None).text)
        self.assertFalse(self.at_shop.answer_id)

    def test_figures_of_very_many_lots_come_in_one_field(self):
        packed = f'[{{"line_id": {self.line}, "found": "4"}}, 7, {{"line_id": "x"}}]'
        self.assertIn("at least one figure", self.send(packed="[").text)
        self.assertIn("Thank you", self.send(packed=packed, **{f"found-{self.line}": None}).text)
        self.assertEqual(self.at_shop.line_ids.found, 4)

    def test_words_for_a_figure(self):
        self.assertIn("is no quantity", self.send(found="four").text)

    def test_lot_of_another_is_left_alone(self):
        page = self.send(**{f"found-{self.at_cafe.line_ids.id}": "4"})
        self.assertIn("at least one figure", page.text)
        self.assertEqual(self.at_cafe.line_ids.found, 0)

    def test_signature_and_files_are_kept(self):
        files = [("files", ("../a.pdf", PDF, "application/pdf")), ("files", ("l.csv", b"a;b\n1;2"))]
        self.send(files=files, found="6", signature=PNG)
        answer = self.at_shop.answer_id
        self.assertTrue(answer.signature)
        files = answer.attachment_ids
        self.assertEqual(set(files.mapped("name")), {"a.pdf", "l.csv"})
        self.assertEqual(set(files.mapped("res_id")), {answer.id})
        self.assertEqual(set(files.mapped("mimetype")), {"application/pdf", "text/plain"})
        self.assertEqual(
            files.with_user(self.reader).filtered(lambda one: one.name == "a.pdf").raw[:4], b"%PDF"
        )
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            files.with_user(public).check_access("read")

    def test_signature_is_kept_while_the_figures_are_corrected(self):
        self.assertIn(PNG, self.send(found="4", quarantined="5", signature=PNG).text)
        for wrong in ("data:image/svg+xml;base64,PHN2Zz4=", PNG[:22] + "PHN2Zz4=", "x" * 400_000):
            self.send(found="4", signature=wrong, comment=wrong[:20])
            self.assertTrue(self.at_shop.answer_id)
            self.assertFalse(self.at_shop.answer_id.signature)

    def test_files_that_run_are_refused(self):
        for name, content in (("a.html", b"<html><script>1</script>"), ("a.exe", b"MZ\x00\x01")):
            with self.subTest(name):
                page = self.send(files=[("files", (name, content))], found="6")
                self.assertIn("cannot be attached", page.text)
                self.assertIn("choose your files again", page.text)
        many = [("files", (f"{n}.pdf", PDF)) for n in range(7)]
        self.assertIn("5 files at most", self.send(files=many, found="6").text)
        place = "odoo.addons.lot_traceability_recall.models.lot_recall_answer_page.MOST_BYTES"
        with patch(place, 10):
            page = self.send(files=[("files", ("a.pdf", PDF))], found="6")
            self.assertIn("larger than", page.text)
        self.assertFalse(self.at_shop.answer_id)

    def test_opened_twice_tells_of_the_other_answer(self):
        self.send(found="4", name="Bob")
        page = self.send(found="6", basis="0")
        self.assertIn("Somebody has answered", page.text)
        self.assertIn("Bob", page.text)
        self.assertEqual(self.at_shop.answer_id.version, 1)
        self.assertIn("Thank you", self.send(found="6", basis="1").text)
        self.assertEqual(self.at_shop.answer_id.version, 2)

    def test_second_click_is_the_same_answer(self):
        self.send(found="4")
        self.assertIn("Thank you", self.send(found="4", basis="0").text)
        self.assertEqual(self.at_shop.answer_id.version, 1)

    def test_opened_again_shows_what_was_answered(self):
        self.send(found="4", name="Bob")
        page = self.url_open(self.path)
        self.assertIn("You can", page.text)
        self.assertIn('value="4"', page.text)

    def test_page_speaks_the_consignees_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.at_shop.lang = "fr_FR"
        self.assertIn('lang="fr-FR"', self.url_open(self.path).text)

    def test_page_shows_times_of_the_consignee(self):
        self.shop.tz = "Asia/Tokyo"
        self.answer(self.at_shop, found=4)
        self.at_shop.answer_id.flush_recordset()
        self.env.cr.execute(
            "UPDATE lot_recall_answer SET given_on = '2026-03-02 20:30:00' WHERE id = %s",
            [self.at_shop.answer_id.id],
        )
        self.env.invalidate_all()
        self.assertIn("03/03/2026 05:30", self.url_open(self.path).text)

    def test_drill_says_so(self):
        drill = self.of(self.frozen(kind="mock"), self.shop)
        self.assertIn("This is a drill", self.url_open(drill._answer_url()).text)


@tagged("post_install", "-at_install")
class TestRecallAnswerLink(PageCommon):
    """Links that do not work, or not any more, and those who try them."""

    def dead(self, path):
        page = self.url_open(path)
        self.assertEqual(page.status_code, 404)
        self.assertIn("This link does not work", page.text)
        self.assertIn("+1 555 0199", page.text)
        self.assertNotIn("CHEESE", page.text)
        self.assertNotIn("Listeria", page.text)
        # What changes from page to page whoever asks.
        return page.text.split("<main>")[1]

    def test_forged_unknown_and_dead_links_look_alike(self):
        self.set("answer_rate", "1000")
        key, secret = self.path.rsplit("/", 1)[1].split("-")
        forged = self.dead(f"/recall/answer/{key}-{'0' * len(secret)}")
        pages = [
            self.dead(f"/recall/answer/{path}")
            for path in ("x", "-", f"{key}-", f"-{secret}", f"{key}{secret}", f"{key}-é", "%00")
        ]
        cafe = self.at_cafe._answer_token().split("-")[1]
        pages.append(self.dead(f"/recall/answer/{key}-{cafe}"))
        self.case.action_cancel("Was none")
        pages.append(self.dead(self.path))
        self.assertEqual(set(pages), {forged})
        answer = self.url_open(self.path, data=self.form(found="4"))
        self.assertEqual(answer.status_code, 404)

    def test_link_dies_after_its_days(self):
        self.set("answer_days", "10")
        self.at_shop.sudo().told_on = fields.Datetime.now() - timedelta(days=11)
        self.at_shop.sudo().link_on = fields.Datetime.now() - timedelta(days=11)
        self.dead(self.path)
        self.set("answer_days", "12")
        self.assertEqual(self.url_open(self.path).status_code, 200)

    def test_new_link_ends_the_old_one(self):
        self.at_shop.new_link()
        self.dead(self.path)
        self.assertEqual(self.url_open(self.at_shop._answer_url()).status_code, 200)
        self.assertEqual(self.steps(self.case)[-1]["step"], "new link")
        env = self.env(user=self.reader)
        with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
            self.at_shop.with_env(env).new_link()

    def test_key_is_kept_from_those_who_run_recalls(self):
        consignee = self.at_shop.with_user(self.recaller)
        with self.assertRaises(AccessError):
            consignee.read(["answer_key"])
        with self.assertRaisesRegex(UserError, "noted by itself"):
            consignee.write({"answer_key": "1"})
        self.assertGreaterEqual(len(self.at_shop._answer_token().split("-")[1]) * 4, 128)

    def test_a_thousand_requests_a_minute_are_refused_and_leave_one_row(self):
        limit = self.env["lot.request.limit"]
        statuses = [self.url_open("/recall/answer/x").status_code for _number in range(33)]
        self.assertEqual(statuses, [404] * 30 + [429] * 3)
        answer = self.url_open(self.path)
        self.assertEqual(answer.status_code, 429)
        self.assertIn("Too many requests", answer.text)
        self.assertEqual(answer.headers["Retry-After"], "60")
        allowed = [limit._allow("address:test", 30) for _number in range(1000)]
        self.assertEqual(sum(allowed), 30)
        rows = limit.search([])
        self.assertEqual(sorted(rows.mapped("hits")), [30, 30])
        self.wait(hours=0.05)
        self.assertEqual(self.url_open(self.path).status_code, 200)
        self.wait(hours=1)
        limit._gc_minutes()
        self.assertFalse(limit.search([]))

    def test_one_link_from_many_addresses_is_limited_as_well(self):
        network = "odoo.addons.lot_traceability.controllers.asker.network"
        with patch(network, side_effect=map(str, range(100))):
            statuses = [self.url_open(self.path).status_code for _number in range(31)]
        self.assertEqual(statuses, [200] * 30 + [429])


@tagged("post_install", "-at_install")
class TestRecallAnswerPortal(PageCommon):
    """The same page for those who have an account."""

    def setUp(self):
        super().setUp()
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.shop.id})
        new_test_user(self.env, "shop_buyer", groups="base.group_portal", partner_id=buyer.id)
        new_test_user(self.env, "cafe_buyer", groups="base.group_portal", partner_id=self.cafe.id)
        self.place = f"/my/recalls/{self.at_shop.id}"

    def test_own_recall_is_listed_and_answered(self):
        self.authenticate("shop_buyer", "shop_buyer")
        page = self.url_open("/my/recalls")
        self.assertIn("Listeria in milk", page.text)
        self.assertIn("Please answer", page.text)
        page = self.url_open(self.place)
        self.assertIn("CHEESE-1", page.text)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        self.assertIn("Thank you", self.send(self.place, found="6", csrf_token=token).text)
        self.assertEqual(self.at_shop.answer_id.via, "portal")
        self.assertFalse(self.at_shop.answer_id.user_id)

    def test_home_counts_them(self):
        self.authenticate("shop_buyer", "shop_buyer")
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["recall_count"]})
        self.assertEqual(counted["recall_count"], 1)

    def test_answer_from_another_site_is_refused(self):
        self.authenticate("shop_buyer", "shop_buyer")
        with mute_logger("odoo.http"):
            self.assertEqual(self.send(self.place, found="6").status_code, 400)
        self.assertFalse(self.at_shop.answer_id)

    def test_recalls_of_others_are_not_there(self):
        self.told(self.at_cafe)
        self.authenticate("cafe_buyer", "cafe_buyer")
        self.assertNotIn("CHEESE-1", self.url_open(self.place).text)
        page = self.url_open(self.place)
        self.assertTrue(page.url.endswith("/my/recalls"))
        token = page.text.split('csrf_token: "')[1].split('"')[0]
        self.send(self.place, found="6", csrf_token=token)
        self.url_open(f"{self.place}/read", data={"csrf_token": token})
        self.env.invalidate_all()
        self.assertFalse(self.at_shop.answer_id)
        self.assertFalse(self.at_shop.read_on)

    def test_nothing_is_shown_before_the_letter(self):
        self.authenticate("cafe_buyer", "cafe_buyer")
        self.assertNotIn("Listeria", self.url_open("/my/recalls").text)

    def test_closed_recall_is_listed_without_a_form(self):
        self.case.sudo().write({"state": "closed"})
        self.authenticate("shop_buyer", "shop_buyer")
        page = self.url_open("/my/recalls")
        self.assertIn("Closed", page.text)
        self.assertNotIn(self.place, page.text)
        self.assertTrue(self.url_open(self.place).url.endswith("/my/recalls"))

    def test_public_is_asked_to_log_in(self):
        self.assertIn("/web/login", self.url_open("/my/recalls").url)
