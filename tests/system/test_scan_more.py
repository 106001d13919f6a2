"""More work of the Scan app at the size of a phone: labels, a recall that begins at the shelf, a
lot that goes before its turn, what was made and is taken back."""

import re
from datetime import datetime, timedelta

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
    """An operator's phone; no script of the page may have failed in the end."""
    handheld = Handheld(browser, {**server, **goods.operator()})
    yield handheld
    assert handheld.errors == []
    handheld.context.close()


# -- labels ----------------------------------------------------------------------------------------


def _design(goods, name: str = "label_design_item_small") -> str:
    """The name of a design for lots, as the screen shows it."""
    design = goods.ref(f"lot_traceability.{name}")
    return goods.read("lot.label.design", design, "name")["name"]


def _opens_label(phone) -> None:
    """The file that is offered is a label."""
    link = phone.page.locator(".o_scan_file")
    phone.fits()
    answer = phone.context.request.get(phone.server["url"] + link.get_attribute("href"))
    assert answer.ok
    assert answer.body()[:4] == b"%PDF"


def test_label_of_a_scanned_lot_is_offered_and_a_second_one_needs_a_reason(phone, goods):
    lot = goods.lot(goods.product("Flour"), f"L-{goods.mark}", 5)
    phone.flow("label")
    phone.scan(f"L-{goods.mark}")
    expect(phone.page.locator(".o_scan_accept")).to_contain_text("Label")
    phone.choose("design_id", _design(goods))
    phone.fits("label")
    phone.fill("copies", "2")
    phone.accept()
    phone.says("good", f"L-{goods.mark}")
    _opens_label(phone)
    # It could be the label of other goods: the next one is asked about.
    phone.scan(f"L-{goods.mark}")
    phone.choose("design_id", _design(goods))
    phone.accept()
    expect(phone.decision).to_contain_text("had such a label already")
    phone.fits("label_again")
    phone.fill("reason", "Torn off")
    phone.press(".o_scan_decide")
    phone.says("good", f"L-{goods.mark}")
    printed = goods.rpc(
        "lot.label.line",
        "search_read",
        [("res_model", "=", "stock.lot"), ("res_id", "=", lot)],
        ["copies"],
        order="id",
    )
    assert [line["copies"] for line in printed] == [2, 1]


def test_label_goes_to_the_printer_that_is_chosen(phone, goods):
    printer = goods.printer("Dock")
    goods.lot(goods.product("Flour"), f"L-{goods.mark}", 5)
    # So that the phone knows of the printer, and prints on it from now on.
    phone.open()
    phone.idle()
    phone.open("#/settings")
    phone.page.select_option("#o_scan_printer", label=printer["name"])
    phone.flow("label")
    phone.scan(f"L-{goods.mark}")
    phone.choose("design_id", _design(goods))
    chosen = phone.page.locator("[data-slot=printer_id] [aria-checked=true]")
    expect(chosen).to_have_text(printer["name"])
    phone.fits("label_printer")
    phone.accept()
    phone.says("good", printer["name"])
    expect(phone.page.locator(".o_scan_file")).to_have_count(0)
    jobs = goods.rpc(
        "lot.label.job", "search_read", [("printer_id", "=", printer["id"])], ["state"]
    )
    assert [job["state"] for job in jobs] == ["waiting"]


def _produced(phone, goods, quantity: str = "") -> tuple[dict, str]:
    """An order of which a lot was made: (the order, the lot's number)."""
    flour, bread = goods.product("Flour"), goods.product("Bread")
    goods.lot(flour, f"C-{goods.mark}", 20)
    order, number = goods.order(bread, flour, 5), f"BREAD-{goods.mark}"
    phone.flow("produce")
    phone.scan(order["name"])
    phone.page.wait_for_selector(".o_scan_prompt")
    phone.press(".o_scan_output")
    if quantity:
        phone.fill("quantity", quantity)
    phone.fill("number", number)
    phone.accept()
    phone.says("good", number)
    return order, number


def test_label_of_what_was_made_is_printed_at_once(phone, goods):
    _order, number = _produced(phone, goods)
    # Other goods of the same number do not come between.
    other = goods.product("Butter")
    goods.lot(other, number, 1)
    phone.fits("made")
    button = phone.page.locator(".o_scan_print_made")
    expect(button).to_contain_text(number)
    button.click()
    phone.page.wait_for_selector(".o_scan_draft")
    expect(phone.page.locator(".o_scan_draft")).to_contain_text("Bread")
    phone.choose("design_id", _design(goods))
    phone.accept()
    phone.says("good", number)
    _opens_label(phone)
    lots = goods.rpc(
        "stock.lot", "search_read", [("name", "=", number)], ["product_id"], order="id"
    )
    made = next(lot["id"] for lot in lots if lot["product_id"][0] != other["id"])
    printed = goods.rpc(
        "lot.label.line", "search_read", [("res_id", "in", [one["id"] for one in lots])], ["res_id"]
    )
    assert [line["res_id"] for line in printed] == [made]


# -- what was made ---------------------------------------------------------------------------------


