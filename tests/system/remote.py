"""What the tests over XML-RPC share: a connection, and goods moved through it."""

import xmlrpc.client
from functools import cached_property


class Connection:
    """`connection(model, method, *args)` as the user of `server`."""

    def __init__(self, server: dict):
        self.server = server

    @cached_property
    def uid(self) -> int:
        common = xmlrpc.client.ServerProxy(f"{self.server['url']}/xmlrpc/2/common")
        return common.authenticate(
            self.server["db"], self.server["login"], self.server["password"], {}
        )

    def __call__(self, model: str, method: str, *args, **kwargs):
        proxy = xmlrpc.client.ServerProxy(f"{self.server['url']}/xmlrpc/2/object")
        return proxy.execute_kw(
            self.server["db"], self.uid, self.server["password"], model, method, args, kwargs
        )

    def one(self, model: str, domain: list) -> int:
        return self(model, "search", domain, limit=1)[0]


def receive_and_deliver(connection: Connection, name: str) -> dict:
    """A lot called `name`: 10 received from “Remote supplier”, 4 delivered to “Remote shop”."""
    product = connection(
        "product.product",
        "create",
        {"name": f"Goods {name}", "is_storable": True, "tracking": "lot"},
    )
    lot = connection("stock.lot", "create", {"name": name, "product_id": product})
    goods = {"lot": lot, "name": name, "product": product}
    move(connection, goods, "in", {"name": "Remote supplier"}, 10.0)
    move(connection, goods, "out", {"name": "Remote shop"}, 4.0)
    return goods


def move(connection: Connection, goods: dict, way: str, partner: dict, quantity: float) -> None:
    """A transfer of a lot, validated: "in" from a new partner, or "out" to one.

    :param goods: as `receive_and_deliver` returns it
    :param partner: values of `res.partner`
    """
    operation = f"{way}_type_id"
    warehouse = connection(
        "stock.warehouse", "search_read", [], [operation, "lot_stock_id"], limit=1
    )[0]
    ends = [
        connection.one("stock.location", [("usage", "=", "supplier")]),
        warehouse["lot_stock_id"][0],
        connection.one("stock.location", [("usage", "=", "customer")]),
    ]
    source, target = ends[:2] if way == "in" else ends[1:]
    _transfer(
        connection,
        warehouse[operation][0],
        connection("res.partner", "create", partner),
        {"product_id": goods["product"], "lot_id": goods["lot"], "quantity": quantity},
        {"location_id": source, "location_dest_id": target},
    )


def _transfer(connection: Connection, operation: int, partner: int, goods: dict, way: dict) -> None:
    picking = connection(
        "stock.picking",
        "create",
        {
            "picking_type_id": operation,
            "partner_id": partner,
            "move_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": goods["product_id"],
                        "product_uom_qty": goods["quantity"],
                        "picked": True,
                        "move_line_ids": [(0, 0, goods | way)],
                        **way,
                    },
                )
            ],
            **way,
        },
    )
    connection("stock.picking", "button_validate", [picking], context={"skip_sms": True})
    state = connection("stock.picking", "read", [picking], ["state"])[0]["state"]
    assert state == "done", f"the transfer is {state}"
