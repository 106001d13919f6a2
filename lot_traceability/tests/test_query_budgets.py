from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import tagged

from .scan_common import ScanCommon

LOTS = 10


@tagged("post_install", "-at_install")
class TestQueryBudgets(ScanCommon):
    """How many statements the daily work costs in all, Odoo's own ones included, with ten lots in
    each document and nothing in the caches of records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.number = 0

    @classmethod
    def lots(cls, count=LOTS):
        cls.number += 1
        return cls.env["stock.lot"].create(
            [
                {"product_id": cls.milk.id, "name": f"L{cls.number}-{number}"}
                for number in range(count)
            ]
        )

    @contextmanager
    def budget(self, count):
        """At most so many statements, to the end of the transaction."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        with self.assertQueryCount(count):
            yield
            self.env.flush_all()
            self.env.cr.flush()

    def receipt(self):
        content = dict.fromkeys(self.lots(), 10)
        return self.picking(
            self.plant.in_type_id, content, source=self.suppliers, partner=self.dairy
        )

    def delivery(self):
        lots = self.lots()
        self.receive(dict.fromkeys(lots, 10))
        return self.picking(
            self.plant.out_type_id,
            dict.fromkeys(lots, 10),
            target=self.customers,
            partner=self.shop,
        )

    def production(self):
        lots = self.lots()
        self.receive(dict.fromkeys(lots, 10))
        order = self.order(self.cheese, 10, dict.fromkeys(lots, 10))
        self.number += 1
        made = self.lot(self.cheese, f"C{self.number}")
        order.lot_producing_ids = made.with_env(self.floor)
        order.qty_producing = 10
        order._set_qty_producing()
        self.fill(order.move_raw_ids, dict.fromkeys(lots, 10))
        return order.with_context(skip_consumption=True)

    def test_receipt(self):
        self.receipt().button_validate()
        picking = self.receipt()
        with self.budget(100):
            picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_delivery(self):
        self.delivery().button_validate()
        picking = self.delivery()
        with self.budget(110):
            picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_order(self):
        self.production().button_mark_done()
        order = self.production()
        with self.budget(155):
            order.button_mark_done()
        self.assertEqual(order.state, "done")

    def order_of_the_shop(self):
        """A delivery of nearly all that ten new lots hold, which reserves nothing yet."""
        self.receive(dict.fromkeys(self.lots(), 10))
        picking = self.floor["stock.picking"].create(
            {
                "picking_type_id": self.plant.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.shop.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.milk.id,
                            "product_uom_qty": 95,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.do_unreserve()
        return picking

    def test_reservation(self):
        self.order_of_the_shop().action_assign()
        picking = self.order_of_the_shop()
        with self.budget(82):
            picking.action_assign()
        self.assertEqual(len(picking.move_line_ids.lot_id), LOTS)

    def test_trace(self):
        order = self.production()
        order.button_mark_done()
        cheese = order.lot_producing_ids
        self.deliver({cheese: 5})
        milk = order.move_raw_ids.move_line_ids.lot_id[0]
        trace = self.env["lot.trace"].with_user(self.reader)
        trace.trace(milk.ids)
        with self.budget(30):
            found = trace.trace(milk.ids)
        self.assertEqual([row["net"] for row in found["deliveries"]], [5.0])

    def test_scan_identifies(self):
        lot = self.received(self.flour, "F-1", 20)
        scans = self.floor["lot.scan"]
        scans.identify("F-1")
        with self.budget(22):
            found = scans.identify("F-1")
        self.assertEqual(found["lot"]["id"], lot.id)

    def test_scan_is_sent(self):
        self.received(self.flour, "F-1", 20)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "usage": "internal", "location_id": self.stock.id}
        )
        self.scan("move", "move", "F-1", quantity=1, from_id=self.stock.id, to_id=shelf.id)
        command = self.command(
            "move", "move", "F-1", quantity=1, from_id=self.stock.id, to_id=shelf.id
        )
        with self.budget(96):
            answer = self.send(command)[0]
        self.assertEqual(answer["state"], "done", answer["message"])
