from odoo.tests import tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install", "moving_in")
class TestImportFacts(ImportCommon):
    """Allergens and the properties of lots, as columns of a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk.lot_properties_definition = [
            {"name": "fat", "string": "Fat class", "type": "selection",
             "selection": [["a", "Class A"], ["b", "Class B"]]},
            {"name": "share", "string": "Fat (%)", "type": "float"},
            {"name": "cows", "string": "Cows", "type": "integer"},
            {"name": "organic", "string": "Organic", "type": "boolean"},
            {"name": "tested", "string": "Tested", "type": "date"},
            {"name": "cooled", "string": "Cooled", "type": "datetime"},
            {"name": "marks", "string": "Marks", "type": "tags",
             "tags": [["x", "Hay", 1], ["y", "Alp", 2]]},
            {"name": "note", "string": "Status", "type": "char"},
        ]  # fmt: skip

    def imported_lot(self, titles, row):
        self.imported("lots", [["Product", "Lot", *titles], ["IM-MILK", "A", *row]])
        return self.env["stock.lot"].search([("product_id", "=", self.milk.id)])

    # -- allergens ---------------------------------------------------------------------------

    def test_allergens_are_named_by_name_or_code(self):
        lot = self.imported_lot(["Allergene"], ["milk; Soybeans"])
        self.assertEqual(set(lot.allergen_ids.mapped("code")), {"milk", "soybeans"})
        created = self.env["lot.audit.event"].search([("lot_id", "=", lot.id)])
        self.assertIn("Soybeans", created.body)

    def test_allergens_of_the_product_count_unless_the_file_says_otherwise(self):
        self.milk.allergen_ids = self.env.ref("lot_traceability.allergen_milk")
        self.imported(
            "lots",
            [
                ["Product", "Lot", "Allergens"],
                ["IM-MILK", "A", ""],
                ["IM-MILK", "B", "none"],
                ["IM-MILK", "C", "eggs"],
            ],
        )
        found = self.env["stock.lot"].search([("product_id", "=", self.milk.id)], order="name")
        self.assertEqual(
            [lot.allergen_ids.mapped("code") for lot in found], [["milk"], [], ["eggs"]]
        )

    def test_unknown_allergens_are_found_before_anything_is_written(self):
        batch = self.batch(
            "lots",
            [["Product", "Lot", "Allergens"], ["IM-MILK", "A", "milk, unobtainium"]],
        )
        self.assertEqual(
            self.problems(batch), {(2, "Allergens"): "There is no such allergen: unobtainium."}
        )
        self.assertIn("soybeans", batch.problem_ids.fix)

    # -- properties --------------------------------------------------------------------------

    def test_columns_are_known_as_properties_by_their_titles(self):
        lot = self.imported_lot(
            ["fat class", "Fat (%)", "Cows", "Organic", "Tested", "Cooled", "Marks",
             "Property: Status"],
            ["class b", "3,5", "40", "yes", "25.02.2026", "2026-02-25 14:30", "Alp, hay",
             "as before"],
        )  # fmt: skip
        self.assertEqual(
            {
                one["name"]: one["value"]
                for one in lot.read(["lot_properties"])[0]["lot_properties"]
            },
            {
                "fat": "b",
                "share": 3.5,
                "cows": 40,
                "organic": True,
                "tested": "2026-02-25",
                "cooled": "2026-02-25 14:30:00",
                "marks": ["y", "x"],
                "note": "as before",
            },
        )
        self.assertEqual(lot.status_id.code, "released")

    def test_numbers_and_days_of_a_workbook_are_taken_as_they_are(self):
        batch = self.imported(
            "lots",
            self.xlsx(
                [["Product", "Lot", "Fat (%)", "Cows", "Organic"], ["IM-MILK", "A", 3.5, 40, False]]
            ),
        )
        lot = self.env["stock.lot"].search([("lot_import_id", "=", batch.id)])
        values = {
            one["name"]: one.get("value")
            for one in lot.read(["lot_properties"])[0]["lot_properties"]
        }
        self.assertEqual((values["share"], values["cows"], values["organic"]), (3.5, 40, False))

    def test_what_a_property_cannot_hold_is_found_by_row_and_column(self):
        batch = self.batch(
            "lots",
            [
                ["Product", "Lot", "Fat class", "Cows", "Organic", "Tested", "Marks"],
                ["IM-MILK", "A", "C", "2.5", "perhaps", "soon", "Hay, straw"],
                ["IM-CHEESE", "B", "Class A", "", "", "", ""],
                ["IM-MILK", "C", "", "", "", "", ""],
            ],
        )
        self.assertEqual(
            self.problems(batch),
            {
                (2, "Fat class"): "This property has no such choice.",
                (2, "Cows"): "This is no quantity.",
                (2, "Organic"): "This is neither yes nor no.",
                (2, "Tested"): "This is no day.",
                (2, "Marks"): "This property has no such choice.",
                (3, "Fat class"): "Lots of [IM-CHEESE] Imported cheese have no property "
                "“Fat class”.",
            },
        )
        self.assertFalse(batch.problem_ids.filtered(lambda one: not one.fix))

    def test_one_property_is_told_by_one_column(self):
        batch = self.batch(
            "lots",
            [["Product", "Lot", "Fat class", "FAT CLASS", "Cows"], ["IM-MILK", "A", "A", "B", "1"]],
        )
        with self.assertRaisesRegex(Exception, "Two columns, Fat class, FAT CLASS"):
            batch.action_check()

    def test_property_of_another_company_is_not_offered(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.milk.company_id = other
        batch = self.batch("lots", [["Product", "Lot", "Fat class"], ["IM-CHEESE", "A", "A"]])
        self.assertFalse(batch.column_ids[2].target_id)
