from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanMove(ScanCommon):
    """Moving with a handheld: one internal transfer, done at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour_lot = cls.lot(cls.flour, "F-1")
        cls.receive({cls.flour_lot: 20}, cls.mill)
        cls.shelf, cls.cold = cls.env["stock.location"].create(
            [
                {"name": name, "location_id": cls.stock.id, "barcode": name.upper()}
                for name in ("Shelf", "Cold")
            ]
        )

    def held(self, lot):
        """{place: quantity} of a lot"""
        quants = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id.usage", "=", "internal")]
        )
        return {quant.location_id: quant.quantity for quant in quants if quant.quantity}

    def test_all_of_a_lot_is_moved_by_one_transfer(self):
        answer = self.scan("move", "move", "F-1", to_id=self.shelf.id)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(self.held(self.flour_lot), {self.shelf: 20})
        picking = self.env["stock.picking"].browse(answer["document"]["id"])
        self.assertEqual((picking.state, picking.picking_type_code), ("done", "internal"))
        self.assertEqual(picking.move_ids.quantity, 20)
        self.assertIn("Shelf", answer["message"])

    def test_part_of_a_lot_and_both_places_scanned_without_a_link(self):
        answer = self.scan("move", "move", "F-1", quantity="2,5", to="SHELF")
        self.assertEqual(answer["state"], "done", answer["message"])
        answer = self.scan("move", "move", "F-1", **{"from": "SHELF", "to": "COLD"})
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(self.held(self.flour_lot), {self.stock: 17.5, self.cold: 2.5})

    def test_quantity_of_the_label_counts_where_none_is_told(self):
        self.flour.barcode = "09520123456788"
        self.scan("move", "move", "0109520123456788310300250010F-1", to_id=self.shelf.id)
        self.assertEqual(self.held(self.flour_lot)[self.shelf], 2.5)

    def test_lot_in_several_places_is_not_guessed(self):
        self.transfer({self.flour_lot: 5}, self.stock, self.shelf)
        answer = self.scan("move", "move", "F-1", to_id=self.cold.id)
        places = [choice["data"]["from_id"] for choice in answer["choices"]]
        self.assertEqual(places, [self.stock.id, self.shelf.id])
        self.scan("move", "move", "F-1", to_id=self.cold.id, **answer["choices"][1]["data"])
        self.assertEqual(self.held(self.flour_lot), {self.stock: 15, self.cold: 5})

    def test_same_place_unknown_place_and_no_place_are_refused(self):
        for data, said in (
            ({"to_id": self.stock.id}, "already"),
            ({"to": "NOWHERE"}, "no place"),
            ({"to_id": self.customers.id}, "no place"),
            ({"to_id": 2**31 - 1}, "no place"),
            ({"to_id": "x"}, "no place"),
            ({}, "Scan the place"),
        ):
            answer = self.scan("move", "move", "F-1", **data)
            self.assertEqual(answer["state"], "refused", data)
            self.assertIn(said, answer["message"])
        self.assertEqual(self.held(self.flour_lot), {self.stock: 20})

    def test_more_than_is_there_is_refused(self):
        answer = self.scan("move", "move", "F-1", quantity=21, to_id=self.shelf.id)
        self.assertIn("20 kg", answer["message"])
        self.assertEqual(self.held(self.flour_lot), {self.stock: 20})

    def test_lot_that_may_not_be_moved_is_refused_with_the_reason(self):
        self.flour_lot.with_env(self.laboratory).set_status("hold", "Glass in it")
        answer = self.scan("move", "move", "F-1", to_id=self.shelf.id)
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Glass in it", answer["message"])

    def test_reserved_goods_go_where_they_are_put(self):
        picking = self.floor["stock.picking"].create(
            {
                "picking_type_id": self.plant.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.flour.id,
                            "product_uom_qty": 20,
                            "product_uom": self.kg.id,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        answer = self.scan("move", "move", "F-1", to_id=self.shelf.id)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(self.held(self.flour_lot), {self.shelf: 20})
        self.assertNotEqual(picking.move_line_ids.location_id, self.stock)

    def packed(self):
        package = self.env["stock.package"].create({"name": "095201234567891235"})
        sugar = self.lot(self.product("Sugar"), "S-1")
        self.receive({sugar: 4})
        for lot, quantity in ((self.flour_lot, 6), (sugar, 4)):
            picking = self.picking(self.plant.int_type_id, {lot: quantity}, self.stock, self.shelf)
            picking.move_line_ids.result_package_id = package
            self.validate(picking)
        return package, sugar

    def test_package_is_moved_whole_by_its_label(self):
        package, sugar = self.packed()
        answer = self.scan("move", "move", "00095201234567891235", to_id=self.cold.id)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(package.location_id, self.cold)
        self.assertEqual(self.held(sugar), {self.cold: 4})
        self.assertEqual(self.held(self.flour_lot), {self.stock: 14, self.cold: 6})

    def test_lot_taken_out_of_a_package_leaves_it(self):
        package, sugar = self.packed()
        answer = self.scan("move", "move", "S-1", to_id=self.cold.id)
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(self.held(sugar), {self.cold: 4})
        self.assertEqual(package.quant_ids.lot_id, self.flour_lot)

    def test_empty_package_is_refused(self):
        self.env["stock.package"].create({"name": "EMPTY"})
        answer = self.scan("move", "move", "EMPTY", to_id=self.cold.id)
        self.assertIn("empty", answer["message"])

    def test_moves_cost_a_bounded_number_of_queries(self):
        self.scan("move", "move", "F-1", quantity=1, to_id=self.shelf.id)
        command = self.command(
            "move", "move", "F-1", quantity=1, from_id=self.stock.id, to_id=self.shelf.id
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(100):
            answer = self.send(command)[0]
        self.assertEqual(answer["state"], "done", answer["message"])
