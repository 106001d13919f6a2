import json
from unittest.mock import patch
from urllib.parse import quote

from odoo.addons.lot_traceability_fsma.controllers import epcis as controller
from odoo.addons.lot_traceability_fsma.tools import epcis
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .epcis_common import EpcisCommon

KIND = {"Content-Type": "application/ld+json"}


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisRest(EpcisCommon, HttpCase):
    """The REST interface, with a key of a partner that has no other right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_user = cls.exchanging("partner_key", cls.distributor)
        cls.other_user = cls.exchanging("other_key", cls.market)

    def setUp(self):
        super().setUp()
        self.keys = {}

    @classmethod
    def exchanging(cls, login, firm):
        user = new_test_user(
            cls.env,
            login=login,
            groups="base.group_user,lot_traceability_fsma.group_epcis_partner",
        )
        user.partner_id.parent_id = firm
        # What every employee of a firm like ours may do, a partner may not.
        user.group_ids -= cls.env.ref("stock.group_stock_user")
        return user

    def key(self, user):
        if user not in self.keys:
            # Without an end: the database has another clock than these tests.
            keys = self.env["res.users.apikeys"].with_user(user).sudo()
            self.keys[user] = keys._generate("rpc", "test", None)
        return self.keys[user]

    def call(self, path, body=None, user=None, headers=None, data=None):
        sent = {"Authorization": f"bearer {self.key(user or self.partner_user)}"}
        if body is not None or data is not None:
            sent |= KIND
            data = data if data is not None else json.dumps(body)
        return self.url_open(f"/epcis{path}", data=data, headers={**sent, **(headers or {})})

    def test_a_document_is_taken_with_a_job_that_tells_what_became_of_it(self):
        answer = self.call("/capture", self.told(self.seen("A")))
        self.assertEqual(answer.status_code, 202, answer.text)
        self.assertEqual(answer.headers["GS1-EPCIS-Version"], "2.0.0")
        job = self.call(answer.headers["Location"].removeprefix("/epcis"))
        self.assertEqual(job.json()["success"], True)
        other = self.call(answer.headers["Location"].removeprefix("/epcis"), user=self.other_user)
        self.assertEqual(other.status_code, 404)
        found = self.call(f"/events?MATCH_anyEPCClass={quote(self.lgtin('A'))}").json()
        self.assertEqual(epcis.validate(found), [])
        self.assertEqual(len(found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]), 1)

    def test_a_wrong_event_is_told_in_the_job_and_nothing_is_kept(self):
        wrong = self.told(self.seen("A"), self.seen("B", bizStep="cooking"))
        answer = self.call("/capture", wrong)
        job = self.call(answer.headers["Location"].removeprefix("/epcis")).json()
        self.assertEqual((job["success"], len(job["errors"])), (False, 1))
        self.assertFalse(self.env["lot.epcis.event"].search([("told", "=", True)]))
        answer = self.call("/capture", wrong, headers={"GS1-Capture-Error-Behaviour": "proceed"})
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(self.env["lot.epcis.event"].search_count([("told", "=", True)]), 1)

    def test_one_event_has_an_address_by_its_hash(self):
        event = {"@context": epcis.EPCIS_CONTEXT, **self.seen("A")}
        answer = self.call("/events", event)
        self.assertEqual(answer.status_code, 201, answer.text)
        found = self.call(answer.headers["Location"].removeprefix("/epcis"))
        self.assertEqual(found.json()["eventID"], epcis.hash_id(event))
        self.assertEqual(self.call("/events/urn:uuid:none").status_code, 404)

    def test_pages_are_linked(self):
        self.call("/capture", self.told(*(self.seen("A", hour) for hour in range(3))))
        first = self.call("/events?perPage=2&EQ_bizStep=storing")
        link = first.headers["Link"].partition(">")[0].removeprefix("</epcis")
        second = self.call(link)
        events = second.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        self.assertEqual(len(events), 1)
        self.assertNotIn("Link", second.headers)

    def test_events_of_a_lot_a_type_and_a_step(self):
        self.call("/capture", self.told(self.seen("A"), self.seen("B", 11)))
        for path, count in (
            (f"/epcs/{quote(self.lgtin('A'), safe='')}/events", 1),
            ("/eventTypes/ObjectEvent/events", 2),
            ("/eventTypes/AggregationEvent/events", 0),
            ("/bizSteps/storing/events", 2),
        ):
            answer = self.call(path)
            self.assertEqual(answer.status_code, 200, answer.text)
            body = answer.json()["epcisBody"]["queryResults"]["resultsBody"]
            self.assertEqual(len(body["eventList"]), count, path)

    def test_a_partner_sees_its_own_events_and_ours_that_concern_it(self):
        self.call("/capture", self.told(self.seen("A")))
        self.bought(self.lettuce, "L1", 10)
        self.env["lot.fsma.event"]._epcis_store_due(1000)
        mine = self.call("/events").json()["epcisBody"]["queryResults"]["resultsBody"]
        steps = {event["bizStep"] for event in mine["eventList"]}
        self.assertEqual(steps, {"storing", "receiving"})
        theirs = self.call("/events", user=self.other_user).json()
        self.assertFalse(theirs["epcisBody"]["queryResults"]["resultsBody"]["eventList"])

    def test_what_can_be_asked_for_is_told(self):
        self.assertIn("events", self.call("").json()["member"])
        self.assertIn("ObjectEvent", self.call("/eventTypes").json()["member"])
        self.assertEqual(self.call("/nothing").status_code, 404)

    def test_a_shipment_that_a_partner_tells_fills_in_its_receipt_alone(self):
        pickings = self.env["stock.picking"]
        for supplier in (self.distributor, self.market):
            picking = self.picking(
                self.plant.in_type_id, {self.lettuce: 10}, source=self.suppliers, partner=supplier
            )
            picking.move_line_ids.picked = False
            pickings |= picking
        shipped = self.seen("T9", bizStep="shipping", disposition="in_transit")
        answer = self.call("/capture", self.told(shipped))
        self.assertEqual(answer.status_code, 202)
        self.assertEqual(pickings[0].move_line_ids.lot_name, "T9")
        self.assertFalse(pickings[1].move_line_ids.lot_name)

    def test_a_document_in_xml_is_taken_as_well(self):
        text = f"""<?xml version="1.0" encoding="UTF-8"?>
            <epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0"
                creationDate="2026-03-01T12:00:00Z"><EPCISBody><EventList><ObjectEvent>
                <eventTime>2026-03-01T10:00:00Z</eventTime>
                <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>
                <epcList/><action>OBSERVE</action>
                <bizStep>urn:epcglobal:cbv:bizstep:storing</bizStep>
                <quantityList><quantityElement><epcClass>{self.lgtin("A")}</epcClass>
                <quantity>5</quantity><uom>KGM</uom></quantityElement></quantityList>
                </ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"""
        xml = {"Content-Type": "application/xml"}
        answer = self.call("/capture", data=text.encode(), headers=xml)
        job = self.call(answer.headers["Location"].removeprefix("/epcis")).json()
        self.assertEqual((job["success"], job["errors"]), (True, []))
        # The same in JSON is the same event.
        self.call("/capture", self.told(self.seen("A")))
        self.assertEqual(self.env["lot.epcis.event"].search_count([("told", "=", True)]), 1)

    @mute_logger("odoo.http")
    def test_wrong_requests_are_problems_with_one_sentence(self):
        bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        xml = {"Content-Type": "application/xml"}
        for status, answer in (
            (400, self.call("/events?EQ_colour=red")),
            (501, self.call("/events?EQ_errorReason=incorrect_data")),
            (501, self.call("/events?EQ_INNER_cbvmda:lotNumber=A")),
            (400, self.call("/events?EQ_ext:colour=red")),
            (400, self.call("/events?GT_quantity=many")),
            (501, self.call("/queries", {"name": "mine", "query": {}})),
            (501, self.call("/queries/mine/events")),
            (501, self.call(f"/epcs/{quote(self.lgtin('A'), safe='')}/subscriptions", {})),
            (400, self.call("/capture", data="{")),
            (400, self.call("/capture", data="[]")),
            (400, self.call("/capture", data=bomb, headers=xml)),
            (415, self.call("/capture", data="a", headers={"Content-Type": "text/csv"})),
            (400, self.call("/capture", [], headers={"GS1-Capture-Error-Behaviour": "maybe"})),
        ):
            self.assertEqual(answer.status_code, status, answer.text)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
            self.assertTrue(answer.json()["detail"])

    @mute_logger("odoo.http")
    def test_what_is_too_large_or_too_much_is_refused(self):
        with patch.object(controller.epcis, "LIMIT", 1000):
            answer = self.call("/capture", self.told(*(self.seen("A", h) for h in range(9))))
        self.assertEqual(answer.status_code, 413)
        with patch.object(controller, "_PER_MINUTE", 0):
            answer = self.call("/events")
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "60"))

    @mute_logger("odoo.http")
    def test_without_the_right_nothing_is_sent_or_seen(self):
        stranger = new_test_user(self.env, login="epcis_none", groups="base.group_user")
        stranger.group_ids -= self.env.ref("stock.group_stock_user")
        self.assertEqual(self.call("/events", user=stranger).status_code, 403)
        self.assertEqual(self.call("/capture", [], user=stranger).status_code, 403)
        bad = self.call("/events", headers={"Authorization": "bearer nonsense"})
        self.assertEqual(bad.status_code, 401)

    def check_problem(self, answer, status):
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertEqual(answer.headers["GS1-EPCIS-Version"], "2.0.0")
        told = answer.json()
        self.assertEqual(told["status"], status)
        self.assertTrue(told["type"].startswith("epcisException:"))
        self.assertTrue(told["detail"])

    @mute_logger("odoo.http")
    def test_a_wrong_or_missing_key_is_a_problem_that_says_how_to_send_one(self):
        for headers in ({"Authorization": "bearer nonsense"}, {"Authorization": "Basic eDp5"}, {}):
            for path in ("", "/events", "/capture", "/queries", "/events/urn:uuid:none"):
                with self.subTest(path=path, headers=headers):
                    answer = self.url_open(f"/epcis{path}", headers=headers)
                    self.check_problem(answer, 401)
                    self.assertIn("Bearer", answer.headers["WWW-Authenticate"])
        answer = self.url_open("/epcis/capture", data="{}", headers=KIND)
        self.check_problem(answer, 401)
        self.assertFalse(self.env["lot.epcis.capture"].search([]))

    @mute_logger("odoo.http")
    def test_a_key_of_somebody_who_left_is_no_key(self):
        self.key(self.partner_user)
        self.partner_user.active = False
        self.check_problem(self.call("/events"), 401)

    @mute_logger("odoo.http")
    def test_all_that_is_refused_is_a_problem(self):
        stranger = new_test_user(self.env, login="epcis_no", groups="base.group_user")
        self.check_problem(self.call("/events", user=stranger), 403)
        self.check_problem(self.call("/nothing"), 404)
        self.check_problem(self.url_open("/epcis/a/b/c/d/e/f"), 404)
        self.check_problem(self.call("/capture", data="a", headers={"Content-Type": "a/b"}), 415)
        for method, path in (("DELETE", "/events"), ("PUT", "/capture"), ("POST", "/bizSteps")):
            key = {"Authorization": f"bearer {self.key(self.partner_user)}"}
            answer = self.opener.request(method, f"{self.base_url()}/epcis{path}", headers=key)
            self.check_problem(answer, 405)
            self.assertIn("GET", answer.headers["Allow"])
        with patch.object(controller, "_PER_MINUTE", 0):
            self.check_problem(self.call("/events"), 429)

    @mute_logger("odoo.http")
    def test_what_breaks_here_is_a_problem_that_tells_nothing_of_us(self):
        query = type(self.env["lot.epcis.query"])
        with patch.object(query, "_page", side_effect=RuntimeError("secret")):
            answer = self.call("/events")
        self.check_problem(answer, 500)
        self.assertNotIn("secret", answer.text)

    @mute_logger("odoo.http")
    def test_other_pages_answer_as_before(self):
        self.assertIn("text/html", self.url_open("/epcisx").headers["Content-Type"])

    def test_what_an_address_can_do_is_told_without_doing_it(self):
        key = {"Authorization": f"bearer {self.key(self.partner_user)}"}
        answer = self.opener.options(f"{self.base_url()}/epcis/capture", headers=key)
        self.assertEqual(answer.status_code, 204)
        self.assertEqual(answer.headers["GS1-EPCIS-Version"], "2.0.0")

    def test_fields_of_extensions_are_asked_for_by_the_prefix_that_is_declared(self):
        told = self.told(self.seen("A", **{"my:colour": "red"}), self.seen("B", 11))
        told["@context"].append({"my": "https://example.com/ext/"})
        self.call("/capture", told)
        header = {"GS1-Extensions": "ext=https://example.com/ext/"}
        for query, count in (("EQ_ext:colour=red", 1), ("EQ_ext:colour=blue", 0)):
            answer = self.call(f"/events?{query}", headers=header)
            self.assertEqual(answer.status_code, 200, answer.text)
            body = answer.json()["epcisBody"]["queryResults"]["resultsBody"]
            self.assertEqual(len(body["eventList"]), count, query)

    def test_no_query_is_kept(self):
        self.assertEqual(self.call("/queries").json()["member"], [])
