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
    warehouse = connection(
        "stock.warehouse",
        "search_read",
        [],
        ["in_type_id", "out_type_id", "lot_stock_id"],
        limit=1,
    )[0]
    stock = warehouse["lot_stock_id"][0]
    places = {
        usage: connection.one("stock.location", [("usage", "=", usage)])
        for usage in ("supplier", "customer")
    }
    for operation, partner, quantity, source, target in (
        ("in_type_id", "Remote supplier", 10.0, places["supplier"], stock),
        ("out_type_id", "Remote shop", 4.0, stock, places["customer"]),
    ):
        _transfer(
            connection,
            warehouse[operation][0],
            connection("res.partner", "create", {"name": partner}),
            {"product_id": product, "lot_id": lot, "quantity": quantity},
            {"location_id": source, "location_dest_id": target},
        )
    return {"lot": lot, "name": name, "product": product}


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
