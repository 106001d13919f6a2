"""Somebody with a handheld, for the tests of the Scan app: what is scanned is typed as a scanner
types, and nothing else is touched unless somebody would."""

import json
import os
from collections.abc import Callable

from browsing import PHONE
from playwright.sync_api import Browser, BrowserContext, Locator, expect

PAGE = "/lot_traceability/scan"
# The first page builds its files; in milliseconds.
_FIRST, _EACH = 120_000, 20_000
SEPARATOR = "\x1d"


def log_in(context: BrowserContext, server: dict, login: str, password: str) -> None:
    """A session of this user in the browser."""
    page = context.new_page()
    page.set_default_timeout(_FIRST)
    page.goto(f"{server['url']}/web/login?db={server['db']}")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/web/login" not in url)
    page.close()


class Handheld:
    """A phone with the Scan app open."""

    def __init__(self, browser: Browser, server: dict, size: dict[str, int] = PHONE, **options):
        self.server = server
        self.context = browser.new_context(
            **{
                "viewport": size,
                "has_touch": True,
                "is_mobile": True,
                "service_workers": "allow",
                **options,
            }
        )
        # A machine that is busy types slowly.
        self.context.add_init_script(_PATIENT)
        log_in(self.context, server, server["login"], server["password"])
        self.page = self.context.new_page()
        self.page.set_default_timeout(_EACH)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.open()

    # -- going about -----------------------------------------------------------------------------

    def open(self, address: str = "") -> None:
        """Load the app anew, at a screen."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.server['url']}{PAGE}{address}", timeout=_FIRST)
        self.ready()

    def reload(self) -> None:
        """As after a change of battery."""
        self.page.reload()
        self.ready()

    def ready(self) -> None:
        self.page.wait_for_selector("body.o_scan_ready", timeout=_FIRST)

    def flow(self, code: str) -> None:
        """Press a tile of the first screen."""
        self.open()
        self.page.click(f".o_scan_tile[data-flow={code}]")
        self.page.wait_for_selector(".o_scan_documents, .o_scan_work, .o_scan_look")

    def log_in(self, user: dict) -> None:
        """Somebody takes the phone: {"login", "password"}."""
        log_in(self.context, self.server, user["login"], user["password"])

    def kept(self) -> None:
        """Wait until the app is kept on the device."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null")

    # -- scanning --------------------------------------------------------------------------------

    def scan(self, text: str) -> None:
        """Type a code as a wedge scanner does: quickly, and Enter."""
        for number, part in enumerate(text.split(SEPARATOR)):
            if number:
                self.page.keyboard.press("Control+BracketRight")
            self.page.keyboard.type(part)
        self.page.keyboard.press("Enter")

    def idle(self) -> None:
        """Wait until all is answered that can be."""
        self.page.evaluate("window.lotScan.idle()")

    def press(self, selector: str) -> None:
        self.page.click(selector)

    def accept(self) -> None:
        """Press the large button, and wait for the answer."""
        self.press(".o_scan_accept:not(.o_scan_lacking)")
        self.idle()

    def fill(self, slot: str, value: str) -> None:
        """Give what is asked: a number by the keypad, a text or day by typing."""
        place = self.page.locator(f"[data-slot={slot}]")
        place.wait_for()
        if place.evaluate("element => element.matches('.o_scan_folded')"):
            place.click()
        if place.locator(".o_scan_number_value").count():
            if not place.locator(".o_scan_key").count():
                place.locator(".o_scan_number_value").click()
            shown = place.locator(".o_scan_number_value").inner_text()
            for _digit in "" if shown == "–" else shown:
                place.get_by_role("button", name="Erase").click()
            for key in value:
                place.locator(".o_scan_key", has_text=key).click()
        else:
            place.locator(".o_scan_text").fill(value)

    def choose(self, slot: str, text: str) -> None:
        self.page.locator(f"[data-slot={slot}]").get_by_text(text, exact=False).first.click()

    # -- seeing ----------------------------------------------------------------------------------

    @property
    def message(self) -> Locator:
        """The last thing that was said."""
        return self.page.locator(".o_scan_message")

    @property
    def decision(self) -> Locator:
        """What came back to be decided."""
        return self.page.locator(".o_scan_decision")

    def says(self, kind: str, *texts: str) -> None:
        """It says this, in the colour of good, bad or kept."""
        expect(self.message).to_have_attribute("data-tone", kind)
        for text in texts:
            expect(self.message).to_contain_text(text)

    def shows(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator(".o_scan_app")).to_contain_text(text)

    def fits(self, name: str = "") -> None:
        """Nothing sticks out of the screen, or out of a button, at a side. A picture of it is kept
        under this name where LOT_TRACEABILITY_PICTURES tells a folder."""
        if name and "LOT_TRACEABILITY_PICTURES" in os.environ:
            self.page.screenshot(path=f"{os.environ['LOT_TRACEABILITY_PICTURES']}/{name}.png")
        out = self.page.evaluate(_STICKING_OUT)
        assert out == [], (name, out)

    def fields(self) -> dict[str, str]:
        """The fields of the code that is shown, by application identifier."""
        rows = self.page.locator(".o_scan_field")
        rows.first.wait_for()
        return {
            row.locator(".o_scan_ai").inner_text(): row.locator("dd").inner_text()
            for row in rows.all()
        }

    def waiting(self) -> int:
        """How many scans wait on the device, in its database and not only on the screen."""
        return self.page.evaluate(_WAITING, self.server["db"])

    def call(self, method: str, *args):
        """What the server answers this user."""
        answer = self.context.request.post(
            f"{self.server['url']}/web/dataset/call_kw/lot.scan/{method}",
            headers={"Content-Type": "application/json"},
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "params": {"model": "lot.scan", "method": method, "args": args, "kwargs": {}},
                }
            ),
        ).json()
        assert "error" not in answer, answer
        return answer["result"]

    def without_link(self, work: Callable[[], None]) -> None:
        """Do this where there is no wifi; it is back afterwards."""
        self.context.set_offline(True)
        try:
            work()
        finally:
            self.context.set_offline(False)


_PATIENT = """if (location.protocol.startsWith("http")) {
    const name = "lot_scan_settings";
    localStorage.setItem(name, localStorage.getItem(name) || JSON.stringify({ gap: 3000 }));
}"""
_STICKING_OUT = """() => {
    const width = document.documentElement.clientWidth;
    const isCut = (one) => one.matches("button, a") && one.scrollWidth > one.clientWidth + 1;
    return [...document.querySelectorAll("body, .o_scan_app *")]
        .filter((one) => one.checkVisibility() && one.getClientRects().length)
        .map((one) => [one, one.getBoundingClientRect()])
        .filter(([one, box]) => box.left < -1 || box.right > width + 1 || isCut(one))
        .map(([one, box]) => `${one.className} ${box.left}–${box.right}: ${one.innerText}`);
}"""
_WAITING = """name => new Promise((resolve, reject) => {
    const request = indexedDB.open(`lot_scan_${name}`);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
        const all = request.result.transaction("commands").objectStore("commands").getAll();
        all.onsuccess = () => {
            request.result.close();
            resolve(all.result.filter(({ state }) => state === "waiting").length);
        };
    };
})"""
