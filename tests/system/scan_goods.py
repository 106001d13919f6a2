"""Goods for the tests of the Scan app, made over XML-RPC: products with codes, lots in stock, and
documents that wait for somebody with a handheld."""

import uuid
from datetime import date, timedelta

import remote

OPERATOR_GROUPS = (
    "lot_traceability.group_operator",
    "stock.group_stock_user",
    "mrp.group_mrp_user",
    "stock.group_production_lot",
    "stock.group_stock_multi_locations",
)
PASSWORD = "scan-" + uuid.uuid4().hex


def check_digit(digits: str) -> str:
    """The number with its check digit, as GS1 works it out."""
    total = sum(int(digit) * (3 - 2 * (place % 2)) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


class ScanGoods:
    """A small warehouse of its own for each test."""

    def __init__(self, server: dict):
        self.rpc = remote.Connection(server)
        # Names of one test are not those of another one in the same database.
        self.mark = uuid.uuid4().hex[:6].upper()
        self.warehouse = self.rpc(
            "stock.warehouse",
            "search_read",
            [],
            ["in_type_id", "out_type_id", "lot_stock_id"],
            limit=1,
        )[0]
        self.stock = self.warehouse["lot_stock_id"][0]

    def operator(self, *more: str, **values) -> dict:
        """An ordinary operator, or one of more groups: {"login", "password"}."""
        login = f"scan_{self.mark.lower()}_{uuid.uuid4().hex[:4]}"
        groups = [self.ref(name) for name in (*OPERATOR_GROUPS, *more)]
        self.rpc(
            "res.users",
            "create",
            {
                "name": f"Olga Operator {self.mark}",
                "login": login,
                "password": PASSWORD,
                "group_ids": [(6, 0, groups)],
                "odoobot_state": "disabled",
                **values,
            },
        )
        return {"login": login, "password": PASSWORD}

    def ref(self, name: str) -> int:
        module, _dot, key = name.partition(".")
        found = self.rpc(
            "ir.model.data",
            "search_read",
            [("module", "=", module), ("name", "=", key)],
            ["res_id"],
        )
        return found[0]["res_id"]

    # -- things ----------------------------------------------------------------------------------

    def product(self, name: str, tracking: str = "lot", **values) -> dict:
        """{"id", "gtin", "name"}"""
        number = f"95{int(self.mark, 16) % 10**6:06d}{uuid.uuid4().int % 10**5:05d}"
        gtin = check_digit(number)
        values = {
            "name": f"{name} {self.mark}",
            "is_storable": True,
            "tracking": tracking,
            "barcode": gtin.zfill(14),
            **values,
        }
        return {
            "id": self.rpc("product.product", "create", values),
            "gtin": gtin.zfill(14),
            "name": values["name"],
        }

    def fresh(self, name: str) -> dict:
        """A product that goes out by its dates."""
        strategy = self.ref("product_expiry.removal_fefo")
        values = {"name": f"Fresh {self.mark}", "removal_strategy_id": strategy}
        category = self.rpc("product.category", "create", values)
        return self.product(name, use_expiration_date=True, categ_id=category)

    def printer(self, name: str) -> dict:
        """One that is switched off: {"id", "name"}."""
        values = {"name": f"{name} {self.mark}", "host": "127.0.0.1", "port": 9199}
        return {"id": self.rpc("lot.label.printer", "create", values), **values}

    def place(self, name: str) -> dict:
        """{"id", "barcode", "name"}"""
        values = {
            "name": f"{name} {self.mark}",
            "location_id": self.stock,
            "usage": "internal",
            "barcode": f"LOC-{name}-{self.mark}",
        }
        return {"id": self.rpc("stock.location", "create", values), **values}

    def lot(
        self,
        product: dict,
        name: str,
        quantity: float = 0,
        place: dict | None = None,
        **more,
    ) -> int:
        """A lot, with so much of it in stock."""
        lot = self.rpc("stock.lot", "create", {"name": name, "product_id": product["id"], **more})
        if quantity:
            values = {
                "product_id": product["id"],
                "lot_id": lot,
                "location_id": place["id"] if place else self.stock,
                "inventory_quantity_auto_apply": quantity,
            }
            self.rpc("stock.quant", "create", values, context={"inventory_mode": True})
        return lot

    def label(self, product: dict, lot: str, days: int | None = None, quantity: int = 0) -> str:
        """What a scanner sends of a GS1 label."""
        expiry = (date.today() + timedelta(days=days)).strftime("%y%m%d") if days else ""
        parts = [f"01{product['gtin']}", f"17{expiry}" if expiry else "", f"10{lot}"]
        text = "".join(parts)
        return f"{text}\x1d37{quantity}" if quantity else text

    # -- documents -------------------------------------------------------------------------------

    def receipt(self, product: dict, quantity: float) -> dict:
        """A receipt that waits: {"id", "name"}."""
        return self._picking("in", product, quantity)

    def delivery(self, product: dict, quantity: float) -> dict:
        """A delivery whose goods are reserved: {"id", "name"}."""
        picking = self._picking("out", product, quantity)
        self.rpc("stock.picking", "action_assign", [picking["id"]])
        return picking

    def _picking(self, way: str, product: dict, quantity: float) -> dict:
        partner = self.rpc("res.partner", "create", {"name": f"Partner {self.mark}"})
        outside = self.rpc.one(
            "stock.location", [("usage", "=", "supplier" if way == "in" else "customer")]
        )
        ends = (outside, self.stock) if way == "in" else (self.stock, outside)
        way_of = {"location_id": ends[0], "location_dest_id": ends[1]}
        picking = self.rpc(
            "stock.picking",
            "create",
            {
                "picking_type_id": self.warehouse[f"{way}_type_id"][0],
                "partner_id": partner,
                **way_of,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product["id"],
                            "product_uom_qty": quantity,
                            **way_of,
                        },
                    )
                ],
            },
        )
        self.rpc("stock.picking", "action_confirm", [picking])
        return self.rpc("stock.picking", "read", [picking], ["name"])[0]

    def order(self, product: dict, component: dict, quantity: float) -> dict:
        """A manufacturing order that takes one component each: {"id", "name"}."""
        production = self.rpc(
            "mrp.production",
            "create",
            {
                "product_id": product["id"],
                "product_qty": quantity,
                "move_raw_ids": [
                    (0, 0, {"product_id": component["id"], "product_uom_qty": quantity})
                ],
            },
        )
        self.rpc("mrp.production", "action_confirm", [production])
        self.rpc("mrp.production", "action_assign", [production])
        return self.rpc("mrp.production", "read", [production], ["name"])[0]

    # -- what came of it -------------------------------------------------------------------------

    def read(self, model: str, record: int, *names: str) -> dict:
        return self.rpc(model, "read", [record], list(names))[0]

    def scans(self, **values) -> list[dict]:
        """What the server kept of scans, in the order in which it did them."""
        domain = [(name, "=", value) for name, value in values.items()]
        names = ["uid", "action", "text", "state", "message", "typed", "data"]
        return self.rpc("lot.scan", "search_read", domain, names, order="id")
