"""What a firm does with Odoo alone, without any module of ours: it buys, makes, sells, takes back
and takes apart, all with lots and through Odoo's own documents.

`make(env, mark)` does it once and names what the tests look for.
"""

from odoo.fields import Command


def make(env, mark: str) -> dict:
    """Milk bought becomes curd, which has no lots, and that becomes cheese; cheese is sold, some
    comes back; another cheese is made of both milk lots and is taken apart again.

    :return: {"bought", "made", "apart", "sold": ids of lots and of the sales order}
    """
    env = env(context={**env.context, "skip_sms": True, "tracking_disable": True})
    milk, cheese = (_product(env, f"{name} {mark}", "lot") for name in ("Milk", "Cheese"))
    curd = _product(env, f"Curd {mark}", "none")
    first, second = (_buy(env, milk, f"MILK-{mark}-{number}", 20) for number in (1, 2))
    _produce(env, curd, None, 8, {first: 8})
    made = _lot(env, cheese, f"CHEESE-{mark}-1")
    _produce(env, cheese, made, 8, {curd: 8})
    apart = _lot(env, cheese, f"CHEESE-{mark}-2")
    order = _produce(env, cheese, apart, 6, {first: 2, second: 4})
    _take_apart(env, order, apart, 2)
    sale = _sell(env, made, 5)
    _give_back(env, sale.picking_ids, made, 1)
    _scrap(env, second, 1)
    env.flush_all()
    return {"bought": first.id, "other": second.id, "made": made.id, "apart": apart.id}


def _product(env, name: str, tracking: str):
    return env["product.product"].create(
        {"name": name, "is_storable": True, "tracking": tracking, "lst_price": 3}
    )


def _lot(env, product, name: str):
    return env["stock.lot"].create({"name": name, "product_id": product.id})


def _fill(moves, content: dict) -> None:
    """Say what the moves take: {lot, or product without lots: quantity}."""
    for move in moves:
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": move.product_id.id,
                    "product_uom_id": move.product_uom.id,
                    "lot_id": item.id if item._name == "stock.lot" else False,
                    "quantity": quantity,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "picking_id": move.picking_id.id,
                    "company_id": move.company_id.id,
                }
            )
            for item, quantity in content.items()
            if (item.product_id if item._name == "stock.lot" else item) == move.product_id
        ]
        move.picked = True


def _validate(picking):
    done = picking.with_context(skip_backorder=True).button_validate()
    assert picking.state == "done", f"the transfer is {picking.state}: {done}"
    return picking


def _buy(env, product, name: str, quantity: float):
    """A lot bought from a supplier, named as one types it at the receipt."""
    supplier = env["res.partner"].create({"name": f"Supplier of {name}"})
    line = {"product_id": product.id, "product_qty": quantity, "price_unit": 1}
    order = env["purchase.order"].create(
        {"partner_id": supplier.id, "order_line": [Command.create(line)]}
    )
    order.button_confirm()
    picking = order.picking_ids
    picking.move_line_ids.write({"lot_name": name, "quantity": quantity})
    picking.move_ids.picked = True
    return _validate(picking).move_line_ids.lot_id


def _produce(env, product, lot, quantity: float, components: dict):
    parts = {
        item.product_id if item._name == "stock.lot" else item: amount
        for item, amount in components.items()
    }
    order = env["mrp.production"].create(
        {
            "product_id": product.id,
            "product_qty": quantity,
            "bom_id": False,
            "move_raw_ids": [
                Command.create(
                    {
                        "product_id": part.id,
                        "product_uom_qty": amount,
                        "product_uom": part.uom_id.id,
                    }
                )
                for part, amount in parts.items()
            ],
        }
    )
    order.action_confirm()
    if lot:
        order.lot_producing_ids = lot
    order.qty_producing = quantity
    order._set_qty_producing()
    _fill(order.move_raw_ids, components)
    done = order.with_context(skip_consumption=True, skip_backorder=True).button_mark_done()
    assert order.state == "done", f"the order is {order.state}: {done}"
    return order


def _take_apart(env, order, lot, quantity: float) -> None:
    place = order.location_dest_id.id
    env["mrp.unbuild"].create(
        {
            "product_id": order.product_id.id,
            "product_uom_id": order.product_uom_id.id,
            "product_qty": quantity,
            "mo_id": order.id,
            "lot_id": lot.id,
            "location_id": place,
            "location_dest_id": place,
        }
    ).action_unbuild()


def _sell(env, lot, quantity: float):
    customer = env["res.partner"].create({"name": f"Customer of {lot.name}"})
    line = {"product_id": lot.product_id.id, "product_uom_qty": quantity}
    order = env["sale.order"].create(
        {"partner_id": customer.id, "order_line": [Command.create(line)]}
    )
    order.action_confirm()
    picking = order.picking_ids
    _fill(picking.move_ids, {lot: quantity})
    _validate(picking)
    return order


def _give_back(env, picking, lot, quantity: float) -> None:
    wizard = (
        env["stock.return.picking"]
        .with_context(active_id=picking.id, active_ids=picking.ids, active_model=picking._name)
        .create({"picking_id": picking.id})
    )
    wizard.product_return_moves.quantity = quantity
    returned = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
    _fill(returned.move_ids, {lot: quantity})
    _validate(returned)


def _scrap(env, lot, quantity: float) -> None:
    scrap = env["stock.scrap"].create(
        {
            "product_id": lot.product_id.id,
            "lot_id": lot.id,
            "scrap_qty": quantity,
            "product_uom_id": lot.product_id.uom_id.id,
        }
    )
    scrap.action_validate()
    assert scrap.state == "done"
