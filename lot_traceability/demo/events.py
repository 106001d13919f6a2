"""What goes wrong in a company: scrap, returns, work by a subcontractor."""

from typing import Any

from odoo.fields import Command

from .production import new_lot
from .products import RETAIL, bom_values
from .world import World


def scrap(world: World, lot: Any, quantity: float, location: Any, reason: str) -> None:
    """Scrap a quantity of a lot."""
    # Odoo computes the quantity of a scrap order anew, wrongly where another one is pending.
    world.env.flush_all()
    order = world.env["stock.scrap"].create(
        {
            "product_id": lot.product_id.id,
            "product_uom_id": lot.product_uom_id.id,
            "lot_id": lot.id,
            "scrap_qty": quantity,
            "location_id": location.id,
            "origin": reason,
        }
    )
    order.action_validate()


def scrap_expired(world: World, warehouse: str) -> None:
    """Scrap the finished goods that are past their removal date."""
    quants = world.env["stock.quant"].search(
        [
            ("location_id", "=", world.stock(warehouse).id),
            ("product_id", "in", [world.products[code].id for code in RETAIL]),
            ("removal_date", "<=", world.clock.now),
            ("quantity", ">", 0),
        ],
        order="lot_id",
    )
    for quant in quants:
        scrap(world, quant.lot_id, quant.quantity, quant.location_id, "Past removal date")


def give_back(world: World, picking: Any, share: float = 1.0, lot: Any = None) -> Any:
    """Return a delivery or a receipt, or a part of it, and return the transfer.

    :param share: part of each quantity that comes back
    :param lot: only this lot comes back
    """
    wizard = world.env["stock.return.picking"].create({"picking_id": picking.id})
    for line in wizard.product_return_moves:
        moved = line.move_id.move_line_ids.filtered(lambda move: not lot or move.lot_id == lot)
        line.quantity = round(sum(moved.mapped("quantity")) * share)
    back = world.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
    if picking.picking_type_id.code == "outgoing":
        # Returned food is not sold again: it waits for the decision on it.
        back.move_ids.location_dest_id = world.returns
        back.move_ids.move_line_ids.location_dest_id = world.returns
    back.button_validate()
    return back


def prepare_subcontracting(world: World) -> bool:
    """Have the slicing done by a subcontractor where Odoo's app for it is installed."""
    if "mrp_subcontracting" not in world.env["ir.module.module"]._installed():
        return False
    world.boms["SLC"] = world.env["mrp.bom"].create(
        bom_values(world, "SLC", 100, {"SOFT": 12.5})
        | {"type": "subcontract", "subcontractor_ids": [Command.link(world.suppliers["slicer"].id)]}
    )
    route = world.env.ref("mrp_subcontracting.route_resupply_subcontractor_mto")
    world.products["SOFT"].route_ids = [Command.link(route.id)]
    return True


def order_slicing(world: World, quantity: float) -> Any:
    """Order slicing and send the cheese to the subcontractor; return the order."""
    order = world.env["purchase.order"].create(
        {
            "partner_id": world.suppliers["slicer"].id,
            "picking_type_id": world.warehouses["P1"].in_type_id.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": world.products["SLC"].id,
                        "product_qty": quantity,
                        "price_unit": 0.21,
                        "date_planned": world.clock.now,
                    }
                )
            ],
        }
    )
    order.button_confirm()
    supply = order.order_line.move_ids._get_subcontract_production().picking_ids
    supply -= order.picking_ids
    supply.action_assign()
    supply.button_validate()
    return order


def receive_slices(world: World, order: Any) -> None:
    """Receive what the subcontractor has sliced, as one lot."""
    move = order.order_line.move_ids
    move.move_line_ids.lot_id = new_lot(world, "SLC")
    order.picking_ids.button_validate()


def give_back_receipt(world: World, key: str, share: float) -> None:
    """Return a part of a received lot to its supplier."""
    lot = world.lots[key]
    receipt = world.env["stock.move.line"].search([("lot_id", "=", lot.id)], limit=1).picking_id
    give_back(world, receipt, share, lot)
