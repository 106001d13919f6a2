import json
import logging
import re
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo.addons.lot_traceability_fsma.tests.test_fsma_question import QuestionCommon
from odoo.addons.lot_traceability_recall.tests.answer_common import AnswerCommon
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from . import security_doc as doc

NONSENSE = {"int": "7", "string": "nonsense", "path": "10/nonsense"}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Files of the Scan app, the same for everybody: kept by the device, no secret in their address.
FILES = "/lot_traceability/scan/"
# For programs that hold the token: everybody else gets Odoo's plain page of what is not found.
PROGRAMS = ("/lot_traceability/health", "/lot_traceability/metrics")
FUZZ = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "a\0b",
        "x" * 5000,
        "1e999",
        "nan",
        "-1",
        "[{]",
        '[{"line_id": {}, "found": []}]',
        "2026-99-99",
    ]
)


def addresses() -> list[tuple[str, str]]:
    """(method, address) of each page that is open to everybody."""
    return [
        (method, re.sub(r"<(\w+):\w+>", lambda found: NONSENSE[found[1]], route))
        for route, (methods, login, _csrf) in doc.routes().items()
        if login == "public"
        for method in methods.split()
    ]


class PagesMixin:
    def assertGuarded(self, response):
        for name, value in HEADERS.items():
            self.assertEqual(response.headers.get(name), value, name)
        policy = response.headers["Content-Security-Policy"]
        for part in ("default-src 'self'", "form-action 'self'", "frame-ancestors 'none'"):
            self.assertIn(part, policy)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])

    def fuzzed(self, path, names):
        """Send forms with anything in these fields: no error, and the page comes again."""

        @FUZZ
        @given(st.dictionaries(st.sampled_from([*names, "nonsense"]), TEXTS, max_size=6))
        def send(form):
            self.env["lot.request.limit"].sudo().search([]).unlink()
            answer = self.url_open(path, data=form or {"x": "y"})
            self.assertIn(answer.status_code, (200, 400, 404, 413, 429), form)

        send()


