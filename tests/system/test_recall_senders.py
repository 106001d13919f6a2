"""Letters of a recall wait, and two senders take them at once: two transactions on the real server.

Whichever comes first, each consignee gets one letter.
"""

import threading
import uuid
import xmlrpc.client

import psycopg2
import pytest
import recalling
import remote

SHOPS = 8


@pytest.fixture
def connection(server):
    return remote.Connection(server)


@pytest.fixture
def addresses() -> list[str]:
    name = uuid.uuid4().hex[:8]
    return [f"{name}-{number}@example.com" for number in range(SHOPS)]


@pytest.fixture
def recall(connection, addresses) -> int:
    """A recall whose letters are approved and wait: a mail to each of these addresses."""
    second = recalling.second_person(connection)
    goods = remote.receive_and_deliver(connection, f"SENDERS-{uuid.uuid4().hex[:6]}")
    for address in addresses:
        remote.move(connection, goods, "out", {"name": address, "email": address}, 0.5)
    started = recalling.start(connection, [goods["lot"]])
    connection("lot.recall.scope", "freeze", started["scope_id"])
    connection("lot.recall", "action_write_letters", [started["id"]])
    second("lot.recall", "approve_letters", started["id"])
    assert connection("lot.recall", "send_letters", started["id"])["mail"] == SHOPS
    return started["id"]


@pytest.fixture
def senders(connection):
    """The job that sends, and the same job once more: Odoo lets each of them run once at a time,
    and both of them together."""
    job = connection.one("ir.cron", [("code", "ilike", "_cron_send()")])
    copy = connection("ir.cron", "copy", [job])
    copy = copy[0] if isinstance(copy, list) else copy
    yield job, copy
    connection("ir.cron", "unlink", [copy])


def _mails(connection, addresses: list[str]) -> list[str]:
    """To whom mails were made."""
    rows = connection("mail.mail", "search_read", [("email_to", "in", addresses)], ["email_to"])
    return sorted(row["email_to"] for row in rows)


def _states(connection, recall: int) -> set[str]:
    mine = [("recall_id", "=", recall), ("channel", "=", "mail")]
    return {row["state"] for row in connection("lot.recall.notice", "search_read", mine, ["state"])}


def test_two_senders_at_once_send_each_letter_once(connection, recall, addresses, senders):
    """And neither of them fails: the server's log would say so."""
    gate, answers = threading.Barrier(2), []

    def send(job):
        mine = remote.Connection(connection.server)
        assert mine.uid
        gate.wait(timeout=30)
        try:
            mine("ir.cron", "method_direct_trigger", [job])
            answers.append("ran")
        except xmlrpc.client.Fault as fault:
            answers.append(fault.faultString)

    threads = [threading.Thread(target=send, args=(job,)) for job in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert answers == ["ran", "ran"], answers
    assert _mails(connection, addresses) == sorted(addresses)
    assert _states(connection, recall) == {"sent"}


def test_what_another_sender_holds_is_left_to_it_and_sent_once_when_that_one_dies(
    server, connection, recall, addresses, senders, expect_warning
):
    expect_warning("processed no record")
    job, _copy = senders
    # The other one has claimed all of them, and not committed it yet.
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        cursor.execute(
            "UPDATE lot_recall_notice SET state = 'sending', claim = 'other' "
            "WHERE recall_id = %s AND channel = 'mail'",
            [recall],
        )
        assert cursor.rowcount == SHOPS
        connection("ir.cron", "method_direct_trigger", [job])
        assert _mails(connection, addresses) == []
        database.commit()
    # It dies here: the next run takes back what it had claimed.
    connection("ir.cron", "method_direct_trigger", [job])
    connection("ir.cron", "method_direct_trigger", [job])
    assert _mails(connection, addresses) == sorted(addresses)
    assert _states(connection, recall) == {"sent"}


def test_letter_to_a_consignee_that_somebody_changes_meanwhile_is_sent_once(
    server, connection, recall, addresses, senders, expect_warning
):
    expect_warning("could not serialize")
    job, _copy = senders
    send = threading.Thread(
        target=lambda: remote.Connection(server)("ir.cron", "method_direct_trigger", [job])
    )
    # Somebody writes to a consignee, and has not saved it yet when its letter is made.
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        cursor.execute(
            "UPDATE lot_recall_consignee SET contact_name = 'Ann' WHERE recall_id = %s", [recall]
        )
        send.start()
        send.join(timeout=5)
        assert send.is_alive(), "the sender did not come to the consignee"
        database.commit()
    send.join(timeout=120)
    assert _mails(connection, addresses) == sorted(addresses)
    assert _states(connection, recall) == {"sent"}
    names = connection(
        "lot.recall.consignee", "search_read", [("recall_id", "=", recall)], ["contact_name"]
    )
    assert {row["contact_name"] for row in names} == {"Ann"}
