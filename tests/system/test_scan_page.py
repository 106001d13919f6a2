"""The page of the Scan app: it can be installed, opens without a link, looks well on any device,
and takes what a scanner, a finger or a camera gives."""

import re

import pytest
from browsing import PHONE, chromium, open_page
from playwright.sync_api import expect
from scan_goods import ScanGoods
from scanning import PAGE, Handheld

SMALL = {"width": 360, "height": 640}
_SCREENS = ("", "#/look", "#/documents/receive", "#/work/move", "#/settings", "#/scanner", "#/sent")
# Contrast as WCAG 2 works it out, of each text against what it stands on.
_CONTRASTS = """() => {
    const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) =>
        [r, g, b]
            .map((one) => one / 255)
            .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
            .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
    const ground = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const color = parse(getComputedStyle(one).backgroundColor);
            if (color.length === 3 || color[3] > 0.99) {
                return color;
            }
        }
        return [255, 255, 255];
    };
    const found = [];
    for (const element of document.querySelectorAll(".o_scan_app *")) {
        const own = [...element.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim(),
        );
        if (!own || !element.checkVisibility()) {
            continue;
        }
        const [one, other] = [parse(getComputedStyle(element).color), ground(element)].map(light);
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        found.push([Math.round(ratio * 100) / 100, element.textContent.trim().slice(0, 40)]);
    }
    return found;
}"""
# What can be pressed, and how large it is.
_TARGETS = """() => [...document.querySelectorAll(".o_scan_app :is(button, a, input)")]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.getBoundingClientRect(), one.textContent.trim() || one.className])
    .map(([box, name]) => [Math.round(box.width), Math.round(box.height), name])"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def goods(server) -> ScanGoods:
    return ScanGoods(server)


def _phone(browser, server, goods, **options) -> Handheld:
    return Handheld(browser, {**server, **goods.operator()}, **options)


def test_app_can_be_put_on_the_home_screen(browser, server, goods):
    phone = _phone(browser, server, goods)
    link = phone.page.get_attribute("link[rel=manifest]", "href")
    manifest = phone.context.request.get(f"{server['url']}{link}").json()
    assert manifest["start_url"] == manifest["scope"] == PAGE
    assert manifest["display"] == "standalone"
    assert manifest["name"] and manifest["short_name"]
    sizes = set()
    for icon in manifest["icons"]:
        answer = phone.context.request.get(f"{server['url']}{icon['src']}")
        assert answer.headers["content-type"] == "image/png"
        # Width and height stand at a fixed place of each PNG.
        width = int.from_bytes(answer.body()[16:20], "big")
        assert f"{width}x{width}" == icon["sizes"]
        sizes.add((icon["sizes"], icon["purpose"]))
    assert sizes >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    # Chromium's own list of what keeps an app from being installed.
    devtools = phone.context.new_cdp_session(phone.page)
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_app_opens_without_a_link_once_it_was_open(browser, server, goods):
    phone = _phone(browser, server, goods)
    phone.kept()

    def work():
        phone.open()
        expect(phone.page.locator(".o_scan_tile").first).to_be_visible()
        expect(phone.page.locator(".o_scan_link")).to_have_attribute("data-link", "offline")
        # What was never seen is said to be missing, and what the label says is shown.
        phone.scan("010952012345678810LOT-7\x1d3712")
        phone.says("kept", "No link")
        assert phone.fields()["10"] == "LOT-7"
        phone.open("#/documents/pick")
        phone.shows("There is no link, and this was not kept on the device")

    phone.without_link(work)
    expect(phone.page.locator(".o_scan_link")).to_have_attribute("data-link", "online")
    phone.open("#/settings")
    expect(phone.page.locator(".o_scan_offline_ready")).to_be_visible()


def test_who_is_not_logged_in_logs_in_and_is_back(browser, server, goods):
    operator = goods.operator()
    page = open_page(browser, server, PHONE)
    page.goto(f"{server['url']}{PAGE}")
    page.fill("input[name=login]", operator["login"])
    page.fill("input[name=password]", operator["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("body.o_scan_ready", timeout=120_000)
    assert page.url.endswith(PAGE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_and_every_button_hit(browser, server, goods, scheme):
    phone = _phone(browser, server, goods, size=SMALL, color_scheme=scheme)
    for screen in _SCREENS:
        phone.open(screen)
        phone.idle()
        phone.page.wait_for_timeout(300)
        pale = [one for one in phone.page.evaluate(_CONTRASTS) if one[0] < 7]
        assert pale == [], f"{screen} in the {scheme}"
        small = [one for one in phone.page.evaluate(_TARGETS) if one[0] < 48 or one[1] < 48]
        assert small == [], screen
        wide = phone.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SMALL["width"], screen


def test_settings_hold_on_this_device(browser, server, goods):
    phone = _phone(browser, server, goods)
    phone.open("#/settings")
    root = phone.page.locator("html")
    for name, value in (("theme", "dark"), ("hand", "left"), ("text", "large")):
        phone.press(f".o_scan_set_{name}_{value}")
        expect(root).to_have_attribute(f"data-{name}", value)
    phone.page.fill("#o_scan_name", "Dock 7")
    phone.page.press("#o_scan_name", "Tab")
    phone.reload()
    expect(root).to_have_attribute("data-hand", "left")
    ground = phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", ground)[:3])) < 100
    assert phone.page.input_value("#o_scan_name") == "Dock 7"
    phone.flow("hold")
    bar = phone.page.locator(".o_scan_bar")
    expect(bar).to_have_css("flex-direction", "row-reverse")


def test_camera_and_keys_are_at_hand_for_who_has_no_scanner(browser, server, goods):
    flour = goods.product("Flour")
    goods.lot(flour, f"T-{goods.mark}", 5)
    phone = _phone(browser, server, goods)
    phone.flow("hold")
    phone.page.get_by_role("button", name="Type").click()
    phone.page.fill("#o_scan_typed", f"T-{goods.mark}")
    phone.page.press("#o_scan_typed", "Enter")
    phone.fill("reason", "Wet")
    if phone.page.locator("[data-slot=status]").count():
        phone.choose("status", "On hold")
    phone.accept()
    phone.says("good")
    assert [scan["typed"] for scan in goods.scans(text=f"T-{goods.mark}")] == [True]


def test_scan_shown_is_accepted_by_itself_or_by_ok_alone_as_it_is_set(browser, server, goods):
    flour = goods.product("Flour")
    here, there = goods.place("A1"), goods.place("B2")
    goods.lot(flour, f"U-{goods.mark}", 5, here)
    phone = _phone(browser, server, goods)
    phone.open("#/settings")
    phone.press(".o_scan_set_accept_timer")
    phone.flow("move")
    phone.scan(f"U-{goods.mark}")
    phone.page.wait_for_selector(".o_scan_draft")
    phone.scan(there["barcode"])
    expect(phone.page.locator(".o_scan_counting")).to_be_visible()
    phone.says("good", there["name"])
    phone.open("#/settings")
    phone.press(".o_scan_set_accept_confirm")
    phone.flow("move")
    phone.scan(f"U-{goods.mark}")
    phone.page.wait_for_selector(".o_scan_draft")
    phone.scan(here["barcode"])
    phone.scan(f"U-{goods.mark}")
    phone.says("bad", "OK first")
    assert len([one for one in goods.scans(action="move") if goods.mark in one["text"]]) == 1


def test_scanner_is_shown_byte_by_byte(browser, server, goods):
    phone = _phone(browser, server, goods)
    phone.open("#/scanner")
    picture = phone.page.locator(".o_scan_symbol")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    phone.scan("]d2010952012345678810Test-Yz/1_\x1d21aB+2")
    expect(phone.page.locator("[data-code=separator_control]")).to_be_visible()
    expect(phone.page.locator("[data-code=aim_on]")).to_be_visible()
    shown = phone.page.locator(".o_scan_bytes li").all_inner_texts()
    assert any(re.match(r"GS\s+1D", one) for one in shown)
    # The separator got lost: it says so, and how to set the scanner.
    phone.page.wait_for_timeout(1500)
    phone.scan("]d2010952012345678810Test-Yz/1_21aB+2")
    expect(phone.page.locator("[data-code=separator_lost]")).to_be_visible()
    expect(phone.page.locator(".o_scan_advice")).to_contain_text("Zebra")


def test_who_may_not_work_with_lots_is_told_so(browser, server, goods, expect_warning):
    expect_warning("You are not allowed to access 'Lot/Serial'")
    login = f"office_{goods.mark.lower()}"
    password = goods.operator()["password"]
    goods.rpc(
        "res.users",
        "create",
        {
            "name": "Office",
            "login": login,
            "password": password,
            "group_ids": [(6, 0, [goods.ref("base.group_user")])],
        },
    )
    phone = Handheld(browser, {**server, "login": login, "password": password})
    expect(phone.page.locator(".o_scan_problem")).to_be_visible()
    expect(phone.page.locator(".o_scan_tile")).to_have_count(0)


@pytest.mark.parametrize(
    "size", [PHONE, SMALL, {"width": 740, "height": 360}, {"width": 1400, "height": 900}]
)
def test_no_screen_is_wider_than_its_device(browser, server, goods, size):
    phone = _phone(browser, server, goods, size=size)
    for screen in _SCREENS:
        phone.open(screen)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        bar = phone.page.locator(".o_scan_bar").last
        if bar.count():
            box = bar.bounding_box()
            assert box["y"] + box["height"] <= size["height"] + 1


def test_somebody_says_something_about_the_screen_that_he_worked_with_last(browser, server, goods):
    phone = _phone(browser, server, goods)
    phone.flow("hold")
    phone.press(".o_scan_back")
    phone.press(".o_scan_home .o_scan_bar button:first-child")
    phone.press(".o_scan_to_tell")
    phone.press("[data-kind=praise]")
    text = f"Large buttons {goods.mark}"
    phone.page.fill("#o_scan_told", text)
    phone.fits("told")

    def send():
        phone.press(".o_scan_tell .o_scan_main_button")
        phone.says("bad", "no link")

    phone.without_link(send)
    # It is still there to be sent.
    phone.press(".o_scan_tell .o_scan_main_button")
    phone.says("good", "Thank you")
    (said,) = goods.rpc("lot.feedback", "search_read", [("text", "=", text)])
    assert (said["kind"], said["action"]) == ("praise", "scan/work/hold")
    assert phone.errors == []
