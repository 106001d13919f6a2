import json
import re
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..models.lot_health import Check

HEALTH, METRICS = "/lot_traceability/health", "/lot_traceability/metrics"
TOKEN = "correct-horse-battery-staple"
_SAMPLE = re.compile(
    r'([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$'
).fullmatch


@tagged("post_install", "-at_install", "lot_watch")
class TestWatchEndpoint(HttpCase):
    """What programs that watch servers are told, and that nobody else is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, login="watch_admin", groups="lot_traceability.group_administrator"
        )
        cls.clerk = new_test_user(cls.env, login="watch_clerk", groups="stock.group_stock_user")
        cls.env["ir.config_parameter"].set_param("lot_traceability.watch_token", TOKEN)

    def ask(self, path, token=TOKEN, scheme="Bearer"):
        headers = {"Authorization": f"{scheme} {token}"} if token is not None else {}
        return self.url_open(path, headers=headers)

    def checks(self, **checks):
        return patch.object(
            type(self.env["lot.health"]),
            "_checks",
            lambda _self: {"all": Check(True, ""), **checks},
        )

    # -- health ------------------------------------------------------------------------------

    def test_health_is_200_when_all_is_well_and_503_when_something_is_not(self):
        with self.checks():
            answer = self.ask(HEALTH)
        self.assertEqual((answer.status_code, answer.json()["status"]), (200, "ok"))
        with self.checks(seal=Check(False, "Nothing is sealed.", {"unsealed": 3})):
            answer = self.ask(HEALTH)
        self.assertEqual((answer.status_code, answer.json()["status"]), (503, "failing"))
        told = {"ok": False, "text": "Nothing is sealed.", "unsealed": 3}
        self.assertEqual(answer.json()["checks"]["seal"], told)
        self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_health_looks_at_each_part(self):
        checks = self.ask(HEALTH).json()["checks"]
        self.assertLessEqual({"database", "seal", "jobs"}, set(checks))
        self.assertTrue(checks["database"]["ok"])

    def test_log_that_is_not_sealed_fails_after_a_quarter_of_an_hour(self):
        health = self.env["lot.health"]
        for waits, well in ((899, True), (901, False)):
            with patch.object(type(health), "_unsealed", lambda _self, waits=waits: (4, waits)):
                self.assertEqual(health._health_seal().ok, well)

    def test_job_that_is_late_or_fails_is_named(self):
        health = self.env["lot.health"]
        job = self.env.ref("lot_traceability.ir_cron_figures")
        jobs = health._jobs()
        self.assertIn(job, jobs)
        jobs.write({"nextcall": "2099-01-01 00:00:00", "failure_count": 0})
        self.assertTrue(health._health_jobs().ok)
        for change in ({"nextcall": "2020-01-01 00:00:00"}, {"failure_count": 3}):
            jobs.write({"nextcall": "2099-01-01 00:00:00", "failure_count": 0})
            job.write(change)
            found = health._health_jobs()
            self.assertFalse(found.ok)
            self.assertIn(job.cron_name, found.text)

    def test_log_that_does_not_verify_fails(self):
        verification = self.env["lot.audit.verification"]
        made = verification.create({"scope": "log", "valid": True})
        self.assertTrue(self.env["lot.health"]._health_log().ok)
        verification.create({"scope": "log", "valid": False, "findings": 2})
        found = self.env["lot.health"]._health_log()
        self.assertEqual((found.ok, found.figures), (False, {"findings": 2}))
        self.assertTrue(made)

    # -- metrics -----------------------------------------------------------------------------

    def test_metrics_are_prometheus_text_with_the_latest_figures(self):
        company = self.env.company
        company.name = 'Quote "and" \\ slash'
        kind = self.env.ref("lot_traceability.figure_typed")
        figures = self.env["lot.figure"]
        figures.search([("kind_id", "=", kind.id)]).unlink()
        figures.create(
            [
                {
                    "kind_id": kind.id,
                    "company_id": company.id,
                    "day": day,
                    "value": value,
                    "measured_on": "2026-03-10 01:00:00",
                }
                for day, value in (("2026-03-08", 80), ("2026-03-09", 25))
            ]
        )
        answer = self.ask(METRICS)
        self.assertEqual(answer.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        samples = self.parse(answer.text)
        labels = f'{{company="{company.id}",company_name="Quote \\"and\\" \\\\ slash"}}'
        self.assertEqual(samples["lot_traceability_figure_typed_ratio", labels], 0.25)
        self.assertIn(("lot_traceability_audit_unsealed_events", ""), samples)
        self.assertIn(("lot_traceability_healthy", '{check="database"}'), samples)

    def parse(self, text):
        """{(name, labels): value}, by the rules of the format: HELP and TYPE before the samples of
        a metric, all of them together, each once, a line feed at the end."""
        self.assertTrue(text.endswith("\n"))
        samples, seen, current = {}, set(), None
        for line in text.splitlines():
            if line.startswith("# "):
                word, name = line[2:].split(" ", 2)[:2]
                self.assertIn(word, ("HELP", "TYPE"))
                if word == "HELP":
                    self.assertNotIn(name, seen, "told in two places")
                    seen.add(name)
                    current = name
                else:
                    self.assertEqual((name, line.split(" ")[3]), (current, "gauge"))
                continue
            found = _SAMPLE(line)
            self.assertTrue(found, line)
            name, labels, value = found.groups()
            self.assertEqual(name, current)
            self.assertNotIn((name, labels or ""), samples, "told twice")
            samples[name, labels or ""] = float(value)
        self.assertTrue(samples)
        return samples

    # -- who may ask -------------------------------------------------------------------------

    def test_without_the_token_there_is_nothing(self):
        for path in (HEALTH, METRICS):
            missing = self.url_open(f"{path}-of-nothing")
            for token, scheme in (
                (None, ""),
                ("wrong", "Bearer"),
                (TOKEN, "Basic"),
                ("", "Bearer"),
            ):
                answer = self.ask(path, token, scheme)
                self.assertEqual(answer.status_code, missing.status_code)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("traceability_", answer.text)

    def test_without_a_token_of_its_own_or_with_a_short_one_nobody_is_let_in(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("lot_traceability.watch_token", "")
        self.assertEqual(self.ask(METRICS, "").status_code, 404)
        parameters.set_param("lot_traceability.watch_token", "short")
        with self.assertLogs("odoo.addons.lot_traceability", "WARNING"):
            self.assertEqual(self.ask(METRICS, "short").status_code, 404)

    def test_token_of_the_server_goes_before_that_of_the_database(self):
        health = self.env["lot.health"]
        with patch.dict("os.environ", {"LOT_TRACEABILITY_WATCH_TOKEN": "x" * 32}):
            self.assertTrue(health._is_known("bearer " + "x" * 32))
            self.assertFalse(health._is_known(f"Bearer {TOKEN}"))

    def test_administrator_who_is_logged_in_looks_and_others_do_not(self):
        self.authenticate("watch_admin", "watch_admin")
        self.assertEqual(self.ask(METRICS, None).status_code, 200)
        self.authenticate("watch_clerk", "watch_clerk")
        self.assertEqual(self.ask(METRICS, None).status_code, 404)

    def test_report_over_rpc_is_for_administrators(self):
        report = self.env["lot.health"].with_user(self.administrator).report()
        self.assertIn(report["status"], ("ok", "failing"))
        self.assertTrue(json.dumps(report))
        with self.assertRaises(AccessError):
            self.env["lot.health"].with_user(self.clerk).report()

    def test_who_asks_too_often_waits(self):
        with patch(
            "odoo.addons.lot_traceability.models.lot_request_limit.LotRequestLimit._allow",
            lambda *args: False,
        ):
            answer = self.ask(HEALTH)
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "60"))
