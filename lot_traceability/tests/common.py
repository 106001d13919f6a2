from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user

from .assertions import LotTraceabilityAssertions

START = datetime(2026, 3, 2, 6, 0, 0)
OPERATOR_GROUPS = (
    "stock.group_stock_user,stock.group_production_lot,stock.group_tracking_lot,"
    "stock.group_stock_multi_locations,mrp.group_mrp_user,mrp.group_mrp_byproducts,"
    "mrp.group_unlocked_by_default,"
    # Core reads analytic lines and journal entries when it makes a backorder of an order.
    "purchase.group_purchase_user"
)


class LotTraceabilityCommon(LotTraceabilityAssertions, TransactionCase):
    """A plant of its own, and stock moved through Odoo's real flows by an ordinary operator.

    - time stands still at `START` and goes on by one hour after each flow (`wait` for more);
      after each flow the genealogy is brought up to date as a commit would do it
    - `product`, `lot`: master data; `receive`, `make`, `deliver`, `give_back`, `transfer`, `scrap`,
      `count`, `unbuild`, `operate`: flows, each returning its document
    - `assertEdges`, `assertMovements`, `assertReached`, `assertNoDrift`: what came of it
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(START)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                skip_sms=True,
                no_reset_password=True,
            )
        )
        cls.operator = new_test_user(cls.env, login="flow_operator", groups=OPERATOR_GROUPS)
        cls.reader = new_test_user(
            cls.env, login="flow_reader", groups="lot_traceability.group_reader"
        )
        cls.manager = new_test_user(
            cls.env,
            login="flow_manager",
            groups="stock.group_stock_manager,mrp.group_mrp_user,stock.group_production_lot",
        )
        cls.quality = new_test_user(
            cls.env,
            login="flow_quality",
            groups=f"{OPERATOR_GROUPS},lot_traceability.group_quality",
        )
        # Flows run with the rights of those who do them on the floor.
        cls.floor = cls.env(user=cls.operator)
        cls.office = cls.env(user=cls.manager)
        cls.laboratory = cls.env(user=cls.quality)
        cls.plant = cls.env["stock.warehouse"].create({"name": "Plant", "code": "PLT"})
        cls.stock = cls.plant.lot_stock_id
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.kg = cls.env.ref("uom.product_uom_kgm")
        cls.units = cls.env.ref("uom.product_uom_unit")
        cls.dairy, cls.mill, cls.shop, cls.cafe = cls.env["res.partner"].create(
            [{"name": name} for name in ("Dairy", "Mill", "Shop", "Café")]
        )

    @classmethod
    def number_by_day(cls):
        """Choose the scheme that comes with the module, as a firm does: date and counter."""
        scheme = cls.env.ref("lot_traceability.lot_numbering_scheme_default")
        scheme.active = True
        return scheme

    # -- master data -------------------------------------------------------------------------

    @classmethod
    def product(cls, name, tracking="lot", uom=None, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "tracking": tracking,
                "uom_id": (uom or (cls.units if tracking == "serial" else cls.kg)).id,
                **values,
            }
        )

    @classmethod
    def lot(cls, product, name, **values):
        return cls.env["stock.lot"].create({"product_id": product.id, "name": name, **values})

    @classmethod
    def bom(cls, product, components, quantity=1.0, byproducts=(), **values):
        """:param components: {product: quantity}; byproducts: [(product, quantity, cost share)]"""
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": quantity,
                "product_uom_id": product.uom_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": amount})
                    for part, amount in components.items()
                ],
                "byproduct_ids": [
                    Command.create(
                        {"product_id": part.id, "product_qty": amount, "cost_share": share}
                    )
                    for part, amount, share in byproducts
                ],
                **values,
            }
        )

    @classmethod
    def warehouse(cls, name, code, **values):
        return cls.env["stock.warehouse"].create({"name": name, "code": code, **values})

    # -- time --------------------------------------------------------------------------------

    @classmethod
    def wait(cls, **delta):
        """Let time pass, after what a commit does for the genealogy."""
        cls.env.flush_all()
        cls.env.cr.flush()
        cls.clock.tick(timedelta(**(delta or {"hours": 1})))

    # -- transfers ---------------------------------------------------------------------------

    @classmethod
    def picking(cls, operation_type, content, source=None, target=None, partner=None, **values):
        """A transfer with `content` {lot or product: quantity} on its lines, not validated."""
        source = source or operation_type.default_location_src_id
        target = target or operation_type.default_location_dest_id
        totals = {}
        for item, quantity in content.items():
            product = item.product_id if item._name == "stock.lot" else item
            totals[product] = totals.get(product, 0) + quantity
        picking = cls.floor["stock.picking"].create(
            {
                "picking_type_id": operation_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "partner_id": partner.id if partner else False,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for product, quantity in totals.items()
                ],
                **values,
            }
        )
        picking.action_confirm()
        cls.fill(picking.move_ids, content)
        return picking

    @classmethod
    def fill(cls, moves, content, picked=True):
        """Say which lots the moves take, as one does in the detailed operations."""
        for move in moves:
            lines = [
                (item if item._name == "stock.lot" else None, quantity)
                for item, quantity in content.items()
                if (item.product_id if item._name == "stock.lot" else item) == move.product_id
            ]
            if not lines:
                continue
            move.move_line_ids.unlink()
            move.write(
                {
                    "move_line_ids": [
                        Command.create(
                            {
                                "product_id": move.product_id.id,
                                "product_uom_id": move.product_uom.id,
                                "lot_id": lot.id if lot else False,
                                "quantity": quantity,
                                "location_id": move.location_id.id,
                                "location_dest_id": move.location_dest_id.id,
                                "picking_id": move.picking_id.id,
                                "company_id": move.company_id.id,
                            }
                        )
                        for lot, quantity in lines
                    ],
                    "picked": picked,
                }
            )

    @classmethod
    def validate(cls, picking, backorder=True):
        action = picking.with_context(
            skip_backorder=True,
            picking_ids_not_to_backorder=[] if backorder else picking.ids,
        ).button_validate()
        assert picking.state == "done", action
        cls.wait()
        return picking

    @classmethod
    def receive(cls, content, partner=None, warehouse=None):
        operation_type = (warehouse or cls.plant).in_type_id
        return cls.validate(
            cls.picking(operation_type, content, source=cls.suppliers, partner=partner or cls.dairy)
        )

    @classmethod
    def received(cls, product, name, quantity, partner=None, **kwargs):
        """A new lot from a supplier, created by the receipt as one types it there."""
        picking = cls.picking(
            (kwargs.get("warehouse") or cls.plant).in_type_id,
            {product: quantity},
            source=cls.suppliers,
            partner=partner or cls.dairy,
        )
        picking.move_line_ids.lot_name = name
        cls.validate(picking)
        return picking.move_line_ids.lot_id.with_env(cls.env)

    @classmethod
    def deliver(cls, content, partner=None, warehouse=None, **kwargs):
        operation_type = (warehouse or cls.plant).out_type_id
        return cls.validate(
            cls.picking(
                operation_type, content, target=cls.customers, partner=partner or cls.shop, **kwargs
            )
        )

    @classmethod
    def transfer(cls, content, source, target, **kwargs):
        return cls.validate(
            cls.picking(cls.plant.int_type_id, content, source=source, target=target, **kwargs)
        )

    @classmethod
    def give_back(cls, picking, content):
        """Return `content` {lot: quantity} of a transfer with the return wizard."""
        wizard = (
            cls.floor["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model=picking._name)
            .create({"picking_id": picking.id})
        )
        for line in wizard.product_return_moves:
            line.quantity = sum(
                quantity
                for item, quantity in content.items()
                if (item.product_id if item._name == "stock.lot" else item) == line.product_id
            )
        returned = cls.floor["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        cls.fill(returned.move_ids, content)
        return cls.validate(returned)

    @classmethod
    def scrap(cls, lot, quantity, location=None):
        scrap = cls.floor["stock.scrap"].create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "scrap_qty": quantity,
                "product_uom_id": lot.product_id.uom_id.id,
                "location_id": (location or cls.stock).id,
            }
        )
        scrap.action_validate()
        assert scrap.state == "done"
        cls.wait()
        return scrap

    @classmethod
    def count(cls, item, quantity, location=None):
        """Set what is on hand by a physical count."""
        lot = item if item._name == "stock.lot" else None
        quant = (
            cls.office["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": (lot.product_id if lot else item).id,
                    "lot_id": lot.id if lot else False,
                    "location_id": (location or cls.stock).id,
                    "inventory_quantity": quantity,
                }
            )
        )
        quant.action_apply_inventory()
        cls.wait()

    # -- manufacturing -----------------------------------------------------------------------

    @classmethod
    def order(cls, product, quantity, components=None, bom=None, warehouse=None, **values):
        """A confirmed manufacturing order; without a bill it takes `components` {lot or product:
        quantity}."""
        totals = {}
        for item, amount in (components or {}).items():
            part = item.product_id if item._name == "stock.lot" else item
            totals[part] = totals.get(part, 0) + amount
        if bom is None:
            values["bom_id"] = False
            values["move_raw_ids"] = [
                Command.create(
                    {
                        "product_id": part.id,
                        "product_uom_qty": amount,
                        "product_uom": part.uom_id.id,
                    }
                )
                for part, amount in totals.items()
            ]
        else:
            values["bom_id"] = bom.id
        order = cls.floor["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "picking_type_id": (warehouse or cls.plant).manu_type_id.id,
                **values,
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def produce(cls, order, lots=None, components=None, quantity=None, backorder=False):
        """Close an order with its lots; `components` as in `order`."""
        if lots:
            order.lot_producing_ids = lots.with_env(cls.floor)
        order.qty_producing = quantity or order.product_qty
        order._set_qty_producing()
        if components:
            cls.fill(order.move_raw_ids.filtered(lambda m: m.state != "done"), components)
        action = order.with_context(
            skip_consumption=True, skip_backorder=not backorder
        ).button_mark_done()
        if backorder:
            wizard = Form.from_action(cls.floor, action).save()
            wizard.action_backorder()
        assert order.state == "done", (order.state, action, order.move_finished_ids.mapped("state"))
        cls.wait()
        return order

    @classmethod
    def make(cls, target, quantity, components, bom=None, **kwargs):
        """An order that makes `target` (a lot, several serials, or an untracked product) out of
        `components` {lot or product: quantity}, from draft to done."""
        lots = target if target._name == "stock.lot" else None
        product = lots.product_id if lots else target
        order = cls.order(product, quantity, components, bom=bom, **kwargs)
        return cls.produce(order, lots, components)

    @classmethod
    def unbuild(cls, order, lot, quantity, location=None):
        place = (location or cls.stock).id
        unbuild = cls.floor["mrp.unbuild"].create(
            {
                "product_id": order.product_id.id,
                "product_uom_id": order.product_uom_id.id,
                "bom_id": order.bom_id.id,
                "product_qty": quantity,
                "mo_id": order.id,
                "lot_id": lot.id if lot else False,
                "location_id": place,
                "location_dest_id": place,
            }
        )
        unbuild.action_unbuild()
        cls.wait()
        return unbuild

    # -- lot operations ----------------------------------------------------------------------

    @classmethod
    def operate(cls, kind, lots, new_name=False, parts=(), reason="Relabelled by hand"):
        """Split, merge or relabel with the wizard; :param parts: [(name, quantity)] of a split"""
        wizard = (
            cls.office["lot.operation.wizard"]
            .with_context(active_model="stock.lot", active_ids=lots.ids)
            .create(
                {
                    "kind": kind,
                    "lot_ids": [Command.set(lots.ids)],
                    "new_name": new_name,
                    "reason": reason,
                    "line_ids": [
                        Command.create({"name": name, "quantity": quantity})
                        for name, quantity in parts
                    ],
                }
            )
        )
        action = wizard.action_apply()
        cls.wait()
        return cls.env["stock.lot"].search(action["domain"], order="id")
