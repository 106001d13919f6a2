"""A recall from start to closed, and two people who start the same one, over XML-RPC on a running
server; and that of the demo's contaminated lot."""

import re
import threading
import uuid
import xmlrpc.client

import pytest
import recalling
import remote

NOT_APPROVED = "Nothing is sent before a second person has approved it"


@pytest.fixture
def connection(server):
    return remote.Connection(server)


def test_recall_runs_from_start_to_closed(connection, expect_warning):
    expect_warning(NOT_APPROVED)
    second = recalling.second_person(connection)
    goods = remote.receive_and_deliver(connection, f"RECALL-{uuid.uuid4().hex[:6]}")
    started = recalling.start(connection, [goods["lot"]])
    recall = started["id"]
    assert started["lots"] == 1

    assert connection("lot.recall.scope", "freeze", started["scope_id"]).startswith("v1$")
    assert connection("lot.recall", "stop", recall)["lots"] == 1
    lot = connection("stock.lot", "read", [goods["lot"]], ["status_id"])[0]
    assert lot["status_id"][1] == "Recalled"

    consignee = connection.one("lot.recall.consignee", [("recall_id", "=", recall)])
    connection("lot.recall.consignee", "write", [consignee], {"email": "shop@example.com"})
    with pytest.raises(xmlrpc.client.Fault):
        connection("lot.recall", "send_letters", recall)
    assert recalling.tell(connection, second, recall)["mail"] == 1
    told = connection("lot.recall.consignee", "read", [consignee], ["state", "told_on"])[0]
    assert told["state"] == "told"

    assert recalling.answer_for_all(connection, recall) == 1
    assert recalling.check_all(connection, recall) == 1
    assert recalling.destroy_all(connection, recall, [goods["lot"]]) == 6.0
    recalling.settle_road(connection, recall)
    balance = connection("lot.recall", "reconcile", recall)
    assert balance["closed"] is True, balance
    assert balance["accounted_percent"] == 100.0
    assert connection("lot.recall", "close", recall) == []
    assert connection("lot.recall", "read", [recall], ["state"])[0]["state"] == "closed"
    files = connection(
        "ir.attachment", "search_count", [("res_model", "=", "lot.recall"), ("res_id", "=", recall)]
    )
    assert files == 2


def test_two_people_start_the_same_recall_at_once_one_recall_comes_of_it(
    connection, expect_warning
):
    expect_warning("is open for")
    expect_warning("could not serialize")
    second = recalling.second_person(connection)
    goods = remote.receive_and_deliver(connection, f"TWICE-{uuid.uuid4().hex[:6]}")
    answers = []

    def start(person):
        try:
            answers.append(recalling.start(person, [goods["lot"]]))
        except xmlrpc.client.Fault as fault:
            answers.append(fault.faultString)

    threads = [threading.Thread(target=start, args=(one,)) for one in (connection, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    started = [one for one in answers if isinstance(one, dict)]
    refused = [one for one in answers if isinstance(one, str)]
    assert len(started) == 1, answers
    assert len(refused) == 1
    assert f"{started[0]['name']} is open for" in refused[0]


def test_recall_of_the_contaminated_lot_of_the_demo_closes_at_100_percent(demo_server):
    demo = remote.Connection(demo_server)
    second = recalling.second_person(demo)
    (lot,) = demo("lot.trace", "find", "GV-2291-B")["lot_ids"]
    started = recalling.start(
        demo, [lot], title="Listeria in romaine", hazard="Listeria monocytogenes"
    )
    recall = started["id"]
    assert started["lots"] == 12, "as the story tells: it, and 11 that it went into"
    assert re.fullmatch(
        r"v1\$[0-9a-f]{64}", demo("lot.recall.scope", "freeze", started["scope_id"])
    )
    stopped = demo("lot.recall", "stop", recall)
    assert stopped["lots"] == 12
    queued = recalling.tell(demo, second, recall)
    assert sum(queued[way] for way in ("mail", "print", "phone")) >= 19
    assert recalling.answer_for_all(demo, recall) == 19
    assert recalling.check_all(demo, recall) == 19
    lots = demo(
        "lot.recall.lot",
        "search_read",
        [("recall_id", "=", recall), ("decision", "!=", "excluded")],
        ["lot_id"],
    )
    assert recalling.destroy_all(demo, recall, [row["lot_id"][0] for row in lots]) > 0
    recalling.settle_road(demo, recall)
    balance = demo("lot.recall", "reconcile", recall)
    assert (balance["closed"], balance["accounted_percent"]) == (True, 100.0), balance["gaps"]
    assert demo("lot.recall", "close", recall) == []
    drill = demo("lot.recall.drill", "run", lot)
    result = demo("lot.recall.drill", "read", [drill], ["lot_count", "seconds", "in_time"])[0]
    assert (result["lot_count"], result["in_time"]) == (12, True)
