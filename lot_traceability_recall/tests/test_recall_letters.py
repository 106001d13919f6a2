import io

from odoo.addons.lot_traceability.tests.signature_common import PASSWORD
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .letters_common import LettersCommon


@tagged("post_install", "-at_install")
class TestRecallLetters(LettersCommon):
    """What the letters say, and that somebody else has to approve it."""

    def html(self, consignee):
        lang = consignee._letter_lang()
        return str(consignee.with_context(lang=lang)._letter_html())

    def test_draft_says_what_the_rules_ask_for(self):
        recall = self.written(hazard="Listeria monocytogenes", hazard_class="1")
        letter = recall.letter_ids
        self.assertEqual(letter.audience, "retailer")
        self.assertEqual(letter.heading, "URGENT: FOOD RECALL")
        self.assertIn("Found in a test of 2 March.", letter.problem)
        self.assertIn("Listeria monocytogenes", letter.problem)
        self.assertIn("Class I", letter.problem)
        self.assertIn("retail level", letter.depth_text)
        self.assertIn("from the shelves", letter.instructions)
        self.assertEqual(letter.contact_email, "recaller@example.com")
        self.assertFalse(letter.warning)

    def test_heading_by_goods_class_and_remedy(self):
        recall = self.recall(hazard_class="3", goods="device")
        recall.remedy = "correction"
        self.assertEqual(recall._letter_heading(), "MEDICAL DEVICE RECALL (CORRECTION)")
        recall.write({"remedy": "removal", "hazard_class": "2", "goods": "drug"})
        self.assertEqual(recall._letter_heading(), "URGENT: DRUG RECALL")
        recall.write({"goods": "aircraft"})
        self.assertEqual(recall._letter_heading(), "URGENT: PRODUCT RECALL")
        drill = self.recall(kind="mock")
        self.assertIn("DRILL", drill._letter_heading())

    def test_each_consignee_reads_of_its_lots_alone(self):
        recall = self.written()
        shop, cafe = (self.html(self.consignee(recall, who)) for who in (self.shop, self.cafe))
        for text, own, other, delivery in (
            (shop, "CHEESE-1", "CHEESE-2", self.to_shop),
            (cafe, "CHEESE-2", "CHEESE-1", self.to_cafe),
        ):
            self.assertIn(own, text)
            self.assertNotIn(other, text)
            self.assertIn(delivery.name, text)
            self.assertIn("#c00000", text)
        self.assertIn("6.0", shop)

    def test_goods_that_came_back_are_taken_off(self):
        self.give_back(self.to_shop, {self.cheese_1: 2})
        recall = self.written()
        text = self.html(self.consignee(recall, self.shop))
        self.assertIn("After returns", text)
        self.assertIn("4.0", text)

    def test_letter_is_in_the_language_of_the_consignee(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.cafe.lang = "fr_FR"
        recall = self.written()
        letter = recall.letter_ids
        letter.with_env(self.laboratory).with_context(lang="fr_FR").subject = "RAPPEL URGENT"
        self.assertEqual(
            letter.with_context(lang="en_US").subject, "URGENT: FOOD RECALL: Listeria in milk"
        )
        self.assertIn("RAPPEL URGENT", self.html(self.consignee(recall, self.cafe)))
        self.assertNotIn("RAPPEL", self.html(self.consignee(recall, self.shop)))

    def test_each_audience_has_a_letter_of_its_own(self):
        recall = self.frozen()
        self.consignee(recall, self.shop).audience = "distributor"
        recall.write_letters()
        self.assertEqual(set(recall.letter_ids.mapped("audience")), {"distributor", "retailer"})
        self.assertIn("sub-recall", self.html(self.consignee(recall, self.shop)))
        self.assertNotIn("sub-recall", self.html(self.consignee(recall, self.cafe)))

    def test_each_audience_and_remedy_has_instructions(self):
        recall = self.recall()
        for audience, _name in recall.letter_ids._fields["audience"].selection:
            for remedy in ("removal", "correction"):
                recall.remedy = remedy
                texts = recall._draft_texts(audience)
                self.assertTrue(all(texts.values()), (audience, remedy))

    def test_words_that_advertise_are_pointed_out(self):
        recall = self.written()
        letter = recall.letter_ids.with_env(self.laboratory)
        letter.instructions += "\nAsk for our new product with a discount!"
        self.assertIn("discount, new product", letter.warning)

    # -- approval ----------------------------------------------------------------------------------

    def test_author_does_not_approve_a_second_person_does(self):
        recall = self.written()
        # The form offers the step to whoever may do it.
        self.assertFalse(recall.own_letters)
        recall.letter_ids.problem = "Changed by the one who would approve"
        self.assertTrue(recall.own_letters)
        self.assertFalse(recall.with_user(self.second).own_letters)
        with self.assertRaisesRegex(UserError, "Ask a second person"):
            recall.approve_letters()
        with self.assertRaises(AccessError):
            recall.with_env(self.laboratory).approve_letters()
        recall.with_user(self.second).approve_letters()
        letter = recall.letter_ids
        self.assertEqual((letter.state, letter.version), ("approved", 1))
        self.assertEqual(letter.approved_by_id, self.second)
        self.assertTrue(letter.digest.startswith("v1$"))

    def test_approval_is_not_typed(self):
        recall = self.written()
        with self.assertRaisesRegex(UserError, "noted by itself"):
            recall.letter_ids.state = "approved"
        with self.assertRaises(AccessError):
            recall.letter_ids.with_user(self.reader).problem = "Nothing is wrong"

    def test_any_change_makes_the_approval_void(self):
        recall = self.approved()
        letter, changes = recall.letter_ids, {}
        changes["text"] = lambda: letter.write({"problem": "Other words"})
        changes["translation"] = lambda: letter.update_field_translations(
            "subject", {"en_US": "Another subject"}
        )
        changes["case"] = lambda: recall.write({"title": "Salmonella in milk"})
        changes["audience"] = lambda: self.consignee(recall, self.shop).write(
            {"audience": "consumer"}
        )
        changes["scope"] = lambda: self.widen(recall)
        for name, change in changes.items():
            with self.subTest(name):
                change()
                self.assertEqual(letter.state, "draft")
                with self.assertRaisesRegex(UserError, "second person"):
                    recall.send_letters()
                recall.with_env(self.laboratory).write_letters()
                self.author(recall)
                recall.approve_letters()
        self.assertEqual(letter.version, 6)

    def test_what_is_not_in_the_letter_leaves_the_approval(self):
        recall = self.approved()
        recall.hazard_assessment = "For the authority"
        self.consignee(recall, self.cafe).email = "cafe@example.com"
        self.assertEqual(recall.letter_ids.state, "approved")

    def test_approval_is_asked_for_a_signature_where_the_firm_says_so(self):
        step = self.env.ref("lot_traceability_recall.step_recall_letters")
        step.demanded = True
        self.recaller.sudo().password = PASSWORD
        recall = self.written()
        with self.assertRaisesRegex(UserError, "has to be signed"):
            recall.approve_letters()
        self.assertEqual(recall.letter_ids.state, "draft")
        answer = self.room["lot.signature"].sign(
            "recall_letters",
            "lot.recall.letter",
            recall.letter_ids.ids,
            {"login": self.recaller.login, "password": PASSWORD},
            "approval",
            "Read in full",
            {},
        )
        self.assertEqual(recall.letter_ids.state, "approved")
        signature = self.env["lot.signature"].browse(answer["signature_ids"])
        self.assertEqual(signature.state, "valid")
        recall.letter_ids.with_env(self.laboratory).problem = "Other words"
        signature.invalidate_recordset()
        self.assertEqual(signature.state, "void")

    def test_letters_of_an_open_version_are_not_approved(self):
        recall = self.written()
        recall.new_version()
        with self.assertRaisesRegex(UserError, "Freeze it first"):
            recall.approve_letters()

    def author(self, recall):
        recall.letter_ids._note({"author_id": self.quality.id})

    def widen(self, recall):
        self.deliver({self.cheese_1: 1}, self.cafe)
        recall.new_version()
        recall.draft_scope_id.find_lots()
        recall.draft_scope_id.freeze()

    # -- documents --------------------------------------------------------------------------------

    def test_letter_prints_with_answer_form_and_marking(self):
        recall = self.approved()
        report = self.env["ir.actions.report"].with_user(self.reader)
        content, _kind = report._render_qweb_html(
            "lot_traceability_recall.report_letter", recall.consignee_ids.ids
        )
        text = content.decode()
        self.assertEqual(text.count("data-paper="), 2)
        for part in ("URGENT: FOOD RECALL", "Signature", "CHEESE-1", "CHEESE-2", "Ring 1"):
            self.assertIn(part, text)
        self.assertNotIn("Draft, not approved", text)

    def test_press_notice_and_submission_are_filled_from_the_case(self):
        recall = self.approved(hazard="Listeria", hazard_class="1")
        recall.hazard_assessment = "Pregnant women are at risk."
        report = self.env["ir.actions.report"].with_user(self.reader)
        for name, parts in {
            "report_press_notice": ("CHEESE-1, CHEESE-2", "recalls", "Pregnant women"),
            "report_submission": (
                "CHEESE-1, CHEESE-2",
                "Pregnant women",
                "Found in a test of 2 March.",
                "Responsible official",
                "Ruth Recaller",
                "direct accounts",
                "Not stated yet",
            ),
        }.items():
            content, _kind = report._render_qweb_html(f"lot_traceability_recall.{name}", recall.ids)
            for part in parts:
                self.assertIn(part, content.decode(), name)


@tagged("post_install", "-at_install")
class TestDistributionList(LettersCommon, HttpCase):
    """The list for the authority, as a workbook."""

    def test_list_names_each_lot_of_each_consignee(self):
        recall = self.approved()
        self.recaller.sudo().password = PASSWORD
        self.authenticate(self.recaller.login, PASSWORD)
        answer = self.url_open(recall.action_distribution_list()["url"])
        self.assertEqual(answer.status_code, 200)
        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
        heads = rows[0]
        found = {
            row[heads.index("Ship to")]: (row[heads.index("Lot")], row[heads.index("Shipped")])
            for row in rows[1:]
        }
        self.assertEqual(found, {"Shop": ("CHEESE-1", 6), "Café": ("CHEESE-2", 4)})

    def test_list_is_refused_without_rights(self):
        recall = self.approved()
        self.operator.sudo().write(
            {"password": PASSWORD, "group_ids": [(6, 0, [self.env.ref("base.group_user").id])]}
        )
        self.authenticate(self.operator.login, PASSWORD)
        answer = self.url_open(f"/lot_traceability_recall/distribution/{recall.id}.xlsx")
        self.assertEqual(answer.status_code, 403)
