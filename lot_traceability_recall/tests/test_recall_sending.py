from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .letters_common import Crash, LettersCommon


@tagged("post_install", "-at_install")
class TestRecallSending(LettersCommon):
    """Each consignee is told once: by mail, paper or phone."""

    def test_nothing_is_sent_before_approval(self):
        recall = self.written()
        with self.assertRaisesRegex(UserError, "second person"):
            recall.send_letters()
        self.assertFalse(recall.notice_ids)

    def test_sending_needs_the_right(self):
        recall = self.approved()
        with self.assertRaises(AccessError):
            recall.with_env(self.laboratory).send_letters()

    def test_mail_where_there_is_an_address_else_paper(self):
        recall = self.approved()
        done = recall.send_letters()
        self.assertEqual((done["mail"], done["print"], done["phone"], done["none"]), (1, 1, 0, 0))
        shop, cafe = self.notice(recall, self.shop), self.notice(recall, self.cafe)
        self.assertEqual((shop.channel, shop.address), ("mail", "shop@example.com"))
        self.assertEqual((cafe.channel, cafe.state), ("print", "queued"))
        self.assertFalse(self.mails(recall))
        self.run_sender()
        mail = self.mails(recall)
        self.assertEqual(mail.email_to, "shop@example.com")
        self.assertIn("CHEESE-1", mail.body_html)
        self.assertNotIn("CHEESE-2", mail.body_html)
        self.assertIn("URGENT: FOOD RECALL", mail.subject)
        self.assertEqual(mail.email_from, '"Ruth Recaller" <recaller@example.com>')
        self.assertEqual((shop.state, shop.message_key), ("sent", mail.message_id))
        consignee = self.consignee(recall, self.shop)
        self.assertEqual(consignee.state, "told")
        self.assertTrue(consignee.told_on)
        self.assertEqual(recall.told_on, consignee.told_on)
        self.assertEqual(self.consignee(recall, self.cafe).state, "open")
        cafe.with_env(self.laboratory).mark_sent()
        self.assertEqual(self.consignee(recall, self.cafe).state, "told")

    def test_letter_is_attached_where_the_server_prints(self):
        recall = self.queued()
        consignees = type(recall.consignee_ids)
        files = {self.consignee(recall, self.shop).id: ("Letter.pdf", b"%PDF-1.4")}
        with patch.object(consignees, "_letter_files", lambda self: files):
            self.run_sender()
        attachment = self.mails(recall).attachment_ids
        self.assertEqual((attachment.name, attachment.raw), ("Letter.pdf", b"%PDF-1.4"))

    def test_bill_to_is_told_as_well(self):
        bills = self.env["res.partner"].create(
            {
                "name": "Accounts",
                "parent_id": self.shop.id,
                "type": "invoice",
                "email": "bills@example.com",
            }
        )
        recall = self.queued()
        self.run_sender()
        notices = self.notice(recall, self.shop)
        self.assertEqual(set(notices.mapped("address")), {"shop@example.com", "bills@example.com"})
        self.assertIn(bills, notices.partner_id)
        self.assertEqual(len(self.mails(recall)), 2)

    def test_text_message_only_where_it_is_turned_on(self):
        if "sms.sms" not in self.env:
            self.skipTest("no app for text messages")
        recall = self.approved()
        self.env["ir.config_parameter"].set_param("lot_traceability_recall.sms", "1")
        self.assertEqual(recall.send_letters()["sms"], 2)
        before = self.env["sms.sms"].search([])
        self.run_sender()
        made = self.env["sms.sms"].search([]) - before
        self.assertEqual(set(made.mapped("number")), {"+1 555 0100", "+43 1 5550"})
        self.assertIn("URGENT: FOOD RECALL", made[0].body)

    # -- never twice ------------------------------------------------------------------------------

    def test_second_press_sends_nothing_twice(self):
        recall = self.queued()
        self.assertEqual(recall.send_letters()["mail"], 0)
        self.run_sender()
        self.assertEqual(recall.send_letters()["mail"], 0)
        self.run_sender()
        self.assertEqual(len(self.mails(recall)), 1)

    def test_no_crash_gives_two_mails_or_none(self):
        """The server dies in each commit of the job in turn, with batches of one."""
        self.cafe.email = "cafe@example.com"
        recall = self.queued()
        sender = self.registry["lot.recall.sender"]
        claim = sender._claim
        self.patch(sender, "_claim", lambda self, size: claim(self, 1))
        crash_at, finished = 1, False
        while not finished:
            finished = self.run_sender(crash_at)
            self.assertLessEqual(len(self.mails(recall)), 2)
            crash_at += 1
            self.assertLess(crash_at, 20)
        self.assertEqual(
            sorted(self.mails(recall).mapped("email_to")), ["cafe@example.com", "shop@example.com"]
        )
        self.assertEqual(set(recall.notice_ids.mapped("state")), {"sent"})

    def test_crash_between_mail_and_note_takes_both_back(self):
        recall = self.queued()
        notices = self.registry["lot.recall.notice"]
        with patch.object(notices, "_told", self.die):
            self.assertFalse(self.run_sender())
        self.assertFalse(self.mails(recall))
        self.assertEqual(self.notice(recall, self.shop).state, "sending")
        self.assertTrue(self.run_sender())
        self.assertEqual(len(self.mails(recall)), 1)

    def test_sender_whose_claim_was_taken_finds_nothing(self):
        recall, sender = self.queued(), self.env["lot.recall.sender"]
        mine = sender._claim(10)
        sender._take_back()
        theirs = sender._claim(10)
        self.assertEqual(sender._deliver(mine), 0)
        self.assertEqual(sender._deliver(theirs), 1)
        self.assertEqual(len(self.mails(recall)), 1)

    def test_change_before_they_left_stops_what_waits(self):
        recall = self.queued()
        recall.letter_ids.with_env(self.laboratory).problem = "Other words"
        self.assertEqual(set(recall.notice_ids.mapped("state")), {"cancelled"})
        self.run_sender()
        self.assertFalse(self.mails(recall))
        recall.approve_letters()
        recall.send_letters()
        self.run_sender()
        self.assertIn("Other words", self.mails(recall).body_html)

    def test_change_past_the_records_is_found_before_sending(self):
        recall = self.queued()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lot_recall_consignee_lot SET net = net + 1 WHERE recall_id = %s", [recall.id]
        )
        self.run_sender()
        self.assertFalse(self.mails(recall))
        self.assertEqual(recall.letter_ids.state, "draft")

    def test_called_off_recall_sends_nothing_more(self):
        recall = self.queued()
        recall.action_cancel("False alarm")
        self.run_sender()
        self.assertFalse(self.mails(recall))

    def test_new_version_tells_those_whom_it_concerns_and_no_others(self):
        self.cafe.email = "cafe@example.com"
        recall = self.queued()
        self.run_sender()
        self.deliver({self.cheese_1: 1}, self.cafe)
        recall.new_version()
        recall.draft_scope_id.find_lots()
        recall.draft_scope_id.freeze()
        recall.approve_letters()
        self.assertEqual(recall.send_letters()["mail"], 1)
        self.run_sender()
        sent = self.mails(recall).mapped("email_to")
        self.assertEqual(sorted(sent), ["cafe@example.com"] * 2 + ["shop@example.com"])

    def test_drill_makes_no_mail_and_says_of_nobody_that_they_were_told(self):
        recall = self.approved(kind="mock")
        mails, texts = self.env["mail.mail"].search_count([]), 0
        recall.send_letters()
        self.run_sender()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails + texts)
        self.assertEqual(set(recall.notice_ids.mapped("state")), {"simulated"})
        self.assertEqual((recall.rehearsed_count, recall.notice_count), (2, 0))
        self.assertFalse(recall.activity_ids)
        shop = self.consignee(recall, self.shop)
        shop.call_ids.create({"consignee_id": shop.id, "outcome": "reached", "spoke_with": "Ann"})
        self.assertEqual(set(recall.consignee_ids.mapped("state")), {"open"})
        self.assertFalse(recall.told_on or any(recall.consignee_ids.mapped("told_on")))
        self.assertEqual((recall.told_count, recall.told_percent), (0, 0))
        board = recall.board()
        self.assertEqual((board["told"], board["told_percent"], board["overdue"]), (0, 0, []))
        told = {step["code"]: step["done"] for step in board["steps"]}
        self.assertFalse(told["told_on"])
        portal = self.env["lot.recall.consignee"]._portal_domain(self.shop)
        self.assertFalse(shop.search_count([("id", "=", shop.id), *portal]))

    # -- what does not arrive ---------------------------------------------------------------------

    def test_consignee_without_any_contact_is_listed_for_the_one_in_charge(self):
        self.cafe.write({"street": False, "city": False, "phone": False})
        recall = self.approved()
        self.assertEqual(recall.send_letters()["none"], 1)
        self.assertEqual(recall.unreached_text, "Café (no phone)")
        activity = recall.activity_ids
        self.assertEqual(activity.user_id, self.recaller)
        self.assertIn("Café", activity.note)
        self.consignee(recall, self.cafe).email = "cafe@example.com"
        recall.send_letters()
        self.run_sender()
        self.assertFalse(recall.activity_ids)

    def test_consignee_with_a_phone_alone_is_called(self):
        self.cafe.write({"street": False, "city": False})
        recall = self.approved()
        self.assertEqual(recall.send_letters()["phone"], 1)
        self.assertIn("Café", recall.activity_ids.note)
        notice = self.notice(recall, self.cafe)
        self.assertEqual(notice.address, "+43 1 5550")
        notice.with_env(self.laboratory).mark_sent()
        self.assertFalse(recall.activity_ids)
        with self.assertRaisesRegex(UserError, "note by themselves"):
            self.notice(recall, self.shop).mark_sent()

    def test_bounced_mail_marks_the_consignee_and_calls_the_one_in_charge(self):
        recall = self.queued()
        self.run_sender()
        notice = self.notice(recall, self.shop)
        self.bounce(notice)
        self.assertEqual(notice.state, "bounced")
        consignee = self.consignee(recall, self.shop)
        self.assertEqual((consignee.state, consignee.told_on), ("unreachable", False))
        self.assertIn("Shop", recall.activity_ids.note)
        self.assertEqual(recall.send_letters()["mail"], 0)
        consignee.email = "new@example.com"
        self.assertEqual(consignee.send_again(), {"mail": 1})
        self.run_sender()
        self.assertEqual(consignee.state, "told")
        self.assertEqual(
            set(self.mails(recall).mapped("email_to")), {"shop@example.com", "new@example.com"}
        )

    def test_mail_that_the_server_refuses_goes_again_as_the_same_mail(self):
        recall = self.queued()
        self.run_sender()
        mail, notice = self.mails(recall), self.notice(recall, self.shop)
        with (
            self.mock_mail_gateway(),
            patch.object(
                self.registry["ir.mail_server"], "_connect__", side_effect=OSError("no way out")
            ),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mail.send()
        self.assertEqual((mail.state, notice.state), ("exception", "failed"))
        self.assertEqual(self.consignee(recall, self.shop).state, "unreachable")
        recall.send_letters()
        self.assertEqual((mail.state, notice.state), ("outgoing", "sent"))
        with self.mock_mail_gateway():
            mail.send()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(len(self.mails(recall)), 1)
        self.assertEqual(self.consignee(recall, self.shop).state, "told")

    def test_letter_that_cannot_be_made_does_not_stop_the_others(self):
        self.cafe.email = "cafe@example.com"
        recall = self.queued()
        consignees = self.registry["lot.recall.consignee"]
        make = consignees._letter_html

        def broken(consignee):
            if consignee.partner_id == self.cafe:
                raise ValueError("cannot be written")
            return make(consignee)

        with (
            patch.object(consignees, "_letter_html", broken),
            mute_logger("odoo.addons.mail.models.mail_render_mixin"),
        ):
            self.run_sender()
        self.assertEqual(self.notice(recall, self.shop).state, "sent")
        self.assertEqual(self.notice(recall, self.cafe).state, "failed")
        self.assertEqual(self.consignee(recall, self.cafe).state, "unreachable")
        recall.send_letters()
        self.run_sender()
        self.assertEqual(self.notice(recall, self.cafe).state, "sent")
        self.assertEqual(len(self.mails(recall)), 2)

    def test_notices_are_evidence(self):
        recall = self.queued()
        with self.assertRaises(AccessError):
            recall.notice_ids.write({"state": "sent"})
        with self.assertRaisesRegex(UserError, "evidence"):
            recall.notice_ids.sudo().unlink()

    # -- in sets ----------------------------------------------------------------------------------

    def test_fifty_consignees_take_few_queries(self):
        shops = self.env["res.partner"].create(
            [{"name": f"Shop {n}", "email": f"shop{n}@example.com"} for n in range(50)]
        )
        for shop in shops:
            self.deliver({self.good_cheese: 0.1}, shop)
        recall = self.approved(lots=self.good_cheese)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(50):
            recall.send_letters()
        # Templates are read once by each process.
        recall.consignee_ids[:1]._letter_files()
        sender = self.env["lot.recall.sender"]
        claim = sender._claim(50)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            self.assertEqual(sender._deliver(claim), 50)
            self.env.flush_all()
        self.assertEqual(len(self.mails(recall)), 50)

    def bounce(self, notice):
        """The report of a mail server that it could not deliver the mail of a notice."""
        report = BOUNCE.format(address=notice.address, key=notice.message_key)
        self.env["mail.thread"].sudo().message_process(None, report)

    @staticmethod
    def die(*_args):
        raise Crash


BOUNCE = """\
From: MAILER-DAEMON@mx.example.com
To: bounce@example.com
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-1@mx.example.com>
Date: Mon, 2 Mar 2026 08:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

The mail could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--B
Content-Type: message/rfc822

Message-Id: {key}
To: {address}
Subject: Recall

Text

--B--
"""
