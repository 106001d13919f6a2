from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install", "moving_in")
class TestImportCheck(ImportCommon):
    """What a file can have wrong, by row and column; nothing is written."""

    # -- reading -----------------------------------------------------------------------------

    def test_titles_of_other_systems_are_understood_and_the_rest_is_left_out(self):
        batch = self.batch(
            "lots", [["SKU", "Batch No.", "Colour", "MHD"], ["IM-MILK", "A", "", ""]]
        )
        self.assertEqual(
            batch.column_ids.mapped("target_id.code"), ["product", "lot", "expiration_date"]
        )
        self.assertFalse(batch.missing)
        self.assertIn("IM-MILK", batch.preview)

    def test_what_a_column_means_is_remembered_for_the_next_file(self):
        rows = [["Teil", "Los", "Lief"], ["IM-MILK", "A", "V-1"]]
        batch = self.batch("lots", rows)
        self.assertEqual(batch.missing, "Product, Lot number")
        with self.assertRaisesRegex(UserError, "No column of the file is said to be"):
            batch.action_check()
        by_code = {
            one.code: one for one in self.desk["lot.import.target"].search([("kind", "=", "lots")])
        }
        for column, code in zip(batch.column_ids, ("product", "lot", "supplier_lot"), strict=True):
            column.target_id = by_code[code]
        self.assertEqual(self.problems(batch), {})
        again = self.batch("lots", rows)
        self.assertEqual(
            again.column_ids.mapped("target_id.code"), ["product", "lot", "supplier_lot"]
        )
        other = self.batch("stock", rows)
        self.assertFalse(other.column_ids.target_id)

    def test_one_meaning_for_two_columns_is_refused(self):
        batch = self.batch("lots", [["Product", "Lot", "X"], ["IM-MILK", "A", ""]])
        batch.column_ids[2].target_id = batch.column_ids[1].target_id
        with self.assertRaisesRegex(UserError, "Two columns, Lot, X"):
            batch.action_check()

    def test_file_that_is_no_table_is_refused_with_what_to_do(self):
        with self.assertRaisesRegex(UserError, "Save it as .xlsx or as CSV"):
            self.batch("lots", b"PK\x03\x04 broken")
        with self.assertRaisesRegex(UserError, "names the columns"):
            self.batch("lots", b"\n")

    def test_titles_alone_are_no_file_to_import(self):
        batch = self.batch("lots", [["Product", "Lot"]])
        self.assertEqual(
            list(self.problems(batch).values()), ["There are no rows below the titles."]
        )

    def test_day_that_can_be_two_is_asked_and_not_guessed(self):
        rows = [["Product", "Lot", "Production date"], ["IM-MILK", "A", "04/02/2026"]]
        batch = self.batch("lots", rows)
        self.assertIn("can be two days", self.problems(batch)[2, "Production date"])
        batch.date_order = "mdy"
        self.assertEqual(batch.state, "draft")
        self.assertEqual(
            self.problems(batch), {(2, "Production date"): "This day has not come yet."}
        )
        batch.date_order = "dmy"
        self.assertEqual(self.problems(batch), {})

    def test_another_day_of_the_file_tells_the_order(self):
        batch = self.imported(
            "lots",
            [
                ["Product", "Lot", "Production date"],
                ["IM-MILK", "A", "03/02/2026"],
                ["IM-MILK", "B", "25/02/2026"],
            ],
        )
        lot = self.env["stock.lot"].search([("lot_import_id", "=", batch.id), ("name", "=", "A")])
        self.assertEqual(str(lot.production_date), "2026-02-03")

    def test_comma_that_can_be_two_things_is_asked(self):
        self.lots("A")
        rows = [["Date", "Supplier", "Lot", "Qty"], ["2026-01-10", "Dairy", "A", "1,234"]]
        batch = self.batch("receipts", rows)
        self.assertIn("The comma can stand", self.problems(batch)[2, "Qty"])
        batch.decimal_mark = ","
        self.assertEqual(self.problems(batch), {})

    # -- lots --------------------------------------------------------------------------------

    def test_lots_that_are_there_or_stand_twice_are_found_by_row(self):
        self.lots("A-1")
        batch = self.batch(
            "lots",
            [["Product", "Lot"], ["IM-MILK", "A-1"], ["IM-MILK", "B-1"], ["IM-MILK", "B-1"],
             ["IM-CHEESE", "A-1"]],
        )  # fmt: skip
        self.assertEqual(
            self.problems(batch),
            {
                (2, "Lot"): "Lot A-1 of this product is there already.",
                (4, "Lot"): "Row 3 names the same lot, B-1.",
            },
        )

    def test_near_duplicates_are_told_and_block_only_what_saving_would_refuse(self):
        self.lots("LOT-10")
        batch = self.batch(
            "lots",
            [["Product", "Lot"], ["IM-MILK", "LOT10"], ["IM-MILK", "L0T-1O"], ["IM-MILK", "lot-10"],
             ["IM-MILK", "X 1"], ["IM-MILK", "X-1"]],
        )  # fmt: skip
        self.assertEqual(self.problems(batch), {(4, "Lot"): "It looks like lot LOT-10."})
        notes = self.problems(batch, "note")
        self.assertEqual(
            {row: text for (row, _column), text in notes.items()},
            {2: "It looks like lot LOT-10.", 3: "It looks like lot LOT-10.",
             6: "It looks like lot X 1."},
        )  # fmt: skip

    def test_dates_that_contradict_each_other_or_lie_ahead_are_found(self):
        batch = self.batch(
            "lots",
            [
                ["Product", "Lot", "Production date", "Expiry", "Harvest date"],
                ["IM-MILK", "A", "2026-02-10", "2026-02-01", ""],
                ["IM-MILK", "B", "2026-02-10", "2026-03-01", "2026-02-11"],
                ["IM-MILK", "C", "2027-02-10", "", ""],
                ["IM-MILK", "D", "soon", "", ""],
            ],
        )
        self.assertEqual(
            self.problems(batch),
            {
                (2, "Expiry"): "It is before “Production date”, 2026-02-10.",
                (3, "Production date"): "It is before “Harvest date”, 2026-02-11.",
                (4, "Production date"): "This day has not come yet.",
                (5, "Production date"): "This is no day.",
            },
        )

    def test_unknown_products_suppliers_statuses_and_countries_are_found(self):
        self.product("Water", tracking="none", default_code="IM-WATER")
        self.env["res.partner"].create([{"name": "Twin"}, {"name": "Twin"}])
        batch = self.batch(
            "lots",
            [
                ["Product", "Lot", "Supplier", "Status", "Country"],
                ["NOPE", "A", "", "", ""],
                ["IM-WATER", "B", "", "", ""],
                ["IM-MILK", "C", "Nobody", "fine", "Atlantis"],
                ["IM-MILK", "D", "Twin", "Hold", "fr"],
                ["IM-MILK", "", "", "", ""],
            ],
        )
        found = self.problems(batch)
        self.assertEqual(
            found,
            {
                (2, "Product"): "There is no such product.",
                (3, "Product"): "This product is not tracked by lots.",
                (4, "Supplier"): "There is no such contact.",
                (4, "Status"): "There is no such status.",
                (4, "Country"): "There is no such country.",
                (5, "Supplier"): "Several contacts are called so.",
                (6, "Lot"): "The cell is empty.",
            },
        )
        self.assertEqual(batch.blocking_count, 7)
        self.assertFalse(batch.problem_ids.filtered(lambda one: not one.fix))

    def test_lot_without_a_date_that_its_product_keeps_is_noted_and_gets_none(self):
        dated = self.product("Dated", use_expiration_date=True, default_code="IM-D")
        batch = self.batch("lots", [["Product", "Lot"], ["IM-D", "D-1"]])
        self.assertIn("no expiration date", self.problems(batch, "note")[2, "Lot"])
        batch.action_import()
        lot = self.env["stock.lot"].search([("product_id", "=", dated.id)])
        self.assertFalse(lot.expiration_date)

    # -- stock and results -------------------------------------------------------------------

    def test_stock_names_places_units_and_quantities_that_are_wrong(self):
        self.lots("A", "B")
        (serial,) = self.lots(
            "S-1", product=self.product("Pump", tracking="serial", default_code="IM-PUMP")
        )
        place = self.stock.complete_name
        self.imported("stock", [["Lot", "Location", "Qty"], ["B", place, "5"]])
        batch = self.batch(
            "stock",
            [
                ["Lot", "Location", "Qty", "Unit"],
                ["A", "Nowhere", "1", ""],
                ["A", place, "-1", ""],
                ["A", place, "2", "Units"],
                ["A", place, "2", "firkin"],
                [serial.name, place, "2", ""],
                ["B", place, "1", ""],
                ["Z", place, "1", ""],
            ],
        )
        found = {row: text for (row, _column), text in self.problems(batch).items()}
        self.assertEqual(
            found,
            {
                2: "There is no such internal location in this company.",
                3: "What is on hand is more than zero.",
                4: "Imported milk is not measured in this unit."
                if 4 not in found or "[" not in found[4]
                else "[IM-MILK] Imported milk is not measured in this unit.",
                5: "There is no such unit.",
                6: "A serial number is one piece, at one place.",
                7: "Stock of this lot lies at this place already.",
                8: "There is no such lot.",
            },
        )

    def test_stock_that_differs_from_its_history_is_noted(self):
        self.lots("A")
        self.imported(
            "receipts", [["Date", "Supplier", "Lot", "Qty"], ["2026-01-10", "Dairy", "A", "60"]]
        )
        batch = self.batch(
            "stock", [["Lot", "Location", "Qty"], ["A", self.stock.complete_name, 50]]
        )
        self.assertEqual(
            self.problems(batch, "note"),
            {(2, "Qty"): "By its history 60 of lot A is left, and 50 is on hand."},
        )

    def test_results_need_a_parameter_and_a_value_that_can_be(self):
        self.lots("A")
        self.env["lot.parameter"].create({"name": "pH of old", "kind": "number"})
        batch = self.batch(
            "quality",
            [
                ["Lot", "Parameter", "Result", "Date"],
                ["A", "pH of old", "sour", "2026-01-10"],
                ["A", "Fizz", "4", "2026-01-10"],
                ["A", "pH of old", "4", "2026-12-10"],
            ],
        )
        self.assertEqual(set(self.problems(batch)), {(2, "Result"), (3, "Parameter"), (4, "Date")})

    # -- history -----------------------------------------------------------------------------

    def links(self, *rows):
        return self.batch(
            "links",
            [["Date", "Document", "Input lot", "Qty in", "Output lot", "Qty out"], *rows],
        )

    def test_orphan_links_name_the_lot_that_is_missing_and_one_that_looks_like_it(self):
        self.lots("M-10", "C-1")
        batch = self.links(
            ["2026-01-12", "", "M-1O", "1", "C-1", "1"],
            ["2026-01-12", "", "M-10", "1", "C-9", "1"],
        )
        self.assertEqual(
            self.problems(batch),
            {
                (2, "Input lot"): "There is no such lot, but one that looks like it: M-10.",
                (3, "Output lot"): "There is no such lot.",
            },
        )

    def test_circles_are_found_in_the_file_and_with_what_is_there(self):
        self.lots("A", "B", "C", "D")
        day = "2026-01-12"
        batch = self.links(
            [day, "1", "A", "1", "B", "1"],
            [day, "2", "B", "1", "C", "1"],
            [day, "3", "C", "1", "A", "1"],
            [day, "4", "C", "1", "D", "1"],
            [day, "5", "D", "1", "D", "1"],
        )
        self.assertEqual(
            {row: text for (row, _column), text in self.problems(batch).items()},
            {
                **dict.fromkeys((2, 3, 4), "Lots go round in a circle (rows 2, 3, 4)."),
                6: "The lot goes into itself.",
            },
        )
        self.imported(
            "links",
            [["Date", "Input lot", "Qty in", "Output lot", "Qty out"], [day, "A", 1, "B", 1],
             [day, "B", 1, "C", 1]],
        )  # fmt: skip
        again = self.links([day, "9", "C", "1", "A", "1"])
        self.assertIn("With links that are there", self.problems(again)[2, "Output lot"])

    def test_quantities_that_do_not_balance_are_found(self):
        self.lots("A", "B", "C", "X")
        self.imported(
            "receipts", [["Date", "Supplier", "Lot", "Qty"], ["2026-01-10", "Dairy", "A", "50"]]
        )
        batch = self.links(
            ["2026-01-12", "W1", "A", "40", "B", "10"],
            ["2026-01-12", "W2", "A", "20", "C", "10"],
            ["2026-01-12", "W2", "X", "20", "C", "11"],
        )
        self.assertEqual(
            self.problems(batch),
            {(4, "Qty out"): "Row 3 says that 10 came out in this document."},
        )
        self.assertEqual(
            self.problems(batch, "note"),
            {
                (2, "Qty in"): "Of lot A, 60 went out and only 50 came in.",
                (
                    0,
                    "Qty in",
                ): "1 lots went out of which no receipt and no production was imported.",
            },
        )

    def test_shipments_before_the_lot_was_made_ahead_of_time_or_twice_are_found(self):
        self.imported(
            "lots", [["Product", "Lot", "Production date"], ["IM-MILK", "A", "2026-01-20"]]
        )
        row = ["2026-01-10", "DN-1", "Shop", "A", "5"]
        batch = self.batch(
            "shipments",
            [["Date", "Document", "Customer", "Lot", "Qty"], row, row,
             ["2027-01-01", "DN-2", "Shop", "A", "1"], ["2026-01-22", "DN-3", "", "A", "0"]],
        )  # fmt: skip
        self.assertEqual(
            self.problems(batch),
            {
                (4, "Date"): "This day has not come yet.",
                (5, "Customer"): "The cell is empty.",
                (5, "Qty"): "Nothing moved.",
            },
        )
        notes = self.problems(batch, "note")
        self.assertEqual(notes[3, "Lot"], "It says the same as row 2.")
        self.assertIn("was made later", notes[2, "Date"])

    def test_lot_number_of_two_products_asks_for_the_product(self):
        self.lots("A")
        self.lots("A", product=self.cheese)
        rows = [["Date", "Supplier", "Lot", "Qty"], ["2026-01-10", "Dairy", "A", "1"]]
        batch = self.batch("receipts", rows)
        self.assertIn("Lots of several products", self.problems(batch)[2, "Lot"])
        rows = [[*rows[0], "Product"], [*rows[1], "IM-CHEESE"]]
        self.assertEqual(self.problems(self.batch("receipts", rows)), {})

    def test_more_problems_than_are_listed_are_counted_to_the_end(self):
        batch = self.batch("lots", [["Product", "Lot"], *(["NOPE", f"N{n}"] for n in range(2100))])
        batch.action_check()
        self.assertEqual((batch.blocking_count, len(batch.problem_ids)), (2100, 2000))

    def test_check_asks_for_many_rows_at_once(self):
        self.lots(*(f"Q{number}" for number in range(40)))
        head = ["Date", "Supplier", "Lot", "Qty"]

        def cost(count):
            batch = self.batch(
                "receipts",
                [head, *(["2026-01-10", "Dairy", f"Q{number}", "1"] for number in range(count))],
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._check_rows()
            return self.env.cr.sql_log_count - before

        cost(2)  # what Odoo keeps in memory is read once
        few = cost(4)
        self.assertEqual(cost(40), few)
