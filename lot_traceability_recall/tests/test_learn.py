from odoo.addons.lot_traceability.tests.test_learn import LEARN, LearnCommon
from odoo.tests import tagged


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestLearnRecall(LearnCommon):
    """The tour of those who recall."""

    browser_size = "1366,768"

    def test_recall_manager_is_led_to_a_recall_and_starts_none(self):
        user = self.somebody("recall_manager")
        self.assertIn("lot_learn_recall", self.names(user))
        self.assertNotIn("lot_learn_recall", self.names(self.somebody("quality")))
        before = self.env["lot.recall"].search_count([])
        self.start_tour(LEARN, "lot_learn_recall", login=user.login)
        self.assertEqual(self.env["lot.recall"].search_count([]), before)
