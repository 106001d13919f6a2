import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .preset_common import PresetCommon


@tagged("post_install", "-at_install")
class TestPresetSetup(PresetCommon):
    """The dialog: what it shows, that it overwrites nothing, and who may."""

    def scheme(self):
        return self.env["lot.preset.target"]._general_scheme(self.company.id)

    # -- what it shows -------------------------------------------------------------------------

    def test_each_line_says_what_is_what_it_becomes_and_by_which_rule(self):
        line = self.line(self.setup("food"), "scheme")
        self.assertEqual((line.area, line.now), ("Lot numbers", "as Odoo counts"))
        self.assertEqual(line.then, "{date:%Y%m%d}-{seq:03}, counter starts over: Each day")
        self.assertEqual((line.rule, line.state, line.tick), ("21 CFR 1.1320", "new", True))
        self.assertIn("keeps the code", line.why)

    def test_every_industry_has_all_areas_and_a_rule_on_each_line(self):
        presets = self.env["lot.preset"].search([])
        self.assertEqual(
            presets.mapped("code"),
            ["food", "pharma", "device", "automotive", "aerospace", "electronics"],
        )
        for preset in presets:
            areas = set(preset.line_ids.mapped("area"))
            self.assertLessEqual(
                {"numbering", "data", "expiry", "label", "signature", "retention"}, areas
            )
            self.assertTrue(all(line.rule and line.why for line in preset.line_ids))

    def test_only_what_is_ticked_is_set(self):
        dialog = self.setup("food")
        dialog.line_ids.tick = False
        self.line(dialog, "retention").tick = True
        dialog.action_apply()
        self.assertFalse(self.scheme())
        self.assertEqual(self.env["lot.audit.retention"].search([]).years, 5)
        self.assertEqual(self.company.lot_preset_id.code, "food")

    def test_nothing_ticked_is_refused_with_the_next_step(self):
        dialog = self.setup("food")
        dialog.line_ids.tick = False
        with self.assertRaisesRegex(UserError, "tick what should be set"):
            dialog.action_apply()

    def test_without_industry_there_is_nothing_to_set(self):
        dialog = self.setup("food", preset_id=False)
        self.assertFalse(dialog.line_ids)
        with self.assertRaisesRegex(UserError, "Choose an industry"):
            dialog.action_apply()

    def test_a_line_that_the_browser_sends_bare_is_refused_with_the_next_step(self):
        dialog = self.setup("food")
        self.line(dialog, "retention").line_id = False
        with self.assertRaisesRegex(UserError, "Open this page again"):
            dialog.action_apply()

    def test_texts_have_no_line_breaks_of_the_data_files(self):
        for line in self.env["lot.preset.line"].search([]):
            for text in (line.name, line.why, line.rule):
                self.assertEqual(text, " ".join(text.split()))

    def test_browser_sends_what_a_line_is_about_and_applies_it(self):
        dialogs = self.env["lot.preset.wizard"].with_user(self.administrator)
        form = Form(dialogs, view="lot_traceability.lot_preset_wizard_view_form")
        form.preset_id = self.preset("food")
        dialog = form.save()
        self.assertEqual(dialog.line_ids.line_id, self.preset("food").line_ids)
        self.assertIn("Set Up Traceability", dialog.display_name)
        dialog.action_apply()
        self.assertTrue(self.scheme())

    # -- what people have changed --------------------------------------------------------------

    def test_what_the_firm_had_before_is_not_ticked(self):
        self.company.lot_lookalike = "off"
        line = self.line(self.setup("food"), "company", "lot_lookalike")
        self.assertEqual((line.state, line.tick, line.now), ("theirs", False, "Allow"))
        self.apply("food")
        self.assertEqual(self.company.lot_lookalike, "off")

    def test_what_people_changed_afterwards_is_overwritten_only_when_ticked(self):
        self.apply("food")
        self.scheme().template = "F{date:%Y%m%d}-{seq:03}"
        dialog = self.setup("food")
        line = self.line(dialog, "scheme")
        self.assertEqual((line.state, line.tick), ("theirs", False))
        self.line(dialog, "company", "lot_audit_review_days").tick = True
        line.tick = True
        dialog.action_apply()
        self.assertEqual(self.scheme().template, "{date:%Y%m%d}-{seq:03}")
        self.assertEqual(len(self.scheme()), 1)

    def test_what_is_changed_while_the_page_is_open_is_not_overwritten(self):
        dialog = self.setup("food")
        self.company.lot_lookalike = "off"
        with self.assertRaisesRegex(UserError, "changed since this page was opened"):
            dialog.action_apply()
        self.assertFalse(self.company.lot_preset_id)

    def test_applied_again_it_has_nothing_to_set(self):
        self.apply("food")
        dialog = self.setup("food")
        self.assertEqual(set(dialog.line_ids.mapped("state")), {"same"})
        self.assertFalse(dialog.to_set)

    def test_partly_set_categories_are_shown_as_such(self):
        other = self.env["product.category"].create({"name": "Other goods"})
        self.apply("food")
        dialog = self.setup("food", category_ids=[(6, 0, (self.goods + other).ids)])
        line = self.line(dialog, "demand", "receipt:supplier_lot")
        self.assertEqual((line.now, line.state), ("not everywhere the same", "theirs"))

    # -- another industry ----------------------------------------------------------------------

    def test_another_industry_shows_the_differences_and_takes_back_what_it_does_not_need(self):
        self.apply("pharma")
        self.assertTrue(self.plant.in_type_id.lot_quarantine)
        dialog = self.setup("food")
        scheme = self.line(dialog, "scheme")
        self.assertEqual((scheme.state, scheme.tick), ("new", True))
        gone = self.line(dialog, "operation", "incoming:lot_quarantine")
        self.assertEqual((gone.state, gone.tick, gone.then), ("gone", True, "no"))
        self.assertIn("Dietary supplements and pharmaceuticals needed it", gone.why)
        dialog.action_apply()
        self.assertFalse(self.plant.in_type_id.lot_quarantine)
        self.check_signed("end_hold")
        self.assertEqual(self.scheme().template, "{date:%Y%m%d}-{seq:03}")
        self.assertEqual(len(self.env["lot.preset.setting"].search([("kind", "=", "scheme")])), 1)
        self.assertFalse(self.setup("food").line_ids.filtered(lambda line: line.state != "same"))

    def test_status_of_the_former_industry_is_archived(self):
        self.apply("automotive")
        self.apply("electronics")
        statuses = self.env["lot.status"]
        self.assertNotIn("suspect", statuses._ids_by_code())
        self.apply("automotive")
        self.assertIn("suspect", statuses._ids_by_code())

    def test_rules_of_other_companies_stay_as_they_are(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.apply("pharma")
        steps = self.env["lot.signature.step"]
        self.assertFalse(steps._demanded("release", other))
        self.assertTrue(steps._demanded("release", self.company))
        self.assertEqual(other.lot_lookalike, "warn")
        types = self.env["stock.picking.type"].search([("company_id", "=", other.id)])
        self.assertFalse(any(types.mapped("lot_quarantine")))

    # -- evidence ------------------------------------------------------------------------------

    def test_audit_log_tells_the_choice_and_each_setting(self):
        self.apply("food")
        events = self.env["lot.audit.event"].sudo().search([("kind", "=", "configured")])
        bodies = [json.loads(body) for body in events.mapped("body")]
        told = [body for body in bodies if body.get("data", {}).get("operation") == "preset"]
        self.assertEqual(len(told), 1)
        self.assertEqual(told[0]["data"]["preset"], "food")
        self.assertEqual(
            told[0]["changes"]["The audit log is kept for 5 years"], ["for ever", "5 years"]
        )
        self.assertIn(
            "lot.numbering.scheme", {body.get("record", {}).get("model") for body in bodies}
        )

    # -- who may -------------------------------------------------------------------------------

    def test_administrator_may_and_others_may_not(self):
        stock_manager = new_test_user(
            self.env, login="preset_manager", groups="stock.group_stock_manager"
        )
        for user in (self.quality, self.operator, self.auditor, stock_manager):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.setup("food", user=user)
                with self.assertRaises(AccessError):
                    self.env["lot.preset"].with_user(user).decline()
                self.assertFalse(self.env["lot.preset"].with_user(user).is_offered())
        self.setup("food").action_apply()
        self.assertTrue(self.scheme())

    def test_what_a_setting_becomes_is_not_taken_from_the_browser(self):
        presets = self.env["lot.preset.line"].with_user(self.administrator)
        line = presets.search([("kind", "=", "company")], limit=1)
        for values in ({"value": "off"}, {"key": "name"}):
            with self.assertRaises(AccessError):
                line.write(values)
        dialog = self.setup("food")
        other = self.preset("pharma").line_ids.filtered(lambda one: one.kind == "retention")
        self.line(dialog, "retention").line_id = other
        with self.assertRaisesRegex(UserError, "not part of it"):
            dialog.action_apply()

    def test_settings_of_another_company_are_neither_seen_nor_taken_back(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.env["lot.preset.setting"].create(
            {
                "company_id": other.id,
                "preset_id": self.preset("food").id,
                "area": "Retention",
                "name": "Theirs",
                "kind": "retention",
                "value": {"is": 5},
                "before": {"is": 0},
            }
        )
        seen = self.env["lot.preset.setting"].with_user(self.administrator)
        self.assertNotIn(foreign, seen.search([]))
        with self.assertRaisesRegex(UserError, "Switch to Other"):
            self.setup("food", company_id=other.id).action_apply()
        dialog = self.setup("food")
        self.line(dialog, "retention").write({"line_id": False, "setting_id": foreign.id})
        with self.assertRaises(UserError):
            dialog.action_apply()

    # -- the offer -----------------------------------------------------------------------------

    def test_offered_until_chosen_or_declined(self):
        offer = self.env["lot.preset"].with_user(self.administrator)
        self.assertTrue(offer.is_offered())
        offer.decline()
        self.assertFalse(offer.is_offered())
        self.company.lot_preset_declined = False
        self.apply("food")
        self.assertFalse(offer.is_offered())
