"""What people do while a server is killed: receipts, deliveries, recalls with letters, sealing. It
keeps what was confirmed to them apart from what was under way."""

import http.client
import itertools
import threading
import time
import xmlrpc.client
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

LOTS_OF_A_RECALL = 3


class NotConfirmedError(Exception):
    """Nobody said that it is done: it may be, or not."""


class Client:
    """Odoo over XML-RPC, for one person."""

    def __init__(self, url: str, database: str, login: str = "admin", password: str = "admin"):  # noqa: S107
        self.url, self.database = url, database
        self.login, self.password = login, password
        self._uid = 0

    def __call__(self, model: str, method: str, *args, **kwargs):
        """The answer, or `NotConfirmedError`."""
        try:
            if not self._uid:
                common = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/common")
                self._uid = common.authenticate(self.database, self.login, self.password, {})
            proxy = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object")
            return proxy.execute_kw(
                self.database, self._uid, self.password, model, method, args, kwargs
            )
        # An answer that ends in its middle is no XML.
        except (OSError, http.client.HTTPException, xmlrpc.client.Error, ExpatError) as error:
            raise NotConfirmedError(_cause(error)) from error


def _cause(error: Exception) -> str:
    """
    >>> _cause(ConnectionRefusedError("no"))
    'ConnectionRefusedError'
    >>> _cause(xmlrpc.client.Fault(1, "Traceback:\\nKeyError: 1\\n"))
    'KeyError: 1'
    """
    if isinstance(error, xmlrpc.client.Fault):
        lines = [line for line in error.faultString.splitlines() if line.strip()]
        return lines[-1][:160] if lines else "Fault"
    return type(error).__name__


@dataclass
class Ledger:
    """What was confirmed, by many threads."""

    received: list[str] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    # Lots that were delivered and are in no recall yet.
    ready: list[int] = field(default_factory=list)
    recalls: dict[int, dict] = field(default_factory=dict)
    seals: int = 0
    causes: Counter = field(default_factory=Counter)
    # Somebody who works no more would prove nothing.
    broken: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def confirmed(self) -> int:
        """How much was confirmed up to now."""
        return (
            len(self.received)
            + len(self.delivered)
            + self.seals
            + sum(len(one) for one in self.recalls.values())
        )


@dataclass
class Plant:
    """Records that all work with."""

    product: int
    supplier: int
    shops: list[int]
    warehouse: dict
    places: tuple[int, int, int]
    crons: dict[str, int]
    second: dict[str, str]


def prepare(call: Client) -> Plant:
    """Make the records of the plant, and keep mails in Odoo's queue, where they are counted."""
    product = call(
        "product.product",
        "create",
        {"name": "Goods under fire", "is_storable": True, "tracking": "lot"},
    )
    shops = call(
        "res.partner",
        "create",
        [{"name": f"Shop {n}", "email": f"shop{n}@example.com"} for n in range(LOTS_OF_A_RECALL)],
    )
    supplier = call("res.partner", "create", {"name": "Supplier under fire"})
    warehouse = call(
        "stock.warehouse", "search_read", [], ["in_type_id", "out_type_id", "lot_stock_id"], limit=1
    )[0]
    ends = [call("stock.location", "search", [("usage", "=", u)], limit=1)[0] for u in _ENDS]
    crons = {
        code: call("ir.cron", "search", [("code", "ilike", code), ("model_id.model", "=", model)])[
            0
        ]
        for code, model in (
            ("_cron_seal()", "lot.audit.sealer"),
            ("_cron_send()", "lot.recall.sender"),
        )
    }
    queue = call("ir.cron", "search", [("code", "ilike", "process_email_queue")])
    call("ir.cron", "write", queue, {"active": False})
    group = call(
        "ir.model.data", "search_read", [("name", "=", "group_recall_manager")], ["res_id"]
    )[0]["res_id"]
    second = {"login": "second-person", "password": "second-person"}
    call("res.users", "create", {**second, "name": "Second", "group_ids": [(4, group)]})
    places = (ends[0], warehouse["lot_stock_id"][0], ends[1])
    return Plant(product, supplier, shops, warehouse, places, crons, second)


_ENDS = ("supplier", "customer")


def _run(call: Client, cron: int) -> bool:
    """Do a scheduled action now; where it fails Odoo answers with a dialog that says so."""
    answer = call("ir.cron", "method_direct_trigger", [cron])
    if answer is not True:
        raise NotConfirmedError(str(answer)[-300:])
    return True


def _all_recalled(call: Client, lots: list[int]) -> bool:
    domain = [("id", "in", lots), ("status_id.code", "=", "recalled")]
    return call("stock.lot", "search_count", domain) == len(lots)


