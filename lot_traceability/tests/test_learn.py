from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import LotTraceabilityCommon

LEARN = "/odoo/learn-traceability"


class LearnCommon(HttpCase, LotTraceabilityCommon):
    """A lot that came in, and somebody of each role that a tour is for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.received(cls.product("Milk"), "MILK-1", 10, cls.dairy)

    def somebody(self, role, *others):
        return new_test_user(
            self.env,
            login=f"learns_{role}",
            groups=",".join([f"lot_traceability.group_{role}", *others]),
        )

    def names(self, user):
        return [tour["name"] for tour in self.env(user=user)["lot.learn"].tours()]


@tagged("post_install", "-at_install")
class TestLearn(LearnCommon):
    """Which tours there are for whom, and what is noted of them."""

    def test_each_role_is_offered_its_tours(self):
        self.assertEqual(self.names(self.somebody("reader")), ["lot_learn_trace"])
        self.assertEqual(
            self.names(self.somebody("operator")), ["lot_learn_trace", "lot_learn_operator"]
        )
        self.assertEqual(
            self.names(self.somebody("auditor")), ["lot_learn_trace", "lot_learn_audit"]
        )
        quality = self.names(self.somebody("quality"))
        self.assertIn("lot_learn_quality", quality)
        self.assertNotIn("lot_learn_administrator", quality)
        self.assertIn("lot_learn_administrator", self.names(self.somebody("administrator")))

    def test_who_has_no_role_is_offered_none_and_begins_none(self):
        stranger = new_test_user(self.env, login="learns_nothing", groups="base.group_user")
        learn = self.env(user=stranger)["lot.learn"]
        for call in (learn.tours, learn.begin):
            with self.assertRaises(AccessError):
                call()
        self.assertFalse(stranger.lot_learn_only)

    def test_each_role_has_a_guide_to_read(self):
        for role in ("operator", "quality", "auditor", "administrator"):
            tours = self.env(user=self.somebody(role))["lot.learn"].tours()
            pages = [self.url_open(tour["guide"]) for tour in tours if tour["guide"]]
            self.assertEqual({page.status_code for page in pages}, {200}, role)
            titled = [page for page in pages if f"<title>Guide for {role}" in page.text]
            self.assertEqual(len(titled), 1, role)

    def test_tour_that_was_taken_is_marked_for_its_user_alone(self):
        one, other = self.somebody("reader"), self.somebody("operator")
        self.env(user=one)["web_tour.tour"].consume("lot_learn_trace")
        self.assertTrue(self.env(user=one)["lot.learn"].tours()[0]["done"])
        self.assertFalse(self.env(user=other)["lot.learn"].tours()[0]["done"])

    def test_no_tour_of_odoo_follows_and_they_are_off_again_afterwards(self):
        user = self.somebody("reader")
        self.env["web_tour.tour"].create({"name": "other_tour"})
        tours = self.env(user=user)["web_tour.tour"]
        self.env(user=user)["lot.learn"].begin()
        self.env(user=user)["res.users"].switch_tour_enabled(True)  # as the browser does
        self.assertFalse(tours.get_current_tour())
        self.assertFalse(tours.consume("lot_learn_trace"))
        self.assertEqual((user.tour_enabled, user.lot_learn_only), (False, False))

    def test_tours_of_odoo_stay_on_where_they_were_on(self):
        user = self.somebody("reader")
        user.tour_enabled = True
        self.env["web_tour.tour"].search([]).unlink()
        self.env["web_tour.tour"].create({"name": "other_tour"})
        tours = self.env(user=user)["web_tour.tour"]
        self.env(user=user)["lot.learn"].begin()
        self.assertFalse(tours.consume("lot_learn_trace"))
        self.assertTrue(user.tour_enabled)
        self.assertEqual(tours.get_current_tour()["name"], "other_tour")

    def test_odoo_starts_none_of_ours_by_itself(self):
        ours = self.env["web_tour.tour"].search([("name", "=like", "lot_learn_%")])
        self.assertTrue(ours)
        self.assertEqual(set(ours.mapped("custom")), {True})


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestLearnTours(LearnCommon):
    """Each tour runs through, and changes no lot."""

    browser_size = "1366,768"

    def take(self, name, user):
        lots = self.env["stock.lot"].search([])
        before = lots.mapped("status_id.code")
        self.start_tour(LEARN, name, login=user.login)
        self.env.invalidate_all()
        self.assertEqual(lots.mapped("status_id.code"), before)

    def test_reader_traces(self):
        self.take("lot_learn_trace", self.somebody("reader", "stock.group_stock_user"))

    def test_operator_works_with_lots(self):
        self.take("lot_learn_operator", self.somebody("operator", "stock.group_stock_user"))

    def test_quality_judges_lots(self):
        self.take("lot_learn_quality", self.somebody("quality"))

    def test_auditor_reads_the_log(self):
        self.take("lot_learn_audit", self.somebody("auditor"))

    def test_administrator_sets_it_up(self):
        self.take("lot_learn_administrator", self.somebody("administrator"))
