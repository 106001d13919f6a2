from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .expiry_common import LotExpiryCommon


@tagged("post_install", "-at_install")
class TestExpiryBoard(LotExpiryCommon):
    """What expires when, where it is, what it is worth, and what orders will use of it."""

    def open_delivery(self, quantity, days=0, product=None, reserve=False, **values):
        """A confirmed delivery, planned in so many days."""
        product = product or self.yoghurt
        date = fields.Datetime.now() + timedelta(days=days)
        picking = self.floor["stock.picking"].create(
            {
                "picking_type_id": self.plant.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "partner_id": self.shop.id,
                "scheduled_date": date,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                            "date": date,
                        }
                    )
                ],
                **values,
            }
        )
        picking.action_confirm()
        if reserve:
            picking.action_assign()
        else:
            picking.do_unreserve()
        return picking

    def forecast(self, *lots):
        rows = [self.row(lot) for lot in lots]
        return [(row.reserved_quantity, row.planned_quantity, row.left_quantity) for row in rows]

    # -- rows --------------------------------------------------------------------------------

    def test_a_row_says_what_expires_when_and_where(self):
        lot = self.stocked("Y-1", 5, 12)
        row = self.row(lot)
        self.assertEqual(
            (row.product_id, row.warehouse_id, row.location_id, row.place, row.supplier_id),
            (self.yoghurt, self.plant, self.stock, "warehouse", self.dairy),
        )
        self.assertEqual((row.quantity, row.days_left, row.expired), (12, 5, False))
        self.assertEqual(row.expiry_day, fields.Date.today() + timedelta(days=5))

    def test_a_lot_without_date_or_without_stock_has_no_row(self):
        undated = self.received(self.product("Salt"), "S-1", 5)
        gone = self.stocked("Y-GONE", 5, 5)
        self.deliver({gone: 5})
        found = self.env["lot.expiry.report"].search([("lot_id", "in", (undated | gone).ids)])
        self.assertFalse(found)

    def test_last_day_is_the_company_s_own_around_midnight_and_clock_changes(self):
        lot = self.stocked("Y-1", 0)
        cases = [
            # zone, instant of expiry, now, days left
            ("Pacific/Auckland", "2026-04-04 10:59:59", "2026-04-04 10:59:59", 0),
            ("Pacific/Auckland", "2026-04-04 10:59:59", "2026-04-04 11:00:00", -1),
            # Summer time ends in the night to 5 April: that day has 25 hours.
            ("Pacific/Auckland", "2026-04-05 11:59:59", "2026-04-04 11:00:00", 0),
            ("Pacific/Auckland", "2026-04-05 11:59:59", "2026-04-05 11:59:59", 0),
            ("Pacific/Auckland", "2026-04-05 11:59:59", "2026-04-05 12:00:00", -1),
            ("America/Los_Angeles", "2026-03-09 06:59:59", "2026-03-08 08:00:00", 0),
            ("America/Los_Angeles", "2026-03-09 06:59:59", "2026-03-08 07:59:59", 1),
            ("America/Los_Angeles", "2026-03-09 06:59:59", "2026-03-09 07:00:00", -1),
        ]
        for zone, expiry, now, days in cases:
            with self.subTest(zone=zone, expiry=expiry, now=now):
                self.company.lot_timezone = zone
                lot.expiration_date = expiry
                self.clock.move_to(now)
                row = self.row(lot)
                self.assertEqual((row.days_left, row.expired), (days, days < 0))
                cutoff = self.env["lot.calendar"]._expired_before(self.company)
                self.assertEqual(row.expired, lot.expiration_date < cutoff)
                row.invalidate_recordset()

    def test_stock_in_the_field_is_shown_with_who_holds_it(self):
        lot = self.stocked("Y-1", 5, 40)
        shelf, van = self.env["stock.location"].create(
            [
                {"name": "Shelf at the café", "lot_holder_id": self.cafe.id, "usage": "internal"},
                {"name": "Van", "usage": "internal"},
            ]
        )
        drawer = self.env["stock.location"].create({"name": "Drawer", "location_id": shelf.id})
        transit = self.env["stock.location"].create({"name": "Ferry", "usage": "transit"})
        for place, quantity in ((drawer, 10), (van, 5), (transit, 3)):
            self.transfer({lot: quantity}, self.stock, place)
        found = {
            row.location_id: (row.place, row.holder_id, row.quantity)
            for row in self.env["lot.expiry.report"].search([("lot_id", "=", lot.id)])
        }
        none = self.env["res.partner"]
        self.assertEqual(
            found,
            {
                self.stock: ("warehouse", none, 22),
                drawer: ("field", self.cafe, 10),
                van: ("field", none, 5),
                transit: ("transit", none, 3),
            },
        )

    def test_goods_at_a_customer_that_are_still_ours_are_shown(self):
        lot = self.stocked("Y-1", 5, 10)
        picking = self.picking(
            self.plant.out_type_id, {lot: 4}, target=self.customers, partner=self.shop
        )
        picking.move_line_ids.owner_id = False
        self.validate(picking)
        self.assertEqual(len(self.env["lot.expiry.report"].search([("lot_id", "=", lot.id)])), 1)
        self.env["stock.quant"]._update_available_quantity(
            self.yoghurt, self.customers, 3, lot_id=lot, owner_id=self.company.partner_id
        )
        row = self.row(lot, place="customer")
        self.assertEqual((row.quantity, row.company_id), (3, self.company))

    def test_a_warehouse_at_another_firm_s_address_is_held_by_it(self):
        hospital = self.warehouse("Hospital", "HOS", partner_id=self.cafe.id)
        lot = self.stocked("Y-1", 150, warehouse=hospital)
        row = self.row(lot)
        self.assertEqual((row.place, row.holder_id), ("field", self.cafe))

    # -- value -------------------------------------------------------------------------------

    def assertValued(self, *lots):
        for lot in lots:
            row = self.row(lot, place="warehouse")
            quant = self.env["stock.quant"].browse(row.id)
            self.assertTrue(quant.value)
            self.assertAlmostEqual(row.value, quant.value, 2)

    def test_value_is_that_of_odoo_s_valuation(self):
        for method in ("standard", "average", "fifo"):
            for by_lot in (False, True):
                with self.subTest(method=method, by_lot=by_lot):
                    category = self.env["product.category"].create(
                        {"name": method, "property_cost_method": method}
                    )
                    product = self.perishable(
                        f"{method} {by_lot}", categ_id=category.id, lot_valuated=by_lot
                    )
                    product.standard_price = 3
                    first = self.purchased(product, "P-1", 10, 2.5)
                    second = self.purchased(product, "P-2", 6, 4)
                    self.deliver({first: 4})
                    self.env.invalidate_all()
                    self.assertValued(first, second)

    def purchased(self, product, name, quantity, price):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.dairy.id,
                "picking_type_id": self.plant.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        receipt = order.picking_ids
        receipt.move_line_ids.unlink()
        self.fill(receipt.move_ids, {product: quantity})
        receipt.move_line_ids.lot_name = name
        self.validate(receipt)
        return receipt.move_line_ids.lot_id

    def test_goods_of_others_have_no_value(self):
        self.yoghurt.standard_price = 3
        lot = self.lot(self.yoghurt, "Y-1", expiration_date=self.last_day(5))
        self.env["stock.quant"]._update_available_quantity(
            self.yoghurt, self.stock, 3, lot_id=lot, owner_id=self.mill
        )
        row = self.row(lot)
        self.assertEqual((row.quantity, row.owner_id, row.value), (3, self.mill, 0))

    # -- what orders will use ----------------------------------------------------------------

    def test_open_deliveries_use_what_expires_first(self):
        late, early = self.stocked("LATE", 20, 10), self.stocked("EARLY", 10, 10)
        self.open_delivery(14, days=2)
        self.assertEqual(self.forecast(early, late), [(0, 10, 0), (0, 4, 6)])

    def test_an_order_after_its_last_day_does_not_use_a_lot(self):
        early, late = self.stocked("EARLY", 3, 10), self.stocked("LATE", 20, 10)
        self.open_delivery(4, days=2)
        self.open_delivery(9, days=5)
        self.assertEqual(self.forecast(early, late), [(0, 4, 6), (0, 9, 1)])

    def test_a_need_that_one_lot_cannot_meet_is_met_by_the_next(self):
        early, middle, late = (self.stocked(f"L{days}", days, 5) for days in (3, 6, 9))
        self.open_delivery(12, days=1)
        self.open_delivery(2, days=8)
        self.assertEqual(self.forecast(early, middle, late), [(0, 5, 0), (0, 5, 0), (0, 4, 1)])

    def test_expired_and_held_lots_are_not_used(self):
        expired, held = self.stocked("EXPIRED", -1, 5), self.stocked("HELD", 5, 5)
        good = self.stocked("GOOD", 9, 5)
        held.set_status("hold", "Seal broken")
        self.open_delivery(4, days=0)
        self.assertEqual(self.forecast(expired, held, good), [(0, 0, 5), (0, 0, 5), (0, 4, 1)])

    def test_what_is_reserved_is_used_by_whom_it_is_reserved_for(self):
        early, late = self.stocked("EARLY", 3, 10), self.stocked("LATE", 20, 10)
        picking = self.open_delivery(6, days=1)
        self.fill(picking.move_ids, {late: 6}, picked=False)
        self.open_delivery(5, days=1)
        self.assertEqual(self.forecast(early, late), [(0, 5, 5), (6, 0, 4)])

    def test_component_needs_of_production_count(self):
        lot = self.stocked("Y-1", 5, 10)
        order = self.order(self.product("Cake"), 1, {self.yoghurt: 3})
        order.do_unreserve()
        self.assertEqual(self.forecast(lot), [(0, 3, 7)])
        order.action_assign()
        self.assertEqual(self.forecast(lot), [(3, 0, 7)])

    def test_a_delivery_in_two_steps_counts_once(self):
        self.plant.delivery_steps = "pick_ship"
        lot = self.stocked("Y-1", 30, 10)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.plant.id,
                "order_line": [
                    Command.create({"product_id": self.yoghurt.id, "product_uom_qty": 4})
                ],
            }
        )
        order.action_confirm()
        pick = order.picking_ids
        pick.do_unreserve()
        self.assertEqual(self.forecast(lot), [(0, 4, 6)])
        pick.action_assign()
        self.assertEqual(self.forecast(lot), [(4, 0, 6)])
        pick.move_ids.picked = True
        self.validate(pick)
        self.env.invalidate_all()
        ship = order.picking_ids - pick
        rows = self.env["lot.expiry.report"].search([("lot_id", "=", lot.id)])
        self.assertEqual(sum(rows.mapped("reserved_quantity")), 4)
        ship.do_unreserve()
        rows.invalidate_recordset()
        self.assertEqual(sum(rows.mapped("planned_quantity")), 4)
        self.assertEqual(sum(rows.mapped("left_quantity")), 6)

    def test_a_production_in_two_steps_counts_once(self):
        self.plant.manufacture_steps = "pbm"
        lot = self.stocked("Y-1", 30, 10)
        order = self.order(self.product("Cake"), 1, {self.yoghurt: 3})
        picks = order.picking_ids
        self.assertTrue(picks)
        picks.do_unreserve()
        self.assertEqual(self.forecast(lot), [(0, 3, 7)])
        picks.action_assign()
        self.assertEqual(self.forecast(lot), [(3, 0, 7)])

    def test_an_internal_transfer_uses_nothing(self):
        lot = self.stocked("Y-1", 5, 10)
        shelf = self.env["stock.location"].create({"name": "B", "location_id": self.stock.id})
        self.picking(self.plant.int_type_id, {lot: 4}, target=shelf)
        self.assertEqual(self.forecast(lot), [(0, 0, 10)])

    def test_another_warehouse_s_needs_do_not_count(self):
        lot = self.stocked("Y-1", 5, 10)
        other = self.warehouse("Other", "OTH")
        picking = self.open_delivery(
            3, picking_type_id=other.out_type_id.id, location_id=other.lot_stock_id.id
        )
        picking.move_ids.location_id = other.lot_stock_id
        self.assertEqual(self.forecast(lot), [(0, 0, 10)])

    # -- who reads it ------------------------------------------------------------------------

    def test_operator_and_auditor_read_it_and_a_mere_reader_does_not(self):
        lot = self.stocked("Y-1", 5)
        self.assertEqual(self.row(lot, self.floor).quantity, 10)
        self.assertEqual(self.row(lot, self.env(user=self.auditor)).quantity, 10)
        with self.assertRaises(AccessError):
            self.row(lot, self.env(user=self.reader))

    def test_the_whole_board_is_readable_for_an_auditor_and_an_operator(self):
        self.stocked("Y-1", 5)
        for user in (self.auditor, self.operator):
            board = self.env(user=user)["lot.expiry.report"]
            fields_of = {
                name: {"fields": {"display_name": {}}} if field.type == "many2one" else {}
                for name, field in board._fields.items()
                if board._has_field_access(field, "read")
            }
            self.assertTrue(board.web_search_read([], fields_of)["records"])

    def test_value_is_for_those_who_may_know_it(self):
        self.yoghurt.standard_price = 2
        lot = self.stocked("Y-1", 5)
        for user in (self.auditor, self.manager, self.quality):
            self.assertEqual(self.row(lot, self.env(user=user)).value, 20)
        with self.assertRaises(AccessError):
            self.row(lot, self.floor).read(["value"])

    def test_nobody_writes_it(self):
        row = self.row(self.stocked("Y-1", 5), self.env(user=self.administrator))
        for write in (lambda: row.write({"quantity": 1}), row.unlink):
            with self.assertRaises(AccessError):
                write()

    def test_another_company_s_stock_is_not_shown(self):
        lot = self.stocked("Y-1", 5)
        other = self.env["res.company"].create({"name": "Other"})
        self.operator.company_ids += other
        found = self.floor(context={"allowed_company_ids": other.ids})["lot.expiry.report"].search(
            [("lot_id", "=", lot.id)]
        )
        self.assertFalse(found)
        both = {"allowed_company_ids": (self.company | other).ids}
        self.assertEqual(len(self.row(lot, self.floor(context=both))), 1)

    def test_the_board_is_read_in_few_queries(self):
        for number in range(30):
            self.stocked(f"Y-{number}", number + 1, 1)
        board = self.floor["lot.expiry.report"]
        specification = {
            "lot_id": {"fields": {"display_name": {}}},
            "product_id": {"fields": {"display_name": {}}},
            "quantity": {},
            "planned_quantity": {},
            "left_quantity": {},
            "days_left": {},
        }
        board.web_search_read([], specification, limit=5)
        self.env.invalidate_all()
        with self.assertQueryCount(11):
            board.web_search_read([], specification, limit=80)

    def test_grouping_by_week_sums_up(self):
        for name, days in (("A", 0), ("B", 1), ("C", 7)):
            self.stocked(name, days, 5)
        groups = self.floor["lot.expiry.report"].formatted_read_group(
            [("product_id", "=", self.yoghurt.id)],
            ["expiry_day:week"],
            ["quantity:sum", "left_quantity:sum"],
        )
        self.assertEqual([group["quantity:sum"] for group in groups], [10, 5])
