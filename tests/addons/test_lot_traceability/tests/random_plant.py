"""A small company whose people do anything, in any order, through Odoo's real flows.

`Plant.do(name, *numbers)` does one operation; the numbers choose among what exists at that time
(lots in stock, done lines, orders), so that any list of (name, numbers) is a valid history and a
shorter one is as well. What cannot be done yet is silently nothing.
"""

from datetime import timedelta

OPERATIONS = (
    "receive",
    "make",
    "make_early",
    "deliver",
    "give_back",
    "scrap",
    "count",
    "unbuild",
    "split",
    "merge",
    "relabel",
    "change_lot",
    "change_quantity",
    "change_date",
    "change_untracked",
    "transfer",
    "rename",
)


class Plant:
    """Milk and culture become curd (untracked) and that becomes cheese; cheese becomes salad;
    whey is a by-product of cheese. `case` offers `product`, `bom` and the company's data."""

    def __init__(self, case):
        self.case, self.env, self.clock = case, case.env, case.clock
        self.count_of_lots = 0
        self.milk, self.culture = case.product("Milk"), case.product("Culture")
        self.curd = case.product("Curd", tracking="none")
        self.cheese, self.whey = case.product("Cheese"), case.product("Whey")
        self.salad = case.product("Salad")
        self.boms = [
            case.bom(self.curd, [(self.milk, 2), (self.culture, 0.5)]),
            case.bom(
                self.cheese,
                [(self.curd, 1), (self.milk, 1)],
                byproduct_ids=[(0, 0, {"product_id": self.whey.id, "product_qty": 0.5})],
            ),
            case.bom(self.salad, [(self.cheese, 1), (self.culture, 1)]),
        ]
        self.products = self.milk | self.culture | self.curd | self.cheese | self.whey | self.salad
        self.second = self.env["stock.warehouse"].create({"name": "Second plant", "code": "SEC"})
        self.warehouses = [case.warehouse, self.second]

    def do(self, name, *numbers):
        self.clock.tick(timedelta(minutes=17))
        getattr(self, name)(*numbers)

    # -- what there is to choose from --------------------------------------------------------

    def new_lot(self, product):
        self.count_of_lots += 1
        return self.case.lot(product, f"{product.name.upper()}-{self.count_of_lots}")

    def pick_of(self, records, number):
        return records[number % len(records)] if records else records

    def start(self):
        """Something of everything, so that any operation finds something to do."""
        for which in (0, 1, 0, 1):
            self.do("receive", which, 11, 0)
        self.do("make", 0, 2, 2)
        # The curd runs out: cheese that is made after this is of the next curd.
        curd = self.stocked([("product_id", "=", self.curd.id)])
        curd.inventory_quantity = 0
        curd.action_apply_inventory()
        for which in (0, 1, 1, 2):
            self.do("make", which, 2, 2)
        self.do("deliver", 4, 0, 0)

    def stocked(self, extra=()):
        """Quants in stock, tracked or not."""
        return self.env["stock.quant"].search(
            [
                ("product_id", "in", self.products.ids),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
                *extra,
            ],
            order="id",
        )

    def done_lines(self):
        return self.env["stock.move.line"].search(
            [
                ("product_id", "in", (self.products - self.curd).ids),
                ("state", "=", "done"),
                ("quantity", ">", 0),
            ],
            order="id",
        )

    def orders(self):
        return self.env["mrp.production"].search(
            [("product_id", "in", self.products.ids), ("state", "=", "done")], order="id"
        )

    def lots(self):
        return self.env["stock.lot"].search([("product_id", "in", self.products.ids)], order="id")

    def lots_of(self, product):
        return self.lots().filtered(lambda lot: lot.product_id == product)

    # -- operations --------------------------------------------------------------------------

    def receive(self, which, quantity, where):
        product = self.pick_of(self.milk | self.culture | self.curd, which)
        lot = None if product.tracking == "none" else self.new_lot(product)
        warehouse = self.pick_of(self.warehouses, where)
        self.case.transfer(
            warehouse.in_type_id,
            self.case.suppliers,
            warehouse.lot_stock_id,
            [(product, lot, 2 + quantity)],
            self.case.vendor,
        )

    def order(self, which, quantity, where):
        bom = self.pick_of(self.boms, which)
        warehouse = self.pick_of(self.warehouses, where)
        order = self.env["mrp.production"].create(
            {
                "product_id": bom.product_tmpl_id.product_variant_id.id,
                "bom_id": bom.id,
                "product_qty": 1 + quantity % 3,
                "picking_type_id": warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        return order

    def consume(self, move, seed):
        """From one or two lots, in stock here or, where there is none, in advance (negative)."""
        source = move.location_id
        quants = self.stocked(
            [("product_id", "=", move.product_id.id), ("location_id", "child_of", source.id)]
        )
        lots = quants.lot_id or self.lots_of(move.product_id)
        if move.product_id.tracking == "none":
            return self.case.pick(move, [(None, move.product_uom_qty)])
        if not lots:
            lots = self.new_lot(move.product_id)
        first, second = self.pick_of(lots, seed), self.pick_of(lots, seed + 1)
        if first == second or seed % 2:
            return self.case.pick(move, [(first, move.product_uom_qty)])
        half = move.product_uom_qty / 2
        return self.case.pick(move, [(first, half), (second, half)])

    def finish(self, order, seed):
        order.qty_producing = order.product_qty
        if order.product_id.tracking == "lot":
            made = self.lots_of(order.product_id)
            # Now and then a lot is topped up by a second order.
            again = made and seed % 5 == 0
            order.lot_producing_ids = (
                self.pick_of(made, seed) if again else self.new_lot(order.product_id)
            )
        for move in order.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel")):
            self.consume(move, seed)
        for move in order.move_byproduct_ids:
            self.case.pick(move, [(self.new_lot(move.product_id), move.product_uom_qty)])
        order.with_context(skip_consumption=True).button_mark_done()
        self.case.assertEqual(order.state, "done")

    def make(self, which, quantity, seed):
        self.finish(self.order(which, quantity, seed), seed)

    def make_early(self, which, quantity, seed):
        """The first component is posted before the order is closed."""
        order = self.order(which, quantity, seed)
        move = order.move_raw_ids[0]
        self.consume(move, seed + 1)
        move._action_done()
        self.clock.tick(timedelta(minutes=31))
        self.finish(order, seed)

    def deliver(self, which, quantity, _seed):
        quant = self.pick_of(self.stocked(), which)
        if quant:
            self.case.transfer(
                quant.location_id.warehouse_id.out_type_id,
                quant.location_id,
                self.case.customers,
                [(quant.product_id, quant.lot_id, min(quant.quantity, 1 + quantity))],
                self.case.customer,
            )

    def give_back(self, which, quantity, _seed):
        done = self.env["stock.picking"].search(
            [
                ("state", "=", "done"),
                ("move_ids.product_id", "in", self.products.ids),
                ("location_dest_id.usage", "in", ("customer", "internal")),
                ("location_id.usage", "!=", "customer"),
            ],
            order="id",
        )
        picking = self.pick_of(done, which)
        if picking:
            self.case.return_of(picking, min(picking.move_ids[0].quantity, 1 + quantity % 2))

    def scrap(self, which, quantity, _seed):
        quant = self.pick_of(self.stocked(), which)
        if quant:
            self.env["stock.scrap"].create(
                {
                    "product_id": quant.product_id.id,
                    "lot_id": quant.lot_id.id,
                    "scrap_qty": min(quant.quantity, 1 + quantity % 2),
                    "location_id": quant.location_id.id,
                }
            ).do_scrap()

    def count(self, which, quantity, _seed):
        quant = self.pick_of(self.stocked(), which)
        if quant:
            quant = quant.with_context(inventory_mode=True)
            quant.inventory_quantity = quantity
            quant.action_apply_inventory()

    def unbuild(self, which, _quantity, _seed):
        order = self.pick_of(self.orders(), which)
        if order:
            unbuild = self.env["mrp.unbuild"].create(
                {
                    "product_id": order.product_id.id,
                    "mo_id": order.id,
                    "lot_id": order.move_finished_ids.move_line_ids.lot_id.filtered(
                        lambda lot: lot.product_id == order.product_id
                    )[:1].id,
                    "product_qty": 1,
                    "location_id": order.location_dest_id.id,
                    "location_dest_id": order.location_src_id.id,
                }
            )
            unbuild.action_unbuild()

    def operate(self, kind, lots, **values):
        if not lots:
            return
        wizard = self.env["lot.operation.wizard"].create(
            {"kind": kind, "lot_ids": [(6, 0, lots.ids)], "reason": "Random", **values}
        )
        wizard.action_apply()

    def split(self, which, quantity, _seed):
        lot = self.pick_of(self.stocked([("lot_id", "!=", False)]).lot_id, which)
        self.count_of_lots += 2
        lines = [
            (0, 0, {"name": f"SPLIT-{self.count_of_lots}-{part}", "quantity": 1 + quantity % 2})
            for part in range(1 + quantity % 2)
        ]
        self.operate("split", lot, line_ids=lines)

    def merge(self, which, quantity, _seed):
        lots = self.stocked([("lot_id", "!=", False)]).lot_id
        first = self.pick_of(lots, which)
        same = lots.filtered(lambda lot: lot.product_id == first.product_id)
        if len(same) < 2:
            return
        self.count_of_lots += 1
        # Into a new lot, or all into the first.
        name = first.name if quantity % 2 else f"MERGED-{self.count_of_lots}"
        self.operate("merge", same, new_name=name)

    def relabel(self, which, _quantity, _seed):
        lot = self.pick_of(self.stocked([("lot_id", "!=", False)]).lot_id, which)
        self.count_of_lots += 1
        self.operate("relabel", lot, new_name=f"RELABEL-{self.count_of_lots}")

    def change_lot(self, which, other, _seed):
        line = self.pick_of(self.done_lines(), which)
        if line:
            line.lot_id = self.pick_of(self.lots_of(line.product_id), other)

    def change_quantity(self, which, quantity, _seed):
        line = self.pick_of(self.done_lines(), which)
        if line:
            line.quantity = quantity

    def change_date(self, which, days, _seed):
        line = self.pick_of(self.env["stock.move.line"].search([("state", "=", "done")]), which)
        if line:
            line.date -= timedelta(hours=days)

    def change_untracked(self, which, number, seed):
        """Curd that was booked outside an order: which curd the cheese is of may change."""
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "=", self.curd.id),
                ("state", "=", "done"),
                ("move_id.production_id", "=", False),
                ("move_id.raw_material_production_id", "=", False),
            ],
            order="id",
        )
        line = self.pick_of(lines, which)
        if line and seed % 2:
            line.quantity = number % 3
        elif line:
            line.date += timedelta(minutes=30 * (number - 6))

    def transfer(self, which, quantity, where):
        quant = self.pick_of(self.stocked(), which)
        if quant:
            target = self.pick_of(self.warehouses, where)
            self.case.transfer(
                target.int_type_id,
                quant.location_id,
                target.lot_stock_id,
                [(quant.product_id, quant.lot_id, min(quant.quantity, 1 + quantity))],
            )

    def rename(self, which, _other, _seed):
        lot = self.pick_of(self.lots(), which)
        if lot:
            self.count_of_lots += 1
            lot.name = f"RENAMED-{self.count_of_lots}"
