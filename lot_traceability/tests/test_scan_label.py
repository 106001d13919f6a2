from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanLabel(ScanCommon):
    """Labels from a handheld: for what was scanned, and for what was just made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour.barcode = "09520123456788"
        cls.flour_lot = cls.lot(cls.flour, "F-1")
        cls.receive({cls.flour_lot: 20}, cls.mill)
        cls.design = cls.env.ref("lot_traceability.label_design_item")
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf", "location_id": cls.stock.id, "barcode": "SHELF"}
        )

    def printed(self, record):
        return self.env["lot.label.line"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def test_label_of_a_scanned_lot_is_printed(self):
        answer = self.scan("label", "print", "F-1", design_id=self.design.id, copies=2)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(answer["print"]["state"], "download")
        self.assertTrue(answer["print"]["url"])
        self.assertEqual(self.printed(self.flour_lot).copies, 2)
        self.assertEqual(answer["lot"]["id"], self.flour_lot.id)

    def test_second_print_needs_a_reason(self):
        self.scan("label", "print", "F-1", design_id=self.design.id)
        answer = self.scan("label", "print", "F-1", design_id=self.design.id)
        self.assertEqual(answer["choices"][0]["asks"][0]["name"], "reason")
        answer = self.scan("label", "print", "F-1", design_id=self.design.id, reason="Torn")
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(len(self.printed(self.flour_lot)), 2)

    def test_design_is_asked_for_and_has_to_fit(self):
        answer = self.scan("label", "print", "F-1")
        options = answer["choices"][0]["asks"][0]["options"]
        self.assertIn([self.design.id, self.design.name], options)
        answer = self.scan("label", "print", "SHELF", design_id=self.design.id)
        self.assertEqual(answer["state"], "refused")
        self.assertIn("not for", answer["message"])
        self.assertFalse(self.printed(self.shelf))

    def test_place_and_package_are_labelled(self):
        package = self.env["stock.package"].create({"name": "095201234567891235"})
        told = self.floor["lot.scan"].start()["label_designs"]
        for text, record in (("SHELF", self.shelf), ("00095201234567891235", package)):
            design = next(one["id"] for one in told if one["model"] == record._name)
            answer = self.scan("label", "print", text, design_id=design)
            self.assertEqual(answer["state"], "done", answer["message"])
            self.assertTrue(self.printed(record))

    def test_wrong_numbers_are_refused(self):
        for data in (
            {"copies": 0},
            {"copies": 101},
            {"copies": "x"},
            {"printer_id": 2**40},
            {"design_id": "x"},
            {"location_id": 2**40},
            {"quantity": -1},
        ):
            answer = self.scan("label", "print", "F-1", **{"design_id": self.design.id, **data})
            self.assertEqual(answer["state"], "refused", data)
        self.assertFalse(self.printed(self.flour_lot))

    def test_label_comes_with_the_lot_that_is_made(self):
        bread = self.product("Bread", barcode="09520123456771")
        order = self.order(bread, 5, {self.flour: 5})
        answer = self.scan(
            "produce",
            "produce",
            document={"model": "mrp.production", "id": order.id},
            quantity=5,
            label={"design_id": self.design.id, "copies": 3},
        )
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(answer["print"]["state"], "download")
        self.assertEqual(self.printed(order.lot_producing_ids).copies, 3)

    def test_label_that_cannot_be_printed_stops_no_production(self):
        order = self.order(self.product("Bread"), 5, {self.flour: 5})
        answer = self.scan(
            "produce",
            "produce",
            document={"model": "mrp.production", "id": order.id},
            quantity=5,
            label={"design_id": self.design.id, "copies": 0},
        )
        self.assertEqual(answer["state"], "done")
        self.assertIn("copies", answer["message"])
        self.assertEqual(order.qty_producing, 5)
        self.assertFalse(self.printed(order.lot_producing_ids))
