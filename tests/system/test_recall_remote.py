"""A recall from start to closed, and two people who start the same one, over XML-RPC on a running
server."""

import base64
import threading
import uuid
import xmlrpc.client

import pytest
import remote


@pytest.fixture
def connection(server):
    return remote.Connection(server)


@pytest.fixture
def second(server, connection):
    """Another person who may run recalls."""
    login = f"second-{uuid.uuid4().hex[:6]}"
    group = connection(
        "ir.model.data", "search_read", [("name", "=", "group_recall_manager")], ["res_id"]
    )[0]["res_id"]
    connection(
        "res.users",
        "create",
        {"name": "Second", "login": login, "password": login, "group_ids": [(4, group)]},
    )
    return remote.Connection({**server, "login": login, "password": login})


def _start(connection, lot: int, **values):
    return connection(
        "lot.recall",
        "start",
        [lot],
        {"title": "Glass in jars", "hazard": "Glass", "hazard_class": "1", **values},
    )


def test_recall_runs_from_start_to_closed(connection, second, expect_warning):
    expect_warning("Nothing is sent before a second person has approved it")
    name = f"RECALL-{uuid.uuid4().hex[:6]}"
    goods = remote.receive_and_deliver(connection, name)
    started = _start(connection, goods["lot"])
    recall, scope = started["id"], started["scope_id"]
    assert started["lots"] == 1

    digest = connection("lot.recall.scope", "freeze", scope)
    assert digest.startswith("v1$")
    assert connection("lot.recall", "stop", recall)["lots"] == 1
    lot = connection("stock.lot", "read", [goods["lot"]], ["status_id"])[0]
    assert lot["status_id"][1] == "Recalled"

    consignee = connection.one("lot.recall.consignee", [("recall_id", "=", recall)])
    connection("lot.recall.consignee", "write", [consignee], {"email": "shop@example.com"})
    connection("lot.recall", "action_write_letters", [recall])
    with pytest.raises(xmlrpc.client.Fault):
        connection("lot.recall", "send_letters", recall)
    second("lot.recall", "approve_letters", recall)
    assert connection("lot.recall", "send_letters", recall)["mail"] == 1
    cron = connection.one("ir.cron", [("code", "ilike", "_cron_send()")])
    connection("ir.cron", "method_direct_trigger", [cron])
    told = connection("lot.recall.consignee", "read", [consignee], ["state", "told_on"])[0]
    assert told["state"] == "told"

    line = connection.one("lot.recall.consignee.lot", [("consignee_id", "=", consignee)])
    connection(
        "lot.recall.consignee",
        "record_answer",
        consignee,
        {
            "name": "Ann Clerk",
            "followed": "yes",
            "lines": [{"line_id": line, "found": 3, "destroyed": 3, "consumed": 1}],
        },
    )
    drawn = connection("lot.recall", "draw_checks", recall, "A")
    connection("lot.recall.check", "write", drawn["added"], _all_is_well(connection))
    connection("lot.recall.check", "conclude", drawn["added"], "effective")

    _destroy(connection, recall, goods["lot"], 6.0)
    road = connection("lot.recall.freed", "search", [("recall_id", "=", recall)])
    connection("lot.recall.freed", "write", road, {"settled": True})
    balance = connection("lot.recall", "reconcile", recall)
    assert balance["closed"] is True, balance
    assert balance["accounted_percent"] == 100.0
    assert connection("lot.recall", "close", recall) == []
    assert connection("lot.recall", "read", [recall], ["state"])[0]["state"] == "closed"
    files = connection(
        "ir.attachment", "search_count", [("res_model", "=", "lot.recall"), ("res_id", "=", recall)]
    )
    assert files == 2


def _all_is_well(connection) -> dict[str, str]:
    names = ("received", "understood", "followed")
    answers = connection("lot.recall.check", "fields_get", list(names), ["selection"])
    return {name: answers[name]["selection"][0][0] for name in names}


def _destroy(connection, recall: int, lot: int, quantity: float) -> None:
    certificate = connection(
        "ir.attachment",
        "create",
        {"name": "certificate.txt", "datas": base64.b64encode(b"Destroyed").decode()},
    )
    disposition = connection(
        "lot.recall.disposition",
        "create",
        {
            "recall_id": recall,
            "lot_id": lot,
            "quantity": quantity,
            "kind": "destroy",
            "witness_name": "Notary",
            "attachment_ids": [(6, 0, [certificate])],
        },
    )
    connection("lot.recall.disposition", "do", disposition)


def test_two_people_start_the_same_recall_at_once_one_recall_comes_of_it(
    connection, second, expect_warning
):
    expect_warning("is open for")
    expect_warning("could not serialize")
    goods = remote.receive_and_deliver(connection, f"TWICE-{uuid.uuid4().hex[:6]}")
    answers = []

    def start(person):
        try:
            answers.append(_start(person, goods["lot"]))
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
