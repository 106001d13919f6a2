"""What an administrator does with a database in a process of its own.

`python uninstalling.py DATABASE work` lets goods come and go, signs a release, splits a lot, stops
one and recalls another; `upgrade` updates the modules as Apps does, `uninstall` uninstalls them,
`go_on` works with what is left, as plain Odoo, and `install` installs them again.

Prints one JSON line: what was done.
"""

import json
import sys
import uuid

import plain_history
from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

PASSWORD = "correct horse battery staple"
MODULE = "lot_traceability"
MODULES = [MODULE, "lot_traceability_recall", "lot_traceability_fsma"]


def work(env) -> dict:
    """Ten of a lot received, four delivered, the release of another one signed; all sealed."""
    lot = come_and_go(env, f"KEPT-{uuid.uuid4().hex[:8]}")
    env.cr.commit()
    env["lot.audit.sealer"]._seal()
    sign(
        env,
        env["stock.lot"].create({"name": f"SIGNED-{lot.name}", "product_id": lot.product_id.id}),
    )
    hold(env)
    env["ir.config_parameter"].set_param("lot_traceability.audit_receipt_mail", "a@example.com")
    env.cr.commit()
    sealed = env["lot.audit.sealer"]._seal()
    env["lot.audit.receipt"]._hand_out()
    # The last ones wait to be sealed when the module goes.
    lot.ref = "Last words"
    env.cr.commit()
    return {
        "sealed": sealed,
        "events": env["lot.audit.event"].search_count([]),
        "signatures": env["lot.signature"].search_count([]),
        "folder": str(env["lot.audit.receipt.file"]._folder()),
        "lot": lot.id,
    }


def sign(env, lot) -> None:
    lot.set_status("quarantine", "To be judged")
    env.ref("lot_traceability.step_release").demanded = True
    groups = env.ref("lot_traceability.group_quality") | env.ref("stock.group_stock_user")
    quality = env["res.users"].create(
        {
            "name": "Quinn",
            "login": "uninstall-quality",
            "password": PASSWORD,
            "group_ids": [Command.set(groups.ids)],
        }
    )
    env.cr.commit()
    env(user=quality)["lot.signature"].sign(
        "release",
        "stock.lot",
        lot.ids,
        {"login": quality.login, "password": PASSWORD},
        "approval",
        "Results reviewed",
        {"status": "released"},
    )


def hold(env) -> None:
    """A lot on hold, one in a status of the firm's own, one split in two, and one recalled."""
    held, judged, whole, bad = (
        come_and_go(env, f"{name}-{uuid.uuid4().hex[:8]}")
        for name in ("HELD", "JUDGED", "WHOLE", "BAD")
    )
    held.set_status("hold", "Glass found")
    held.write({"supplier_lot": "S-77", "production_date": "2026-05-04"})
    status = env["lot.status"].create({"name": "Under dispute", "code": "dispute"})
    status.usable = False
    judged.set_status("dispute", "The supplier says otherwise")
    env["lot.operation.wizard"].with_context(active_model="stock.lot", active_ids=whole.ids).create(
        {
            "kind": "split",
            "lot_ids": [Command.set(whole.ids)],
            "reason": "Two pallets",
            "line_ids": [Command.create({"name": f"{whole.name}-A", "quantity": 2})],
        }
    ).action_apply()
    admin = env(user=env.ref("base.user_admin"))
    case = {"title": "Glass in jars", "hazard": "Glass", "hazard_class": "1"}
    started = admin["lot.recall"].start(bad.ids, case)
    admin["lot.recall.scope"].browse(started["scope_id"]).freeze()
    admin["lot.recall"].browse(started["id"]).stop()
    env.flush_all()


def _modules(env, names: list[str]):
    """As the administrator, who works with the Apps."""
    found = env["ir.module.module"].search([("name", "in", names)])
    return found.with_user(env.ref("base.user_admin"))


def upgrade(env) -> dict:
    """What the button in Apps does: the others are updated with the first."""
    _modules(env, [MODULE]).button_immediate_upgrade()
    return look(env)


