"""The demo company is as `story.txt` and the README tell it: their figures are read from there."""

import io
import json
import re
import urllib.request
import xmlrpc.client
import zipfile
from collections import Counter
from datetime import datetime, timezone
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
import remote

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "lot_traceability" / "demo" / "story.txt"
FINISHED = "[RCAT] [L200] [R300] [D250]".split()


@pytest.fixture(scope="module")
def demo(demo_server):
    return remote.Connection(demo_server)


@pytest.fixture(scope="module")
def story():
    """The five things to try, each on one line."""
    text = STORY.read_text(encoding="utf-8")
    things = [" ".join(part.split()) for part in re.split(r"\n *\d\. ", text)]
    assert len(things) == 6, "story.txt has no five numbered things to try"
    return things[1:]


@pytest.fixture(scope="module")
def contaminated(demo, story):
    """The ids of the lot of the first thing to try."""
    (supplier_lot,) = re.findall(r"lot ([A-Z]+-\d+-[A-Z])", story[0])
    found = demo("lot.trace", "find", supplier_lot)
    assert found["matches"][0]["type"] == "supplier_lot"
    return found["lot_ids"]


@pytest.fixture(scope="module")
def trace(demo, contaminated):
    return demo("lot.trace", "trace", contaminated, "downstream")


def figures(text: str, pattern: str) -> list[int]:
    """The numbers where `#` stands in the pattern."""
    found = re.search(pattern.replace("#", r"([\d,]+)"), text)
    assert found, f"story.txt no longer says “{pattern}”: change this test as well"
    return [int(number.replace(",", "")) for number in found.groups()]


def quantity_in(rows: list[dict], unit: str, column: str = "quantity") -> float:
    return sum(row[column] for row in rows if row["uom"] == unit)


def page_of(connection, lots: list[int], direction: str) -> dict:
    """What the page of the trace shows first."""
    return connection("lot.trace", "overview", lots, direction)["totals"]


def received_by(trace: dict) -> set[str]:
    return {row["partner"] for row in trace["deliveries"] if not row["before"]}


def test_story_is_read_at_a_glance():
    lines = STORY.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line]) <= 18
    assert max(map(len, lines)) <= 96


def test_contaminated_lot_went_where_the_story_says(story, trace):
    lots = [lot for lot in trace["lots"] if lot["side"] == "downstream"]
    finished = [lot for lot in lots if lot["product"].startswith(tuple(FINISHED))]
    assert [len(lots), len(finished)] == figures(story[0], "into # lots, # of them finished")
    assert trace["complete"]
    assert max(lot["level"] for lot in lots) == 3


def test_contaminated_lot_has_the_customers_and_stock_of_the_story(
    demo, story, contaminated, trace
):
    page = page_of(demo, contaminated, "both")
    assert [page["customers"], page["deliveries"]] == figures(
        story[0], "# customers had # deliveries"
    )
    assert len(received_by(trace)) == page["customers"]
    assert [
        quantity_in(page["delivered"], "Units", column) for column in ("returned", "net")
    ] == figures(story[0], "after # packs returned, have #")
    stock = page["on_hand"]
    assert [
        quantity_in(stock, "Units"),
        quantity_in(stock, "kg"),
        quantity_in(stock, "Units", "reserved"),
    ] == figures(story[0], "Left are # packs and # kg, of which # packs")


def test_customer_of_a_lot_that_was_topped_up_later_is_apart(story, trace):
    (row,) = [row for row in trace["deliveries"] if row["before"]]
    assert f": {row['partner']} had" in story[0]
    assert [row["quantity"]] == figures(story[0], "had # bags")
    assert row["partner"] not in received_by(trace)


def test_returns_and_scrap_of_the_contaminated_lot_are_seen(demo, contaminated, trace):
    returned = [row for row in trace["deliveries"] if row["returned"]]
    assert {row["net"] == 0 for row in returned} == {True, False}, "one in full, one in part"
    assert len(trace["scrapped"]) == 2
    places = {row["location"] for row in trace["on_hand"]}
    assert places == {"P2/Stock", "DC/Stock", "DC/Returns"}
    assert {edge["kind"] for edge in trace["edges"]} == {"production", "unbuild"}


def test_mass_balance_accounts_for_every_unit_of_every_lot(demo, contaminated):
    (balance,) = demo("lot.trace", "mass_balance", contaminated)
    assert balance["received"] == 400
    assert balance["consumed"] + balance["scrapped"] + balance["on_hand"] == 400
    rows = demo("lot.trace", "mass_balance", demo("stock.lot", "search", []))
    assert [row["lot"] for row in rows if row["difference"]] == []


def test_complaint_leads_to_the_suppliers_of_the_story(demo, story, contaminated):
    (number,) = re.findall(r"DC/OUT/\d+", story[1])
    found = demo("lot.trace", "find", number)
    page = page_of(demo, found["lot_ids"], "upstream")
    assert [page["upstream_lots"], page["suppliers"]] == figures(
        story[1], "# lots from # suppliers"
    )
    assert [page["inferred_lots"]] == figures(story[1], "Dashed are # lots")
    assert len(found["lot_ids"]) == 2
    for lot in found["lot_ids"]:
        upstream = demo("lot.trace", "trace", [lot], "upstream")
        assert contaminated[0] in [row["id"] for row in upstream["lots"]]
    (picking,) = demo(
        "stock.picking", "search_read", [("name", "=", number)], ["partner_id", "state"]
    )
    assert picking["state"] == "done"
    assert picking["partner_id"][1] in story[1]


