import json
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .scan_common import ScanCommon

TODAY = date(2026, 3, 10)


@tagged("post_install", "-at_install", "lot_watch")
class TestFigures(ScanCommon):
    """What each day is measured by, from what really happened on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock.move_to("2026-03-10 12:00:00")
        cls.company = cls.env["res.company"].create({"name": "Watched"})
        cls.company.lot_timezone = "UTC"
        cls.other = cls.env["res.company"].create({"name": "Neighbour"})
        cls.auditor = cls._user("auditor")
        cls.chief = cls._user("quality")
        cls.administrator = cls._user("administrator")

    def setUp(self):
        super().setUp()
        self.clock.move_to("2026-03-10 12:00:00")

    @classmethod
    def _user(cls, role):
        return new_test_user(
            cls.env,
            login=f"watch_{role}",
            groups=f"lot_traceability.group_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def measured(self, code, day=TODAY, company=None):
        """(value, count) of a day; None when there is none."""
        self.env.invalidate_all()
        found = self.env["lot.figure"].search(
            [
                ("kind_id.code", "=", code),
                ("company_id", "=", (company or self.company).id),
                ("day", "=", day),
            ]
        )
        return (round(found.value, 4), found.count) if found else None

    def measure(self, first=TODAY, last=TODAY, companies=None):
        self.env["lot.figure"]._measure(companies or self.company, first, last)

    def scanned(self, *rows, at="2026-03-10 08:00:00", company=None):
        """Scans that were received then, of (typed, state)."""
        made = self.env["lot.scan"].create(
            [
                {
                    "uid": f"{at}-{number}-{company}",
                    "at": at,
                    "user_id": self.env.uid,
                    "flow": "move",
                    "action": "take",
                    "text": text,
                    "typed": typed,
                    "state": state,
                    "company_id": (company or self.company).id,
                }
                for number, (text, typed, state) in enumerate(rows)
            ]
        )
        self.env.cr.execute(
            SQL("UPDATE lot_scan SET create_date = %s WHERE id = ANY(%s)", at, made.ids)
        )
        return made

    def traced(self, *times, at="2026-03-10 09:00:00", company=None):
        """Traces in the log that took so long then (None: before times were told)."""
        for ms in times:
            body = {
                "kind": "traced",
                "company": {"id": (company or self.company).id},
                "data": {"direction": "both", **({} if ms is None else {"ms": ms})},
            }
            self.env.cr.execute(
                SQL("INSERT INTO lot_audit_event (at, body) VALUES (%s, %s)", at, json.dumps(body))
            )

    # -- tracing -----------------------------------------------------------------------------

    def test_trace_tells_the_log_how_long_it_took(self):
        lot = self.received(self.flour, "F-1", 5)
        told = self.env["lot.trace"].with_user(self.reader).trace(lot.ids)
        event = self.env["lot.audit.event"].search([("kind", "=", "traced")], limit=1)
        self.assertEqual(json.loads(event.body)["data"]["ms"], told["elapsed_ms"])

    def test_times_of_traces_are_their_median_and_95th_percentile(self):
        self.traced(*range(1, 101), None)
        self.traced(9000, company=self.other)
        self.traced(9000, at="2026-03-09 23:59:59")
        self.measure()
        self.assertEqual(self.measured("trace_median"), (50.5, 100))
        self.assertEqual(self.measured("trace_p95"), (95.05, 100))

    # -- on the floor ------------------------------------------------------------------------

    def test_scans_are_counted_with_the_share_of_typed_and_refused_ones(self):
        self.scanned(
            ("A", False, "done"), ("B", True, "done"), ("C", False, "refused"), ("", False, "done")
        )
        self.scanned(("A", True, "done"), company=self.other)
        self.measure()
        self.assertEqual(self.measured("scans"), (4, 4))
        # What was pressed and not scanned has no code to type.
        self.assertEqual(self.measured("typed"), (33.3333, 3))
        self.assertEqual(self.measured("refused"), (25, 4))

    def test_a_day_without_scans_has_no_share_of_typed_ones(self):
        self.measure()
        self.assertIsNone(self.measured("typed"))

    def test_a_day_is_the_company_s_own(self):
        self.company.lot_timezone = "Pacific/Auckland"
        self.scanned(("A", False, "done"), at="2026-03-09 10:59:59")
        self.scanned(("A", False, "done"), at="2026-03-09 11:00:00")
        self.measure(TODAY - timedelta(days=1), TODAY)
        self.assertEqual(self.measured("scans", TODAY - timedelta(days=1)), (1, 1))
        self.assertEqual(self.measured("scans"), (1, 1))

    def test_handheld_tells_what_waits_and_since_when_and_is_stale_after_an_hour(self):
        told = {**self.device, "waiting": 12, "since": "2026-03-10T09:30:00.250Z"}
        self.floor["lot.scan"].send([], told)
        device = self.env["lot.scan.device"].search([("uid", "=", "device-1")])
        self.assertEqual(device.waiting_since, fields.Datetime.to_datetime("2026-03-10 09:30:00"))
        self.assertFalse(device.stale)
        self.clock.tick(timedelta(minutes=61))
        device.invalidate_recordset()
        self.assertTrue(device.stale)
        self.assertIn(device, self.env["lot.scan.device"].search([("stale", "=", True)]))
        self.floor["lot.scan"].send([], {**self.device, "waiting": 0, "since": "nonsense"})
        self.assertFalse(device.stale or device.waiting_since)

    def test_waiting_scans_are_told_as_they_stand(self):
        device = self.env["lot.scan.device"].create(
            {"uid": "d", "name": "Dock", "waiting": 7, "company_id": self.company.id}
        )
        self.measure(TODAY - timedelta(days=2), TODAY)
        self.assertEqual(self.measured("waiting"), (7, 1))
        self.assertIsNone(self.measured("waiting", TODAY - timedelta(days=1)))
        device.waiting = 0
        self.measure()
        self.assertEqual(self.measured("waiting"), (0, 0))

    # -- stock and records -------------------------------------------------------------------

    def test_holds_are_counted_with_the_days_of_the_oldest(self):
        first, second = (self.received(self.flour, name, 5) for name in ("H-1", "H-2"))
        company, status = self.env.company, self.env["lot.status"]._by_code("hold")
        self.measure(companies=company)
        before = self.measured("holds", company=company)
        (first | second).with_user(self.quality).set_status("hold", "Smells")
        first.sudo().write({"status_date": fields.Datetime.now() - timedelta(days=400)})
        self.env.flush_all()
        self.assertEqual(first.status_id, status)
        self.measure(companies=company)
        self.assertEqual(self.measured("holds", company=company)[0], before[0] + 2)
        self.assertEqual(self.measured("hold_age", company=company)[0], 400)

    def test_data_of_received_lots_is_what_is_known_of_what_should_be(self):
        company = self.env.company
        milk = self.product("Milk", use_expiration_date=True, expiration_time=10)
        known = self.received(milk, "M-1", 5, self.dairy)
        known.supplier_lot = "D-55"
        self.env.flush_all()
        self.env.cr.flush()
        day = self.env["lot.calendar"]._today(company)
        self.measure(day, day, company)
        self.assertEqual(self.measured("lot_data", day, company), (100, 1))
        bare = self.received(milk, "M-2", 5)
        bare.write({"supplier_id": False, "expiration_date": False})
        self.env.flush_all()
        self.env.cr.flush()
        day = self.env["lot.calendar"]._today(company)
        self.measure(day, day, company)
        self.assertEqual(self.measured("lot_data", day, company), (50, 2))

    def test_fefo_compliance_is_the_share_of_the_day(self):
        lot = self.received(self.flour, "F-9", 5)
        self.env["lot.fefo.pick"].create(
            [
                {
                    "date": "2026-03-10 08:00:00",
                    "user_id": self.env.uid,
                    "location_id": self.stock.id,
                    "product_id": self.flour.id,
                    "lot_id": lot.id,
                    "compliant": compliance == 100,
                    "compliance": compliance,
                    "res_model": "stock.lot",
                    "res_id": lot.id,
                    "company_id": self.company.id,
                }
                for compliance in (100.0, 100.0, 100.0, 0.0)
            ]
        )
        self.measure()
        self.assertEqual(self.measured("fefo"), (75, 4))

    def test_scrap_is_written_off_on_its_day(self):
        company = self.env.company
        self.flour.standard_price = 2
        lot = self.received(self.flour, "F-7", 10)
        day = self.env["lot.calendar"]._today(company)
        self.measure(day, day, company)
        before = self.measured("written_off", day, company) or (0, 0)
        self.scrap(lot, 4)
        self.measure(day, day, company)
        value, count = self.measured("written_off", day, company)
        self.assertEqual((value - before[0], count - before[1]), (8, 1))

    def test_drift_and_findings_are_those_of_the_checks(self):
        rebuild = self.env["lot.genealogy.rebuild"]
        lot = self.received(self.flour, "F-3", 5)
        rebuild._cron_check()
        self.env.flush_all()
        day = self.env["lot.calendar"]._today(self.company)
        self.measure(day, day)
        self.assertEqual(self.measured("drift", day), (0, 1))
        self.env.cr.execute(SQL("DELETE FROM lot_genealogy_movement WHERE lot_id = %s", lot.id))
        rebuild._cron_check()
        self.env.flush_all()
        self.measure(day, day)
        self.assertEqual(self.measured("drift", day), (1, 2))
        self.env["lot.audit.verification"]._run("log")
        self.env.flush_all()
        self.measure(day, day)
        self.assertEqual(self.measured("audit_findings", day)[1], 1)

    # -- keeping -----------------------------------------------------------------------------

    def test_a_day_measured_again_has_one_figure_with_the_new_value(self):
        self.scanned(("A", False, "done"))
        self.measure()
        self.scanned(("B", False, "done"), at="2026-03-10 10:00:00")
        self.measure()
        self.assertEqual(self.measured("scans"), (2, 2))

    def test_night_measures_the_days_that_are_missing_and_only_once(self):
        self.scanned(("A", False, "done"), at="2026-03-08 08:00:00")
        self.scanned(("A", False, "done"), at="2025-11-01 08:00:00")
        figures, cron = self.env["lot.figure"], type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *args, **kwargs: 1):
            figures._cron_measure()
            self.assertEqual(self.measured("scans", date(2026, 3, 8)), (1, 1))
            # Older than the graphs of the board.
            self.assertIsNone(self.measured("scans", date(2025, 11, 1)))
            self.assertEqual(self.company.figures_until, date(2026, 3, 9))
            with patch.object(type(figures), "_measure") as measure:
                figures._cron_measure()
                measure.assert_not_called()
                self.clock.move_to("2026-03-13 00:10:00")
                figures._cron_measure()
        days = {call.args[0]: call.args[1:] for call in measure.call_args_list}
        self.assertEqual(days[self.company], (TODAY, date(2026, 3, 12)))

    def test_measuring_takes_as_many_queries_for_ninety_days_as_for_one(self):
        figures = self.env["lot.figure"]
        self.measure()

        def queries(first):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            figures._measure(self.company, first, TODAY)
            return self.env.cr.sql_log_count - before

        one, many = queries(TODAY), queries(TODAY - timedelta(days=89))
        self.assertLessEqual(many, one + 2)
        self.assertLessEqual(many, 70)

    def test_every_kind_has_its_method_and_every_method_its_kind(self):
        figures = self.env["lot.figure"]
        methods = {
            name.removeprefix("_figure_") for name in dir(figures) if name.startswith("_figure_")
        }
        kinds = self.env["lot.figure.kind"].with_context(active_test=False).search([])
        self.assertEqual(methods, set(kinds.mapped("code")))

    # -- the board ---------------------------------------------------------------------------

    def figure(self, board, code):
        (found,) = [
            one for area in board["areas"] for one in area["figures"] if one["code"] == code
        ]
        return found

    def board(self, user=None):
        return self.env["lot.figure"].with_user(user or self.auditor).board()

    def test_board_says_value_target_state_and_the_last_ninety_days(self):
        self.scanned(("A", True, "done"), ("B", False, "done"), at="2026-03-01 08:00:00")
        self.scanned(*[("A", False, "done")] * 20)
        self.measure(TODAY - timedelta(days=30), TODAY)
        typed = self.figure(self.board(), "typed")
        self.assertEqual((typed["value"], typed["day"], typed["count"]), (0, "2026-03-10", 20))
        self.assertEqual((typed["state"], typed["state_text"]), ("good", "On target"))
        self.assertEqual(typed["target_text"], "at most 10 %")
        self.assertEqual(typed["trend"], [["2026-03-01", 50.0], ["2026-03-10", 0.0]])
        # Whole days alone: today is not over.
        self.assertEqual((typed["week"], typed["week_before"]), ("", "50 %"))
        self.env.ref("lot_traceability.figure_scans").direction = "none"
        self.assertEqual(self.figure(self.board(), "scans")["state"], "none")

    def test_board_on_the_first_day_says_that_nothing_was_measured(self):
        board = self.board(self.chief)
        self.assertFalse(board["measured_on"])
        self.assertTrue(board["may_measure"])
        self.assertFalse(self.figure(board, "fefo")["day"])

    def test_board_names_handhelds_that_do_not_send(self):
        self.env["lot.scan.device"].create(
            {
                "uid": "d",
                "name": "Dock 7",
                "waiting": 3,
                "seen": "2026-03-10 08:00:00",
                "waiting_since": "2026-03-10 07:00:00",
                "user_id": self.operator.id,
                "company_id": self.company.id,
            }
        )
        (device,) = self.board()["devices"]
        self.assertEqual((device["name"], device["waiting"]), ("Dock 7", 3))
        self.assertEqual(device["since"], "2026-03-10T07:00:00Z")

    def test_board_takes_few_queries_whatever_the_days(self):
        self.measure(TODAY - timedelta(days=89), TODAY)
        figures = self.env["lot.figure"].with_user(self.chief)
        figures.board()
        self.env.invalidate_all()
        with self.assertQueryCount(14):
            figures.board()

    def test_board_of_a_company_of_others_is_refused(self):
        figures = self.env["lot.figure"].with_user(self.auditor)
        with self.assertRaisesRegex(AccessError, "companies that you work in"):
            figures.board(self.other.id)
        self.measure(companies=self.other)
        self.assertFalse(figures.search([("company_id", "=", self.other.id)]))

    # -- rights ------------------------------------------------------------------------------

    def test_operator_reads_no_figures_and_nobody_types_one(self):
        with self.assertRaises(AccessError):
            self.floor["lot.figure"].board()
        for user in (self.auditor, self.chief, self.administrator):
            figures = self.env["lot.figure"].with_user(user)
            for right in ("create", "write", "unlink"):
                self.assertFalse(figures.has_access(right))

    def test_quality_measures_now_and_a_past_day_again(self):
        figures = self.env["lot.figure"].with_user(self.chief)
        self.scanned(("A", False, "done"), at="2026-02-20 08:00:00")
        figures.measure()
        self.assertEqual(self.measured("scans", date(2026, 2, 20)), (1, 1))
        self.assertEqual(self.measured("holds"), (0, 0))
        self.scanned(("B", False, "done"), at="2026-02-20 09:00:00")
        figures.measure("2026-02-20")
        self.assertEqual(self.measured("scans", date(2026, 2, 20)), (2, 2))
        self.assertIsNone(self.measured("holds", date(2026, 2, 20)))
        for wrong in ("2026-03-11", "yesterday", "2026-02-30"):
            with self.assertRaises(UserError):
                figures.measure(wrong)

    def test_auditor_may_not_measure(self):
        with self.assertRaisesRegex(AccessError, "by quality or by a stock manager"):
            self.env["lot.figure"].with_user(self.auditor).measure()
        self.assertFalse(self.board()["may_measure"])

    def test_administrator_sets_a_target_and_others_do_not(self):
        kind = self.env.ref("lot_traceability.figure_fefo")
        kind.with_user(self.administrator).target = 95
        event = self.env["lot.audit.event"].search([("kind", "=", "configured")], limit=1)
        self.assertIn("target", json.loads(event.body)["changes"])
        with self.assertRaises(AccessError):
            kind.with_user(self.chief).target = 50
