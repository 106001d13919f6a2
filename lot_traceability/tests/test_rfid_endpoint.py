import gzip
import json
from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .rfid_common import sgtin

ROUTE = "/lot_traceability/rfid/v1/reads"


@tagged("post_install", "-at_install")
class TestRfidEndpoint(HttpCase):
    """What a gateway sends over HTTP with its API key, and what it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = new_test_user(
            cls.env, login="rfid_gateway", groups="lot_traceability.group_rfid_gateway"
        )
        cls.clerk = new_test_user(cls.env, login="rfid_clerk", groups="stock.group_stock_user")
        cls.key = cls.key_of(cls.gateway)
        warehouse = cls.env["stock.warehouse"].search([], limit=1)
        yard = cls.env["stock.location"].create(
            {"name": "Yard", "usage": "internal", "location_id": warehouse.view_location_id.id}
        )
        cls.dock = cls.env["lot.rfid.reader"].create(
            {
                "name": "Dock",
                "code": "dock-1",
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": yard.id,
            }
        )

    @classmethod
    def key_of(cls, user):
        keys = cls.env["res.users.apikeys"].with_user(user)
        return keys._generate(None, "test", datetime.now() + timedelta(days=1))

    def post(self, body, key=None, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.url_open(
            ROUTE,
            data=data,
            headers={
                "Authorization": f"Bearer {key or self.key}",
                "Content-Type": "application/json",
                **names,
            },
        )

    def batch(self, *epcs, **values):
        reads = [{"epc": epc, "antenna": 1, "rssi": -55} for epc in epcs]
        return {"reader": "dock-1", "batch": "b-1", "reads": reads, **values}

    def passages(self):
        return self.env["lot.rfid.passage"].search([("reader_id", "=", self.dock.id)])

    def refused(self, answer, status, code, pointer=None):
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        problem = answer.json()
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["type"].endswith(f"#{code}"), problem)
        self.assertEqual(problem.get("pointer"), pointer)
        self.assertFalse(self.passages())
        return problem["detail"]

    # -- taken ---------------------------------------------------------------------------------

    def test_batch_is_taken(self):
        answer = self.post(self.batch(sgtin(1), sgtin(2), "nonsense"))
        self.assertEqual(answer.status_code, 200, answer.text)
        told = {"batch": "b-1", "taken": 3, "weak": 0, "unread": 1, "new": 3, "repeated": False}
        self.assertEqual(answer.json(), told)
        self.assertEqual(len(self.passages()), 3)
        self.assertTrue(self.dock.last_heard_at)

    def test_doubled_batch_is_taken_once_and_answered_alike(self):
        first = self.post(self.batch(sgtin(1))).json()
        again = self.post(self.batch(sgtin(1)))
        self.assertEqual(again.status_code, 200)
        self.assertEqual(again.json(), first | {"repeated": True})
        self.assertEqual(self.passages().mapped("reads"), [1])

    @mute_logger("odoo.http")
    def test_batch_with_a_name_that_was_used_is_refused(self):
        self.post(self.batch(sgtin(1)))
        answer = self.post(self.batch(sgtin(2)))
        self.assertEqual(answer.status_code, 409, answer.text)
        self.assertEqual(answer.json()["pointer"], "/batch")
        self.assertEqual(self.passages().mapped("serial"), ["1"])

    def test_compressed_batch_is_taken(self):
        body = gzip.compress(json.dumps(self.batch(sgtin(1))).encode())
        self.assertEqual(self.post(body, Content_Encoding="gzip").status_code, 200)
        self.assertEqual(self.passages().mapped("serial"), ["1"])

    def test_time_and_place_of_a_read_are_kept(self):
        at = datetime.now().replace(microsecond=0) - timedelta(minutes=3)
        read = {"epc": sgtin(1), "antenna": 4, "rssi": -61.5, "at": f"{at.isoformat()}.123456789Z"}
        answer = self.post(self.batch() | {"reads": [read]})
        self.assertEqual(answer.status_code, 200, answer.text)
        passage = self.passages()
        self.assertEqual(passage.first_at.replace(microsecond=0), at)
        self.assertEqual((passage.first_antenna, passage.best_rssi), (4, -61.5))

    # -- who -----------------------------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_user_without_the_right_is_refused(self):
        answer = self.post(self.batch(sgtin(1)), key=self.key_of(self.clerk))
        self.assertIn("RFID gateway", self.refused(answer, 403, "no_right"))
        told = self.env["lot.audit.event"].search([("kind", "=", "key_refused")])
        self.assertEqual(told.user_id, self.clerk)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_http")
    def test_wrong_key_and_no_key_are_refused(self):
        self.assertEqual(self.post(self.batch(sgtin(1)), key="0" * 40).status_code, 401)
        self.assertEqual(self.url_open(ROUTE, data=b"{}").status_code, 401)
        self.assertFalse(self.passages())

    def test_key_of_a_gateway_lasts_a_year_and_no_longer_than_it_may(self):
        keys = self.env["res.users.apikeys"].with_user(self.gateway)
        self.assertTrue(keys._generate(None, "year", datetime.now() + timedelta(days=365)))
        with self.assertRaises(ValidationError):
            keys._generate(None, "ever", datetime.now() + timedelta(days=500))
        with self.assertRaises(ValidationError):
            keys._generate(None, "ever", None)

    @mute_logger("odoo.http")
    def test_gateway_gets_nothing_else(self):
        answer = self.url_open(
            "/json/2/stock.lot/search_read",
            data=json.dumps({"domain": [], "fields": ["name"]}),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        self.assertEqual(answer.status_code, 403, answer.text)

    @mute_logger("odoo.http")
    def test_unknown_reader_is_told(self):
        answer = self.post(self.batch(sgtin(1), reader="dock-7"))
        self.assertIn("dock-7", self.refused(answer, 404, "reader", "/reader"))

    # -- what ----------------------------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_wrong_read_is_told_with_its_place(self):
        for change, code, place in (
            ({"epc": ""}, "epc", "epc"),
            ({"epc": 5}, "epc", "epc"),
            ({"epc": "A" * 513}, "epc", "epc"),
            ({"antenna": "one"}, "antenna", "antenna"),
            ({"rssi": "loud"}, "rssi", "rssi"),
            ({"at": "yesterday"}, "at", "at"),
            ({"at": "2026-02-30T06:00:00Z"}, "at", "at"),
            ({"at": "2099-01-01T00:00:00Z"}, "clock", "at"),
            ({"at": "2001-01-01T00:00:00Z"}, "clock", "at"),
        ):
            with self.subTest(change=change):
                reads = [{"epc": sgtin(1)}, {"epc": sgtin(2)} | change]
                answer = self.post(self.batch() | {"reads": reads})
                self.refused(answer, 422, code, f"/reads/1/{place}")

    @mute_logger("odoo.http")
    def test_wrong_body_is_told(self):
        for body, status, code, pointer in (
            (b"\x00\xff\xfe binary \x80", 400, "json", None),
            (b" ", 400, "json", None),
            (b"[" * 100_000, 400, "json", None),
            (b"[]", 422, "object", None),
            (self.batch(sgtin(1), batch="a b"), 422, "name", "/batch"),
            (self.batch(sgtin(1), reader=None), 422, "name", "/reader"),
            (self.batch(), 422, "reads", "/reads"),
            (self.batch(sgtin(1), reads=["x"]), 422, "read", "/reads/0"),
            (self.batch(sgtin(1), count="x"), 422, "count", "/count"),
            (self.batch(sgtin(1), count=999_999), 404, "count", "/count"),
        ):
            with self.subTest(body=str(body)[:60]):
                self.refused(self.post(body), status, code, pointer)

    @mute_logger("odoo.http")
    def test_signs_that_no_database_takes_are_kept_readable(self):
        answer = self.post(self.batch("urn:\x00\ud800x"))
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self.passages().identity, "urn:??x")

    @mute_logger("odoo.http")
    def test_hundred_thousand_reads_are_too_many(self):
        body = json.dumps(self.batch(*(["AB"] * 100_000))).encode()
        self.refused(self.post(body), 413, "too_large")
        self.assertLess(len(body), 8 << 20)
        packed = gzip.compress(body)
        self.refused(self.post(packed, Content_Encoding="gzip"), 413, "too_large")

    @mute_logger("odoo.http")
    def test_body_that_swells_is_not_unpacked_to_its_end(self):
        body = gzip.compress(b" " * (9 << 20))
        self.assertLess(len(body), 20_000)
        self.refused(self.post(body, Content_Encoding="gzip"), 413, "too_large")
        self.refused(self.post(b" " * ((8 << 20) + 1)), 413, "too_large")

    @mute_logger("odoo.http")
    def test_broken_compression_is_told(self):
        self.refused(self.post(b"{}", Content_Encoding="gzip"), 400, "gzip")
        self.refused(self.post(gzip.compress(b"{}")[:-4], Content_Encoding="gzip"), 400, "gzip")
        self.refused(self.post(b"{}", Content_Encoding="br"), 415, "encoding")

    @mute_logger("odoo.http")
    def test_too_much_in_a_minute_is_told_to_wait(self):
        self.env["ir.config_parameter"].set_param("lot_traceability.rfid_reads_per_minute", "1")
        answer = self.post(self.batch(sgtin(1), sgtin(2)))
        self.refused(answer, 429, "rate")
        self.assertLessEqual(int(answer.headers["Retry-After"]), 60)
