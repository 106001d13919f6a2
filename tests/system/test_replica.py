"""Odoo with a replica: what only reads is read there, and nobody notices when it is gone."""

import time

import pytest
import remote
import replicas

# The read that makes a trace, and the one that makes a board.
_TRACE, _FIGURES = "lot_genealogy_edge", "lot_figure"
_TOLD = "INSERT INTO lot_audit_event"


@pytest.fixture(scope="module")
def pair(demo_server):
    with replicas.pair(demo_server["db"]) as made:
        yield made


@pytest.fixture(scope="module")
def goods(pair):
    """A lot that was received and delivered in part, which the replica knows: {"lot", "name"}."""
    made = remote.receive_and_deliver(remote.Connection(pair.access), "REPLICA-1")
    pair.level()
    return made


def test_trace_of_a_program_is_read_from_the_replica_and_told_on_the_main_server(pair, goods):
    before = pair.traces_told(goods["lot"])
    with pair.asked() as asked:
        trace = pair.json2("lot.trace.trace", lot_ids=[goods["lot"]])
    assert [row["net"] for row in trace["deliveries"]] == [4.0]
    assert (trace["data_age_s"], [w["code"] for w in trace["warnings"]]) == (0.0, [])
    assert _TRACE in asked["second"]
    assert _TRACE not in asked["main"]
    assert _TOLD in asked["main"]
    assert pair.traces_told(goods["lot"]) == before + 1


def test_screen_export_and_board_are_read_from_the_replica(pair, goods):
    with pair.asked() as asked:
        drawn = pair.screen("lot.trace", "overview", [goods["lot"]], "both", 300)
        content = pair.file(f"/lot_traceability/export/xlsx?lot_ids={goods['lot']}")
        board = pair.screen("lot.figure", "board")
    assert [node["label"] for node in drawn["nodes"] if node["origin"]] == [goods["name"]]
    assert content.startswith(b"PK")
    assert board["areas"]
    assert _TRACE in asked["second"]
    assert _FIGURES in asked["second"]
    assert _TRACE not in asked["main"]
    assert f'FROM "{_FIGURES}"' not in asked["main"]


def test_receipt_is_written_on_the_main_server(pair, goods):
    with pair.asked() as asked:
        remote.move(remote.Connection(pair.access), goods, "in", {"name": "Second supplier"}, 5.0)
        pair.level()
    assert 'INSERT INTO "stock_move_line"' in asked["main"]
    assert "INSERT INTO" not in asked["second"]
    assert pair.json2("lot.trace.where_is", lot_ids=[goods["lot"]])[0]["quantity"] == 11.0


def test_replica_that_lags_says_how_old_its_answer_is(pair, goods):
    lot = [goods["lot"]]
    with pair.behind(limit=3600):
        remote.move(remote.Connection(pair.access), goods, "out", {"name": "Late shop"}, 1.0)
        time.sleep(6)  # what is younger than five seconds is not spoken of
        assert 5 < pair.screen("lot.health", "report")["checks"]["replica"]["age_seconds"] < 600
        trace = pair.json2("lot.trace.trace", lot_ids=lot)
        assert "Late shop" not in [row["partner"] for row in trace["deliveries"]]
        assert 5 < trace["data_age_s"] < 600
        (warning,) = [w for w in trace["warnings"] if w["code"] == "behind"]
        assert "seconds behind: what was booked after" in warning["message"]
        assert not trace["complete"]
        drawn = pair.screen("lot.trace", "overview", lot, "both", 300)
        assert "behind" in [w["code"] for w in drawn["warnings"]]
    trace = pair.json2("lot.trace.trace", lot_ids=lot)
    assert "Late shop" in [row["partner"] for row in trace["deliveries"]]
    assert (trace["data_age_s"], trace["complete"]) == (0.0, True)


def test_replica_that_lags_too_far_is_not_asked(pair, goods):
    before = pair.traces_told(goods["lot"])
    with pair.behind(limit=1):
        remote.move(remote.Connection(pair.access), goods, "out", {"name": "Far shop"}, 1.0)
        time.sleep(1.5)
        check = pair.screen("lot.health", "report")["checks"]["replica"]
        assert not check["ok"]
        assert "traces are read from the main server" in check["text"]
        with pair.asked() as asked:
            trace = pair.json2("lot.trace.trace", lot_ids=[goods["lot"]])
        assert "Far shop" in [row["partner"] for row in trace["deliveries"]]
        assert (trace["data_age_s"], trace["warnings"]) == (0.0, [])
        assert _TRACE in asked["main"]
        assert _TRACE not in asked["second"]
    assert pair.traces_told(goods["lot"]) == before + 1


def test_killed_replica_is_not_missed(pair, goods):
    assert pair.json2("lot.trace.trace", lot_ids=[goods["lot"]])["lots"]
    assert pair.screen("lot.health", "report")["checks"]["replica"]["ok"]
    pair.kill_replica()
    trace = pair.json2("lot.trace.trace", lot_ids=[goods["lot"]])
    assert trace["data_age_s"] == 0.0
    assert pair.file(f"/lot_traceability/export/xlsx?lot_ids={goods['lot']}").startswith(b"PK")
    remote.move(remote.Connection(pair.access), goods, "in", {"name": "Third supplier"}, 1.0)
    assert pair.screen("lot.figure", "board")["areas"]
    check = pair.screen("lot.health", "report")["checks"]["replica"]
    assert (check["ok"], "does not answer" in check["text"]) == (False, True)
    log = (pair.place.instance.folder / "odoo.log").read_text(encoding="utf-8")
    assert "Failed to open a readonly cursor, falling back to read-write cursor" in log
    assert "Traceback" not in log
