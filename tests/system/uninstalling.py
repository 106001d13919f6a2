"""What an administrator does with a database in a process of its own.

`python uninstalling.py DATABASE work` lets goods come and go and signs a release, `uninstall`
uninstalls the module as Apps does, `go_on` works with what is left, as plain Odoo.

Prints one JSON line: what was done.
"""

import json
import sys
import uuid

from odoo.api import Environment
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

PASSWORD = "correct horse battery staple"
MODULE = "lot_traceability"


def work(env) -> dict:
    """Ten of a lot received, four delivered, the release of another one signed; all sealed."""
    lot = come_and_go(env, f"KEPT-{uuid.uuid4().hex[:8]}")
    env.cr.commit()
    env["lot.audit.sealer"]._seal()
    sign(
        env,
        env["stock.lot"].create({"name": f"SIGNED-{lot.name}", "product_id": lot.product_id.id}),
    )
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


def uninstall(env) -> dict:
    """What the button in Apps does."""
    module = env["ir.module.module"].search([("name", "=", MODULE)])
    module.with_user(env.ref("base.user_admin")).button_immediate_uninstall()
    return {}


def go_on(env) -> dict:
    """Goods come and go, and a lot is changed and deleted."""
    lot = come_and_go(env, f"AFTER-{uuid.uuid4().hex[:8]}")
    old = env["stock.lot"].search([("name", "=like", "KEPT-%")], limit=1)
    old.ref = "Changed afterwards"
    unused = env["stock.lot"].create({"name": "UNUSED", "product_id": lot.product_id.id})
    env.cr.commit()
    unused.unlink()
    env.cr.commit()
    return {
        "state": env["ir.module.module"].search([("name", "=", MODULE)]).state,
        "ours": sorted(name for name in env.registry if name.startswith("lot.audit")),
        "left": lot.product_qty,
        "changed": old.ref,
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
