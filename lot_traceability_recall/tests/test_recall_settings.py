from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..tools.recall_settings import DAYS, RATE, ROAD_DAYS, SMS
from .common import RecallCommon


@tagged("post_install", "-at_install")
class TestRecallSettings(RecallCommon):
    """Settings of recalls, in the settings of Inventory."""

    def settings(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def value(self, key):
        return self.env["ir.config_parameter"].get_param(key)

    def test_what_is_set_counts(self):
        form = Form(self.env["res.config.settings"])
        self.assertEqual(
            (form.recall_answer_days, form.recall_answer_rate, form.recall_road_days),
            (90, 30, 3),
        )
        form.recall_answer_days = 14
        form.recall_answer_rate = 60
        form.recall_road_days = 5
        form.recall_sms = True
        form.save().execute()
        self.assertEqual([self.value(key) for key in (DAYS, RATE, ROAD_DAYS)], ["14", "60", "5"])
        recall = self.frozen()
        self.assertEqual(recall.consignee_ids[:1]._link_days(), 14)
        self.assertEqual(recall.consignee_ids._answer_rate(), 60)
        self.assertEqual(recall._road_days(), 5)
        self.assertEqual(recall.consignee_ids[:1]._texting(), "sms.sms" in self.env)
        self.settings(recall_sms=False)
        self.assertFalse(self.value(SMS))
        self.assertFalse(recall.consignee_ids[:1]._texting())

    def test_out_of_bounds_is_refused_with_the_bounds(self):
        for name, value, bounds in (
            ("recall_answer_days", 0, "between 1 and 1000"),
            ("recall_answer_days", 1001, "between 1 and 1000"),
            ("recall_answer_rate", 9, "between 10 and 1000"),
            ("recall_answer_rate", 100000, "between 10 and 1000"),
            ("recall_road_days", -1, "between 1 and 60"),
            ("recall_road_days", 61, "between 1 and 60"),
        ):
            with self.assertRaisesRegex(ValidationError, bounds):
                self.settings(**{name: value})

    def test_nonsense_in_the_parameters_counts_as_not_set(self):
        consignees = self.env["lot.recall.consignee"]
        for text in ("0", "-5", "many", "99999999"):
            self.env["ir.config_parameter"].set_param(RATE, text)
            self.assertEqual(consignees._answer_rate(), 30)

    def test_who_runs_recalls_does_not_set_them(self):
        before = self.value(DAYS)
        for user in (self.recaller, self.quality):
            with self.assertRaises(AccessError):
                self.env["res.config.settings"].with_user(user).create({"recall_answer_days": 5})
        self.assertEqual(self.value(DAYS), before)
