"""Weak wifi: what is scanned without a link waits on the device, survives a reload, and is done
exactly once, in order; what changed meanwhile comes back with a choice."""

import pytest
from browsing import chromium
from playwright.sync_api import expect
from scan_goods import ScanGoods
from scanning import Handheld


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def goods(server) -> ScanGoods:
    return ScanGoods(server)


@pytest.fixture
def phone(browser, server, goods):
    handheld = Handheld(browser, {**server, **goods.operator()})
    yield handheld
    assert handheld.errors == []
    handheld.context.close()


def _hold(phone, number: str, reason: str) -> None:
    phone.scan(number)
    phone.fill("reason", reason)
    if phone.page.locator("[data-slot=status]").count():
        phone.choose("status", "On hold")
    phone.accept()


def test_scans_without_a_link_survive_a_reload_and_are_done_once_in_order(phone, goods):
    flour = goods.product("Flour")
    numbers = [f"{letter}-{goods.mark}" for letter in "ABC"]
    lots = [goods.lot(flour, number, 5) for number in numbers]
    phone.kept()
    phone.flow("hold")

    def work():
        for place, number in enumerate(numbers):
            _hold(phone, number, f"Reason {place}")
            phone.says("kept", "Kept on this device")
        assert phone.waiting() == 3
        phone.reload()
        assert phone.waiting() == 3
        expect(phone.page.locator(".o_scan_link_banner")).to_contain_text("3")

    phone.without_link(work)
    expect(phone.page.locator(".o_scan_count")).to_have_count(0)
    phone.idle()
    assert phone.waiting() == 0
    scans = [scan for scan in goods.scans(action="hold") if scan["text"] in numbers]
    assert [scan["text"] for scan in scans] == numbers
    assert {scan["state"] for scan in scans} == {"done"}
    reasons = [goods.read("stock.lot", lot, "status_reason")["status_reason"] for lot in lots]
    assert reasons == ["Reason 0", "Reason 1", "Reason 2"]


def test_document_goes_on_without_a_link(phone, goods):
    flour = goods.product("Flour")
    number = f"D-{goods.mark}"
    goods.lot(flour, number, 20)
    delivery = goods.delivery(flour, 12)
    phone.kept()
    phone.flow("pick")
    phone.scan(delivery["name"])
    phone.page.wait_for_selector(".o_scan_lines")
    phone.idle()

    def work():
        phone.reload()
        phone.shows(delivery["name"], number)
        phone.scan(number)
        phone.fill("quantity", "7")
        phone.accept()
        line = phone.page.locator(".o_scan_line")
        expect(line).to_contain_text("7/12")
        expect(line.locator("[data-tone=wait]")).to_contain_text("7")

    phone.without_link(work)
    expect(phone.page.locator(".o_scan_line [data-tone=wait]")).to_have_count(0)
    expect(phone.page.locator(".o_scan_line")).to_contain_text("7/12")
    lines = goods.rpc(
        "stock.move.line",
        "search_read",
        [("picking_id", "=", delivery["id"]), ("picked", "=", True)],
        ["quantity"],
    )
    assert [line["quantity"] for line in lines] == [7]


def test_lot_put_on_hold_meanwhile_comes_back_with_a_choice(phone, goods):
    flour = goods.product("Flour")
    number, other = f"E-{goods.mark}", f"F-{goods.mark}"
    lot = goods.lot(flour, number, 20)
    delivery = goods.delivery(flour, 6)
    goods.lot(flour, other, 20)
    phone.kept()
    phone.flow("pick")
    phone.scan(delivery["name"])
    phone.page.wait_for_selector(".o_scan_lines")
    phone.idle()

    def work():
        phone.scan(number)
        phone.accept()
        phone.says("kept")
        goods.rpc("stock.lot", "set_status", [lot], "hold", "Recalled by the mill")

    phone.without_link(work)
    expect(phone.decision).to_contain_text(number)
    assert phone.page.evaluate("document.querySelector('.o_scan_decision')") is not None
    choices = phone.decision.locator(".o_scan_choice")
    expect(choices.first).to_be_visible()
    expect(phone.decision).to_contain_text(other)
    choices.filter(has_text=other).first.click()
    phone.idle()
    phone.says("good", other)
    states = [(one["state"], one["text"]) for one in goods.scans(action="take")][-2:]
    assert [state for state, _text in states] == ["refused", "done"]


def test_refused_scan_waits_in_a_list_and_can_be_dropped(phone, goods):
    phone.kept()
    phone.flow("hold")

    def work():
        _hold(phone, f"GONE-{goods.mark}", "Wet")

    phone.without_link(work)
    expect(phone.decision).to_contain_text(f"GONE-{goods.mark}")
    phone.press(".o_scan_later")
    phone.open()
    expect(phone.page.locator(".o_scan_to_decide")).to_contain_text("1")
    phone.press(".o_scan_to_decide")
    phone.press(".o_scan_refused")
    phone.press(".o_scan_decision .o_scan_drop")
    phone.shows("Nothing is left to decide.")


def test_answer_that_gets_lost_does_nothing_twice(phone, goods):
    flour = goods.product("Flour")
    goods.lot(flour, f"G-{goods.mark}", 5)
    lost = []

    def lose(route):
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    phone.flow("hold")
    phone.context.route("**/lot.scan/send", lose)
    _hold(phone, f"G-{goods.mark}", "Wet")
    expect(phone.page.locator(".o_scan_link_banner")).to_be_visible()
    phone.page.evaluate("window.dispatchEvent(new Event('online'))")
    phone.says("good", f"G-{goods.mark}")
    assert len(lost) == 1
    assert len([one for one in goods.scans(action="hold") if goods.mark in one["text"]]) == 1


def test_scans_wait_for_the_login_and_belong_to_their_user(phone, goods, server, expect_warning):
    # The open page may try again in the moment in which the other has just logged in.
    expect_warning("These scans wait for somebody else")
    flour = goods.product("Flour")
    goods.lot(flour, f"L-{goods.mark}", 5)
    phone.flow("hold")
    phone.context.clear_cookies()
    _hold(phone, f"L-{goods.mark}", "Wet")
    banner = phone.page.locator(".o_scan_link_banner")
    expect(banner).to_contain_text("Nobody is logged in")
    assert phone.waiting() == 1
    # Somebody else takes the phone: this is not sent under that name.
    other = goods.operator()
    phone.log_in(other)
    phone.open()
    phone.idle()
    assert phone.waiting() == 1
    assert not [one for one in goods.scans(action="hold") if goods.mark in one["text"]]
    phone.context.clear_cookies()
    phone.log_in(phone.server)
    phone.open()
    expect(phone.page.locator(".o_scan_count")).to_have_count(0)
    phone.idle()
    assert phone.waiting() == 0
    assert [one["state"] for one in goods.scans(text=f"L-{goods.mark}")] == ["done"]