class Work:
    """Threads that work until they are told to stop."""

    def __init__(self, client, plant: Plant):
        self._client, self._plant = client, plant
        self.ledger = Ledger()
        self._stop = threading.Event()
        jobs = [self._move, self._move, self._recall, self._seal]
        self._threads = [
            threading.Thread(target=self._run, args=(job, number), daemon=True)
            for number, job in enumerate(jobs)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each finish what it is at."""
        self._stop.set()
        for thread in self._threads:
            thread.join(120)

    def _run(self, job, number: int) -> None:
        call = self._client()
        for turn in itertools.count():
            if self._stop.is_set():
                return
            try:
                job(call, f"{number}-{turn:05}")
            except NotConfirmedError as error:
                self._note(error)
            except Exception as error:
                with self.ledger.lock:
                    self.ledger.broken.append(f"{job.__name__} ended with {error!r}")
                raise

    def _move(self, call: Client, name: str) -> None:
        """A lot is received, and a part of it delivered."""
        lot = self._receive(call, f"MOVE-{name}")
        shop = self._plant.shops[lot % len(self._plant.shops)]
        self._transfer(call, "out", shop, lot, 4.0)
        with self.ledger.lock:
            self.ledger.delivered.append(f"MOVE-{name}")
            self.ledger.ready.append(lot)

    def _receive(self, call: Client, name: str) -> int:
        with self.ledger.lock:
            self.ledger.begun.append(name)
        lot = call("stock.lot", "create", {"name": name, "product_id": self._plant.product})
        self._transfer(call, "in", self._plant.supplier, lot, 10.0)
        with self.ledger.lock:
            self.ledger.received.append(name)
        return lot

    def _transfer(self, call: Client, way: str, partner: int, lot: int, quantity: float) -> None:
        places = self._plant.places[:2] if way == "in" else self._plant.places[1:]
        ends = {"location_id": places[0], "location_dest_id": places[1]}
        goods = {"product_id": self._plant.product, "lot_id": lot, "quantity": quantity}
        move = {
            "product_id": self._plant.product,
            "product_uom_qty": quantity,
            "picked": True,
            "move_line_ids": [(0, 0, goods | ends)],
            **ends,
        }
        picking = call(
            "stock.picking",
            "create",
            {
                "picking_type_id": self._plant.warehouse[f"{way}_type_id"][0],
                "partner_id": partner,
                "move_ids": [(0, 0, move)],
                **ends,
            },
        )
        call("stock.picking", "button_validate", [picking], context={"skip_sms": True})

    def _recall(self, call: Client, name: str) -> None:
        """Lots that were delivered are recalled, with letters. Who was interrupted looks what is
        there, and goes on."""
        with self.ledger.lock:
            lots = self.ledger.ready[:LOTS_OF_A_RECALL]
            if len(lots) == LOTS_OF_A_RECALL:
                del self.ledger.ready[:LOTS_OF_A_RECALL]
        if len(lots) < LOTS_OF_A_RECALL:
            time.sleep(0.2)
            return
        told = {"title": f"Glass {name}", "hazard": "Glass", "hazard_class": "1"}
        recall = self._until(
            "started",
            lambda: call("lot.recall", "start", lots, told)["id"],
            lambda: (call("lot.recall", "search", [("title", "=", told["title"])]) or [0])[0],
        )
        self._confirm(recall, started=len(lots))
        second = self._client(self._plant.second)
        mine = [("recall_id", "=", recall)]
        scope = self._until("scope", lambda: call("lot.recall.scope", "search", mine)[0], lambda: 0)
        cron = self._plant.crons["_cron_send()"]

        def has(model: str, *more: tuple) -> bool:
            return call(model, "search_count", [*mine, *more]) > 0

        steps = {
            "frozen": (
                lambda: call("lot.recall.scope", "freeze", scope),
                lambda: has("lot.recall.scope", ("digest", "!=", False)),
            ),
            "stopped": (
                lambda: call("lot.recall", "stop", recall),
                lambda: _all_recalled(call, lots),
            ),
            "written": (
                lambda: call("lot.recall", "action_write_letters", [recall]),
                lambda: has("lot.recall.letter"),
            ),
            "approved": (
                lambda: second("lot.recall", "approve_letters", recall),
                lambda: has("lot.recall.letter", ("state", "=", "approved")),
            ),
            "queued": (
                lambda: call("lot.recall", "send_letters", recall),
                lambda: has("lot.recall.notice"),
            ),
            "sent": (
                lambda: _run(call, cron),
                lambda: not has("lot.recall.notice", ("state", "!=", "sent")),
            ),
        }
        for step, (do, there) in steps.items():
            self._until(step, do, there)
            self._confirm(recall, **{step: True})

    def _until(self, step: str, do, there):
        """Do it; while nobody confirms it, see whether it is there, and else do it again."""
        while True:
            try:
                return do()
            except NotConfirmedError as error:
                self._note(error, f"{step}: ")
            try:
                if found := there():
                    return found
            except NotConfirmedError as error:
                self._note(error, f"{step} looked for: ")
            if self._stop.is_set():
                raise NotConfirmedError("stopped")

    def _note(self, error: NotConfirmedError, step: str = "") -> None:
        with self.ledger.lock:
            self.ledger.causes[f"{step}{error}"] += 1
        time.sleep(0.2)

    def _confirm(self, recall: int, **steps) -> None:
        with self.ledger.lock:
            self.ledger.recalls.setdefault(recall, {}).update(steps)

    def _seal(self, call: Client, name: str) -> None:
        """What was committed is sealed, as each minute."""
        _run(call, self._plant.crons["_cron_seal()"])
        with self.ledger.lock:
            self.ledger.seals += 1
        time.sleep(0.3)
