"""What Locust's users do: each is logged in as an operator, and makes one document or asks one
question after the other, with a pause. Runs in Locust's own environment, without Odoo.

`LOAD_PLAN` is a file with what there is to work with, see `load.py`; each thing that is done is a
JSON line in the file `LOAD_DONE`: {"kind", "ms", …}.
"""

from __future__ import annotations

import json
import os
import random
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

from locust import HttpUser, between, events, task

PLAN = json.loads(Path(os.environ["LOAD_PLAN"]).read_text(encoding="utf-8"))
DONE = Path(os.environ["LOAD_DONE"]).open("a", encoding="utf-8")  # noqa: SIM115  until the end
_PEOPLE = iter(range(1_000_000))


@events.test_stop.add_listener
def _close(**_told) -> None:
    DONE.flush()


class RefusedError(Exception):
    """The server answered with an error; Locust has counted it."""


class Operator(HttpUser):
    """Somebody in the warehouse, the office or the quality department."""

    wait_time = between(PLAN["pause"] * 0.5, PLAN["pause"] * 1.5)

    def on_start(self) -> None:
        login = PLAN["logins"][next(_PEOPLE) % len(PLAN["logins"])]
        access = {"db": PLAN["db"], "login": login, "password": PLAN["password"]}
        self._post("login", "/web/session/authenticate", access)

    # -- what people do --------------------------------------------------------------------------

    @task(4)
    def scan(self) -> None:
        """A unit of a lot is put on the shelf, by a handheld."""
        lot = random.choice(PLAN["lots"])
        command = {
            "uid": str(uuid.uuid4()),
            "at": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S}Z",
            "flow": "move",
            "action": "move",
            "text": lot["name"],
            "data": {"quantity": 1, "from_id": PLAN["stock"], "to_id": PLAN["shelf"]},
        }
        device = {"uid": f"load-{id(self)}", "name": "Load", "waiting": 0}
        began = time.perf_counter()
        (answer,) = self._call("scan", "lot.scan", "send", [[command], device])
        if answer["state"] != "done":
            raise AssertionError(answer["message"])
        document = answer["document"]["id"]
        self._done("scan", began, lot=lot["id"], quantity=1, picking=document)

    @task(2)
    def receipt(self) -> None:
        """A new lot, with the next number, comes from the supplier."""
        quantity = random.randint(1, 50)
        began = time.perf_counter()
        vals = {"product_id": PLAN["product"]}
        (lot,) = self._call("receipt", "stock.lot", "create", [[vals]])
        picking = self._transfer("receipt", "in", lot, quantity)
        self._done("receipt", began, lot=lot, quantity=quantity, picking=picking)

    @task(3)
    def delivery(self) -> None:
        """Some of a lot that others take from as well goes to the customer."""
        lot, quantity = random.choice(PLAN["lots"])["id"], random.randint(1, 5)
        began = time.perf_counter()
        picking = self._transfer("delivery", "out", lot, quantity)
        self._done("delivery", began, lot=lot, quantity=quantity, picking=picking)

    @task(2)
    def order(self) -> None:
        """A customer orders, and the goods are reserved."""
        line = {"product_id": PLAN["product"], "product_uom_qty": 3}
        vals = {"partner_id": PLAN["customer"], "order_line": [(0, 0, line)]}
        began = time.perf_counter()
        (order,) = self._call("order", "sale.order", "create", [[vals]])
        self._call("order", "sale.order", "action_confirm", [[order]])
        self._done("order", began, order=order)

    @task(4)
    def trace(self) -> None:
        """Where did a lot go?"""
        lot = random.choice(PLAN["lots"])["id"]
        began = time.perf_counter()
        answer = self._call("trace", "lot.trace", "overview", [[lot], "both", 300])
        if answer["origin"] != [lot]:
            raise AssertionError(answer["origin"])
        self._done("trace", began, lot=lot)

    # -- how -------------------------------------------------------------------------------------

    def _transfer(self, kind: str, way: str, lot: int, quantity: int) -> int:
        place = PLAN[way]
        ends = {"location_id": place["from"], "location_dest_id": place["to"]}
        goods = {"product_id": PLAN["product"], "lot_id": lot, "quantity": quantity}
        move = {
            "product_id": PLAN["product"],
            "product_uom_qty": quantity,
            "picked": True,
            "move_line_ids": [(0, 0, {**goods, **ends})],
            **ends,
        }
        vals = {"picking_type_id": place["type"], "partner_id": place["partner"], **ends}
        vals["move_ids"] = [(0, 0, move)]
        (picking,) = self._call(kind, "stock.picking", "create", [[vals]])
        self._call(kind, "stock.picking", "button_validate", [[picking]], {"skip_sms": True})
        return picking

    def _call(self, kind: str, model: str, method: str, args: list, context: dict | None = None):
        call = {"model": model, "method": method, "args": args}
        call["kwargs"] = {"context": context or {}}
        return self._post(kind, "/web/dataset/call_kw", call)

    def _post(self, kind: str, path: str, params: dict):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        with self.client.post(path, json=body, name=kind, catch_response=True) as response:
            answer = response.json() if response.ok else {"error": {"message": response.reason}}
            if "error" in answer:
                error = answer["error"]
                message = (error.get("data") or {}).get("message") or error["message"]
                response.failure(f"{kind}: {message}")
                raise RefusedError(message)
        return answer["result"]

    def _done(self, kind: str, began: float, **what) -> None:
        ms = round((time.perf_counter() - began) * 1000, 1)
        DONE.write(json.dumps({"kind": kind, "ms": ms, **what}) + "\n")
        DONE.flush()
