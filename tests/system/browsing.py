"""A person at a browser, for the tests that press and type as people do."""

import contextlib
import os
import re
import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

DESK = {"width": 1400, "height": 900}
PHONE = {"width": 360, "height": 740}
# The first page builds its files; in milliseconds.
_FIRST, _EACH = 120_000, 20_000
# What an element says to somebody who looks at it.
_READ = """element => [element, ...element.querySelectorAll("input, textarea")]
    .map(one => one.matches("input, textarea") ? one.value : one.innerText).join(" ")"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that `./setup/test` found."""
    expect.set_options(timeout=_EACH)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["LOT_TRACEABILITY_CHROMIUM"],
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def open_page(browser: Browser, server: dict, size: dict[str, int]) -> Page:
    """A window with cookies of its own, in which nobody is logged in. The test server has several
    databases: this window looks at one of them, as if it had the host to itself."""
    page = browser.new_context(viewport=size, accept_downloads=True).new_page()
    page.set_default_timeout(_EACH)
    page.set_default_navigation_timeout(_FIRST)
    page.goto(f"{server['url']}/web/login?db={server['db']}")
    return page


def _reads(text: str) -> re.Pattern:
    """What a button reads: the text, maybe after an icon, in one line or in several."""
    words = r"\s*".join(map(re.escape, text.split()))
    return re.compile(rf"^[\ue000-\uf8ff\s]*{words}\s*$")


class Person:
    """Somebody who is logged in, and finds things by what is written on them."""

    def __init__(self, browser: Browser, server: dict, login: str, password: str):
        self.page = open_page(browser, server, DESK)
        self.login, self.password = login, password
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_selector(".o_web_client .o_navbar_apps_menu", timeout=_FIRST)

    # -- where somebody looks --------------------------------------------------------------------

    @property
    def dialog(self) -> Locator:
        """The dialog on top."""
        return self.page.locator(".modal.o_technical_modal:not(.o_inactive_modal)").last

    @property
    def rows(self) -> Locator:
        """The rows of a list."""
        return self.screen.locator(".o_data_row")

    @property
    def screen(self) -> Locator:
        """All that is not a dialog."""
        return self.page.locator(".o_action_manager")

    def field(self, name: str, within: Locator | None = None) -> Locator:
        """What a field shows on the screen, or in a dialog."""
        return (within or self.screen).locator(f".o_field_widget[name={name}]").first

    # -- what somebody does ----------------------------------------------------------------------

    def menu(self, *path: str) -> None:
        """Open the app, if another one is open, and go to a menu entry."""
        if self.page.locator(".o_menu_brand").inner_text() != "Traceability":
            self.page.click(".o_navbar_apps_menu button")
            self.page.get_by_role("menuitem", name="Traceability", exact=True).click()
        bar = self.page.locator(".o_menu_sections")
        expect(bar).to_contain_text(path[0])
        for name in path:
            place = bar if name == path[0] else self.page.locator(".o-dropdown--menu")
            place.get_by_text(name, exact=True).click()

    def trace(self, number: str) -> None:
        """Type a number where the cursor stands on the page for it, and look at the trace."""
        self.menu("Trace")
        expect(self.page.locator(".o_lot_trace_home .o_lot_trace_input")).to_be_focused()
        self.page.keyboard.type(number)
        self.page.keyboard.press("Enter")
        self.shows("Trace of", within=self.page.locator(".o_breadcrumb"))

    def press(self, text: str, within: Locator | None = None) -> None:
        """Press the button on which this is written, and wait until it is done."""
        place = within or self.screen
        place.get_by_role("button", name=_reads(text)).locator("visible=true").first.click()
        self.wait()

    def open(self, label: str) -> None:
        """Press the figure above a form under which this is written."""
        self.screen.locator(".oe_stat_button", has_text=label).click()
        self.wait()

    def back(self) -> None:
        """Go back to the screen before, by its name above this one."""
        self.page.locator(".o_breadcrumb .breadcrumb-item a").last.click()
        self.wait()

    def confirm(self, text: str) -> None:
        """Answer the question that has come up."""
        asked = self.dialog.element_handle()
        self.dialog.locator("footer").get_by_role("button", name=text, exact=True).click()
        asked.wait_for_element_state("hidden")
        self.wait()

    def wait(self) -> None:
        """Wait until the screen is not blocked any more."""
        expect(self.page.locator(".o_blockUI, .o_loading_indicator")).to_have_count(0)

    def tab(self, name: str) -> None:
        """Open a page of the form."""
        self.page.get_by_role("tab", name=name, exact=True).click()

    def type(self, name: str, text: str, within: Locator | None = None) -> None:
        """Type into a field."""
        self.field(name, within).locator("input, textarea").first.fill(text)

    def choose(self, label: str, within: Locator | None = None) -> None:
        """Choose an option beside which this is written."""
        (within or self.screen).get_by_label(label, exact=True).check()

    def sign(self, meaning: str, reason: str = "") -> None:
        """Sign in the dialog for it; the user name is asked for the first of several signatures."""
        dialog = self.dialog
        expect(dialog).to_contain_text("Your signature is as binding as one by hand")
        self.choose(meaning, dialog)
        if reason:
            self.type("reason", reason, dialog)
        if self.field("login", dialog).is_visible():
            self.type("login", self.login, dialog)
        self.type("password", self.password, dialog)
        self.confirm("Sign")

    def shows(self, *texts: str, within: Locator | None = None) -> None:
        """The screen, or a part of it, says all of this, in fields that can be typed into as well.

        :raise AssertionError: when it still does not after a while
        """
        place, end, read = within or self.screen, time.monotonic() + _EACH / 1000, ""
        while time.monotonic() < end:
            read = place.first.evaluate(_READ)
            missing = [text for text in texts if text not in read]
            if not missing:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{missing} not on the screen: {read}")

    def hides(self, text: str) -> None:
        """The screen does not say this, or not any more."""
        expect(self.screen).not_to_contain_text(text)

    def figure(self, name: str, within: Locator | None = None) -> float:
        """A number that a field shows."""
        text = self.field(name, within).evaluate(_READ)
        return float(re.sub(r"[^\d.]", "", text))
