from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaList(FsmaCommon):
    def test_the_list_has_its_categories_edition_and_source(self):
        edition = self.env.ref("lot_traceability_fsma.ftl_2022")
        self.assertEqual(len(edition.category_ids), 23)
        self.assertTrue(all(category.form for category in edition.category_ids))
        self.assertIn("87 FR 70910", edition.source)

    def test_dates_of_the_rule_are_data_with_their_source(self):
        text = self.env["lot.fsma.text"]
        self.assertEqual(text._day("compliance_day"), date(2028, 7, 20))
        self.assertTrue(all(text.search([]).mapped("source")))
        self.env.ref("lot_traceability_fsma.text_compliance_day").day = "2029-01-01"
        self.assertEqual(text._day("compliance_day"), date(2029, 1, 1))

    def test_elements_are_named_in_data(self):
        names = self.env["lot.fsma.element"]._names()
        self.assertEqual(names["tlc"], "Traceability lot code")
        self.env.ref("lot_traceability_fsma.element_tlc").name = "TLC"
        self.assertEqual(self.env["lot.fsma.element"]._names()["tlc"], "TLC")

    def test_an_ingredient_that_keeps_its_form_makes_its_product_traceable(self):
        salad, tray = self.product("Salad"), self.product("Salad tray")
        bill = self.bom(salad, {self.lettuce: 1})
        self.bom(tray, {salad: 1})
        self.assertTrue(salad.fsma_listed)
        self.assertTrue(tray.fsma_listed)
        bill.bom_line_ids.fsma_keeps_form = False
        self.assertFalse(salad.fsma_listed)
        self.assertFalse(tray.fsma_listed)
        bill.bom_line_ids.fsma_keeps_form = True
        self.lettuce.fsma_category_id = False
        self.assertFalse(tray.fsma_listed)

    def test_an_archived_bill_does_not_count(self):
        salad = self.product("Salad")
        bill = self.bom(salad, {self.lettuce: 1})
        bill.active = False
        self.assertFalse(salad.fsma_listed)

    def test_categories_are_proposed_with_a_reason_and_taken_over(self):
        cucumber, canned, plain = (
            self.product(name) for name in ("Persian cucumbers 1 kg", "Pickled cucumbers", "Bolt")
        )
        templates = (cucumber | canned | plain).product_tmpl_id
        form = Form(
            self.env["lot.fsma.propose"]
            .with_user(self.quality)
            .with_context(active_model="product.template", active_ids=templates.ids)
        )
        wizard = form.save()
        self.assertEqual(wizard.looked_at, 3)
        self.assertEqual(wizard.line_ids.product_tmpl_id, cucumber.product_tmpl_id)
        self.assertIn("cucumbers", wizard.line_ids.why)
        with self.assertRaises(AccessError):
            wizard.with_user(self.operator).action_apply()

    def test_taking_proposals_over_needs_one(self):
        cucumber = self.product("Persian cucumbers 1 kg")
        wizard = (
            self.env["lot.fsma.propose"]
            .with_context(active_model="product.template", active_ids=cucumber.product_tmpl_id.ids)
            .create({})
        )
        wizard.line_ids.accepted = False
        with self.assertRaisesRegex(UserError, "Tick"):
            wizard.action_apply()
        wizard.line_ids.accepted = True
        wizard.action_apply()
        self.assertEqual(
            cucumber.fsma_category_id, self.env.ref("lot_traceability_fsma.ftl_cucumbers")
        )

    def test_every_category_proposes_itself(self):
        rules = self.env["lot.fsma.propose"]
        for name, code in (
            ("Feta in brine", "cheese_soft_ripened"),
            ("Grade A large eggs", "shell_eggs"),
            ("Creamy peanut butter", "nut_butters"),
            ("Fresh cilantro bunch", "herbs"),
            ("Shredded lettuce 5 lb", "leafy_greens_cut"),
            ("Bean sprouts", "sprouts"),
            ("Diced tomatoes", "vegetables_cut"),
            ("Smoked salmon", "finfish_smoked"),
            ("Yellowfin tuna loin", "finfish_histamine"),
            ("Potato salad", "deli_salads"),
        ):
            product = self.product(name)
            (line,) = rules._proposals(product.product_tmpl_id)
            found = self.env["lot.fsma.category"].browse(line["category_id"])
            self.assertEqual(found.code, code, name)
        for name in ("Chocolate eggs", "Black pepper ground", "Brussels sprouts", "Tomato ketchup"):
            self.assertFalse(rules._proposals(self.product(name).product_tmpl_id), name)


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaExemption(FsmaCommon):
    def exempt(self, paragraph, **values):
        return (
            self.env["lot.fsma.exemption"]
            .with_user(self.quality)
            .create(
                {
                    "paragraph_id": self.env.ref(f"lot_traceability_fsma.paragraph_{paragraph}").id,
                    "date_from": "2026-01-01",
                    **values,
                }
            )
        )

    def test_a_product_with_a_kill_step_keeps_records_of_receiving(self):
        exemption = self.exempt("d3", product_tmpl_id=self.lettuce.product_tmpl_id.id)
        self.assertEqual(exemption.user_id, self.quality)
        lot = self.coded(self.lettuce, "L1", 10)
        self.assertEqual(self.events(lot).kind, "receiving")
        self.assertFalse(self.events(self.deliver({lot: 1}, self.market)))

    def test_a_product_that_is_exempt_altogether_records_nothing(self):
        self.exempt("e", product_tmpl_id=self.lettuce.product_tmpl_id.id)
        self.assertFalse(self.events(self.coded(self.lettuce, "L1", 10)))

    def test_an_exemption_ends(self):
        self.exempt("e", product_tmpl_id=self.lettuce.product_tmpl_id.id, date_until="2026-02-28")
        self.assertTrue(self.events(self.coded(self.lettuce, "L1", 10)))

    def test_an_exempt_firm_records_nothing(self):
        exemption = self.exempt("i", partner_id=self.env.company.partner_id.id)
        lot = self.coded(self.lettuce, "L1", 10)
        self.assertFalse(self.events(lot))
        exemption.active = False
        self.assertTrue(self.events(self.deliver({lot: 1}, self.market)))

    def test_an_exemption_is_of_one_product_or_one_firm(self):
        with self.assertRaisesRegex(ValidationError, "either a product or a firm"):
            self.exempt("e")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.exempt(
                "e", product_tmpl_id=self.lettuce.product_tmpl_id.id, date_until="2025-01-01"
            )

    def test_operators_do_not_decide_on_exemptions(self):
        with self.assertRaises(AccessError):
            self.env["lot.fsma.exemption"].with_user(self.operator).create(
                {
                    "paragraph_id": self.env.ref("lot_traceability_fsma.paragraph_e").id,
                    "product_tmpl_id": self.lettuce.product_tmpl_id.id,
                }
            )
