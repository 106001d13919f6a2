"""Each kind of work of the Scan app at the size of a phone: scanned by keys as a scanner types
them, done by an ordinary operator, and looked up in Odoo afterwards."""

import pytest
from browsing import chromium
from playwright.sync_api import expect
from scan_goods import ScanGoods
from scanning import Handheld

_FLOWS = "lookup receive pick produce move count hold return scrap".split()


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


def test_first_screen_offers_each_kind_of_work(phone):
    tiles = phone.page.locator(".o_scan_tile")
    offered = [tile.get_attribute("data-flow") for tile in tiles.all()]
    assert [code for code in offered if code in _FLOWS] == _FLOWS
    for tile in tiles.all():
        assert tile.bounding_box()["height"] >= 48
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_scan_on_the_first_screen_is_looked_up(phone, goods):
    flour = goods.product("Flour", use_expiration_date=True)
    shelf = goods.place("A1")
    goods.lot(flour, f"F-{goods.mark}", 12, shelf)
    phone.scan(goods.label(flour, f"F-{goods.mark}", days=20, quantity=3))
    phone.shows(f"F-{goods.mark}", flour["name"], "Released", shelf["name"], "12")
    fields = phone.fields()
    assert fields["10"] == f"F-{goods.mark}"
    assert fields["37"].startswith("3")
    assert sorted(fields) == ["01", "10", "17", "37"]
    phone.press(".o_scan_trace_button")
    expect(phone.page.locator(".o_scan_trace dd")).to_have_count(3)


def test_what_is_unknown_or_broken_is_said_in_a_sentence(phone, goods):
    phone.flow("lookup")
    phone.scan(f"NOBODY-{goods.mark}")
    phone.says("bad")
    phone.scan("]C1010952012345678910L")
    phone.says("bad", "check digit")
    phone.scan("(01)09520123456788(01)09520123456788")
    phone.says("bad")


def test_goods_are_received_and_only_what_is_missing_is_asked(phone, goods):
    flour = goods.product("Flour", use_expiration_date=True, expiration_time=30)
    receipt = goods.receipt(flour, 30)
    phone.flow("receive")
    phone.scan(receipt["name"])
    phone.shows("Scan the supplier's label")
    phone.scan(goods.label(flour, "SUP-1", days=60))
    expect(phone.page.locator(".o_scan_slot_missing")).to_have_count(1)
    phone.fill("quantity", "12")
    phone.accept()
    phone.says("good", "SUP-1")
    # All that this one needs stands on it: the next scan accepts it.
    phone.scan(goods.label(flour, "SUP-2", days=61, quantity=18))
    phone.page.wait_for_selector(".o_scan_draft")
    phone.scan("LT-OK")
    phone.says("good", "SUP-2")
    phone.press(".o_scan_finish")
    phone.says("good", receipt["name"])
    lots = goods.rpc(
        "stock.lot",
        "search_read",
        [("product_id", "=", flour["id"])],
        ["name", "supplier_lot", "product_qty"],
        order="id",
    )
    assert [lot["product_qty"] for lot in lots] == [12, 18]
    assert goods.read("stock.picking", receipt["id"], "state")["state"] == "done"


def test_what_is_not_complete_is_asked_at_the_end(phone, goods):
    flour = goods.product("Flour")
    receipt = goods.receipt(flour, 30)
    phone.flow("receive")
    phone.scan(receipt["name"])
    phone.page.wait_for_selector(".o_scan_prompt")
    phone.scan(goods.label(flour, "SUP-1", quantity=10))
    phone.accept()
    phone.press(".o_scan_finish")
    expect(phone.decision).to_contain_text("20")
    phone.decision.get_by_role("button", name="Leave the rest open").click()
    phone.says("good", receipt["name"])
    rest = goods.rpc(
        "stock.picking", "search_read", [("backorder_id", "=", receipt["id"])], ["state"]
    )
    assert [picking["state"] for picking in rest] == ["assigned"]


