import doctest
import random

import pytest
from tools import trace_overview, trace_tables
from tools.trace_overview import build_overview
from tools.trace_tables import table_rows, totals

DOCUMENT = {"model": "mrp.production", "id": 7, "name": "MO/7"}


def _lot(key, level, product=None, **values):
    product = product if product is not None else abs(level) + 1
    side = "origin" if level == 0 else "downstream" if level > 0 else "upstream"
    return {
        "id": key,
        "name": f"L{key}",
        "product_id": product,
        "product": f"P{product}",
        "uom": "kg",
        "company_id": 1,
        "supplier_lot": False,
        "expiration_date": False,
        "removal_date": False,
        "side": side,
        "level": level,
        "certainty": "recorded",
        "reached": False,
        "before": False,
        "on_hand": 0.0,
    } | values


def _edge(key, parent, child, **values):
    return {
        "id": key,
        "parent_lot_id": parent,
        "child_lot_id": child,
        "kind": "production",
        "certainty": "recorded",
        "parent_quantity": 2.0,
        "child_quantity": 1.0,
        "date": "2026-11-01T10:00:00+00:00",
        "document": DOCUMENT,
        "before": False,
    } | values


def _delivery(lot, partner, **values):
    return {
        "lot_id": lot,
        "partner_id": partner,
        "partner": f"Customer {partner}",
        "quantity": 5.0,
        "returned": 0.0,
        "net": 5.0,
        "date": "2026-11-03T10:00:00+00:00",
        "document": {"model": "stock.picking", "id": partner, "name": f"OUT/{partner}"},
        "before": False,
    } | values


def _receipt(lot, partner, **values):
    return {
        "lot_id": lot,
        "partner_id": partner,
        "partner": f"Supplier {partner}",
        "quantity": 100.0,
        "date": "2026-10-30T10:00:00+00:00",
        "document": {"model": "stock.picking", "id": partner, "name": f"IN/{partner}"},
    } | values


def _trace(lots, edges=(), receipts=(), deliveries=(), **values):
    return {
        "origin": [lot["id"] for lot in lots if lot["side"] == "origin"],
        "direction": "both",
        "max_depth": 0,
        "lots": list(lots),
        "edges": list(edges),
        "receipts": list(receipts),
        "deliveries": list(deliveries),
        "partners": [],
        "on_hand": [],
        "scrapped": [],
        "warnings": [],
        "complete": True,
        "elapsed_ms": 1.0,
    } | values


def _wide_trace(count):
    """One lot, `count` lots made of it, each with a customer of its own."""
    lots = [_lot(1, 0)] + [_lot(10 + n, 1) for n in range(count)]
    edges = [_edge(n, 1, 10 + n) for n in range(count)]
    deliveries = [_delivery(10 + n, 100_000 + n) for n in range(count)]
    return _trace(lots, edges, [_receipt(1, 3)], deliveries)