@tagged("post_install", "-at_install")
class TestSecurityPages(PagesMixin, HttpCase):
    """Pages that are open to everybody, as somebody sees them who holds no link."""

    def open(self, method, path):
        return self.opener.request(method, self.base_url() + path, timeout=60)

    def test_there_are_such_pages(self):
        self.assertGreater(len(addresses()), 8)

    @mute_logger("odoo.http")
    def test_each_page_goes_into_no_cache_frame_or_referrer(self):
        for method, path in addresses():
            with self.subTest(path=path, method=method):
                answer = self.open(method, path)
                self.assertLess(answer.status_code, 500)
                if path.startswith(FILES):
                    self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                elif path in PROGRAMS:
                    self.assertEqual(answer.status_code, 404)
                    self.assertNotIn("Set-Cookie", answer.headers)
                else:
                    self.assertEqual(answer.status_code, 404)
                    self.assertGuarded(answer)

    @mute_logger("odoo.http")
    def test_each_page_has_a_limit_of_requests(self):
        limit = type(self.env["lot.request.limit"])
        with patch.object(limit, "_allow", return_value=False):
            for method, path in addresses():
                with self.subTest(path=path, method=method):
                    answer = self.open(method, path)
                    self.assertEqual(answer.status_code, 429)
                    self.assertEqual(answer.headers["Retry-After"], "60")

    @mute_logger("odoo.http")
    def test_files_of_others_and_files_that_are_not_there_look_alike(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        product = self.env["product.product"].create({"name": "Milk", "tracking": "lot"})
        lot = self.env["stock.lot"].create(
            {"name": "THEIRS", "product_id": product.id, "company_id": company.id}
        )
        new_test_user(self.env, login="auditing", groups="lot_traceability.group_auditor")
        self.authenticate("auditing", "auditing")
        theirs, absent = (
            self.url_open(f"/lot_traceability/dossier/{number}/pdf")
            for number in (lot.id, 2**31 - 1)
        )
        self.assertEqual((theirs.status_code, absent.status_code), (404, 404))
        self.assertEqual(theirs.text, absent.text)


@tagged("post_install", "-at_install")
class TestRecallAnswerFuzz(PagesMixin, AnswerCommon, HttpCase):
    """The page of a consignee, for whoever holds its link."""

    def setUp(self):
        super().setUp()
        self.path = self.at_shop._answer_url().removeprefix(self.at_shop.get_base_url())

    def test_page_and_its_answer_are_guarded(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertGuarded(page)
        self.assertGuarded(self.url_open(f"{self.path}/read", data={"x": "y"}))

    def test_nonsense_in_the_form_is_no_error(self):
        line = self.at_shop.line_ids.id
        names = ["name", "function", "comment", "followed", "packed", "basis", "signature"]
        names += ["none_found", "confirmed", "agreed", "only_read", f"found-{line}", "found-9"]
        names += ["sold_name", "sold_quantity", "sold_line_id", f"sold_on-{line}"]
        self.fuzzed(self.path, names)


@tagged("post_install", "-at_install")
class TestSupplierAnswerFuzz(PagesMixin, QuestionCommon, HttpCase):
    """The page of a supplier, for whoever holds its link."""

    def setUp(self):
        super().setUp()
        url = self.question.sudo()._url()
        self.path = url.removeprefix(self.question.get_base_url())

    def test_page_is_guarded(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertGuarded(page)

    def test_nonsense_in_the_form_is_no_error(self):
        page = self.url_open(self.path).text
        self.fuzzed(self.path, re.findall(r'name="([^"]+)"', page))


class _Kept(logging.Handler):
    """All that is logged, as text."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))


@tagged("post_install", "-at_install")
class TestSecretsInTheLog(AnswerCommon, HttpCase):
    """What fails is logged, with our modules at level debug; the credentials are not in it."""

    def setUp(self):
        super().setUp()
        self.kept = _Kept()
        root = logging.getLogger()
        own = logging.getLogger("odoo.addons")
        before = own.level
        own.setLevel(logging.DEBUG)
        root.addHandler(self.kept)
        self.addCleanup(root.removeHandler, self.kept)
        self.addCleanup(own.setLevel, before)

    @contextmanager
    def failing(self):
        """Odoo logs the failure of a request; this is kept as well."""
        with self.assertLogs("odoo.http", "WARNING") as logged:
            yield
        self.kept.lines += logged.output

    def assertSecret(self, *secrets):
        self.assertTrue(self.kept.lines)
        text = "\n".join(self.kept.lines)
        for secret in secrets:
            self.assertNotIn(secret, text)

    def test_link_of_a_consignee_that_fails_in_the_middle(self):
        path = self.at_shop._answer_url().removeprefix(self.at_shop.get_base_url())
        secret = path.rpartition("-")[2]
        consignee = type(self.at_shop)
        failure = RuntimeError("in the middle")
        with self.failing(), patch.object(consignee, "_page_values", side_effect=failure):
            answer = self.url_open(path)
        self.assertEqual(answer.status_code, 500)
        self.assertTrue(any("in the middle" in line for line in self.kept.lines))
        self.assertSecret(secret)

    def test_link_that_works_is_not_in_the_log_of_requests(self):
        path = self.at_shop._answer_url().removeprefix(self.at_shop.get_base_url())
        self.assertEqual(self.url_open(path).status_code, 200)
        self.assertTrue(any("GET /recall/answer/…" in line for line in self.kept.lines))
        self.assertSecret(path.rpartition("-")[2])

    def test_forged_link(self):
        self.assertEqual(self.url_open("/fsma/answer/abc-0123456789forged").status_code, 404)
        self.assertSecret("0123456789forged")

    def test_wrong_key_of_a_program(self):
        key = "0123456789abcdef0123456789abcdef01234567"
        for path in ("/epcis/events", "/lot_traceability/rfid/v1/reads"):
            headers = {"Authorization": f"bearer {key}", "Content-Type": "application/json"}
            data = b"{}" if "rfid" in path else None
            self.assertEqual(self.url_open(path, data=data, headers=headers).status_code, 401)
        self.assertSecret(key)

    def test_right_key_with_a_body_that_fails(self):
        gateway = new_test_user(
            self.env, login="logged_gateway", groups="lot_traceability.group_rfid_gateway"
        )
        keys = self.env["res.users.apikeys"].with_user(gateway)
        key = keys.sudo()._generate(None, "test", None)
        failure = RuntimeError("in the middle")
        with (
            self.failing(),
            patch("odoo.addons.lot_traceability.controllers.rfid.parse_batch", side_effect=failure),
        ):
            answer = self.url_open(
                "/lot_traceability/rfid/v1/reads",
                data=b"{}",
                headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
            )
        self.assertEqual(answer.status_code, 500)
        self.assertSecret(key)

    def test_credentials_of_a_signature_that_is_refused(self):
        quality = new_test_user(
            self.env, login="logged_quality", groups="lot_traceability.group_quality"
        )
        keys = self.env["res.users.apikeys"].with_user(quality)
        key = keys.sudo()._generate("rpc", "test", None)
        self.env["lot.signature.step"].search([("code", "=", "release")]).demanded = True
        lot = self.env["stock.lot"].search([], limit=1)
        body = {
            "step": "release",
            "res_model": "stock.lot",
            "res_ids": lot.ids,
            "credentials": {
                "login": "logged_quality",
                "password": "wrong horse battery",
                "totp": "918273",
            },
            "meaning": "approval",
        }
        with self.failing():
            answer = self.url_open(
                "/json/2/lot.signature/sign",
                data=json.dumps(body),
                headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
            )
        self.assertIn(answer.status_code, (400, 403, 422), answer.text)
        self.assertNotIn("wrong horse battery", answer.text)
        self.assertSecret(key, "wrong horse battery", "918273")