def test_goods_without_an_order_come_onto_one_receipt(phone, goods):
    flour = goods.product("Flour")
    phone.flow("receive")
    phone.press(".o_scan_blind")
    phone.page.wait_for_selector(".o_scan_work .o_scan_prompt")
    for number in ("B-1", "B-2"):
        phone.scan(goods.label(flour, number, quantity=5))
        phone.accept()
        phone.says("good", number)
    phone.press(".o_scan_finish")
    phone.idle()
    phone.says("good")
    moves = goods.rpc(
        "stock.move.line",
        "search_read",
        [("product_id", "=", flour["id"])],
        ["picking_id", "quantity", "state"],
    )
    assert {move["state"] for move in moves} == {"done"}
    assert len({move["picking_id"][0] for move in moves}) == 1


def test_goods_are_picked_and_a_held_lot_is_refused(phone, goods):
    flour = goods.product("Flour")
    shelf = goods.place("A1")
    number, held = f"P-{goods.mark}", f"Q-{goods.mark}"
    goods.lot(flour, number, 20, shelf)
    delivery = goods.delivery(flour, 12)
    bad = goods.lot(flour, held, 20, shelf)
    goods.rpc("stock.lot", "set_status", [bad], "hold", "Smells")
    phone.flow("pick")
    phone.scan(delivery["name"])
    expect(phone.page.locator(".o_scan_prompt")).to_contain_text(shelf["name"])
    expect(phone.page.locator(".o_scan_prompt")).to_contain_text(number)
    phone.scan(held)
    phone.accept()
    expect(phone.decision).to_contain_text(held)
    phone.press(".o_scan_decision .o_scan_drop")
    expect(phone.decision).to_have_count(0)
    phone.scan(number)
    phone.accept()
    phone.says("good", number)
    phone.press(".o_scan_finish")
    phone.says("good", delivery["name"])
    line = goods.rpc(
        "stock.move.line",
        "search_read",
        [("picking_id", "=", delivery["id"])],
        ["lot_id", "quantity", "state"],
    )
    assert [(one["lot_id"][1], one["quantity"], one["state"]) for one in line] == [
        (number, 12, "done")
    ]


def test_wrong_goods_for_an_order_are_refused_on_the_device(phone, goods):
    flour, sugar = goods.product("Flour"), goods.product("Sugar")
    goods.lot(flour, f"W-{goods.mark}", 20)
    goods.lot(sugar, f"X-{goods.mark}", 20)
    delivery = goods.delivery(flour, 5)
    phone.flow("pick")
    phone.scan(delivery["name"])
    phone.page.wait_for_selector(".o_scan_prompt")
    phone.scan(goods.label(sugar, f"X-{goods.mark}"))
    phone.says("bad", "not asked for", delivery["name"])
    assert goods.scans(text=f"X-{goods.mark}") == []


def test_lot_is_produced_from_scanned_components(phone, goods):
    flour, bread = goods.product("Flour"), goods.product("Bread")
    number = f"C-{goods.mark}"
    goods.lot(flour, number, 20)
    order = goods.order(bread, flour, 5)
    phone.flow("produce")
    phone.scan(order["name"])
    phone.page.wait_for_selector(".o_scan_prompt")
    phone.scan(number)
    phone.accept()
    phone.says("good", number)
    phone.press(".o_scan_output")
    phone.fill("number", f"BREAD-{goods.mark}")
    phone.accept()
    phone.says("good", f"BREAD-{goods.mark}")
    phone.press(".o_scan_finish")
    phone.says("good", order["name"])
    assert goods.read("mrp.production", order["id"], "state")["state"] == "done"
    made = goods.rpc("stock.lot", "search", [("name", "=", f"BREAD-{goods.mark}")])
    trace = goods.rpc("lot.trace", "trace", made, "upstream")
    assert number in [lot["name"] for lot in trace["lots"]]


def test_lot_is_moved_by_two_scans_and_a_label_that_says_ok(phone, goods):
    flour = goods.product("Flour")
    here, there = goods.place("A1"), goods.place("B2")
    lot = goods.lot(flour, f"M-{goods.mark}", 7, here)
    phone.flow("move")
    phone.scan(f"M-{goods.mark}")
    phone.page.wait_for_selector(".o_scan_draft")
    expect(phone.page.locator(".o_scan_accept")).to_contain_text("Scan the place")
    phone.scan(there["barcode"])
    expect(phone.page.locator(".o_scan_accept")).to_contain_text("OK")
    phone.scan("LT-OK")
    phone.says("good", there["name"])
    quants = goods.rpc(
        "stock.quant",
        "search_read",
        [("lot_id", "=", lot), ("quantity", ">", 0)],
        ["location_id", "quantity"],
    )
    assert [(one["location_id"][0], one["quantity"]) for one in quants] == [(there["id"], 7)]


