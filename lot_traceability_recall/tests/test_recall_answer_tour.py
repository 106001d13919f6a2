from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_recall_answer_page import PageCommon


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestRecallAnswerTour(PageCommon):
    """A consignee answers in a browser, without an account."""

    def test_answer_is_filled_in_sent_and_corrected(self):
        self.start_tour(self.path, "recall_answer_fill_in")
        self.env.invalidate_all()
        answer = self.at_shop.answer_id
        self.assertEqual((answer.version, answer.person, answer.via), (2, "Ann Clerk", "page"))
        self.assertEqual((answer.line_ids.found, answer.line_ids.consumed), (5, 1))
        first = self.at_shop.answer_ids - answer
        self.assertEqual((first.line_ids.found, first.line_ids.consumed), (4, 2))
        self.assertTrue(self.at_shop.read_on)
        self.assertEqual(self.at_shop.state, "answered")

    def test_more_than_was_received_is_taken_when_it_is_confirmed(self):
        self.start_tour(self.path, "recall_answer_more_than_received")
        self.env.invalidate_all()
        self.assertTrue(self.at_shop.answer_id.larger)
        self.assertEqual(self.at_shop.answer_id.version, 1)

    def test_expired_link_says_whom_to_ask(self):
        before = fields.Datetime.now() - timedelta(days=91)
        self.at_shop.sudo().write({"told_on": before, "link_on": before})
        self.start_tour(self.path, "recall_answer_expired")
        self.env.invalidate_all()
        self.assertFalse(self.at_shop.read_on)


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestRecallAnswerPhone(PageCommon):
    browser_size = "360x740"
    touch_enabled = True

    def test_phone_takes_the_answer_without_scrolling_sideways(self):
        self.start_tour(self.path, "recall_answer_phone")
        self.env.invalidate_all()
        answer = self.at_shop.answer_id
        self.assertEqual((answer.line_ids.quarantined, answer.line_ids.sold_on), (4, 2))
        self.assertEqual(answer.sold_ids.mapped("name"), ["Kiosk"])
