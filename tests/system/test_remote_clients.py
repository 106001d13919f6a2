"""Integrators trace a lot with the clients that they already have, over a running server.

The fixture `server` gives {"url", "db", "login", "password"}; the goods are moved through the
same interface, as an integration would do it.
"""

import uuid
import xmlrpc.client
from urllib.parse import urlsplit

import odooly
import odoorpc
import pytest
import remote


@pytest.fixture(scope="module")
def connection(server):
    return remote.Connection(server)


@pytest.fixture(scope="module")
def received(connection):
    """A lot that was received from a supplier and delivered in part: {"lot", "name", …}."""
    return remote.receive_and_deliver(connection, f"RC-{uuid.uuid4().hex[:8]}")


def test_xmlrpc_client_finds_and_traces_a_lot(connection, received):
    found = connection("lot.trace", "find", received["name"])
    assert found["lot_ids"] == [received["lot"]]
    trace = connection("lot.trace", "trace", found["lot_ids"], "both")
    assert [lot["name"] for lot in trace["lots"]] == [received["name"]]
    assert [row["partner"] for row in trace["receipts"]] == ["Remote supplier"]
    assert [(row["partner"], row["net"]) for row in trace["deliveries"]] == [("Remote shop", 4.0)]
    assert trace["deliveries"][0]["date"].endswith("+00:00")
    assert trace["on_hand"][0]["quantity"] == 6.0
    assert trace["complete"] is True


def test_xmlrpc_gets_every_answer_without_null(connection, received):
    for method in ("where_is", "who_received", "history", "mass_balance"):
        assert connection("lot.trace", method, [received["lot"]])
    balance = connection("lot.trace", "mass_balance", [received["lot"]])[0]
    assert (balance["received"], balance["delivered"], balance["on_hand"]) == (10.0, 4.0, 6.0)
    assert balance["difference"] == 0.0


def test_xmlrpc_unknown_lot_is_a_clear_fault(connection, expect_warning):
    expect_warning("do not exist (any more)")
    with pytest.raises(xmlrpc.client.Fault) as fault:
        connection("lot.trace", "trace", [2**31 - 1])
    assert "do not exist" in fault.value.faultString
    assert "Traceback" not in fault.value.faultString


def test_xmlrpc_cannot_call_a_private_method(connection, expect_warning):
    expect_warning("'lot.trace._trace') cannot be called remotely")
    with pytest.raises(xmlrpc.client.Fault):
        connection("lot.trace", "_trace", [1], "both")


def test_odoorpc_traces_a_lot(server, received):
    address = urlsplit(server["url"])
    odoo = odoorpc.ODOO(address.hostname, port=address.port)
    odoo.login(server["db"], server["login"], server["password"])
    trace = odoo.env["lot.trace"].trace([received["lot"]], "downstream")
    assert [row["partner"] for row in trace["deliveries"]] == ["Remote shop"]


def test_odooly_traces_a_lot(server, received, expect_warning):
    expect_warning("odoo.http: Access Denied")  # it asks for the list of databases first
    client = odooly.Client(server["url"], server["db"], server["login"], server["password"])
    # `client.env["lot.trace"]` would be refused: odooly lists no models without a table.
    trace = client.env.execute("lot.trace", "trace", [received["lot"]], "downstream")
    assert [row["partner"] for row in trace["deliveries"]] == ["Remote shop"]
