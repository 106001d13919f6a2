from base64 import b64decode
from io import BytesIO

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from openpyxl import load_workbook
from pypdf import PdfReader

from .common import FsmaCommon


@tagged("post_install", "-at_install")
class TestFsmaPlan(FsmaCommon):
    """Versions of the traceability plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quality = new_test_user(
            cls.env, login="fsma_plans", groups="lot_traceability.group_quality"
        )

    def plan(self, **values):
        return (
            self.env["lot.fsma.plan"]
            .with_user(self.quality)
            .create(
                {"contact_title": "Food safety manager", "contact_phone": "+1 555 0111", **values}
            )
        )

    def printed(self, plan):
        action = plan.action_print()
        number = int(action["url"].split("/")[3].split("?")[0])
        content = self.env["ir.attachment"].browse(number).raw
        return " ".join(
            " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split()
        )

    def test_the_plan_says_what_is_configured(self):
        own = self.env.company.partner_id
        self.env["lot.fsma.area"].create(
            {"name": "North 3", "farm_id": own.id, "latitude": 36.6, "longitude": -121.6}
        )
        self.plant.in_type_id.fsma_event = "first_receiving"
        plan = self.plan(records_note="Paper tags are kept in the office.")
        plan.action_in_force()
        self.assertEqual((plan.state, plan.version, plan.outdated), ("current", 1, False))
        text = self.printed(plan)
        for words in (
            "Paper tags are kept in the office.",
            "Romaine hearts",
            "First land-based receiving",
            "North 3",
            "36.600000 -121.600000",
            "Food safety manager, +1 555 0111",
            "5 Cold Street",
            "two years",
        ):
            self.assertIn(words, text)

    def test_the_farm_map_is_drawn_to_scale_on_paper_and_in_the_form(self):
        own = self.env.company.partner_id
        outline = "36.600 -121.600\n36.603 -121.600\n36.603 -121.596\n36.600 -121.596"
        north, south = self.env["lot.fsma.area"].create(
            [
                {"name": "North 3", "farm_id": own.id, "outline": outline},
                {"name": "Well", "farm_id": own.id, "latitude": 36.598, "longitude": -121.598},
            ]
        )
        plan = self.plan()
        plan.action_in_force()
        text = self.printed(plan)
        # Each in the table and on the drawing.
        self.assertEqual([text.count(area.name) for area in (north, south)], [2, 2])
        self.assertIn("200 m", text)
        picture = b64decode(own.fsma_farm_plan).decode()
        self.assertEqual((picture.count("<polygon"), picture.count("<circle")), (1, 1))
        self.assertIn("North 3", picture)
        self.assertEqual(south.plan, own.fsma_farm_plan)
        # What is in force stays as it was drawn.
        north.outline = False
        self.assertEqual(self.printed(plan).count("North 3"), 2)
        self.assertFalse(self.grower.fsma_farm_plan)

    def test_the_plan_as_a_workbook(self):
        plan = self.plan(records_note="Paper tags are kept in the office.")
        plan.action_in_force()
        number = int(plan.action_workbook()["url"].split("/")[3].split("?")[0])
        book = load_workbook(BytesIO(self.env["ir.attachment"].browse(number).raw))
        told = [row[2] for row in book["Plan"].iter_rows(values_only=True)]
        self.assertIn("Paper tags are kept in the office.", told)
        self.assertIn("Food safety manager, +1 555 0111", told)
        foods = book["Foods of the Food Traceability"]
        self.assertIn("Romaine hearts", [row[1] for row in foods.iter_rows(values_only=True)])

    def test_a_farm_of_another_firm_is_not_on_the_map(self):
        self.env["lot.fsma.area"].create({"name": "Elsewhere 1", "farm_id": self.grower.id})
        plan = self.plan()
        plan.action_in_force()
        self.assertNotIn("Elsewhere 1", str(plan.content))

    def test_a_change_makes_the_plan_outdated_and_is_told_once(self):
        plan = self.plan()
        plan.action_in_force()
        plans = self.env["lot.fsma.plan"]
        plans._cron_compare()
        self.assertFalse(plan.activity_ids)
        self.listed("Spring mix")
        plan.invalidate_recordset(["outdated"])
        self.assertTrue(plan.outdated)
        plans._cron_compare()
        plans._cron_compare()
        self.assertEqual(len(plan.activity_ids), 1)
        self.assertEqual(plan.activity_ids.user_id, self.quality)

    @freeze_time("2026-03-02")
    def test_a_new_version_replaces_the_one_before_which_is_kept(self):
        first = self.plan(foods_note="By hand")
        first.action_in_force()
        content = first.content
        self.listed("Spring mix")
        second = first.browse(first.action_new_version()["res_id"])
        self.assertEqual((second.state, second.foods_note), ("draft", "By hand"))
        self.assertEqual(first.action_new_version()["res_id"], second.id)
        second.action_in_force()
        self.assertEqual((first.state, second.state), ("replaced", "current"))
        self.assertEqual((second.version, str(first.replaced_on)), (2, "2026-03-02"))
        self.assertEqual(first.content, content)
        self.assertIn("Spring mix", str(second.content))
        with self.assertRaisesRegex(UserError, "stays as it was"):
            first.records_note = "Otherwise"
        for plan in (first, second):
            with self.assertRaisesRegex(UserError, "Plans are kept"):
                plan.unlink()
        with freeze_time("2028-03-03"):
            first.unlink()

    def test_a_plan_needs_a_point_of_contact(self):
        with self.assertRaisesRegex(UserError, "point of contact"):
            self.plan(contact_phone=False).action_in_force()

    def test_a_version_is_an_event_of_the_audit_log(self):
        plan = self.plan(why="New plant")
        plan.action_in_force()
        told = self.env["lot.audit.event"].search(
            [("res_model", "=", plan._name), ("res_id", "=", plan.id)], limit=1
        )
        self.assertIn(plan.digest, told.body)
        self.assertIn("New plant", told.body)

    def test_readers_print_the_plan_and_make_none(self):
        plan = self.plan()
        plan.action_in_force()
        reader = new_test_user(
            self.env, login="fsma_plan_reader", groups="lot_traceability.group_reader"
        )
        self.assertIn("version 1", self.printed(plan.with_user(reader)))
        with self.assertRaises(AccessError):
            plan.with_user(reader).create({})
        with self.assertRaises(AccessError):
            plan.with_user(reader).action_new_version()
