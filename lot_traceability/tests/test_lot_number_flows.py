from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import START, LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestLotNumberFlows(LotTraceabilityCommon):
    """Numbers where lots come in, are made and are split."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.lot_timezone = "UTC"
        cls.scheme = cls.number_by_day()
        cls.milk = cls.product("Milk")
        cls.serial = cls.product("Pump", tracking="serial")

    def setUp(self):
        super().setUp()
        self.clock.move_to(START)

    def receipt(self, product, quantity):
        return self.picking(
            self.plant.in_type_id, {product: quantity}, source=self.suppliers, partner=self.dairy
        )

    def dialog(self, product, mode="generate", first="", count=1, text="", quantity=10, **context):
        """What Odoo's dialog asks the server for."""
        return self.floor["stock.move"].action_generate_lot_line_vals(
            {
                "default_product_id": product.id,
                "default_location_id": self.suppliers.id,
                "default_location_dest_id": self.stock.id,
                "default_tracking": product.tracking,
                "default_quantity": quantity,
                "default_company_id": self.env.company.id,
                "default_picking_type_id": self.plant.in_type_id.id,
                **context,
            },
            mode,
            first,
            count,
            text,
        )

    # -- receipts ----------------------------------------------------------------------------

    def test_receipt_without_lot_is_refused_unless_the_firm_chose_numbers(self):
        picking = self.receipt(self.milk, 10)
        with self.assertRaisesRegex(UserError, "supply a Lot/Serial"), self.cr.savepoint():
            self.validate(picking)
        with self.assertRaisesRegex(UserError, "supply a Lot/Serial"), self.cr.savepoint():
            picking.move_ids._action_done()
        self.assertFalse(self.env["stock.lot"].search([("product_id", "=", self.milk.id)]))

    def test_receipt_numbers_lines_that_have_no_lot(self):
        self.scheme.on_receipt = True
        picking = self.receipt(self.milk, 10)
        picking.move_line_ids.copy({"quantity": 5, "lot_name": " TYPED-1 "})
        self.validate(picking)
        self.assertEqual(
            sorted(picking.move_line_ids.lot_id.mapped("name")), ["20260302-001", "TYPED-1"]
        )

    def test_receipt_done_without_its_button_is_numbered_too(self):
        self.scheme.on_receipt = True
        picking = self.receipt(self.milk, 10)
        picking.move_ids._action_done()
        self.assertEqual(picking.move_line_ids.lot_id.name, "20260302-001")

    def test_receipt_numbers_each_serial(self):
        self.scheme.on_receipt = True
        picking = self.receipt(self.serial, 3)
        self.validate(picking)
        self.assertEqual(
            sorted(picking.move_line_ids.mapped("lot_id.name")),
            ["20260302-001", "20260302-002", "20260302-003"],
        )
        self.assertEqual(picking.move_line_ids.mapped("quantity"), [1, 1, 1])

    def test_return_from_a_customer_gets_no_new_number(self):
        lot = self.received(self.milk, "M-1", 10)
        delivery = self.deliver({lot: 10})
        self.scheme.on_receipt = True
        wizard = (
            self.floor["stock.return.picking"]
            .with_context(active_id=delivery.id, active_model="stock.picking")
            .create({"picking_id": delivery.id})
        )
        wizard.product_return_moves.quantity = 10
        returned = self.floor["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.move_ids.move_line_ids.lot_id = False
        returned.move_ids.quantity = 10
        returned.move_ids.move_line_ids.write({"lot_id": False, "lot_name": False})
        with self.assertRaises(UserError):
            self.validate(returned)

    def test_receipt_validated_in_part_without_gaps_misses_no_number(self):
        self.scheme.write({"on_receipt": True, "gap_free": True})
        picking = self.receipt(self.milk, 10)
        other = self.receipt(self.milk, 10)
        self.validate(other)
        picking.action_cancel()
        last = self.receipt(self.milk, 10)
        self.validate(last)
        self.assertEqual(
            (other | last).move_line_ids.lot_id.mapped("name"), ["20260302-001", "20260302-002"]
        )

    # -- Odoo's dialogs ----------------------------------------------------------------------

    def test_dialog_offers_the_next_number_and_goes_on_from_it(self):
        offer = self.floor["stock.move"].next_lot_number(self.milk.id, self.plant.in_type_id.id)
        self.assertEqual(offer, "20260302-001")
        lines = self.dialog(self.milk, count=4)
        self.assertEqual(
            [(line["lot_name"], line["quantity"]) for line in lines],
            [("20260302-001", 4), ("20260302-002", 4), ("20260302-003", 2)],
        )
        self.assertEqual(self.floor["stock.move"].next_lot_number(self.milk.id), "20260302-004")

    def test_two_dialogs_that_showed_the_same_number_get_different_ones(self):
        first, second = (self.dialog(self.serial, count=2) for _turn in range(2))
        names = [line["lot_name"] for line in first + second]
        self.assertEqual(len(set(names)), 4)

    def test_dialog_goes_on_from_a_number_that_was_typed(self):
        lines = self.dialog(self.serial, first="20260302-010", count=2)
        self.assertEqual([line["lot_name"] for line in lines], ["20260302-010", "20260302-011"])
        self.assertEqual(self.floor["stock.move"].next_lot_number(self.serial.id), "20260302-012")
        lines = self.dialog(self.serial, first="OWN-7", count=2)
        self.assertEqual([line["lot_name"] for line in lines], ["OWN-7", "OWN-8"])

    def test_dialog_counts_the_counter_and_works_out_the_check(self):
        self.scheme.template = "{date:%Y%m%d}{seq:02}{plant}{check:mod37}"
        lines = self.dialog(self.serial, first="", count=3)
        names = [line["lot_name"] for line in lines]
        self.assertEqual([name[8:13] for name in names], ["01PLT", "02PLT", "03PLT"])
        typed = self.dialog(self.serial, first=names[1], count=2)
        self.assertEqual([line["lot_name"] for line in typed], names[1:])

    def test_dialog_of_a_scheme_without_gaps_says_when_numbers_are_given(self):
        self.scheme.gap_free = True
        with self.assertRaisesRegex(UserError, "when the lots are recorded"):
            self.dialog(self.milk, count=4)

    def test_dialog_of_a_product_with_its_own_sequence_is_as_before(self):
        self.serial.serial_prefix_format = "PMP"
        self.assertEqual(self.floor["stock.move"].next_lot_number(self.serial.id), "")
        lines = self.dialog(self.serial, first="PMP0000001", count=2)
        self.assertEqual([line["lot_name"] for line in lines], ["PMP0000001", "PMP0000002"])

    def test_thousand_pasted_serials_with_duplicates_are_refused_in_one_message(self):
        text = [f"S{number:04}" for number in range(1000)]
        text[500:515] = [f" s{number:04}" for number in range(15)]
        with self.assertRaises(UserError) as error:
            self.dialog(self.serial, "import", text="\n".join(text))
        message = str(error.exception)
        self.assertIn("15 serial numbers", message)
        self.assertIn("S0009 and 5 others", message)
        self.assertNotIn("S0010", message)
        lines = self.dialog(self.serial, "import", text="\n".join(f"S{n:04}" for n in range(1000)))
        self.assertEqual(len(lines), 1000)

    def test_pasted_lots_may_come_on_two_lines(self):
        lines = self.dialog(self.milk, "import", text="L-1;4\nL-1;6\nL-2;1")
        self.assertEqual([line["lot_name"] for line in lines], ["L-1", "L-1", "L-2"])

    # -- production --------------------------------------------------------------------------

    def test_order_numbers_its_lot_and_its_by_products(self):
        cheese, whey, spoon = (
            self.product("Cheese"),
            self.product("Whey"),
            self.product("Spoon", tracking="serial"),
        )
        milk = self.received(self.milk, "M-1", 100)
        bom = self.bom(cheese, {self.milk: 10}, byproducts=[(whey, 8, 10), (spoon, 2, 0)])
        order = self.order(cheese, 1, bom=bom)
        self.produce(order, components={milk: 10})
        self.assertEqual(order.lot_producing_ids.name, "20260302-001")
        made = order.move_byproduct_ids.move_line_ids
        names = {line.product_id: [] for line in made}
        for line in made:
            names[line.product_id].append((line.lot_id.name, line.quantity))
        self.assertEqual(names[whey], [("20260302-002", 8)])
        self.assertEqual(names[spoon], [("20260302-003", 1), ("20260302-004", 1)])

    def test_order_names_its_line(self):
        cheese = self.product("Cheese")
        centres = self.env["mrp.workcenter"].create(
            [{"name": "Vat", "code": "V1"}, {"name": "Press", "code": "P2"}]
        )
        bom = self.bom(
            cheese,
            {self.milk: 1},
            operation_ids=[
                Command.create({"name": centre.name, "workcenter_id": centre.id})
                for centre in centres
            ],
        )
        self.scheme.write({"template": "{line}-{date:%y%j}-{seq}", "per_line": True})
        order = self.order(cheese, 1, bom=bom)
        order.action_generate_serial()
        self.assertEqual(order.lot_producing_ids.name, "P2-26061-1")

    def test_backorder_gets_the_next_number(self):
        cheese = self.product("Cheese")
        milk = self.received(self.milk, "M-1", 100)
        order = self.order(cheese, 10, {milk: 10})
        order.action_generate_serial()
        self.produce(order, components={milk: 4}, quantity=4, backorder=True)
        rest = order.production_group_id.production_ids - order
        rest.action_generate_serial()
        self.assertEqual(
            (order | rest).lot_producing_ids.mapped("name"), ["20260302-001", "20260302-002"]
        )

    def test_dialog_for_serials_of_an_order_takes_numbers_of_the_scheme(self):
        orders = [self.order(self.serial, 3) for _turn in range(2)]
        wizards = [Form.from_action(self.floor, order.action_generate_serial()) for order in orders]
        self.assertEqual([wizard.lot_name for wizard in wizards], ["20260302-001"] * 2)
        for order, wizard in zip(orders, wizards, strict=True):
            record = wizard.save()
            record.action_generate_serial_numbers()
            record.action_apply()
            self.assertEqual(len(order.lot_producing_ids), 3)
        names = (orders[0].lot_producing_ids | orders[1].lot_producing_ids).mapped("name")
        self.assertEqual(sorted(names), [f"20260302-00{number}" for number in range(1, 7)])

    def test_dialog_for_serials_of_an_order_says_which_were_pasted_twice(self):
        order = self.order(self.serial, 3)
        wizard = Form.from_action(self.floor, order.action_generate_serial())
        with patch("odoo.tests.form._logger.getChild") as logger:
            wizard.serial_numbers = "A-1\nA-2\nA-1"
        self.assertEqual(wizard.serial_numbers, "A-1\nA-2")
        self.assertIn("A-1", str(logger.mock_calls))

    # -- splitting ---------------------------------------------------------------------------

    def test_split_numbers_parts_that_have_no_number(self):
        lot = self.received(self.milk, "M-1", 100)
        parts = self.operate("split", lot, parts=[(False, 30), ("S-2", 20), (False, 10)])
        self.assertEqual(parts.mapped("name"), ["20260302-001", "S-2", "20260302-002"])

    def test_split_asks_for_numbers_where_no_scheme_gives_them(self):
        lot = self.received(self.milk, "M-1", 100)
        self.milk.serial_prefix_format = "MLK"
        with self.assertRaisesRegex(UserError, "number for each"):
            self.operate("split", lot, parts=[(False, 30)])

    # -- typing ------------------------------------------------------------------------------

    def test_new_lot_form_shows_its_number(self):
        form = Form(self.floor["stock.lot"])
        form.product_id = self.milk
        self.assertEqual(form.name, "20260302-001")
        other = Form(self.floor["stock.lot"])
        other.product_id = self.milk
        self.assertEqual(other.name, "20260302-002")
        self.assertEqual((form.save() | other.save()).mapped("product_id"), self.milk)
