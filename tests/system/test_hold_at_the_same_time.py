"""A lot is put on hold while somebody delivers it: two transactions at once, on the real server.

Whichever comes first, no delivery ends after the hold.
"""

import threading
import xmlrpc.client

import psycopg2
import pytest
import remote


@pytest.fixture
def connection(server):
    return remote.Connection(server)


def _delivery(connection, goods) -> int:
    """A delivery of 1 of the lot, picked and not validated."""
    warehouse = connection(
        "stock.warehouse", "search_read", [], ["out_type_id", "lot_stock_id"], limit=1
    )[0]
    way = {
        "location_id": warehouse["lot_stock_id"][0],
        "location_dest_id": connection.one("stock.location", [("usage", "=", "customer")]),
    }
    line = {"product_id": goods["product"], "lot_id": goods["lot"], "quantity": 1.0, **way}
    move = {
        "product_id": goods["product"],
        "product_uom_qty": 1.0,
        "picked": True,
        "move_line_ids": [(0, 0, line)],
        **way,
    }
    return connection(
        "stock.picking",
        "create",
        {"picking_type_id": warehouse["out_type_id"][0], "move_ids": [(0, 0, move)], **way},
    )


def test_delivery_waits_for_the_hold_and_is_refused(server, connection, expect_warning):
    expect_warning("These lots may not go")
    goods = remote.receive_and_deliver(connection, "RACE-1")
    picking = _delivery(connection, goods)
    hold = connection.one("lot.status", [("code", "=", "hold")])
    answers = []

    def validate():
        try:
            context = {"skip_sms": True}
            connection("stock.picking", "button_validate", [picking], context=context)
            answers.append("delivered")
        except xmlrpc.client.Fault as fault:
            answers.append(fault.faultString)

    # The hold is written and not yet committed when the delivery comes.
    with psycopg2.connect(dbname=server["db"]) as database, database.cursor() as cursor:
        cursor.execute("UPDATE stock_lot SET status_id = %s WHERE id = %s", [hold, goods["lot"]])
        delivery = threading.Thread(target=validate)
        delivery.start()
        delivery.join(timeout=3)
        assert delivery.is_alive(), f"the delivery did not wait: {answers}"
        database.commit()
    delivery.join(timeout=60)
    assert len(answers) == 1
    assert "On hold" in answers[0]
    state = connection("stock.picking", "read", [picking], ["state"])[0]["state"]
    assert state != "done"