def test_uncertain_lots_of_the_complaint_are_egg_oil_and_vinegar(demo, story):
    (number,) = re.findall(r"DC/OUT/\d+", story[1])
    trace = demo("lot.trace", "trace", demo("lot.trace", "find", number)["lot_ids"], "upstream")
    inferred = {lot["product"] for lot in trace["lots"] if lot["certainty"] == "inferred"}
    assert {name.split("]")[0] for name in inferred} == {"[EGG", "[OIL", "[VIN"}
    assert not trace["complete"]
    assert any("Dressing base (kettle)" in warning["message"] for warning in trace["warnings"])
    levels = [lot["level"] for lot in trace["lots"]]
    assert min(levels) == -4, "from the milk to the tub it is four levels"


@pytest.mark.parametrize("kind", ["xlsx", "pdf"])
def test_export_for_the_authority_is_a_file_with_every_customer(
    demo_server, story, contaminated, trace, kind
):
    assert kind.upper() in story[2]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    access = {name: demo_server[name] for name in ("db", "login", "password")}
    browser.open(
        urllib.request.Request(
            f"{demo_server['url']}/web/session/authenticate",
            json.dumps({"jsonrpc": "2.0", "params": access}).encode(),
            {"Content-Type": "application/json"},
        )
    )
    address = f"{demo_server['url']}/lot_traceability/export/{kind}?lot_ids={contaminated[0]}"
    content = browser.open(address).read()
    if kind == "pdf":
        assert content.startswith(b"%PDF-")
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            text = b"".join(book.read(name) for name in book.namelist()).decode()
        missing = [name for name in received_by(trace) if name.replace("&", "&amp;") not in text]
        assert missing == []


def test_program_gets_the_customers_of_the_story(demo, story, contaminated):
    rows = demo("lot.trace", "who_received", contaminated)
    assert [len(rows)] == figures(story[2], "same # customers")
    assert all(row["email"].endswith(".example") for row in rows)


@pytest.mark.parametrize("login", ["operator", "quality"])
def test_other_users_of_the_demo_trace_the_same_customers(demo_server, contaminated, trace, login):
    connection = remote.Connection({**demo_server, "login": login, "password": login})
    assert received_by(connection("lot.trace", "trace", contaminated)) == received_by(trace)


def as_user(demo_server, login: str) -> remote.Connection:
    return remote.Connection({**demo_server, "login": login, "password": login})


def test_cheese_out_of_limits_is_on_hold_until_quality_verifies_what_was_done(
    demo_server, story, expect_warning
):
    value, limits = re.search(r"pH ([\d.]+), limits ([\d.–]+),", story[3]).groups()
    quality, operator = (as_user(demo_server, login) for login in ("quality", "operator"))
    (action,) = quality("lot.corrective.action", "search_read", [("state", "=", "done")])
    assert action["name"] == f"pH {value} (limits {limits})"
    assert f"{action['owner_id'][1]} wrote down" in story[3]
    assert action["cause"]
    assert action["action"]
    names = ["status_reason", "product_qty", "product_id", "out_of_limits_count"]
    (lot,) = quality("stock.lot", "read", [action["lot_id"][0]], names)
    assert lot["status_reason"] == f"pH {value}, out of limits ({limits}), step: Storage"
    assert [lot["product_qty"]] == figures(story[3], "its # kg are on hold")
    newest = quality("stock.lot", "search", [("product_id", "=", lot["product_id"][0])])
    assert lot["id"] == max(newest)
    # Nobody releases it before, and nobody verifies what he did himself.
    expect_warning("is not verified")
    expect_warning("Only quality verifies corrective actions")
    with pytest.raises(xmlrpc.client.Fault, match="is not verified"):
        quality("stock.lot", "set_status", [lot["id"]], "released")
    with pytest.raises(xmlrpc.client.Fault, match="Only quality verifies"):
        operator("lot.corrective.action", "action_verify", [action["id"]])
    quality("lot.corrective.action", "action_verify", [action["id"]])
    quality("stock.lot", "set_status", [lot["id"]], "released")


def test_receipt_of_the_story_names_all_that_its_lots_lack(demo_server, story, expect_warning):
    expect_warning("These lots are not received before more is known of them")
    (number,) = re.findall(r"P2/IN/\d+", story[3])
    operator = as_user(demo_server, "operator")
    (picking,) = operator("stock.picking", "search", [("name", "=", number)])
    with pytest.raises(xmlrpc.client.Fault) as refused:
        operator("stock.picking", "button_validate", [picking])
    missing = [line for line in refused.value.faultString.splitlines() if line.startswith("- Lot")]
    assert [line.split(": ")[1] for line in missing] == [
        "harvest date, place of origin",
        "supplier's lot number, harvest date, place of origin",
    ]


