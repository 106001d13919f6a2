from contextlib import contextmanager

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
        with self.budget(1):
            picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_delivery(self):
        self.delivery().button_validate()
        picking = self.delivery()
        with self.budget(1):
            picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_order(self):
        self.production().button_mark_done()
        order = self.production()
        with self.budget(1):
            order.button_mark_done()
        self.assertEqual(order.state, "done")

    def test_reservation(self):
        for _turn in range(2):
            lots = self.lots()
            self.receive(dict.fromkeys(lots, 10))
            picking = self.picking(
                self.plant.out_type_id,
                {self.milk: 95},
                target=self.customers,
                partner=self.shop,
            )
            picking.do_unreserve()
            if not _turn:
                picking.action_assign()
                picking.do_unreserve()
        with self.budget(1):
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
        with self.budget(1):
            found = trace.trace(milk.ids)
        self.assertEqual([row["net"] for row in found["deliveries"]], [5.0])

    def test_scan_identifies(self):
        lot = self.received(self.flour, "F-1", 20)
        scans = self.floor["lot.scan"]
        scans.identify("F-1")
        with self.budget(1):
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
        with self.budget(1):
            answer = self.send(command)[0]
        self.assertEqual(answer["state"], "done", answer["message"])