def test_place_is_counted_blind_and_the_difference_is_applied(phone, goods):
    flour = goods.product("Flour")
    shelf = goods.place("A1")
    lot = goods.lot(flour, f"N-{goods.mark}", 13, shelf)
    phone.flow("count")
    phone.scan(shelf["barcode"])
    expect(phone.page.locator(".o_scan_prompt")).to_contain_text(shelf["name"])
    phone.scan(f"N-{goods.mark}")
    phone.page.wait_for_selector(".o_scan_draft")
    # Nobody is told what Odoo expects.
    expect(phone.page.locator(".o_scan_main")).not_to_contain_text("13")
    phone.fill("quantity", "11")
    phone.accept()
    phone.press(".o_scan_finish")
    expect(phone.page.locator(".o_scan_difference")).to_contain_text("-2")
    phone.page.locator(".o_scan_differences .o_scan_chip").first.click()
    phone.press(".o_scan_apply")
    phone.idle()
    phone.says("good")
    counted = goods.rpc(
        "stock.quant",
        "search_read",
        [("lot_id", "=", lot), ("location_id", "=", shelf["id"])],
        ["quantity", "inventory_quantity", "inventory_quantity_set"],
    )[0]
    applied = counted["quantity"] == 11
    left_for_others = counted["inventory_quantity_set"] and counted["inventory_quantity"] == 11
    assert applied or left_for_others


def test_lot_is_put_on_hold_with_a_reason(phone, goods):
    flour = goods.product("Flour")
    lot = goods.lot(flour, f"H-{goods.mark}", 5)
    phone.flow("hold")
    phone.scan(f"H-{goods.mark}")
    phone.fill("reason", "Smells of diesel")
    if phone.page.locator("[data-slot=status]").count():
        phone.choose("status", "On hold")
    phone.accept()
    phone.says("good", f"H-{goods.mark}")
    assert goods.read("stock.lot", lot, "status_reason")["status_reason"] == "Smells of diesel"


def test_goods_come_back_from_a_customer(phone, goods):
    flour = goods.product("Flour")
    number = f"R-{goods.mark}"
    lot = goods.lot(flour, number, 9)
    delivery = goods.delivery(flour, 4)
    goods.rpc("stock.picking", "button_validate", [delivery["id"]], context={"skip_sms": True})
    assert goods.read("stock.picking", delivery["id"], "state")["state"] == "done"
    phone.flow("return")
    phone.press(".o_scan_blind")
    phone.page.wait_for_selector(".o_scan_work .o_scan_prompt")
    phone.scan(number)
    phone.fill("quantity", "3")
    phone.fill("reason", "Too old")
    phone.accept()
    phone.says("good", number)
    phone.press(".o_scan_finish")
    phone.idle()
    phone.says("good")
    back = goods.rpc(
        "stock.move.line",
        "search_read",
        [("lot_id", "=", lot), ("location_id.usage", "=", "customer")],
        ["quantity", "state"],
    )
    assert [(one["quantity"], one["state"]) for one in back] == [(3, "done")]


def test_lot_is_scrapped(phone, goods):
    flour = goods.product("Flour")
    shelf = goods.place("A1")
    lot = goods.lot(flour, f"S-{goods.mark}", 15, shelf)
    phone.flow("scrap")
    phone.scan(f"S-{goods.mark}")
    phone.fill("quantity", "2")
    phone.fill("reason", "Broken bag")
    phone.accept()
    phone.says("good", f"S-{goods.mark}")
    scrapped = goods.rpc("stock.scrap", "search_read", [("lot_id", "=", lot)], ["scrap_qty"])
    assert [one["scrap_qty"] for one in scrapped] == [2]
