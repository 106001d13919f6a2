"""Two months of the demo company's records under FSMA 204 are there and mostly complete."""

import pytest
import remote

CURRENT = [("replaced_by_id", "=", False), ("void", "=", False)]


@pytest.fixture(scope="module")
def demo(demo_server):
    return remote.Connection(demo_server)


def test_what_the_rule_asks_for_is_recorded_and_mostly_known(demo):
    kinds = {row["kind"] for row in demo("lot.fsma.event", "search_read", CURRENT, ["kind"])}
    assert kinds >= {"receiving", "shipping", "transformation"}
    missing = demo("lot.fsma.event", "search_count", [*CURRENT, ("missing", "!=", False)])
    assert 0 < missing < demo("lot.fsma.event", "search_count", CURRENT) / 5


def test_the_grower_that_tells_little_is_on_the_work_list(demo):
    domain = [("kind", "=", "receiving"), ("element_id.code", "=", "tlc_source")]
    rows = demo("lot.fsma.gap", "search_read", domain, ["partner_id"])
    assert {row["partner_id"][1] for row in rows} == {"Tansy Lane Produce"}


def test_the_contaminated_romaine_has_its_growers_code(demo):
    domain = [*CURRENT, ("kind", "=", "receiving"), ("tlc", "=", "GV-2291-B")]
    (event,) = demo("lot.fsma.event", "search_read", domain, ["source_place_id", "missing"])
    assert event["source_place_id"][1].startswith("Glenvarra Farms")
    assert not event["missing"]
