import json
import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..models.scan.lot_scan_page import OtherUserError
from .scan_common import ScanCommon

PAGE = "/lot_traceability/scan"


@tagged("post_install", "-at_install", "scan")
class TestScanPage(ScanCommon):
    """What the page of the Scan app asks besides."""

    def test_scans_of_somebody_else_are_not_sent_under_another_name(self):
        lot = self.lot(self.flour, "F-1")
        command = self.command("hold", "hold", "F-1", reason="Wet")
        theirs = {**self.device, "user": self.manager.id}
        with self.assertRaises(OtherUserError):
            self.floor["lot.scan"].send([command], theirs)
        self.assertEqual(lot.status_id.code, "released")
        own = {**self.device, "user": self.operator.id}
        self.assertEqual(self.floor["lot.scan"].send([command], own)[0]["state"], "done")

    def test_page_is_told_the_language_and_the_table_of_identifiers(self):
        told = self.floor["lot.scan"].start()
        self.assertEqual(told["language"]["code"], "en_US")
        self.assertEqual(told["language"]["direction"], "ltr")
        self.assertIn("lot_traceability", told["language"]["modules"])
        self.assertTrue(told["language"]["hash"])
        self.assertIn("10", [row[0] for row in told["identifiers"]])

    def test_product_without_a_lot_is_told_with_what_has_to_be_asked(self):
        self.flour.barcode = "09520123456788"
        told = self.floor["lot.scan"].identify("010952012345678810NEW")
        self.assertEqual(told["product"]["id"], self.flour.id)
        self.assertEqual(told["product"]["tracking"], "lot")
        self.assertFalse(self.floor["lot.scan"].identify("NOBODY")["product"])

    def test_reader_is_told_nothing(self):
        with self.assertRaises(AccessError):
            self.env(user=self.reader)["lot.scan"].identify("F-1")


@tagged("post_install", "-at_install", "scan")
class TestScanRoutes(HttpCase, ScanCommon):
    """The page, its manifest and the script that keeps it on a device."""

    def test_page_needs_a_login_and_brings_back(self):
        answer = self.url_open(PAGE, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("redirect=%2Flot_traceability%2Fscan", answer.headers["Location"])

    def test_page_loads_its_own_bundle_and_no_other(self):
        self.authenticate(self.operator.login, self.operator.login)
        text = self.url_open(PAGE).text
        self.assertTrue(text.startswith("<!DOCTYPE html>"))
        files = re.findall(r'(?:src|href)="(/web/assets/[^"]+)"', text)
        self.assertEqual(len(files), 2)
        for file in files:
            self.assertIn("lot_traceability.assets_scan", file)
        told = json.loads(re.search(r'id="o_scan_page"[^>]*>(.*?)</script>', text)[1])
        self.assertEqual(told["user"], self.operator.id)

    def test_kept_files_are_those_of_the_page(self):
        script = self.url_open(f"{PAGE}/service-worker.js")
        self.assertEqual(script.headers["Service-Worker-Allowed"], PAGE)
        kept = json.loads(re.match(r"self\.KEPT = (.*);\n", script.text)[1])
        self.authenticate(self.operator.login, self.operator.login)
        text = self.url_open(PAGE).text
        for file in kept["files"]:
            if "/web/assets/" in file:
                self.assertIn(file, text)
            self.assertEqual(self.url_open(file).status_code, 200, file)

    def test_manifest_names_the_app(self):
        told = self.url_open(f"{PAGE}/manifest.webmanifest").json()
        self.assertEqual((told["start_url"], told["display"]), (PAGE, "standalone"))