def test_lots_of_the_demo_know_what_a_plant_knows(demo):
    def count(model, *domain):
        return demo(model, "search_count", list(domain))

    bought = ("made_order_id", "=", False), ("supplier_lot", "!=", False)
    known = {
        "origin": count("stock.lot", *bought, ("origin_place", "=", False)),
        "day": count(
            "stock.lot", *bought, ("production_date", "=", False), ("harvest_date", "=", False)
        ),
        "supplier": count("stock.lot", *bought, ("supplier_id", "=", False)),
    }
    assert known == dict.fromkeys(known, 0)
    there = {
        "readings": count("lot.measurement", ("conformity", "=", "in")) > 100,
        "critical": count("lot.measurement", ("critical", "=", True)) > 50,
        "verified": count("lot.corrective.action", ("state", "=", "verified")) > 0,
        "certificate": count("lot.measurement", ("attachment_ids", "!=", False)) == 1,
        "shelf life": count("lot.shelf.life") == 1,
    }
    assert [name for name, right in there.items() if not right] == []
    salads = demo(
        "stock.lot", "search_read", [("product_id.default_code", "=", "D250")], ["allergen_ids"]
    )
    assert {len(salad["allergen_ids"]) for salad in salads} == {2}, "milk, and eggs of the kettle"


def test_company_has_the_size_that_the_readme_says(demo):
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    (customers,) = map(int, re.findall(r"about (\d+) customers", readme))
    assert "two plants, a distribution centre" in readme
    assert len(demo("stock.warehouse", "search", [])) == 3
    assert 360 <= demo("stock.lot", "search_count", []) <= 440
    delivered = demo(
        "stock.picking",
        "search_read",
        [("picking_type_code", "=", "outgoing"), ("state", "=", "done"), ("sale_id", "!=", False)],
        ["partner_id"],
    )
    assert abs(len({row["partner_id"][0] for row in delivered}) - customers) <= 3


def test_every_kind_of_event_is_in_the_story(demo):
    def count(model, *domain):
        return demo(model, "search_count", list(domain))

    done = ("state", "=", "done")
    events = {
        "by-product": count("stock.move", done, ("byproduct_id", "!=", False)),
        "rework": count("mrp.production", done, ("bom_id", "=", False)),
        "unbuild": count("mrp.unbuild", done),
        "scrap": count("stock.scrap", done),
        "return of a customer": count(
            "stock.picking", done, ("return_id.picking_type_code", "=", "outgoing")
        ),
        "return to a supplier": count(
            "stock.picking", done, ("return_id.picking_type_code", "=", "incoming")
        ),
        "inferred link": count("lot.genealogy.edge", ("certainty", "=", "inferred")),
        "invoice": count("account.move", ("move_type", "=", "out_invoice")),
        "open order": count("stock.picking", ("state", "=", "assigned")),
    }
    assert [name for name, number in events.items() if not number] == []
    orders = demo("mrp.production", "search_read", [done], ["lot_producing_ids"])
    made = Counter(lot for order in orders for lot in order["lot_producing_ids"])
    assert [number for number in made.values() if number > 1] == [2], "one lot is topped up"


def test_nothing_is_left_undone_and_no_stock_is_negative(demo):
    assert demo("mrp.production", "search_count", [("state", "not in", ["done", "cancel"])]) == 0
    domain = [("location_id.usage", "=", "internal"), ("quantity", "<", 0)]
    assert demo("stock.quant", "search_read", domain, ["lot_id", "quantity"]) == []
    numbers = demo("mrp.production", "search_read", [], ["name"])
    assert {row["name"].split("/")[0] for row in numbers} == {"P1", "P2"}


def test_story_ends_before_today_with_the_romaine_still_fresh(demo, trace):
    pickings = demo("stock.picking", "search_read", [("state", "=", "done")], ["date_done"])
    dates = sorted(datetime.fromisoformat(row["date_done"]) for row in pickings)
    (receipt,) = trace["receipts"]
    received = datetime.fromisoformat(receipt["date"]).replace(tzinfo=None)
    assert dates[-1] < datetime.now(timezone.utc).replace(tzinfo=None)
    assert (dates[-1].date() - received.date()).days == 8
    assert (dates[-1].date() - dates[0].date()).days == 60
    (origin,) = [lot for lot in trace["lots"] if lot["side"] == "origin"]
    expiry = datetime.fromisoformat(origin["expiration_date"]).replace(tzinfo=None)
    assert (expiry.date() - dates[-1].date()).days == 5


def test_operator_finds_with_the_scan_app_what_is_left(demo_server, story):
    operator = as_user(demo_server, "operator")
    (typed,) = re.findall(r"type ([A-Z]+-\d+-[A-Z])", story[4])
    told = operator("lot.scan", "identify", typed)
    assert [quantity_in(told["lot"]["stock"], "kg")] == figures(story[4], r"# kg are left")
    assert {place["location"].split("/")[0] for place in told["lot"]["stock"]} == {"P2"}
    assert "hold" in {flow["code"] for flow in operator("lot.scan", "start")["flows"]}