def uninstall(env) -> dict:
    """What the button in Apps does: the others go with the first."""
    _modules(env, [MODULE]).button_immediate_uninstall()
    return {}


def install(env) -> dict:
    """What the buttons in Apps do."""
    _modules(env, MODULES).button_immediate_install()
    return look(env)


def look(env) -> dict:
    """What the modules say of the database: whether the genealogy equals a rebuild of all, whether
    the log verifies and agrees with the records, and where the milk went."""
    edge = env["lot.genealogy.edge"]
    documents = {name: env[name].search([]).ids for name in edge._documents_of_moves()}
    lines = env["stock.move.line"].search([]).ids
    drift = env["lot.genealogy.rebuild"]._drift(documents, lines)
    env["lot.audit.sealer"]._seal()
    env["lot.audit.receipt"]._hand_out()
    report, more = env["lot.audit.verification"]._outcome("all")
    return {
        "drift": sum(map(len, drift.values())),
        "valid": report.valid,
        "findings": [finding.text for finding in [*report.findings, *more]],
        "trace": trace_milk(env),
        "versions": {module.name: module.latest_version for module in _modules(env, MODULES)},
    }


def trace_milk(env) -> dict:
    """Which lots the milk that was bought last went into, and who has how much of which."""
    milk = env["stock.lot"].search([("name", "=like", "MILK-%-1")], order="id desc", limit=1)
    if not milk:
        return {}
    trace = env["lot.trace"].trace(milk.ids, "downstream")
    return {
        "lots": [lot["id"] for lot in trace["lots"]],
        "sold": ", ".join(
            env["stock.lot"].browse({d["lot_id"] for d in trace["deliveries"]}).mapped("name")
        ),
        "customers": [
            [partner["name"], total["net"]]
            for partner in trace["partners"]
            if partner["role"] == "customer"
            for total in partner["quantities"]
        ],
    }


def go_on(env) -> dict:
    """Goods are bought, made and sold, and a lot is changed and deleted."""
    lot = come_and_go(env, f"AFTER-{uuid.uuid4().hex[:8]}")
    old = env["stock.lot"].search([("name", "=like", "KEPT-%")], limit=1)
    old.ref = "Changed afterwards"
    unused = env["stock.lot"].create({"name": "UNUSED", "product_id": lot.product_id.id})
    env.cr.commit()
    unused.unlink()
    made = plain_history.make(env, uuid.uuid4().hex[:8])
    env.cr.commit()
    return {
        "state": _modules(env, [MODULE]).state,
        "ours": sorted(name for name in env.registry if name.startswith("lot.audit")),
        "left": lot.product_qty,
        "changed": old.ref,
        "made": made,
    }


def come_and_go(env, name: str):
    """A lot: ten received, four delivered."""
    product = env["product.product"].create(
        {"name": f"Goods {name}", "is_storable": True, "tracking": "lot"}
    )
    lot = env["stock.lot"].create({"name": name, "product_id": product.id})
    warehouse = env["stock.warehouse"].search([], limit=1)
    supplier, customer = (
        env.ref(f"stock.stock_location_{usage}") for usage in ("suppliers", "customers")
    )
    stock = warehouse.lot_stock_id
    for operation, quantity, source, target in (
        (warehouse.in_type_id, 10, supplier, stock),
        (warehouse.out_type_id, 4, stock, customer),
    ):
        way = {"location_id": source.id, "location_dest_id": target.id}
        goods = {"product_id": product.id, "lot_id": lot.id, "quantity": quantity}
        move = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "picked": True,
            "move_line_ids": [Command.create(goods | way)],
            **way,
        }
        picking = env["stock.picking"].create(
            {"picking_type_id": operation.id, "move_ids": [Command.create(move)], **way}
        )
        picking.with_context(skip_sms=True).button_validate()
        assert picking.state == "done", f"the transfer is {picking.state}"
    return lot


def main(database: str, action: str) -> None:
    config.parse_config(["--log-level=warn"], setup_logging=True)
    with Registry(database).cursor() as cr:
        done = globals()[action](Environment(cr, 1, {}))
        cr.commit()
    sys.stdout.write(json.dumps(done) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