def test_what_was_made_is_taken_back_and_made_anew(phone, goods):
    order, number = _produced(phone, goods, "3")
    row = phone.page.locator(".o_scan_made")
    expect(row).to_contain_text(number)
    expect(row.locator(".o_scan_figures")).to_have_text(re.compile(r"^3\s*/\s*5"))
    phone.press(".o_scan_undo_made")
    phone.says("good", order["name"], "nothing is made")
    expect(row).to_have_count(0)
    expect(phone.page.locator(".o_scan_print_made")).to_have_count(0)
    state = goods.read("mrp.production", order["id"], "qty_producing", "lot_producing_ids")
    assert (state["qty_producing"], state["lot_producing_ids"]) == (0, [])
    # Without a link it is taken back on the screen at once, and sent later.
    phone.press(".o_scan_output")
    phone.fill("number", f"{number}-2")
    phone.accept()
    phone.says("good", f"{number}-2")
    expect(row.locator(".o_scan_figures")).to_have_text(re.compile(r"^5\s*/\s*5"))

    def work():
        phone.press(".o_scan_undo_made")
        phone.says("kept")
        expect(row).to_have_count(0)
        assert phone.waiting() == 1

    phone.without_link(work)
    expect(phone.page.locator(".o_scan_count")).to_have_count(0)
    phone.idle()
    assert goods.read("mrp.production", order["id"], "qty_producing")["qty_producing"] == 0


# -- a recall --------------------------------------------------------------------------------------


def test_lot_is_held_and_its_recall_begins(browser, server, goods):
    lot = goods.lot(goods.product("Flour"), f"K-{goods.mark}", 5)
    manager = goods.operator("lot_traceability.group_recall_manager")
    phone = Handheld(browser, {**server, **manager})
    phone.flow("hold")
    phone.scan(f"K-{goods.mark}")
    start = phone.page.locator(".o_scan_other_recall")
    expect(start).to_be_disabled()
    phone.fill("reason", "Glass in it")
    phone.fits("recall")
    start.click()
    phone.idle()
    phone.says("good", f"K-{goods.mark}")
    phone.fits("recall_open")
    state = goods.read("stock.lot", lot, "status_reason", "status_id")
    assert (state["status_reason"], state["status_id"][1]) == ("Glass in it", "On hold")
    scopes = goods.rpc("lot.recall.scope", "search_read", [("lot_ids", "in", [lot])], ["recall_id"])
    recall = scopes[0]["recall_id"][0]
    told = goods.read("lot.recall", recall, "name", "title", "state")
    assert (told["title"], told["state"]) == ("Glass in it", "suspected")
    link = phone.page.locator(".o_scan_recall")
    expect(link).to_contain_text(told["name"])
    assert link.get_attribute("href") == f"/odoo/lot.recall/{recall}"
    # The next one is another matter.
    phone.scan(f"K-{goods.mark}")
    phone.fill("reason", "Once more")
    start.click()
    expect(phone.decision).to_contain_text(told["name"])
    phone.fits("recall_twice")
    phone.press(".o_scan_decision .o_scan_drop")
    assert phone.errors == []
    phone.context.close()


def test_recall_is_not_offered_to_who_may_not_start_one(phone, goods):
    goods.lot(goods.product("Flour"), f"K-{goods.mark}", 5)
    phone.flow("hold")
    phone.scan(f"K-{goods.mark}")
    phone.page.wait_for_selector("[data-slot=reason]")
    expect(phone.page.locator(".o_scan_other_recall")).to_have_count(0)


# -- first expired, first out ----------------------------------------------------------------------


def test_lot_before_its_turn_is_taken_for_a_reason_that_is_kept(phone, goods):
    curd = goods.fresh("Curd")
    shelf = goods.place("A1")
    first, later = f"FIRST-{goods.mark}", f"LATER-{goods.mark}"
    lots = {}
    for number, days in ((first, 20), (later, 40)):
        day = (datetime.now() + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")
        lots[number] = goods.lot(curd, number, 10, shelf, expiration_date=day, removal_date=day)
    delivery = goods.delivery(curd, 4)
    phone.flow("pick")
    phone.scan(delivery["name"])
    expect(phone.page.locator(".o_scan_prompt")).to_contain_text(first)
    phone.scan(later)
    phone.accept()
    expect(phone.decision).to_contain_text(first)
    phone.fits("fefo")
    phone.decision.locator("[data-choice=exception]").click()
    asked = phone.decision.locator("[data-slot=reason_id]")
    expect(asked).to_contain_text("Not reachable")
    expect(phone.page.locator(".o_scan_decide")).to_be_disabled()
    phone.choose("reason_id", "Damaged")
    phone.fill("note", "Wet carton")
    phone.fits("fefo_reason")
    phone.press(".o_scan_decide")
    phone.idle()
    phone.says("good", later)
    phone.press(".o_scan_finish")
    phone.says("good", delivery["name"])
    picks = goods.rpc(
        "lot.fefo.pick",
        "search_read",
        [("res_model", "=", "stock.picking"), ("res_id", "=", delivery["id"])],
        ["lot_id", "proposed_lot_id", "reason_id", "note"],
    )
    kept = [(one["lot_id"][0], one["proposed_lot_id"][0]) for one in picks]
    assert kept == [(lots[later], lots[first])]
    assert (picks[0]["reason_id"][1], picks[0]["note"]) == ("Damaged", "Wet carton")
