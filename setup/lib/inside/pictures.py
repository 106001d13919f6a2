"""Takes the pictures of the guides with a browser; runs where Playwright and Pillow are.

pictures.py FOLDER '{"url", "chromium", "lot", "number", "recall", "answer"}'
"""

import io
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DESK = {"width": 1400, "height": 900}
PHONE = {"width": 360, "height": 740}
_FIRST = 180_000
_MOST_BYTES = 120 * 1024
_SCAN = "/lot_traceability/scan"


class Photographer:
    """Opens pages of the demo as somebody, and writes what they look like."""

    def __init__(self, browser: Browser, url: str, folder: Path):
        self.browser, self.url, self.folder = browser, url, folder

    def page(self, size: dict[str, int], login: str = "") -> Page:
        """A window of its own, in which this user is logged in."""
        page = self.browser.new_context(viewport=size, device_scale_factor=1).new_page()
        page.set_default_timeout(_FIRST)
        if login:
            page.goto(f"{self.url}/web/login")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", login)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/web/login" not in url)
            page.wait_for_selector(".o_web_client .o_navbar")
        return page

    def take(self, page: Page, name: str, address: str, ready: str) -> None:
        """The page at an address, when it shows what is named."""
        page.goto(address if "://" in address else f"{self.url}{address}")
        page.wait_for_selector(ready)
        page.wait_for_timeout(1500)  # pictures and fonts of the page
        self.write(page, name)

    def write(self, page: Page, name: str) -> None:
        """What the page shows now, in as many colours as fit into a small file."""
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        for colors in (256, 128, 64, 32):
            target = io.BytesIO()
            picture.quantize(colors).save(target, "PNG", optimize=True)
            if target.tell() <= _MOST_BYTES:
                break
        (self.folder / f"{name}.png").write_bytes(target.getvalue())


def take_all(photographer: Photographer, told: dict) -> None:
    desk = photographer.page(DESK, "admin")
    action = "/odoo/action-lot_traceability"
    graph = f"/odoo/traceability?lot_ids={told['lot']}&direction=downstream"
    photographer.take(desk, "trace", graph, ".o_lot_trace_page svg, .o_lot_trace_page [data-key]")
    photographer.take(desk, "lot", f"{action}.lot_action/{told['lot']}", ".o_form_view")
    photographer.take(desk, "held-lots", f"{action}.lot_action_refused", ".o_data_row")
    photographer.take(
        desk,
        "recall",
        f"/odoo/action-lot_traceability_recall.lot_recall_action/{told['recall']}",
        ".o_form_view",
    )
    photographer.take(desk, "audit-log", f"{action}.lot_audit_event_action", ".o_list_view")
    photographer.take(desk, "statuses", f"{action}.lot_status_action", ".o_data_row")
    phone = photographer.page(PHONE, "operator")
    photographer.take(phone, "scan-home", _SCAN, "body.o_scan_ready .o_scan_tile")
    phone.goto(f"{photographer.url}{_SCAN}#/look")
    phone.reload()
    phone.wait_for_selector("body.o_scan_ready .o_scan_look")
    phone.keyboard.type(told["number"])
    phone.keyboard.press("Enter")
    phone.evaluate("window.lotScan.idle()")
    phone.wait_for_timeout(1500)
    photographer.write(phone, "scan-look")
    address = urlsplit(told["answer"])
    photographer.take(photographer.page(PHONE), "answer", address.path, "main h1")


def main(folder: str, told: str) -> None:
    given = json.loads(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=given["chromium"], args=["--no-sandbox", "--disable-gpu"]
        )
        take_all(Photographer(browser, given["url"], Path(folder)), given)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
