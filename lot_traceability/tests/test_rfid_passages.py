from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..tools.rfid_reads import ReadsError
from .rfid_common import RfidCommon, sgtin


@tagged("post_install", "-at_install")
class TestRfidPassages(RfidCommon):
    """Thousands of reads are few passages."""

    def test_tag_that_stays_in_the_field_is_one_passage(self):
        for second in (0, 4, 8, 17):
            self.seen(self.dock, sgtin(1), after=second, rssi=-60 + second)
        passage = self.passages()
        self.assertEqual(len(passage), 1)
        self.assertEqual(passage.reads, 4)
        self.assertEqual(passage.best_rssi, -43)
        self.assertEqual(passage.last_at - passage.first_at, timedelta(seconds=17))
        self.assertEqual(passage.identity, "(01)09506000134352(21)1")

    def test_out_and_back_after_the_window_is_another_passage(self):
        self.seen(self.dock, sgtin(1))
        self.seen(self.dock, sgtin(1), after=10.5)
        self.assertEqual(self.passages().mapped("reads"), [1, 1])

    def test_window_is_that_of_the_reader(self):
        self.dock.window_seconds = 30
        self.seen(self.dock, sgtin(1))
        self.seen(self.dock, sgtin(1), after=29)
        self.assertEqual(self.passages().mapped("reads"), [2])

    def test_batch_that_comes_late_belongs_to_its_passage(self):
        self.seen(self.dock, sgtin(1), after=8, antenna=3)
        self.seen(self.dock, sgtin(1), after=1, antenna=1)
        passage = self.passages()
        self.assertEqual((len(passage), passage.first_antenna, passage.last_antenna), (1, 1, 3))

    def test_each_reader_has_passages_of_its_own(self):
        gate = self.reader_at("gate", self.stock, self.yard)
        self.seen(self.dock, sgtin(1))
        self.seen(gate, sgtin(1))
        self.assertEqual((len(self.passages()), len(self.passages(gate))), (1, 1))

    def test_one_tag_in_two_spellings_is_one_tag(self):
        self.seen(self.dock, sgtin(7), "urn:epc:tag:sgtin-96:0.9506000.013435.7")
        self.assertEqual(self.passages().mapped("reads"), [2])

    def test_weak_reads_are_left_out_and_told(self):
        self.dock.min_rssi = -65
        answer = self.seen(self.dock, sgtin(1), rssi=-70)
        self.assertEqual((answer["taken"], answer["weak"], answer["new"]), (0, 1, 0))
        self.assertFalse(self.passages())

    def test_unreadable_tag_is_kept_with_its_reason(self):
        answer = self.seen(self.dock, "E280110520007", sgtin(1))
        self.assertEqual((answer["unread"], answer["new"]), (1, 2))
        self.settle()
        passage = self.passages().filtered(lambda one: one.state == "unread")
        self.assertEqual(passage.identity, "E280110520007")
        self.assertIn("E2", passage.reason)

    def test_ten_thousand_reads_are_a_handful_of_queries(self):
        tags = [sgtin(serial) for serial in range(5000)]
        self.seen(self.dock, sgtin(999_999))
        self.env.flush_all()
        with self.assertQueryCount(12):
            answer = self.seen(self.dock, *tags, *tags)
        self.assertEqual((answer["taken"], answer["new"]), (10_000, 5000))

    def test_station_tells_what_it_saw_and_makes_no_load(self):
        station = self.reader_at("station", kind="station")
        drill = self.drills(5)
        self.seen(station, sgtin(5), sgtin(6))
        self.settle()
        seen, unknown = self.passages(station)
        self.assertEqual((seen.state, seen.lot_id), ("seen", drill))
        self.assertEqual(unknown.state, "unknown")
        self.assertIn("no lot 6", unknown.reason)
        self.assertFalse(self.loads(station))

    def test_enrolled_tag_is_known_when_looked_at_again(self):
        station = self.reader_at("station", kind="station")
        milk = self.product("Milk")
        lot = self.received(milk, "M-1", 10)
        self.seen(station, "E280110520007")
        self.settle()
        passage = self.passages(station)
        self.assertEqual(passage.state, "unread")
        self.floor["lot.rfid.tag"].enroll(["E280110520007"], lot.id, 5.0)
        self.seen(station, "E280110520007", after=60)
        self.settle()
        known = self.passages(station) - passage
        self.assertEqual((known.state, known.lot_id, known.quantity), ("seen", lot, 5.0))

    def test_old_passages_are_removed_and_new_ones_stay(self):
        self.env.company.rfid_keep_days = 30
        station = self.reader_at("station", kind="station")
        self.seen(self.dock, sgtin(1))
        self.seen(station, sgtin(1))
        self.settle()
        self.wait(days=31)
        self.seen(station, sgtin(2))
        self.env["lot.rfid.passage"]._gc_passages()
        self.assertEqual(self.passages(station).mapped("serial"), ["2"])
        # Its load is still open.
        self.assertEqual(self.passages().mapped("serial"), ["1"])
        self.env["lot.rfid.batch"]._gc_batches()
        batches = self.env["lot.rfid.batch"].search([("reader_id", "=", station.id)])
        self.assertEqual(len(batches), 1)

    # -- who may what --------------------------------------------------------------------------

    def test_gateway_has_no_other_right(self):
        for name in ("lot.rfid.passage", "lot.rfid.reader", "stock.lot", "stock.quant"):
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[name].with_user(self.gateway).search([])

    def test_whoever_is_no_gateway_is_refused_and_it_is_told(self):
        gateway = self.env["lot.rfid.gateway"].with_user(self.manager)
        statuses = []
        for _turn in range(3):
            # assertRaises would undo what is told.
            try:
                gateway._check_right()
            except ReadsError as error:
                statuses.append(error.status)
        self.assertEqual(statuses, [403, 403, 403])
        told = self.env["lot.audit.event"].search([("kind", "=", "key_refused")])
        self.assertEqual(told.user_id, self.manager)

    def test_reader_with_a_gateway_takes_from_no_other(self):
        self.dock.user_id = self.manager
        with self.assertRaises(ReadsError) as caught:
            self.seen(self.dock, sgtin(1))
        self.assertEqual((caught.exception.status, caught.exception.pointer), (403, "/reader"))

    def test_operator_sets_up_no_reader(self):
        with self.assertRaises(AccessError):
            self.dock.with_user(self.operator).window_seconds = 1
        with self.assertRaises(AccessError):
            self.env["lot.rfid.passage"].with_user(self.operator).create(
                {"reader_id": self.dock.id, "identity": "x"}
            )

    def test_reader_of_another_company_is_unknown(self):
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        if not warehouse:
            warehouse = self.warehouse("Other plant", "OTH", company_id=other.id)
        theirs = self.reader_at(
            "dock-9",
            warehouse.lot_stock_id,
            warehouse.wh_input_stock_loc_id,
            company_id=other.id,
        )
        with self.assertRaises(ReadsError) as caught:
            self.seen(theirs, sgtin(1))
        self.assertEqual((caught.exception.status, caught.exception.code), (404, "reader"))
        self.assertFalse(
            self.env["lot.rfid.reader"].with_user(self.reader).search([("id", "=", theirs.id)])
        )

    def test_portal_without_two_places_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "two different places"):
            self.reader_at("gate", self.stock, self.stock)
        with self.assertRaisesRegex(ValidationError, "antennas of each side"):
            self.reader_at(
                "other-gate",
                self.stock,
                self.yard,
                direction="antennas",
                first_antennas="1, 2",
                second_antennas="2, 3",
            )

    def test_more_than_a_minute_allows_waits(self):
        self.env["ir.config_parameter"].set_param("lot_traceability.rfid_reads_per_minute", "3")
        self.seen(self.dock, sgtin(1), sgtin(2))
        with self.assertRaises(ReadsError) as caught:
            self.seen(self.dock, sgtin(3), sgtin(4))
        self.assertEqual((caught.exception.status, caught.exception.retry_after), (429, 60))
        self.wait(minutes=1)
        self.assertEqual(self.seen(self.dock, sgtin(3), sgtin(4))["new"], 2)
