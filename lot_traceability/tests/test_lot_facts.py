from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import LotTraceabilityCommon


class LotFactsCommon(LotTraceabilityCommon):
    """Receipts of which the lines tell something."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.lot_timezone = "Europe/Berlin"
        cls.germany = cls.env.ref("base.de")
        cls.spinach = cls.product("Spinach")

    @classmethod
    def arrival(cls, name, product=None, quantity=10, partner=None, **values):
        """A receipt, not validated, whose one line says `name` and these values."""
        product = product or cls.spinach
        picking = cls.picking(
            cls.plant.in_type_id,
            {product: quantity},
            source=cls.suppliers,
            partner=partner or cls.dairy,
        )
        picking.move_line_ids.write({"lot_name": name, **values})
        return picking

    @classmethod
    def arrived(cls, name, **values):
        picking = cls.validate(cls.arrival(name, **values))
        return picking.move_line_ids.lot_id.with_env(cls.env)

    @classmethod
    def demand(cls, *names):
        return cls.env["lot.field.demand"].search([("field_name", "in", names)])


@tagged("post_install", "-at_install")
class TestReceiptFacts(LotFactsCommon):
    def test_lot_created_at_receipt_knows_what_the_line_told(self):
        lot = self.arrived(
            "A17",
            supplier_lot="S-9",
            production_date=date(2026, 3, 1),
            packing_date=date(2026, 3, 2),
            harvest_date=date(2026, 2, 27),
            harvest_end_date=date(2026, 2, 28),
            origin_country_id=self.germany.id,
            origin_place="Pfalz",
        )
        self.assertRecordValues(
            lot,
            [
                {
                    "supplier_id": self.dairy.id,
                    "supplier_lot": "S-9",
                    "production_date": date(2026, 3, 1),
                    "packing_date": date(2026, 3, 2),
                    "harvest_date": date(2026, 2, 27),
                    "harvest_end_date": date(2026, 2, 28),
                    "origin_country_id": self.germany.id,
                    "origin_place": "Pfalz",
                }
            ],
        )

    def test_known_lot_is_completed_and_keeps_what_it_knew(self):
        lot = self.lot(self.spinach, "A17", production_date=date(2026, 2, 20))
        picking = self.picking(
            self.plant.in_type_id, {lot: 5}, source=self.suppliers, partner=self.mill
        )
        picking.move_line_ids.write({"supplier_lot": "S-1", "production_date": date(2026, 2, 25)})
        self.validate(picking)
        self.assertEqual(lot.supplier_lot, "S-1")
        self.assertEqual(lot.supplier_id, self.mill)
        self.assertEqual(lot.production_date, date(2026, 2, 20))
        self.assertIn("2026-02-25", lot.message_ids[0].body)
        self.receive({lot: 1}, self.dairy)
        self.assertEqual(lot.supplier_id, self.mill)
        self.assertIn("Supplier Dairy", lot.message_ids[0].body)

    def test_new_lot_on_two_lines_to_two_places_knows_what_either_told(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "usage": "internal", "location_id": self.stock.id}
        )
        picking = self.picking(
            self.plant.in_type_id, {self.spinach: 8}, source=self.suppliers, partner=self.mill
        )
        first = picking.move_line_ids
        first.write({"lot_name": "B1", "quantity": 5, "production_date": date(2026, 3, 1)})
        first.copy(
            {
                "lot_name": "B1",
                "quantity": 3,
                "origin_place": "Pfalz",
                "location_dest_id": shelf.id,
                "picked": True,
            }
        )
        self.validate(picking)
        lot = picking.move_line_ids.lot_id
        self.assertEqual(len(lot), 1)
        self.assertEqual(lot.production_date, date(2026, 3, 1))
        self.assertEqual(lot.origin_place, "Pfalz")

    def test_detailed_operations_fill_the_lot(self):
        picking = self.picking(
            self.plant.in_type_id, {self.spinach: 10}, source=self.suppliers, partner=self.dairy
        )
        form = Form(
            picking.move_ids.with_context(picking_code="incoming"),
            view="stock.view_stock_move_operations",
        )
        with form.move_line_ids.edit(0) as line:
            line.lot_name = "A17"
            line.supplier_lot = "S-9"
            line.origin_country_id = self.germany
        form.save()
        self.validate(picking)
        lot = picking.move_line_ids.lot_id
        self.assertEqual((lot.name, lot.supplier_lot), ("A17", "S-9"))
        self.assertEqual(lot.origin_country_id, self.germany)

    def test_internal_transfer_names_no_supplier(self):
        lot = self.lot(self.spinach, "A17")
        self.count(lot, 5)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id, "usage": "internal"}
        )
        self.transfer({lot: 5}, self.stock, shelf)
        self.assertFalse(lot.supplier_id)

    def test_split_and_merged_lots_take_over_what_all_know(self):
        first = self.arrived("A1", production_date=date(2026, 3, 1), origin_place="Pfalz")
        second = self.arrived("A2", production_date=date(2026, 3, 1), origin_place="Murcia")
        first.allergen_ids = self.env.ref("lot_traceability.allergen_milk")
        second.allergen_ids = self.env.ref("lot_traceability.allergen_fish")
        part = self.operate("split", first, parts=[("P", 2)])
        self.assertEqual(part.origin_place, "Pfalz")
        self.assertEqual(part.supplier_id, self.dairy)
        merged = self.operate("merge", first | second, "M")
        self.assertEqual(merged.production_date, date(2026, 3, 1))
        self.assertFalse(merged.origin_place)
        self.assertEqual(merged.allergen_ids, first.allergen_ids | second.allergen_ids)

    def test_facts_are_found_and_grouped(self):
        lot = self.arrived("A17", origin_country_id=self.germany.id)
        lot.allergen_ids = self.env.ref("lot_traceability.allergen_milk")
        Lot = self.env["stock.lot"].with_user(self.reader)
        self.assertEqual(Lot.search([("allergen_ids.code", "=", "milk")]) & lot, lot)
        rows = Lot._read_group(
            [("id", "=", lot.id)], ["supplier_id", "origin_country_id", "allergen_ids"]
        )
        self.assertEqual(rows, [(self.dairy, self.germany, lot.allergen_ids)])

    def test_each_change_of_a_fact_is_in_the_history_of_the_lot(self):
        lot = self.lot(self.spinach, "A17").with_context(tracking_disable=False)
        self.env.flush_all()
        self.env.cr.precommit.run()
        lot.with_user(self.operator).write(
            {"production_date": date(2026, 3, 1), "origin_place": "Pfalz"}
        )
        self.env.flush_all()
        self.env.cr.precommit.run()
        tracked = lot.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertEqual(set(tracked), {"production_date", "origin_place"})


@tagged("post_install", "-at_install")
class TestFactsQueries(LotFactsCommon):
    def received_lots(self, count):
        """The done lines of one receipt of that many new lots."""
        picking = self.picking(
            self.plant.in_type_id, {self.spinach: count}, source=self.suppliers, partner=self.dairy
        )
        move = picking.move_ids
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.spinach.id,
                    "lot_name": f"L{number}",
                    "supplier_lot": f"S{number}",
                    "quantity": 1,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                }
            )
            for number in range(count)
        ]
        move.picked = True
        self.validate(picking)
        return self.env["stock.move.line"].browse(move.move_line_ids.ids)

    def test_a_receipt_of_many_lots_asks_no_more_than_one_of_few(self):
        self.spinach.receipt_demand_ids = self.demand("supplier_lot", "supplier_id")
        lines = self.received_lots(30)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            lines._fill_lots()
            lines._check_demands()

    def test_an_order_of_many_serials_asks_no_more_than_one_of_few(self):
        pump = self.product("Pump", tracking="serial")
        steel = self.product("Steel", tracking="none")
        self.count(steel, 50)
        serials = self.env["stock.lot"].create(
            [{"product_id": pump.id, "name": f"P{number}"} for number in range(20)]
        )
        order = self.make(serials, 20, {steel: 20})
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            order._fill_made_lots(serials)
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestDemands(LotFactsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spinach.receipt_demand_ids = cls.demand("supplier_lot", "origin_country_id")

    def test_all_missing_facts_of_all_lots_are_listed_at_once(self):
        kale = self.product("Kale", receipt_demand_ids=self.demand("production_date").ids)
        picking = self.picking(
            self.plant.in_type_id,
            {self.spinach: 10, kale: 5},
            source=self.suppliers,
            partner=self.dairy,
        )
        for line, name in zip(picking.move_line_ids, ("A17", "K1"), strict=True):
            line.lot_name = name
        with self.assertRaises(UserError) as error, self.cr.savepoint():
            picking.button_validate()
        lines = str(error.exception).splitlines()
        self.assertEqual(
            lines[1:],
            [
                "- Lot A17 of Spinach: supplier's lot number, country of origin",
                "- Lot K1 of Kale: production date",
            ],
        )
        self.assertFalse(self.env["stock.lot"].search([("name", "in", ["A17", "K1"])]))
        self.assertEqual(picking.state, "assigned")

    def test_receipt_passes_when_all_is_told(self):
        lot = self.arrived("A17", supplier_lot="S-9", origin_country_id=self.germany.id)
        self.assertEqual(lot.supplier_lot, "S-9")

    def test_receipt_asks_for_what_is_demanded_where_its_lots_are_typed(self):
        move = self.arrival("A17").move_ids.with_env(self.floor)
        form = Form(move, view="stock.view_stock_move_operations")
        self.assertEqual(form.lot_demands, "supplier's lot number, country of origin")
        with form.move_line_ids.edit(0) as line:
            line.supplier_lot = "S-9"
            line.origin_country_id = self.germany
        form.save()
        self.validate(move.picking_id)
        self.assertEqual(move.move_line_ids.lot_id.origin_country_id, self.germany)

    def test_delivery_asks_for_nothing(self):
        lot = self.arrived("A17", supplier_lot="S-9", origin_country_id=self.germany.id)
        self.assertFalse(self.deliver({lot: 1}).move_ids.lot_demands)

    def test_direct_calls_cannot_pass(self):
        for call in ("_action_done",):
            picking = self.arrival("A17")
            with self.assertRaisesRegex(UserError, "Lot A17"), self.cr.savepoint():
                getattr(picking.move_line_ids, call)()
            with self.assertRaisesRegex(UserError, "Lot A17"), self.cr.savepoint():
                getattr(picking.move_ids, call)()

    def test_category_demands_of_its_products_and_those_below(self):
        parent = self.env["product.category"].create(
            {"name": "Greens", "receipt_demand_ids": self.demand("packing_date").ids}
        )
        self.spinach.categ_id = self.env["product.category"].create(
            {"name": "Leaves", "parent_id": parent.id}
        )
        picking = self.arrival("A17", supplier_lot="S", origin_country_id=self.germany.id)
        with self.assertRaisesRegex(UserError, "Lot A17 of Spinach: packing date"):
            picking.button_validate()

    def test_known_lot_that_has_it_all_needs_nothing_new(self):
        lot = self.arrived("A17", supplier_lot="S-9", origin_country_id=self.germany.id)
        before = lot.product_qty
        self.receive({lot: 5})
        self.assertEqual(lot.product_qty, before + 5)

    def test_production_is_not_closed_before_its_lot_is_known(self):
        soup = self.product("Soup", production_demand_ids=self.demand("allergen_ids").ids)
        broth = self.product("Broth")
        lot = self.lot(broth, "B-1")
        self.count(lot, 10)
        made = self.lot(soup, "S-1")
        with self.assertRaisesRegex(UserError, "Lot S-1 of Soup: allergens"), self.cr.savepoint():
            self.make(made, 5, {lot: 5})
        lot.allergen_ids = self.env.ref("lot_traceability.allergen_celery")
        self.make(made, 5, {lot: 5})
        self.assertEqual(made.allergen_ids, lot.allergen_ids)

    def test_production_date_is_demanded_and_filled_by_the_order(self):
        soup = self.product("Soup", production_demand_ids=self.demand("production_date").ids)
        made = self.lot(soup, "S-1")
        broth = self.product("Broth", tracking="none")
        self.count(broth, 10)
        self.make(made, 5, {broth: 5})
        self.assertTrue(made.production_date)


@tagged("post_install", "-at_install")
class TestProductionFacts(LotFactsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_allergen, cls.nuts, cls.soy, cls.gluten = (
            cls.env.ref(f"lot_traceability.allergen_{code}")
            for code in ("milk", "nuts", "soybeans", "gluten")
        )
        cls.milk = cls.product("Milk", allergen_ids=cls.milk_allergen.ids)
        cls.flour = cls.product("Flour", tracking="none", allergen_ids=cls.gluten.ids)
        cls.cake = cls.product("Cake", allergen_ids=cls.soy.ids)

    def test_annex_ii_and_the_american_list_are_there(self):
        every = self.env["lot.allergen"].search([])
        self.assertEqual(len(every.filtered("eu")), 14)
        self.assertEqual(len(every.filtered("us")), 9)
        self.assertIn("sesame", every.filtered("us").mapped("code"))

    def test_lot_takes_the_allergens_of_its_product_unless_it_has_its_own(self):
        self.assertEqual(self.arrived("M-1", product=self.milk).allergen_ids, self.milk_allergen)
        own = self.lot(self.milk, "M-2", allergen_ids=[Command.set(self.nuts.ids)])
        self.assertEqual(own.allergen_ids, self.nuts)

    def test_made_lot_has_the_allergens_of_all_components_and_its_own(self):
        milk = self.arrived("M-1", product=self.milk)
        milk.allergen_ids |= self.nuts
        self.count(self.flour, 50)
        cake = self.lot(self.cake, "C-1")
        self.make(cake, 10, {milk: 5, self.flour: 5})
        self.assertEqual(cake.allergen_ids, self.milk_allergen | self.nuts | self.gluten | self.soy)

    def test_component_added_after_closing_counts_as_well(self):
        milk = self.arrived("M-1", product=self.milk)
        self.count(self.flour, 50)
        cake = self.lot(self.cake, "C-1")
        order = self.make(cake, 10, {milk: 5})
        self.assertNotIn(self.gluten, cake.allergen_ids)
        move = self.env["stock.move"].create(
            {
                "product_id": self.flour.id,
                "product_uom": self.flour.uom_id.id,
                "product_uom_qty": 2,
                "quantity": 2,
                "raw_material_production_id": order.id,
                "location_id": self.stock.id,
                "location_dest_id": order.production_location_id.id,
            }
        )
        move.picked = True
        move._action_done()
        self.assertIn(self.gluten, cake.allergen_ids)

    def test_order_tells_day_work_centre_and_operator(self):
        centre = self.env["mrp.workcenter"].create({"name": "Oven 2"})
        self.count(self.flour, 50)
        bom = self.bom(
            self.cake,
            {self.flour: 1},
            operation_ids=[Command.create({"name": "Bake", "workcenter_id": centre.id})],
        )
        cake = self.lot(self.cake, "C-1")
        order = self.order(self.cake, 5, bom=bom)
        # 23:30 UTC is the next day in Berlin.
        self.clock.move_to(datetime(2026, 3, 4, 23, 30))
        order.workorder_ids.button_start()
        self.produce(order, cake)
        self.assertEqual(cake.production_date, date(2026, 3, 5))
        self.assertEqual(cake.made_order_id, order.with_env(self.env))
        self.assertEqual(cake.made_workcenter_ids, centre)
        self.assertEqual(cake.made_user_ids, self.operator)

    def test_typed_production_date_stays(self):
        self.count(self.flour, 50)
        cake = self.lot(self.cake, "C-1", production_date=date(2026, 3, 1))
        self.make(cake, 5, {self.flour: 5})
        self.assertEqual(cake.production_date, date(2026, 3, 1))
