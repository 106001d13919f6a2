from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_fsma_question import QuestionCommon

TOLD = {
    "own-phone": "+1 555 0177",
    "own-street": "12 New Dock",
    "own-city": "Fresno",
    "own-state": "California",
    "own-zip": "93650",
    "own-country": "US",
}


@tagged("post_install", "-at_install", "fsma_question")
class TestFsmaAddress(QuestionCommon, HttpCase):
    """A supplier proposes its own address on the page without login; one of us accepts it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "fsma_clerk", "lot_traceability.group_operator,base.group_partner_manager"
        )
        cls.market.write({"street": False, "phone": False, "email": "shop@market.example"})
        # All is known of the goods, and not where they came from.
        cls.lot_ = cls.coded(cls.lettuce, "L9", 10, partner=cls.market)
        cls.of_market = cls.env["lot.fsma.event"].search([("lot_id", "=", cls.lot_.id)])
        cls.asked = cls.ask(cls.of_market.picking_id)
        cls.asked.action_send()

    def send(self, **form):
        self.env.flush_all()
        url = self.asked._url().removeprefix(self.asked.get_base_url())
        page = self.url_open(url, data={"person": "Ann", **form} if form else None)
        self.env.invalidate_all()
        return page

    def proposal(self):
        self.send(**TOLD)
        return self.asked.address_ids.with_user(self.clerk)

    def test_event_lacks_where_the_goods_came_from(self):
        self.assertEqual(self.of_market.missing, ",from_location,")
        self.assertFalse(self.asked.complete)

    def test_mail_names_what_of_the_address_is_missing(self):
        mail = self.env["mail.mail"].search([("res_id", "=", self.asked.id)], order="id desc")[0]
        self.assertIn("Your own address", mail.body_html)
        self.assertIn("Physical address", mail.body_html)
        self.question.action_send()
        mail = self.env["mail.mail"].search([("res_id", "=", self.question.id)], order="id desc")
        self.assertNotIn("Your own address", mail[0].body_html)

    def test_between_addresses_of_the_firm_nobody_is_asked(self):
        dock = self.env["res.partner"].create(
            {"name": "Our dock", "parent_id": self.env.company.partner_id.id, "type": "other"}
        )
        receipt = self.bought(self.lettuce, "OWN", 5, partner=dock)
        with self.assertRaisesRegex(UserError, "Nothing is missing"):
            self.ask(receipt)

    def test_page_asks_for_the_address_only_where_it_lacks_something(self):
        self.assertIn("Your own address", self.send().text)
        self.asked = self.question
        self.asked.action_send()
        self.assertNotIn("Your own address", self.send().text)

    def test_what_is_typed_is_a_proposal_and_changes_no_contact(self):
        page = self.send(**TOLD)
        self.assertIn("Thank you", page.text)
        self.assertIn("before we take it over", page.text)
        self.assertFalse(self.market.phone)
        self.assertEqual(self.market.city, "Salinas")
        proposed = self.asked.address_ids
        self.assertEqual((proposed.state, proposed.person), ("proposed", "Ann"))
        self.assertEqual(proposed.told["street"], "12 New Dock")
        self.assertEqual(proposed.before["city"], "Salinas")
        self.assertEqual(self.of_market._latest(), self.of_market)
        self.assertIn("Ann", self.asked.activity_ids.summary)
        self.assertNotIn("Your own address", self.send().text)

    def test_accepted_it_is_the_contacts_and_completes_the_events(self):
        self.proposal().action_accept()
        self.assertEqual((self.market.phone, self.market.street), ("+1 555 0177", "12 New Dock"))
        self.assertEqual((self.market.city, self.market.state_id.code), ("Fresno", "CA"))
        event = self.of_market._latest()
        self.assertEqual((event.version, event.missing), (2, False))
        self.assertEqual(event.from_place_id.street, "12 New Dock")
        self.assertEqual(event.told_by_id, self.market)
        self.assertIn("Ann of Corner Market", event.reason)
        self.assertEqual(self.asked.address_ids.user_id, self.clerk)
        logged = self.env["lot.audit.event"].search(
            [("kind", "=", "fsma"), ("company_id", "=", self.env.company.id)], order="id desc"
        )
        bodies = " ".join(logged.mapped("body"))
        self.assertIn("Supplier proposed its address", bodies)
        self.assertIn("Address of a supplier accepted", bodies)

    def test_refused_it_changes_nothing(self):
        proposal = self.proposal()
        proposal.action_refuse()
        self.assertEqual(proposal.state, "refused")
        self.assertFalse(self.market.phone)
        self.assertEqual(self.of_market._latest(), self.of_market)
        with self.assertRaisesRegex(UserError, "already"):
            proposal.action_accept()
        # It may tell another one then.
        self.assertIn("Your own address", self.send().text)

    def test_whoever_may_not_change_contacts_accepts_none(self):
        proposal = self.proposal()
        with self.assertRaises(AccessError):
            proposal.with_user(self.hand).action_accept()
        self.assertFalse(self.market.phone)
        with self.assertRaises(AccessError):
            proposal.write({"state": "accepted"})

    def test_whoever_only_reads_refuses_none(self):
        reader = new_test_user(self.env, "fsma_ad_r", "lot_traceability.group_reader")
        with self.assertRaises(AccessError):
            self.proposal().with_user(reader).action_refuse()

    def test_state_that_does_not_exist_is_said(self):
        self.send(**{**TOLD, "own-state": "Nowhere"})
        with self.assertRaisesRegex(UserError, "Nowhere"):
            self.asked.address_ids.with_user(self.clerk).action_accept()
        self.assertFalse(self.market.phone)

    def test_what_is_as_it_was_is_no_proposal(self):
        page = self.send(**{"own-city": "Salinas", "own-zip": "93901"})
        self.assertIn("Fill in at least one field", page.text)
        self.assertFalse(self.asked.address_ids)

    def test_kept_as_it_was_told(self):
        with self.assertRaisesRegex(UserError, "kept"):
            self.proposal().sudo().unlink()
