from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import START, LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestLotNumbering(LotTraceabilityCommon):
    """Which scheme numbers a lot, and what it gives; the clock stands at 2 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.lot_timezone = "UTC"
        cls.administrator = new_test_user(
            cls.env, login="numbering", groups="lot_traceability.group_administrator"
        )
        cls.default = cls.number_by_day()
        cls.milk = cls.product("Milk", default_code="47")

    def setUp(self):
        super().setUp()
        self.clock.move_to(START)

    @classmethod
    def scheme(cls, template, reset="day", **values):
        return (
            cls.env["lot.numbering.scheme"]
            .with_user(cls.administrator)
            .create({"name": template, "template": template, "reset": reset, **values})
        )

    def create_lot(self, product=None, **values):
        """A lot without a number, as an integration creates it."""
        product = product or self.milk
        return self.floor["stock.lot"].create({"product_id": product.id, **values})

    # -- default -----------------------------------------------------------------------------

    def test_default_scheme_counts_per_day(self):
        names = [self.create_lot().name for _turn in range(2)]
        self.wait(days=1)
        names.append(self.create_lot().name)
        self.assertEqual(names, ["20260302-001", "20260302-002", "20260303-001"])

    def test_day_is_the_one_of_the_company(self):
        self.env.company.lot_timezone = "Pacific/Auckland"
        self.wait(hours=8)
        self.assertEqual(self.create_lot().name, "20260303-001")

    def test_lots_of_one_call_are_numbered_by_one_statement(self):
        self.create_lot()
        self.env.flush_all()
        product_ids = [{"product_id": self.milk.id}] * 50
        counter = type(self.env["lot.numbering.counter"])
        taken = []
        take = counter._take

        def counted(records, *args, **kwargs):
            taken.append(args)
            return take(records, *args, **kwargs)

        self.patch(counter, "_take", counted)
        lots = self.env["stock.lot"].create(product_ids)
        self.assertEqual(len(taken), 1)
        self.assertEqual(lots[-1].name, "20260302-051")

    def test_numbering_a_thousand_lots_takes_as_many_queries_as_one(self):
        numbering = self.env["lot.numbering"]
        request = self.env["stock.move.line"].new({"product_id": self.milk.id})
        request.company_id = self.env.company
        requests = request._number_requests()
        requests = [type(requests[0])(self.milk, self.env.company, self.plant.in_type_id)]
        self.env.flush_all()
        numbering._next_numbers(requests)
        with self.assertQueryCount(5):
            numbering._next_numbers(requests)
        with self.assertQueryCount(5):
            self.assertEqual(len(set(numbering._next_numbers(requests * 1000))), 1000)

    def test_taken_numbers_are_left_out(self):
        for name in ("20260302-001", "20260302-002", "20260302-004"):
            self.lot(self.milk, name)
        lots = self.env["stock.lot"].create([{"product_id": self.milk.id}] * 3)
        self.assertEqual(lots.mapped("name"), ["20260302-003", "20260302-005", "20260302-006"])

    def test_long_row_of_taken_numbers_is_passed_at_once(self):
        self.env["stock.lot"].create(
            [
                {"product_id": self.milk.id, "name": f"20260302-{number:03}"}
                for number in range(1, 451)
            ]
        )
        self.assertEqual(self.create_lot().name, "20260302-451")

    # -- Odoo's own sequences ----------------------------------------------------------------

    def test_product_with_a_prefix_of_its_own_keeps_it(self):
        self.milk.serial_prefix_format = "MLK"
        self.assertEqual(self.create_lot().name, "MLK0000001")
        self.assertFalse(self.milk.lot_scheme_id)

    def test_prefix_on_the_sequence_that_all_products_share_stays_in_force(self):
        self.env.ref("stock.sequence_production_lots").prefix = "ALL-"
        self.assertTrue(self.create_lot().name.startswith("ALL-"))

    def test_without_schemes_odoo_numbers_as_before(self):
        self.default.active = False
        sequence = self.env.ref("stock.sequence_production_lots")
        expected = sequence.get_next_char(sequence.number_next_actual)
        self.assertEqual(self.create_lot().name, expected)

    # -- which scheme ------------------------------------------------------------------------

    def test_scheme_for_the_product_goes_before_category_operation_and_company(self):
        parent = self.env["product.category"].create({"name": "Dairy"})
        child = self.env["product.category"].create({"name": "Fresh", "parent_id": parent.id})
        self.milk.categ_id = child
        kinds = (
            ("C", {"company_id": self.env.company.id}),
            ("T", {"picking_type_ids": self.plant.manu_type_id.ids}),
            ("P", {"category_ids": parent.ids}),
            ("F", {"category_ids": child.ids}),
            ("M", {"product_ids": self.milk.product_tmpl_id.ids}),
        )
        for letter, values in kinds:
            values = {
                key: [Command.set(value)] if isinstance(value, list) else value
                for key, value in values.items()
            }
            self.scheme(f"{letter}{{seq}}", "never", **values)
            order = self.order(self.milk, 1)
            order.action_generate_serial()
            self.assertEqual(order.lot_producing_ids.name, f"{letter}1")

    def test_scheme_of_another_company_is_not_taken(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["lot.numbering.scheme"].create(
            {"name": "E", "template": "E{seq}", "reset": "never", "company_id": other.id}
        )
        self.assertEqual(self.create_lot().name, "20260302-001")

    def test_first_of_two_that_fit_alike_is_taken(self):
        self.scheme("B{seq}", "never", sequence=20)
        self.scheme("A{seq}", "never", sequence=10)
        self.assertEqual(self.create_lot().name, "A1")

    # -- what a number says ------------------------------------------------------------------

    def test_number_says_plant_shift_product_supplier_lot_and_expiry(self):
        self.milk.write({"use_expiration_date": True, "expiration_time": 30})
        self.env["lot.numbering.shift"].create(
            [
                {"name": "Early", "code": "E", "hour_from": 6, "hour_to": 14},
                {"name": "Night", "code": "N", "hour_from": 22, "hour_to": 6},
            ]
        )
        plant = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)])[0]
        self.scheme("{plant}{shift}{product}/{supplier_lot}/{expiry:%y%m%d}/{seq}", "never")
        lot = self.create_lot(supplier_lot="S-9")
        self.assertEqual(lot.name, f"{plant.code}E47/S-9/260401/1")
        self.wait(hours=18)
        lot = self.create_lot(supplier_lot="S-9", expiration_date="2026-05-06 12:00:00")
        self.assertEqual(lot.name, f"{plant.code}N47/S-9/260506/2")

    def test_what_is_not_known_is_named_and_nothing_is_made(self):
        self.scheme("{line}-{seq}", "never", product_ids=self.milk.product_tmpl_id.ids)
        with self.assertRaises(UserError) as error:
            self.create_lot()
        self.assertIn("{line}", str(error.exception))
        self.assertIn("Milk", str(error.exception))
        self.assertFalse(self.env["stock.lot"].search([("product_id", "=", self.milk.id)]))

    def test_counters_of_their_own_per_product(self):
        cheese = self.product("Cheese")
        self.scheme("{date:%Y%m%d}-{seq:03}", per_product=True)
        names = [self.create_lot(product).name for product in (self.milk, cheese, self.milk)]
        self.assertEqual(names, ["20260302-001", "20260302-001", "20260302-002"])

    def test_counter_follows_the_date_that_the_number_shows(self):
        self.milk.use_expiration_date = True
        self.scheme("{expiry:%Y%m%d}-{seq}")
        names = [
            self.create_lot(expiration_date=f"2026-{month}-10 12:00:00").name
            for month in ("05", "06", "05")
        ]
        self.assertEqual(names, ["20260510-1", "20260610-1", "20260510-2"])

    # -- schemes -----------------------------------------------------------------------------

    def assertRefusedScheme(self, words, template, reset="day", **values):
        with self.assertRaises(ValidationError) as error, self.cr.savepoint():
            self.scheme(template, reset, **values)
        self.assertIn(words, str(error.exception))

    def test_template_that_gives_a_number_twice_is_refused_with_the_reason(self):
        self.assertRefusedScheme("same number twice", "{date:%d}-{seq:03}")
        self.assertRefusedScheme("01-001 for 2024-01-01 and again for 2024-02-01", "{day}-{seq:03}")
        self.assertRefusedScheme("same number twice", "{date:%Y-%V}-{seq}", "week")
        self.assertRefusedScheme("no {seq}", "{date:%Y%m%d}")
        self.assertRefusedScheme("Add {plant}", "{date:%Y%m%d}-{seq}", per_plant=True)
        self.assertRefusedScheme("Add {line}", "{date:%Y%m%d}-{seq}", per_line=True)
        self.assertRefusedScheme("Position 8: {foo}", "{year}-{foo}{seq}", "year")
        self.scheme("{date:%Y%m%d}-{seq}", per_product=True)

    def test_form_shows_the_next_three_numbers_and_takes_none(self):
        self.create_lot()
        form = Form(self.default.with_user(self.administrator))
        self.assertEqual(form.preview, "20260302-002, 20260302-003, 20260302-004")
        form.template = "{date:%y%j}/{seq:02}"
        self.assertEqual(form.preview, "26061/02, 26061/03, 26061/04")
        form.template = "{date:%y}/{seq:02}"
        self.assertFalse(form.preview)
        self.assertIn("same number twice", form.preview_problem)
        self.assertEqual(self.create_lot().name, "20260302-002")

    def test_administrator_moves_a_counter_on(self):
        self.create_lot()
        counter = self.env["lot.numbering.counter"].search([("scheme_id", "=", self.default.id)])
        self.assertEqual((counter.key, counter.scheme_name), ("2026-03-02", self.default.name))
        counter.with_user(self.administrator).next_value = 50
        self.assertEqual(self.create_lot().name, "20260302-050")
        with self.assertRaises(ValidationError):
            counter.with_user(self.administrator).next_value = 0

    def test_scheme_goes_with_its_counters(self):
        scheme = self.scheme("X{seq}", "never", sequence=1)
        self.create_lot()
        scheme.unlink()
        found = self.env["lot.numbering.counter"].search([("scheme_id", "=", scheme.id)])
        self.assertFalse(found)

    def test_shift_with_impossible_hours_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["lot.numbering.shift"].create(
                {"name": "Odd", "code": "O", "hour_from": 7, "hour_to": 25}
            )

    # -- rights ------------------------------------------------------------------------------

    def test_schemes_are_read_by_all_who_trace_and_written_by_administrators_alone(self):
        shift = self.env["lot.numbering.shift"].create(
            {"name": "Late", "code": "L", "hour_from": 14, "hour_to": 22}
        )
        self.create_lot()
        counter = self.env["lot.numbering.counter"].search([], limit=1)
        for record in (self.default, shift, counter):
            for user in (self.reader, self.operator, self.quality):
                self.assertTrue(record.with_user(user).has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation), operation)
            self.assertTrue(record.with_user(self.administrator).has_access("write"))
        self.assertFalse(counter.with_user(self.administrator).has_access("create"))
        with self.assertRaises(AccessError):
            self.default.with_user(self.quality).template = "{seq}"

    def test_product_form_opens_for_whoever_may_sell_alone(self):
        seller = new_test_user(self.env, login="seller", groups="sales_team.group_sale_salesman")
        product = self.milk.product_tmpl_id.with_user(seller)
        fields = {"lot_scheme_id": {"fields": {"display_name": {}}}, "lot_next_number": {}}
        self.assertEqual(product.web_read(fields)[0]["lot_next_number"], "20260302-001")
        self.assertEqual(Form(product).name, "Milk")

    def test_scheme_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        scheme = self.env["lot.numbering.scheme"].create(
            {"name": "E", "template": "E{seq}", "reset": "never", "company_id": other.id}
        )
        found = scheme.with_user(self.administrator).search([("id", "=", scheme.id)])
        self.assertFalse(found)