@pytest.mark.parametrize("module", [trace_overview, trace_tables])
def test_doctests_pass(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_small_trace_draws_every_lot_and_partner():
    drawn = build_overview(_wide_trace(3))
    assert [node["key"] for node in drawn["nodes"]] == [
        "supplier:3",
        "lot:1",
        "lot:10",
        "lot:11",
        "lot:12",
        "customer:100000",
        "customer:100001",
        "customer:100002",
    ]
    assert [node["level"] for node in drawn["nodes"]] == [-1, 0, 1, 1, 1, 2, 2, 2]
    assert not drawn["summarised"]


def test_large_trace_is_summarised_and_no_lot_is_lost():
    drawn = build_overview(_wide_trace(5000), limit=50)
    by_key = {node["key"]: node for node in drawn["nodes"]}
    assert by_key["group:1:2"]["count"] == 5000
    assert by_key["customers:all"]["count"] == 5000
    assert by_key["group:1:2"]["filters"] == {"level": 1, "before": False, "product_id": 2}
    assert drawn["summarised"]
    (link,) = (link for link in drawn["links"] if link["target"] == "customers:all")
    assert (link["count"], link["label"]) == (5000, "25000 kg")


def test_small_group_stays_open_beside_a_large_one():
    lots = [_lot(1, 0)] + [_lot(n, 1, 2) for n in range(100, 500)] + [_lot(n, 1, 3) for n in (5, 6)]
    keys = {node["key"] for node in build_overview(_trace(lots), limit=20)["nodes"]}
    assert keys == {"lot:1", "group:1:2", "lot:5", "lot:6"}


def test_many_products_are_merged_into_one_group_of_the_generation():
    lots = [_lot(1, 0)] + [_lot(10 + n, 1, 10 + n) for n in range(200)]
    drawn = build_overview(_trace(lots), limit=30)
    (group,) = (node for node in drawn["nodes"] if node["kind"] == "group")
    assert (group["key"], group["count"], group["products"]) == ("group:1:0", 200, 200)
    assert "product_id" not in group["filters"]


@pytest.mark.parametrize("seed", range(8))
def test_random_trace_keeps_to_the_limit_and_to_every_member(seed):
    draw = random.Random(seed)
    lots = [_lot(1, 0)] + [
        _lot(n, draw.choice([-2, -1, 1, 2, 3]), draw.randint(1, 40), before=draw.random() < 0.1)
        for n in range(2, draw.randint(20, 900))
    ]
    trace = _trace(
        lots,
        receipts=[_receipt(draw.choice(lots)["id"], n) for n in range(draw.randint(1, 60))],
        deliveries=[_delivery(draw.choice(lots)["id"], n) for n in range(draw.randint(1, 400))],
    )
    for limit in (10, 12, 60, 300):
        nodes = build_overview(trace, limit)["nodes"]
        assert len(nodes) <= limit
        drawn_lots = sum(node["count"] for node in nodes if node["kind"] in ("lot", "group"))
        assert drawn_lots == len(lots)


def test_deep_chain_merges_the_furthest_generations():
    lots = [_lot(1, 0)] + [_lot(n, n, n) for n in range(2, 500)] + [_lot(900, -1, 900)]
    drawn = build_overview(_trace(lots), limit=20)
    assert len(drawn["nodes"]) <= 20
    assert sum(node["count"] for node in drawn["nodes"]) == len(lots)
    for group in (node for node in drawn["nodes"] if node["kind"] == "group"):
        rows = table_rows(_trace(lots), "lots", filters=group["filters"])
        assert rows["total"] == group["count"]


def test_hundreds_of_origins_are_grouped_by_product():
    lots = [_lot(n, 0, 1) for n in range(1, 1153)]
    drawn = build_overview(_trace(lots))
    (node,) = drawn["nodes"]
    assert (node["kind"], node["count"], node["origin"]) == ("group", 1152, True)


def test_before_lots_are_a_group_apart_and_not_affected():
    lots = [_lot(1, 0)]
    lots += [_lot(n, 1, 2, before=n % 2 == 0) for n in range(10, 110)]
    trace = _trace(lots, deliveries=[_delivery(10, 1, before=True), _delivery(11, 2)])
    drawn = build_overview(trace, limit=10)
    keys = {node["key"] for node in drawn["nodes"]}
    assert {"group:1:2", "group:1:2:before"} <= keys
    assert drawn["totals"]["affected_lots"] == 51
    assert drawn["totals"]["before_lots"] == 50
    assert drawn["totals"]["customers"] == 1
    assert drawn["totals"]["before_deliveries"] == 1


def test_links_of_different_units_have_no_sum():
    lots = [_lot(1, 0)] + [_lot(n, 1, n, uom="kg" if n % 2 else "pcs") for n in range(10, 60)]
    edges = [_edge(n, 1, n) for n in range(10, 60)]
    drawn = build_overview(_trace(lots, edges), limit=10)
    (link,) = drawn["links"]
    assert link["parent_quantity"] == 100.0 and link["parent_uom"] == "kg"
    assert link["child_quantity"] is False and link["child_uom"] is False


def test_links_of_recorded_and_inferred_edges_are_mixed():
    lots = [_lot(1, 0)] + [_lot(n, 1, 2) for n in range(10, 60)]
    edges = [_edge(n, 1, n, certainty="inferred" if n == 10 else "recorded") for n in range(10, 60)]
    (link,) = build_overview(_trace(lots, edges), limit=10)["links"]
    assert link["certainty"] == "mixed"


def test_delivery_without_partner_keeps_its_own_node():
    trace = _trace(
        [_lot(1, 0)], deliveries=[_delivery(1, 0) | {"partner_id": False, "partner": False}]
    )
    node = build_overview(trace)["nodes"][-1]
    assert (node["key"], node["label"], node["partner_id"]) == ("customer:0", "", False)


def test_delivered_total_is_net_of_returns_by_unit():
    lots = [_lot(1, 0), _lot(2, 1, uom="pcs")]
    deliveries = [_delivery(1, 1, quantity=8.0, returned=3.0, net=5.0), _delivery(2, 1)]
    assert totals(_trace(lots, deliveries=deliveries))["delivered"] == [
        {"uom": "kg", "quantity": 8.0, "returned": 3.0, "net": 5.0},
        {"uom": "pcs", "quantity": 5.0, "returned": 0.0, "net": 5.0},
    ]


def test_stock_of_upstream_lots_is_not_affected_stock():
    stock = {"location_id": 8, "location": "WH", "reserved": 0.0, "company_id": 1, "value": 0.0}
    trace = _trace(
        [_lot(1, 0), _lot(2, -1)],
        on_hand=[stock | {"lot_id": 1, "quantity": 4.0}, stock | {"lot_id": 2, "quantity": 9.0}],
    )
    assert totals(trace)["on_hand"] == [{"uom": "kg", "quantity": 4.0, "reserved": 0.0}]


def test_timeline_tells_a_production_once_for_all_its_components():
    lots = [_lot(1, 0, 1), _lot(2, -1, 2), _lot(3, -1, 3), _lot(4, -1, 3)]
    edges = [
        _edge(1, 2, 1, child_quantity=10.0),
        _edge(2, 3, 1, child_quantity=4.0),
        _edge(3, 4, 1, child_quantity=6.0, certainty="inferred"),
    ]
    trace = _trace(lots, edges, [_receipt(2, 3)], [_delivery(1, 9)])
    rows = table_rows(trace, "timeline")["rows"]
    assert [row["kind"] for row in rows] == ["receipt", "production", "delivery"]
    assert rows[1]["quantity"] == pytest.approx(10.0)
    assert rows[1]["certainty"] == "inferred"
    assert rows[1]["lot"] == "L1"


def test_rows_are_paged_without_gap_or_repeat():
    trace = _wide_trace(205)
    pages = [table_rows(trace, "lots", offset, 80) for offset in (0, 80, 160)]
    ids = [row["id"] for page in pages for row in page["rows"]]
    assert [page["total"] for page in pages] == [206] * 3
    assert len(ids) == len(set(ids)) == 206


def test_filter_restricts_rows_to_a_group_of_lots():
    lots = [_lot(1, 0), _lot(2, 1, 2), _lot(3, 1, 2), _lot(4, 1, 3), _lot(5, 2, 2)]
    edges = [_edge(1, 1, 2), _edge(2, 1, 4)]
    deliveries = [_delivery(2, 8), _delivery(4, 9)]
    partners = [
        {"id": 8, "name": "Eight", "role": "customer"},
        {"id": 9, "name": "Nine", "role": "customer"},
    ]
    trace = _trace(lots, edges, (), deliveries, partners=partners)
    wanted = {"level": 1, "product_id": 2, "before": False}
    assert [row["id"] for row in table_rows(trace, "lots", filters=wanted)["rows"]] == [2, 3]
    shown = table_rows(trace, "deliveries", filters=wanted)
    assert shown["total"] == 1
    assert shown["sums"] == [{"uom": "kg", "quantity": 5.0, "returned": 0.0, "net": 5.0}]
    assert table_rows(trace, "edges", filters=wanted)["total"] == 1
    assert [row["id"] for row in table_rows(trace, "customers", filters=wanted)["rows"]] == [8]


def test_trace_dict_is_left_as_it_was():
    trace = _wide_trace(3)
    table_rows(trace, "deliveries")
    build_overview(trace)
    assert "lot" not in trace["deliveries"][0]
    assert "kind" not in trace["lots"][0]
