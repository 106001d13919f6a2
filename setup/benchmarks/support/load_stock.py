"""What the users of the load test work with, and whether all of it is there afterwards."""

from __future__ import annotations

from collections import Counter

from odoo.fields import Command

from . import databases

LOTS = 40
EACH = 100_000.0
PEOPLE = 10
PASSWORD = "load-of-fifty-people"  # noqa: S105  of users in a database that is dropped
_GROUPS = (
    "lot_traceability.group_operator",
    "stock.group_stock_user",
    "stock.group_production_lot",
    "stock.group_stock_multi_locations",
    "sales_team.group_sale_salesman",
)


def prepare(database: str, pause: float) -> dict:
    """Lots in stock, a supplier, a customer and people; the plan that `load_users.py` reads."""
    with databases.environment(database) as env:
        warehouse = env["stock.warehouse"].search([], limit=1)
        stock = warehouse.lot_stock_id
        shelf = env["stock.location"].create({"name": "Shelf", "location_id": stock.id})
        product = env["product.product"].create(
            {"name": "Load goods", "is_storable": True, "tracking": "lot", "list_price": 2}
        )
        lots = env["stock.lot"].create(
            [{"name": f"LOAD-{n:03}", "product_id": product.id} for n in range(LOTS)]
        )
        quants = env["stock.quant"].with_context(inventory_mode=True).create(
            [
                {"product_id": product.id, "lot_id": lot.id, "location_id": stock.id,
                 "inventory_quantity": EACH}
                for lot in lots
            ]
        )  # fmt: skip
        quants.action_apply_inventory()
        supplier, customer = env["res.partner"].create(
            [{"name": "Load supplier"}, {"name": "Load customer"}]
        )
        groups = [env.ref(name).id for name in _GROUPS]
        people = env["res.users"].create(
            [
                {"name": f"Person {n}", "login": f"load-{n}", "password": PASSWORD,
                 "group_ids": [Command.set(groups)]}
                for n in range(PEOPLE)
            ]
        )  # fmt: skip
        # The log is sealed while people work.
        seal = env.ref("lot_traceability.ir_cron_audit_seal")
        seal.write({"interval_number": 1, "interval_type": "minutes"})
        outside = {
            usage: env["stock.location"].search([("usage", "=", usage)], limit=1).id
            for usage in ("supplier", "customer")
        }
        plan = {
            "db": database,
            "pause": pause,
            "password": PASSWORD,
            "logins": people.mapped("login"),
            "product": product.id,
            "lots": [{"id": lot.id, "name": lot.name} for lot in lots],
            "customer": customer.id,
            "stock": stock.id,
            "shelf": shelf.id,
            "in": {"type": warehouse.in_type_id.id, "partner": supplier.id,
                   "from": outside["supplier"], "to": stock.id},
            "out": {"type": warehouse.out_type_id.id, "partner": customer.id,
                    "from": stock.id, "to": outside["customer"]},
        }  # fmt: skip
        env.cr.commit()
    return plan


def differences(database: str, plan: dict, done: list[dict]) -> list[str]:
    """Sentences on what was answered as done and is not there, or is there twice."""
    with databases.environment(database) as env:
        env = env(su=True)
        wrong = [*_stock(env, plan, done), *_documents(env, done), *_numbers(env, plan)]
        env["lot.audit.sealer"]._seal()
        outcome = env["lot.audit.verification"].verify_log(with_records=False)
        if not outcome["valid"]:
            wrong.append(f"the audit log does not verify: {outcome}")
        env.cr.rollback()
    return wrong


def _stock(env, plan: dict, done: list[dict]) -> list[str]:
    want: Counter = Counter()
    for lot in plan["lots"]:
        want[lot["id"], plan["stock"]] = EACH
    for row in done:
        here = (row.get("lot"), plan["stock"])
        if row["kind"] == "receipt":
            want[here] += row["quantity"]
        elif row["kind"] in ("delivery", "scan"):
            want[here] -= row["quantity"]
        if row["kind"] == "scan":
            want[row["lot"], plan["shelf"]] += row["quantity"]
    quants = env["stock.quant"].search(
        [("product_id", "=", plan["product"]), ("location_id.usage", "=", "internal")]
    )
    have: Counter = Counter()
    for quant in quants:
        have[quant.lot_id.id, quant.location_id.id] += quant.quantity
    return [
        f"lot {lot} at {place}: {have[lot, place]} instead of {want[lot, place]}"
        for lot, place in sorted(want.keys() | have.keys())
        if abs(have[lot, place] - want[lot, place]) > 1e-6
    ]


def _documents(env, done: list[dict]) -> list[str]:
    wrong = []
    pickings = [row["picking"] for row in done if "picking" in row]
    orders = [row["order"] for row in done if "order" in row]
    if len(set(pickings)) != len(pickings) or len(set(orders)) != len(orders):
        wrong.append("two people got the same document")
    ready = env["stock.picking"].search_count([("id", "in", pickings), ("state", "=", "done")])
    if ready != len(pickings):
        wrong.append(f"{len(pickings)} transfers were done, {ready} are")
    all_done = env["stock.picking"].search_count([("state", "=", "done")])
    if all_done != len(pickings):
        wrong.append(f"{all_done} transfers are done, {len(pickings)} were answered")
    sold = env["sale.order"].search_count([("id", "in", orders), ("state", "=", "sale")])
    if sold != len(orders):
        wrong.append(f"{len(orders)} orders were confirmed, {sold} are")
    return wrong


def _numbers(env, plan: dict) -> list[str]:
    wrong = []
    for model, domain in (
        ("stock.lot", [("product_id", "=", plan["product"])]),
        ("stock.picking", []),
        ("sale.order", []),
    ):
        names = Counter(env[model].search(domain).mapped("name"))
        twice = sorted(name for name, count in names.items() if count > 1)
        if twice:
            wrong.append(f"numbers given twice in {model}: {twice[:5]}")
    return wrong
