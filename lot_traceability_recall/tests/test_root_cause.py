from unittest.mock import patch

from odoo.addons.lot_traceability.tests.common import LotTraceabilityCommon
from odoo.addons.lot_traceability_recall.models import lot_root_cause
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestRootCause(LotTraceabilityCommon):
    """Two cheeses make people ill; a third one, with the same rennet, does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        milk, rennet, cheese = (cls.product(name) for name in ("Milk", "Rennet", "Cheese"))
        cls.bad_milk = cls.lot(milk, "MILK-BAD", supplier_lot="D-13", supplier_id=cls.dairy.id)
        cls.good_milk, cls.rennet = cls.lot(milk, "MILK-GOOD"), cls.lot(rennet, "RENNET")
        cls.receive({cls.bad_milk: 100, cls.good_milk: 100, cls.rennet: 100}, cls.dairy)
        cls.ill_1, cls.ill_2, cls.silent, cls.fine = (
            cls.lot(cheese, name) for name in ("ILL-1", "ILL-2", "SILENT", "FINE")
        )
        for made, used in (
            (cls.ill_1, cls.bad_milk),
            (cls.ill_2, cls.bad_milk),
            (cls.silent, cls.bad_milk),
            (cls.fine, cls.good_milk),
        ):
            cls.make(made, 10, {used: 10, cls.rennet: 1})
        cls.deliver({cls.ill_1: 5}, cls.shop)
        cls.deliver({cls.silent: 5}, cls.cafe)

    def rank(self, complaints, good=(), env=None, **options):
        model = (env or self.floor)["lot.root.cause"]
        return model.rank([lot.id for lot in complaints], [lot.id for lot in good], **options)

    def test_lot_in_all_complaints_and_in_no_good_lot_comes_first(self):
        found = self.rank([self.ill_1, self.ill_2], [self.fine])
        first, second = found["suspects"][:2]
        self.assertEqual(first["lot_id"], self.bad_milk.id)
        self.assertEqual(first["explains"], sorted([self.ill_1.id, self.ill_2.id]))
        self.assertEqual((first["good"], first["score"]), ([], 1.0))
        self.assertEqual((first["supplier_lot"], first["certainty"]), ("D-13", "recorded"))
        # The milk, three cheeses; one of them without a complaint; two customers.
        self.assertEqual((first["taken"], first["others"], first["customers"]), (4, 2, 2))
        self.assertEqual(second["score"], 0.5, "a cheese explains itself and nothing else")
        by_lot = {row["lot_id"]: row for row in found["suspects"]}
        self.assertEqual(by_lot[self.rennet.id]["good"], [self.fine.id])
        self.assertEqual(by_lot[self.rennet.id]["score"], 0.0)
        self.assertNotIn(self.good_milk.id, by_lot)
        self.assertEqual((found["complaints"], found["good"], found["found"]), (2, 1, 4))

    def test_without_good_lots_the_narrowest_that_explains_all_comes_first(self):
        suspects = self.rank([self.ill_1, self.ill_2])["suspects"]
        self.assertEqual(
            [row["lot_id"] for row in suspects[:2]], [self.bad_milk.id, self.rennet.id]
        )
        self.assertLess(suspects[0]["others"], suspects[1]["others"])

    def test_what_came_in_after_the_goods_had_left_explains_nothing(self):
        mix, bread = self.product("Mix"), self.product("Bread")
        early, late = (self.lot(self.product("Starter"), name) for name in ("EARLY", "LATE"))
        batch, loaf = self.lot(mix, "BATCH"), self.lot(bread, "LOAF")
        self.receive({early: 10, late: 10}, self.mill)
        self.make(batch, 5, {early: 5})
        self.make(loaf, 1, {batch: 2})
        self.make(batch, 5, {late: 5})
        found = {row["lot_id"] for row in self.rank([loaf])["suspects"]}
        self.assertEqual(found, {loaf.id, batch.id, early.id})

    def test_of_lots_that_reach_very_many_the_figures_of_the_night_are_taken(self):
        self.env["lot.exposure"]._refresh(self.env.company)
        complaints = [self.ill_1, self.ill_2]
        walked = self.rank(complaints)["suspects"]
        self.assertFalse(any(row["estimated"] for row in walked))
        with (
            patch.object(lot_root_cause, "WIDE", 3),
            patch.object(
                type(self.env["lot.trace"]), "_walk_one", autospec=True,
                side_effect=type(self.env["lot.trace"])._walk_one,
            ) as walk,
        ):  # fmt: skip
            found = self.rank(complaints)["suspects"]
        self.assertEqual({row["lot"] for row in found if row["estimated"]}, {"MILK-BAD", "RENNET"})
        self.assertEqual([row | {"estimated": False} for row in found], walked)
        # Up from both complaints; down from the two cheeses alone.
        self.assertEqual(walk.call_count, 4)

    def test_ranking_is_told_in_the_audit_log(self):
        self.rank([self.ill_1, self.ill_2], [self.fine])
        self.env.cr.flush()
        event = self.env["lot.audit.event"].search([("kind", "=", "traced")], limit=1)
        self.assertIn('"first":["MILK-BAD"', event.body)
        self.assertIn('"good":1', event.body)

    def test_bad_input_gets_one_clear_sentence(self):
        model = self.floor["lot.root.cause"]
        for arguments, words in (
            (([],), "Choose the lots that the complaints name"),
            (([self.ill_1.id], [self.ill_1.id]), "ILL-1 stands among the complaints"),
            (([self.ill_1.id, 2**30],), "do not exist"),
            (([self.ill_1.id], [], 0), "from 1 to 100"),
            (("ILL-1",), "give a list"),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words):
                model.rank(*arguments)

    def test_who_may_not_trace_is_refused(self):
        portal = new_test_user(self.env, login="cause_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.rank([self.ill_1], env=self.env(user=portal))

    def test_dialog_opens_with_the_chosen_lots_and_lists_the_suspects(self):
        model = self.floor["lot.root.cause.wizard"].with_context(
            active_model="stock.lot", active_ids=(self.ill_1 + self.ill_2).ids
        )
        wizard = model.create(model.default_get(["complaint_ids", "good_ids"]))
        self.assertEqual(wizard.complaint_ids, self.ill_1 + self.ill_2)
        wizard.good_ids = self.fine
        self.assertEqual(wizard.action_search()["res_id"], wizard.id)
        first = wizard.suspect_ids[0]
        self.assertEqual((first.lot_id, first.explained), (self.bad_milk, "2 of 2"))
        self.assertEqual(first.good_reached, "0 of 1")
        self.assertFalse(wizard.message)
        self.assertEqual(first.action_trace()["tag"], self.bad_milk.action_trace()["tag"])
        wizard.action_search()
        self.assertEqual(len(wizard.suspect_ids), 4, "a second search replaces the first")

    def test_dialog_says_when_nothing_explains_all_or_nothing_is_known(self):
        wizard = self.floor["lot.root.cause.wizard"].create(
            {"complaint_ids": [Command.set((self.bad_milk + self.good_milk).ids)]}
        )
        wizard.action_search()
        self.assertIn("Nothing is known", wizard.message)
        wizard.complaint_ids = self.ill_1 + self.good_milk
        wizard.action_search()
        self.assertIn("No single lot explains all 2", wizard.message)
        with self.assertRaises(UserError):
            self.floor["lot.root.cause.wizard"].create({}).action_search()
