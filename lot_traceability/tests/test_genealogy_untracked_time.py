from odoo.fields import Command
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyUntrackedTime(LotTraceabilityCommon):
    """Which make of an untracked product was used: by place and time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.curd = cls.product("Curd", tracking="none")
        cls.milk_a, cls.milk_b, cls.milk_c = (
            cls.lot(cls.milk, name) for name in ("MILK-A", "MILK-B", "MILK-C")
        )
        cls.receive({cls.milk_a: 1000, cls.milk_b: 1000, cls.milk_c: 1000})

    def make_curd(self, lot, quantity=10, **kwargs):
        return self.make(self.curd, quantity, {lot: 10 * quantity}, **kwargs)

    def make_cheese(self, name, curd=10, **kwargs):
        return self.make(self.lot(self.cheese, name), 10, {self.curd: curd}, **kwargs)

    def parents(self, order):
        rows = self.edges(order)
        self.assertLessEqual({row[2:] for row in rows}, {("untracked", "inferred")})
        return {parent for parent, _child, _kind, _certainty in rows}

    def test_what_was_used_up_before_is_not_in_the_next_make(self):
        self.make_curd(self.milk_a)
        first = self.make_cheese("C-1")
        self.make_curd(self.milk_b)
        second = self.make_cheese("C-2")
        self.assertEqual(self.parents(first), {"MILK-A"})
        self.assertEqual(self.parents(second), {"MILK-B"})
        self.assertReached(self.milk_a, downstream={"C-1"})
        self.assertNoDrift()

    def test_rest_of_an_earlier_make_may_be_in_the_next_cheese(self):
        self.make_curd(self.milk_a)
        first = self.make_cheese("C-1", curd=9)
        self.make_curd(self.milk_b)
        second = self.make_cheese("C-2")
        self.assertEqual(self.parents(first), {"MILK-A"})
        self.assertEqual(self.parents(second), {"MILK-A", "MILK-B"})
        self.assertNoDrift()

    def test_make_outside_the_window_is_not_linked(self):
        self.make_curd(self.milk_a, 20)
        self.wait(days=31)
        self.make_curd(self.milk_b)
        order = self.make_cheese("C-1")
        self.assertEqual(self.parents(order), {"MILK-B"})
        self.assertNoDrift()

    def test_make_booked_in_part_before_and_in_part_after_the_window_is_linked(self):
        first = self.make_curd(self.milk_a)
        self.wait(days=40)
        order = self.make_cheese("C-1", curd=5)
        self.assertEqual(self.parents(order), set())
        self.wait(days=40)
        first.is_locked = False
        first.move_finished_ids.write(
            {
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.curd.id,
                            "quantity": 5,
                            "location_id": first.production_location_id.id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                ]
            }
        )
        self.wait()
        self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_history_before_the_window_counts_in_what_was_left(self):
        """Bought curd of long ago keeps the place from running empty."""
        self.receive({self.curd: 3})
        self.wait(days=90)
        self.make_curd(self.milk_a)
        self.make_cheese("C-1")
        self.make_curd(self.milk_b)
        self.assertEqual(self.parents(self.make_cheese("C-2")), {"MILK-A", "MILK-B"})
        self.assertNoDrift()

    def test_window_is_a_setting(self):
        self.make_curd(self.milk_a, 20)
        self.wait(days=31)
        self.env["ir.config_parameter"].set_param("lot_traceability.untracked_window_days", "60")
        order = self.make_cheese("C-1")
        self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_window_that_is_no_number_falls_back_to_a_month(self):
        for value in ("", "x", "-5", "9" * 20):
            self.env["ir.config_parameter"].set_param(
                "lot_traceability.untracked_window_days", value
            )
            self.make_curd(self.milk_a)
            order = self.make_cheese(f"C-{value[:3]}")
            self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_cheese_booked_before_its_curd_is_linked_to_the_curd_booked_next(self):
        order = self.make_cheese("C-1")
        self.make_curd(self.milk_a)
        self.make_curd(self.milk_b)
        self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_shortage_filled_by_two_makes_is_linked_to_both(self):
        order = self.make_cheese("C-1", curd=15)
        self.make_curd(self.milk_a)
        self.make_curd(self.milk_b)
        self.make_curd(self.milk_c)
        self.assertEqual(self.parents(order), {"MILK-A", "MILK-B"})
        self.assertNoDrift()

    def test_part_used_from_stock_and_part_booked_later_are_both_linked(self):
        self.make_curd(self.milk_a)
        order = self.make_cheese("C-1", curd=15)
        self.make_curd(self.milk_b)
        self.assertEqual(self.parents(order), {"MILK-A", "MILK-B"})
        self.assertNoDrift()

    def test_late_booking_of_one_order_leaves_the_earlier_ones_alone(self):
        self.make_curd(self.milk_a)
        first = self.make_cheese("C-1")
        second = self.make_cheese("C-2")
        self.make_curd(self.milk_b)
        self.assertEqual(self.parents(first), {"MILK-A"})
        self.assertEqual(self.parents(second), {"MILK-B"})
        self.assertNoDrift()

    def test_order_that_used_curd_at_two_times_keeps_both_makes(self):
        """The place ran empty in between: the later need must not hide the earlier."""
        self.make_curd(self.milk_a)
        order = self.order(self.cheese, 10, {self.curd: 20})
        early = order.move_raw_ids
        self.fill(early, {self.curd: 10})
        early._action_done(cancel_backorder=False)
        self.wait()
        self.make_curd(self.milk_b)
        self.produce(order, self.lot(self.cheese, "C-1"), {self.curd: 10})
        self.assertEqual(sum(order.move_raw_ids.mapped("quantity")), 20)
        self.assertEqual(self.parents(order), {"MILK-A", "MILK-B"})
        self.assertNoDrift()

    def test_two_plants_do_not_mix(self):
        other = self.warehouse("Second plant", "SEC")
        milk = self.lot(self.milk, "MILK-S")
        self.receive({milk: 100}, warehouse=other)
        self.make_curd(self.milk_a)
        self.make_curd(milk, warehouse=other)
        here = self.make_cheese("C-1")
        there = self.make_cheese("C-2", warehouse=other)
        self.assertEqual(self.parents(here), {"MILK-A"})
        self.assertEqual(self.parents(there), {"MILK-S"})
        self.assertNoDrift()

    def test_curd_brought_from_another_plant_is_followed(self):
        other = self.warehouse("Second plant", "SEC")
        self.make_curd(self.milk_a)
        self.transfer({self.curd: 10}, self.stock, other.lot_stock_id)
        order = self.make_cheese("C-1", warehouse=other)
        self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_curd_brought_before_the_place_ran_empty_is_not_in_the_next_make(self):
        other = self.warehouse("Second plant", "SEC")
        milk = self.lot(self.milk, "MILK-S")
        self.receive({milk: 100}, warehouse=other)
        self.make_curd(self.milk_a)
        self.transfer({self.curd: 10}, self.stock, other.lot_stock_id)
        first = self.make_cheese("C-1", warehouse=other)
        self.make_curd(milk, warehouse=other)
        second = self.make_cheese("C-2", warehouse=other)
        self.assertEqual(self.parents(first), {"MILK-A"})
        self.assertEqual(self.parents(second), {"MILK-S"})
        self.assertNoDrift()

    def test_curd_whose_transfer_was_booked_after_its_use_is_followed(self):
        other = self.warehouse("Second plant", "SEC")
        self.make_curd(self.milk_a)
        order = self.make_cheese("C-1", warehouse=other)
        self.assertEqual(self.parents(order), set())
        self.transfer({self.curd: 10}, self.stock, other.lot_stock_id)
        self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_moves_within_the_plant_are_no_border(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.make_curd(self.milk_a)
        self.transfer({self.curd: 10}, self.stock, shelf)
        self.transfer({self.curd: 10}, shelf, self.stock)
        order = self.make_cheese("C-1")
        self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_old_date_of_a_make_corrected_changes_who_used_it(self):
        first = self.make_curd(self.milk_a)
        self.wait(days=40)
        order = self.make_cheese("C-1", curd=5)
        self.assertEqual(self.parents(order), set())
        date = order.date_finished.replace(day=order.date_finished.day - 1)
        first.move_finished_ids.date = date
        self.wait()
        self.assertEqual(self.parents(order), {"MILK-A"})
        self.assertNoDrift()

    def test_old_receipt_corrected_changes_when_the_place_was_empty(self):
        """A quantity far in the past decides what was left, however long ago."""
        arrival = self.receive({self.curd: 5})
        self.wait(days=90)
        self.make_curd(self.milk_a)
        self.make_cheese("C-1")
        self.make_curd(self.milk_b)
        order = self.make_cheese("C-2")
        self.assertEqual(self.parents(order), {"MILK-A", "MILK-B"})
        arrival.move_line_ids.quantity = 0
        self.wait()
        self.assertEqual(self.parents(order), {"MILK-B"})
        self.assertNoDrift()

    def test_curd_recounted_to_zero_starts_anew(self):
        self.make_curd(self.milk_a, 20)
        self.count(self.curd, 0)
        self.make_curd(self.milk_b)
        order = self.make_cheese("C-1")
        self.assertEqual(self.parents(order), {"MILK-B"})
        self.assertNoDrift()

    def test_closing_an_order_does_not_touch_earlier_orders_that_had_enough(self):
        """The work of a closing must not grow with the month's orders."""
        self.make_curd(self.milk_a, 100)
        earlier = [self.make_cheese(f"C-{number}", curd=5) for number in range(3)]
        rows = self.env["lot.genealogy.edge"].search(
            [("res_model", "=", "mrp.production"), ("res_id", "in", [o.id for o in earlier])]
        )
        self.make_curd(self.milk_b)
        self.make_cheese("C-9", curd=5)
        self.assertEqual(rows.exists(), rows)
        self.assertNoDrift()
