from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanCount(ScanCommon):
    """Counting with a handheld: blind, compared with the stock, and applied as Odoo applies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour_lot = cls.lot(cls.flour, "F-1")
        cls.other_lot = cls.lot(cls.flour, "F-2")
        cls.shelf, cls.cold = cls.env["stock.location"].create(
            [
                {"name": name, "location_id": cls.stock.id, "barcode": name.upper()}
                for name in ("Shelf", "Cold")
            ]
        )
        cls.receive({cls.flour_lot: 20, cls.other_lot: 10}, cls.mill)
        cls.transfer({cls.flour_lot: 20, cls.other_lot: 10}, cls.stock, cls.shelf)
        # Whoever may correct the stock counts with the handheld as well.
        cls.manager.group_ids += cls.env.ref("lot_traceability.group_operator")

    @classmethod
    def command(cls, *args, **kwargs):
        """Time goes on; a device scans when it is, not when the test began."""
        return {**super().command(*args, **kwargs), "at": f"{Datetime.now().isoformat()}Z"}

    def counted(self, text, quantity=None, location="SHELF", env=None, **data):
        if quantity is not None:
            data["quantity"] = quantity
        return self.scan("count", "count", text, env=env, session="S", location=location, **data)

    def differences(self, env=None):
        answer = self.scan("count", "differences", env=env, session="S")
        return {
            (row["lot"] or row["product"], row["location"].split("/")[-1]): row
            for row in answer["differences"]
        }

    def apply(self, env=None, **data):
        return self.scan("count", "apply", env=env, session="S", **data)

    def test_answer_is_blind(self):
        answer = self.counted("F-1", 18)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertIn("18 kg counted", answer["message"])
        self.assertFalse(answer["lot"]["stock"])
        self.assertNotIn("20", str(answer["counted"]) + answer["message"])
        self.assertEqual(self.flour_lot.product_qty, 20)

    def test_differences_name_what_is_less_and_what_nobody_counted(self):
        self.counted("F-1", 18)
        found = self.differences()
        row = found["F-1", "Shelf"]
        self.assertEqual((row["counted"], row["expected"], row["difference"]), (18, 20, -2))
        self.assertFalse(row["uncounted"])
        self.assertTrue(found["F-2", "Shelf"]["uncounted"])
        self.assertEqual(found["F-2", "Shelf"]["difference"], -10)

    def test_what_is_right_is_no_difference(self):
        self.counted("F-1", 20)
        self.counted("F-2", 10)
        self.assertFalse(self.differences())

    def test_later_count_replaces_and_adds(self):
        self.counted("F-1", 5)
        self.counted("F-1", 7)
        self.counted("F-1", 8, add=True)
        self.assertEqual(self.differences()["F-1", "Shelf"]["counted"], 15)

    def test_session_is_one_persons(self):
        self.counted("F-1", 5)
        self.assertFalse(self.differences(env=self.laboratory))

    def test_manager_of_the_stock_applies_with_the_reason(self):
        self.counted("F-1", 18, env=self.office)
        self.counted("F-2", 10, env=self.office)
        asked = self.apply(env=self.office)
        self.assertEqual(asked["choices"][0]["asks"][0]["name"], "reason")
        answer = self.apply(env=self.office, reason="Yearly count")
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertTrue(answer["applied"])
        self.assertEqual(self.flour_lot.product_qty, 18)
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.flour.id), ("is_inventory", "=", True)]
        )
        self.assertEqual(set(moves.mapped("inventory_name")), {"Yearly count"})
        self.assertIn("Nothing was counted", self.apply(env=self.office, reason="x")["message"])

    def test_operator_leaves_the_counts_for_the_manager(self):
        self.counted("F-1", 18)
        answer = self.apply(reason="Yearly count", uncounted="leave")
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertFalse(answer["applied"])
        self.assertIn("Physical Inventory", answer["message"])
        self.assertEqual(self.flour_lot.product_qty, 20)
        quant = self.flour_lot.quant_ids.filtered(lambda one: one.location_id == self.shelf)
        self.assertTrue(quant.inventory_quantity_set)
        self.assertEqual((quant.inventory_quantity, quant.user_id), (18, self.operator))
        quant.with_env(self.office).action_apply_inventory()
        self.assertEqual(self.flour_lot.product_qty, 18)

    def test_what_nobody_counted_is_asked_about(self):
        self.counted("F-1", 20, env=self.office)
        asked = self.apply(env=self.office, reason="Count")
        self.assertEqual([one["code"] for one in asked["choices"]], ["leave", "zero"])
        self.assertIn("F-2", asked["message"])
        self.apply(env=self.office, reason="Count", **asked["choices"][1]["data"])
        self.assertEqual(self.other_lot.product_qty, 0)
        self.assertEqual(self.flour_lot.product_qty, 20)

    def test_none_is_a_count(self):
        self.counted("F-1", 0, env=self.office)
        self.counted("F-2", 10, env=self.office)
        self.apply(env=self.office, reason="Count")
        self.assertEqual(self.flour_lot.product_qty, 0)

    def test_goods_that_moved_after_the_count_are_counted_again(self):
        self.counted("F-1", 18, env=self.office)
        self.counted("F-2", 10, env=self.office)
        self.wait()
        self.transfer({self.flour_lot: 1}, self.shelf, self.cold)
        self.assertTrue(self.differences(env=self.office)["F-1", "Shelf"]["moved"])
        refused = self.apply(env=self.office, reason="Count")
        self.assertEqual(refused["state"], "refused")
        self.assertIn("Count them again", refused["message"])
        self.assertNotIn("F-2", refused["message"])
        self.counted("F-1", 17, env=self.office)
        self.assertEqual(self.apply(env=self.office, reason="Count")["state"], "done")
        self.assertEqual(self.flour_lot.product_qty, 18)

    def test_count_that_waited_for_a_link_counts_from_when_it_was_made(self):
        waiting = self.command("count", "count", "F-1", session="S", location="SHELF", quantity=20)
        waiting["at"] = f"{(Datetime.now() - timedelta(hours=12)).isoformat()}Z"
        self.send(waiting)
        self.assertTrue(self.differences()["F-1", "Shelf"]["moved"])

    def test_lot_found_where_it_is_not_booked(self):
        self.counted("F-1", 3, location="COLD", env=self.office)
        answer = self.apply(env=self.office, reason="Count")
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(self.flour_lot.product_qty, 23)

    def test_unknown_lot_is_made_only_when_asked_for(self):
        self.flour.barcode = "09520123456788"
        label = "010952012345678817270331" + "10F-NEW"
        asked = self.counted(label, 4)
        self.assertEqual(asked["choices"][0]["code"], "new")
        self.assertFalse(self.env["stock.lot"].search([("name", "=", "F-NEW")]))
        answer = self.counted(label, 4, **asked["choices"][0]["data"])
        self.assertEqual(answer["state"], "done", answer["message"])
        made = self.env["stock.lot"].search([("name", "=", "F-NEW")])
        self.assertEqual(made.product_id, self.flour)
        self.assertTrue(made.expiration_date)
        self.assertIn("no lot", self.counted("F-NOBODY", 4)["message"])

    def test_serial_is_counted_once(self):
        pump = self.product("Pump", tracking="serial")
        serial = self.lot(pump, "P-1")
        self.receive({serial: 1})
        self.assertEqual(self.counted("P-1", location="COLD")["state"], "done")
        self.assertIn("already", self.counted("P-1", location="COLD", add=True)["message"])
        self.assertIn("already", self.counted("P-1", location="SHELF")["message"])
        self.assertIn("one of it", self.counted("P-1", 2, location="COLD")["message"])
        refused = self.apply(reason="Count", uncounted="leave")
        self.assertIn("booked in another place", refused["message"])
        answer = self.counted("P-1", 0, location_id=self.stock.id, location=None)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(self.apply(reason="Count", uncounted="leave")["state"], "done")

    def test_lot_in_two_packages_is_counted_package_by_package(self):
        packages = self.env["stock.package"].create([{"name": "PK-1"}, {"name": "PK-2"}])
        for package in packages:
            picking = self.picking(
                self.plant.int_type_id, {self.flour_lot: 5}, self.shelf, self.cold
            )
            picking.move_line_ids.result_package_id = package
            self.validate(picking)
        self.counted("F-1", 9, location="COLD", env=self.office)
        refused = self.apply(env=self.office, reason="Count")
        self.assertIn("Count each package", refused["message"])
        self.counted("F-1", 4, location="COLD", package_id=packages[0].id, env=self.office)
        self.counted("F-1", 5, location="COLD", package_id=packages[1].id, env=self.office)
        self.assertEqual(self.apply(env=self.office, reason="Count")["state"], "done")
        self.assertEqual(packages.mapped("quant_ids.quantity"), [4, 5])

    def test_what_is_missing_or_wrong_is_told(self):
        for data, said in (
            ({"location": None, "quantity": 1}, "Which place"),
            ({"location": "NOWHERE", "quantity": 1}, "no place"),
            ({}, "How much"),
            ({"quantity": -1}, "no quantity"),
            ({"quantity": "many"}, "no quantity"),
        ):
            answer = self.counted("F-1", **data)
            self.assertEqual(answer["state"], "refused", data)
            self.assertIn(said, answer["message"])
        answer = self.scan("count", "count", "F-1", location="SHELF", quantity=1)
        self.assertIn("Begin anew", answer["message"])

    def test_count_costs_few_queries(self):
        self.counted("F-2", 1)
        command = self.command(
            "count", "count", "F-1", session="S", location_id=self.shelf.id, quantity=1
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(34):
            answer = self.send(command)[0]
        self.assertEqual(answer["state"], "done", answer["message"])
