from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .rfid_common import RfidCommon, sgtin


@tagged("post_install", "-at_install")
class TestRfidLoads(RfidCommon):
    """What passes a portal becomes a transfer: proposed, or done where nothing speaks against
    it."""

    def load_of(self, *serials, **kwargs):
        self.seen(self.dock, *(sgtin(serial) for serial in serials), **kwargs)
        self.settle()
        return self.loads()[-1:]

    # -- proposed ------------------------------------------------------------------------------

    def test_load_is_proposed_and_moved_by_an_operator(self):
        one, two = self.drills(1, 2)
        load = self.load_of(1, 2)
        self.assertEqual((load.state, load.tags, load.ready), ("open", 2, True))
        self.assertEqual(load.line_ids.lot_id, one | two)
        self.assertEqual(self.at(one), {self.stock: 1})
        self.assertTrue(load.with_user(self.operator).action_book())
        self.assertEqual(load.state, "booked")
        self.assertEqual(load.picking_id.state, "done")
        self.assertEqual(load.picking_id.picking_type_id, self.plant.int_type_id)
        self.assertEqual((self.at(one), self.at(two)), ({self.yard: 1}, {self.yard: 1}))
        self.assertEqual(set(self.passages().mapped("state")), {"moved"})
        self.env.cr.flush()
        self.assertEqual(self.events(one, "passed").document, load.picking_id.name)

    def test_reader_moves_nothing(self):
        self.drills(1)
        load = self.load_of(1)
        for action in ("action_book", "action_check", "action_dismiss"):
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(load.with_user(self.reader), action)()

    def test_load_is_not_proposed_before_it_has_ended(self):
        self.drills(1)
        self.seen(self.dock, sgtin(1))
        self.wait(seconds=60)
        self.run_job()
        self.assertFalse(self.loads())
        self.assertEqual(self.passages().state, "new")

    def test_button_proposes_at_once_and_what_follows_joins_the_load(self):
        self.drills(1, 2)
        self.seen(self.dock, sgtin(1))
        self.dock.with_user(self.operator).action_settle()
        load = self.loads()
        self.assertEqual(load.tags, 1)
        self.seen(self.dock, sgtin(2), after=30)
        self.settle()
        self.assertEqual(self.loads(), load)
        self.assertEqual(load.line_ids.lot_id.mapped("name"), ["1", "2"])

    def test_what_passes_later_is_another_load(self):
        self.drills(1, 2)
        self.seen(self.dock, sgtin(1))
        self.seen(self.dock, sgtin(2), after=200)
        self.wait(minutes=5)
        self.settle()
        self.assertEqual(self.loads().mapped("tags"), [1, 1])

    def test_tag_that_passes_twice_in_a_load_counts_once(self):
        drill = self.drills(1)
        self.seen(self.dock, sgtin(1))
        load = self.load_of(1, after=30)
        self.assertEqual(len(self.passages()), 2)
        self.assertEqual(load.line_ids.mapped("quantity"), [1])
        load.with_user(self.operator).action_book()
        self.assertEqual(self.at(drill), {self.yard: 1})

    def test_dismissed_load_says_why_and_moves_nothing(self):
        drill = self.drills(1)
        load = self.load_of(1).with_user(self.operator)
        with self.assertRaisesRegex(UserError, "Say why"):
            load.action_dismiss()
        load.why = "Only turned round in the yard"
        load.action_dismiss()
        self.assertEqual((load.state, self.at(drill)), ("dismissed", {self.stock: 1}))
        with self.assertRaisesRegex(UserError, "closed already"):
            load.action_book()

    def test_what_passed_is_not_changed_by_hand(self):
        self.drills(1)
        load = self.load_of(1).with_user(self.operator)
        for values in ({"state": "booked"}, {"location_dest_id": self.stock.id}):
            with self.subTest(values=values), self.assertRaisesRegex(AccessError, "by hand"):
                load.write(values)
        with self.assertRaises(AccessError):
            load.line_ids.quantity = 7

    # -- which way -----------------------------------------------------------------------------

    def test_antennas_tell_the_way(self):
        self.dock.write({"direction": "antennas", "first_antennas": "1, 2", "second_antennas": "3"})
        out, stays = self.drills(1, 3)
        back = self.drills(2, location=self.yard)
        self.seen(self.dock, sgtin(1), sgtin(3), antenna=1)
        self.seen(self.dock, sgtin(2), antenna=3)
        self.seen(self.dock, sgtin(1), antenna=3, after=2)
        self.seen(self.dock, sgtin(2), sgtin(3), antenna=2, after=2)
        self.settle()
        loads = {load.way: load for load in self.loads()}
        self.assertEqual(loads["there"].line_ids.lot_id, out)
        self.assertEqual(loads["back"].line_ids.lot_id, back)
        for load in loads.values():
            load.with_user(self.operator).action_book()
        self.assertEqual((self.at(out), self.at(back)), ({self.yard: 1}, {self.stock: 1}))
        self.assertEqual(self.at(stays), {self.stock: 1})
        aside = self.passages().filtered(lambda one: one.serial == "3")
        self.assertEqual(aside.state, "aside")

    # -- automatic -----------------------------------------------------------------------------

    def test_automatic_portal_moves_what_nothing_speaks_against(self):
        self.dock.mode = "automatic"
        drill = self.drills(1)
        load = self.load_of(1)
        self.assertEqual((load.state, load.picking_id.state), ("booked", "done"))
        self.assertEqual(self.at(drill), {self.yard: 1})

    def test_automatic_portal_leaves_a_held_lot_and_tells_who_is_responsible(self):
        self.dock.mode = "automatic"
        held, free = self.drills(1, 2)
        held.with_user(self.quality).set_status("hold", "Cracked housing")
        load = self.load_of(1, 2)
        self.assertEqual((load.state, load.ready), ("open", False))
        line = load.line_ids.filtered("problem")
        self.assertEqual((line.lot_id, line.problem), (held, "refused"))
        self.assertIn("Cracked housing", line.problem_text)
        self.assertEqual(load.activity_ids.user_id, self.manager)
        self.assertEqual(self.at(free), {self.stock: 1})
        with self.assertRaisesRegex(UserError, "Cracked housing"):
            load.with_user(self.operator).action_book()
        held.with_user(self.quality).set_status("released", "Only a scratch")
        load.with_user(self.operator).action_check()
        load.with_user(self.operator).action_book()
        self.assertFalse(load.activity_ids)
        self.assertEqual(self.at(held), {self.yard: 1})

    def test_goods_that_go_out_and_come_back_are_moved_in_that_order(self):
        self.dock.write(
            {
                "mode": "automatic",
                "direction": "antennas",
                "first_antennas": "1",
                "second_antennas": "3",
            }
        )
        drill = self.drills(1)
        for after, antenna in ((0, 1), (2, 3), (300, 3), (302, 1)):
            self.seen(self.dock, sgtin(1), antenna=antenna, after=after)
        self.wait(minutes=10)
        self.settle()
        there, back = self.loads()
        self.assertEqual((there.state, back.state), ("booked", "booked"))
        self.assertEqual((there.told, back.told), (False, False))
        self.assertEqual(self.at(drill), {self.stock: 1})

    def test_load_whose_goods_wait_in_another_load_tells_nobody(self):
        self.dock.write({"direction": "antennas", "first_antennas": "1", "second_antennas": "3"})
        self.drills(1)
        for after, antenna in ((0, 1), (2, 3), (300, 3), (302, 1)):
            self.seen(self.dock, sgtin(1), antenna=antenna, after=after)
        self.wait(minutes=10)
        self.settle()
        there, back = self.loads()
        self.assertEqual((there.ready, back.ready, back.told), (True, False, False))
        there.with_user(self.operator).action_book()
        back.with_user(self.operator).action_book()
        self.assertEqual((there.state, back.state), ("booked", "booked"))

    def test_lot_that_is_not_in_stock_there_is_said_and_not_moved(self):
        self.dock.mode = "automatic"
        shelf = self.env["stock.location"].create(
            {"name": "Far", "usage": "internal", "location_id": self.plant.view_location_id.id}
        )
        drill = self.drills(1, location=shelf)
        load = self.load_of(1)
        self.assertEqual((load.state, load.line_ids.problem), ("open", "elsewhere"))
        self.assertIn(shelf.display_name, load.line_ids.problem_text)
        self.assertEqual(self.at(drill), {shelf: 1})

    def test_unknown_serial_of_our_product_stops_the_load_and_foreign_tags_do_not(self):
        self.drills(1)
        foreign = sgtin(1, gtin="09506000134369")
        self.seen(self.dock, foreign, "E280110520007")
        load = self.load_of(1)
        self.assertTrue(load.ready)
        self.assertEqual(load.line_ids.lot_id.name, "1")
        states = {one.identity: one.state for one in self.passages()}
        self.assertEqual(states["E280110520007"], "unread")
        self.assertEqual(states["(01)09506000134369(21)1"], "unknown")
        self.wait(hours=1)
        load = self.load_of(1, 99)
        self.assertEqual(load.line_ids.filtered("problem").problem, "unknown")
        self.assertIn("no lot 99", load.line_ids.filtered("problem").problem_text)

    def test_enrolled_meanwhile_the_load_is_whole(self):
        self.drills(1)
        load = self.load_of(1, 99)
        self.assertFalse(load.ready)
        late = self.drills(99)
        load.with_user(self.operator).action_check()
        self.assertTrue(load.ready)
        load.with_user(self.operator).action_book()
        self.assertEqual(self.at(late), {self.yard: 1})

    # -- quantities and packages ---------------------------------------------------------------

    def cheese(self, name, quantity, tags, per_tag, location=None):
        """A lot in stock, with registered tags of that quantity."""
        cheese = self.product("Cheese", uom=self.units)
        lot = self.lot(cheese, name)
        if quantity:
            self.env["stock.quant"]._update_available_quantity(
                cheese, location or self.stock, quantity, lot_id=lot
            )
        epcs = [sgtin(n, gtin="09506000134376") for n in range(tags)]
        self.floor["lot.rfid.tag"].enroll(epcs, lot.id, per_tag)
        return lot, epcs

    def test_tags_of_cases_add_up_to_a_quantity(self):
        lot, epcs = self.cheese("C-1", 36, tags=3, per_tag=12)
        self.seen(self.dock, *epcs[:2])
        self.settle()
        load = self.loads()
        self.assertEqual(load.line_ids.quantity, 24)
        load.with_user(self.operator).action_book()
        self.assertEqual(self.at(lot), {self.stock: 12, self.yard: 24})

    def test_quantity_in_several_places_is_left_to_a_person(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "usage": "internal", "location_id": self.stock.id}
        )
        lot, epcs = self.cheese("C-1", 24, tags=2, per_tag=12)
        self.env["stock.quant"]._update_available_quantity(lot.product_id, shelf, 24, lot_id=lot)
        self.seen(self.dock, *epcs)
        self.settle()
        load = self.loads()
        self.assertEqual(load.line_ids.problem, "places")
        self.assertIn("Shelf", load.line_ids.problem_text)
        self.assertEqual(self.at(lot), {self.stock: 24, shelf: 24})

    def test_pallet_goes_whole_and_its_cases_are_not_counted_again(self):
        lot, epcs = self.cheese("C-1", 0, tags=2, per_tag=12)
        sscc = "095060001234567893"
        package = self.env["stock.package"].create({"name": sscc})
        self.env["stock.quant"]._update_available_quantity(
            lot.product_id, self.stock, 24, lot_id=lot, package_id=package
        )
        self.seen(self.dock, "urn:epc:id:sscc:9506000.0123456789", *epcs)
        self.settle()
        load = self.loads()
        self.assertTrue(load.ready, load._problems_text())
        self.assertEqual(load.line_ids.package_id, package)
        load.with_user(self.operator).action_book()
        self.assertEqual((self.at(lot), package.location_id), ({self.yard: 24}, self.yard))

    # -- expected transfers --------------------------------------------------------------------

    def delivery(self, product, quantity):
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.plant.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.shop.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        return picking

    def shipping_dock(self):
        self.dock.write(
            {"location_dest_id": self.customers.id, "picking_type_id": self.plant.out_type_id.id}
        )

    def test_the_one_delivery_that_expects_the_goods_is_done(self):
        self.shipping_dock()
        self.dock.mode = "automatic"
        one, two, three = self.drills(1, 2, 3)
        delivery = self.delivery(self.drill, 3)
        load = self.load_of(2, 3)
        self.assertEqual(load.picking_id, delivery)
        self.assertEqual(delivery.state, "done")
        self.assertEqual(delivery.move_line_ids.lot_id, two | three)
        self.assertEqual(self.at(one), {self.stock: 1})
        backorder = self.env["stock.picking"].search([("backorder_id", "=", delivery.id)])
        self.assertEqual(backorder.move_ids.product_uom_qty, 1)

    def test_two_deliveries_that_fit_are_for_a_person_to_choose_from(self):
        self.shipping_dock()
        self.dock.mode = "automatic"
        drill = self.drills(1)
        first, second = self.delivery(self.drill, 5), self.delivery(self.drill, 5)
        (first | second).do_unreserve()
        load = self.load_of(1)
        self.assertEqual(load.state, "open")
        self.assertIn(first.name, load.problem)
        self.assertIn(second.name, load.problem)
        load = load.with_user(self.operator)
        load.expected_picking_id = second
        self.assertTrue(load.ready)
        load.action_book()
        self.assertEqual((second.state, self.at(drill)), ("done", {self.customers: 1}))

    def test_of_two_deliveries_the_one_that_reserved_the_lots_is_meant(self):
        self.shipping_dock()
        self.drills(1, 2)
        first, second = self.delivery(self.drill, 1), self.delivery(self.drill, 1)
        (first | second).action_assign()
        serial = second.move_line_ids.lot_id.name
        self.assertEqual(self.load_of(serial).expected_picking_id, second)

    def test_goods_that_nobody_ordered_do_not_leave(self):
        self.shipping_dock()
        self.dock.mode = "automatic"
        drill = self.drills(1)
        load = self.load_of(1)
        self.assertEqual(load.state, "open")
        self.assertIn("No open transfer expects", load.problem)
        self.assertEqual(self.at(drill), {self.stock: 1})

    def test_wrong_product_for_the_chosen_delivery_is_refused(self):
        self.shipping_dock()
        self.drills(1)
        other = self.delivery(self.product("Saw", tracking="serial"), 1)
        load = self.load_of(1).with_user(self.operator)
        load.expected_picking_id = other
        self.assertEqual(load.line_ids.problem, "unexpected")
        with self.assertRaisesRegex(UserError, "expects 0"):
            load.action_book()

    def test_prepared_transfer_is_left_to_a_person(self):
        drill = self.drills(1)
        load = self.load_of(1, 99).with_user(self.operator)
        load.action_prepare()
        self.assertEqual(load.picking_id.move_line_ids.lot_id, drill)
        self.assertNotEqual(load.picking_id.state, "done")
        self.assertEqual(self.at(drill), {self.stock: 1})

    # -- scale ---------------------------------------------------------------------------------

    def test_settling_costs_no_query_a_tag(self):
        self.drills(*range(200))
        queries = []
        for serials in (range(20), range(20, 200)):
            self.seen(self.dock, *(sgtin(serial) for serial in serials))
            self.wait(minutes=5)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["lot.rfid.settlement"]._settle(self.dock)
            self.env.flush_all()
            queries.append(self.env.cr.sql_log_count - before)
            self.wait(hours=1)
        self.assertLess(queries[1], queries[0] + 40, queries)
