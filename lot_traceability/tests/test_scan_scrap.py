from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanScrap(ScanCommon):
    """Scrapping with a handheld: one scrap of Odoo, from the place that is meant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour_lot = cls.lot(cls.flour, "F-1")
        cls.receive({cls.flour_lot: 20}, cls.mill)
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf", "location_id": cls.stock.id, "barcode": "SHELF"}
        )
        cls.cause = cls.env["stock.scrap.reason.tag"].create({"name": "Burst bag"})

    def scraps(self):
        return self.env["stock.scrap"].search([("product_id", "=", self.flour.id)])

    def test_scanned_lot_is_scrapped_with_its_cause(self):
        answer = self.scan("scrap", "scrap", "F-1", quantity=2.5, reason="burst bag")
        self.assertEqual(answer["state"], "done", answer["message"])
        scrap = self.scraps()
        self.assertEqual(
            (scrap.state, scrap.scrap_qty, scrap.lot_id), ("done", 2.5, self.flour_lot)
        )
        self.assertEqual(scrap.scrap_reason_tag_ids, self.cause)
        self.assertEqual(self.flour_lot.product_qty, 17.5)
        self.assertEqual(answer["document"]["id"], scrap.id)
        kept = self.env["lot.scan"].search([("uid", "=", answer["uid"])])
        self.assertEqual((kept.res_model, kept.res_id), ("stock.scrap", scrap.id))

    def test_reason_in_own_words_is_kept(self):
        self.scan("scrap", "scrap", "F-1", quantity=1, reason="Fell off the truck")
        self.assertEqual(self.scraps().origin, "Fell off the truck")
        self.assertFalse(self.scraps().scrap_reason_tag_ids)

    def test_reason_and_quantity_are_asked_for(self):
        answer = self.scan("scrap", "scrap", "F-1", reason="Wet")
        self.assertEqual(answer["choices"][0]["asks"][0]["name"], "quantity")
        answer = self.scan("scrap", "scrap", "F-1", quantity=1)
        asked = answer["choices"][0]["asks"][0]
        self.assertEqual(asked["name"], "reason")
        self.assertIn(["Burst bag", "Burst bag"], asked["options"])
        self.assertFalse(self.scraps())

    def test_place_is_chosen_where_there_are_several(self):
        self.transfer({self.flour_lot: 5}, self.stock, self.shelf)
        answer = self.scan("scrap", "scrap", "F-1", quantity=1, reason="Wet")
        self.assertEqual(answer["state"], "refused")
        self.assertEqual(
            [choice["data"]["location_id"] for choice in answer["choices"]],
            [self.stock.id, self.shelf.id],
        )
        data = answer["choices"][1]["data"]
        self.scan("scrap", "scrap", "F-1", quantity=1, reason="Wet", **data)
        self.assertEqual(self.scraps().location_id, self.shelf)

    def test_more_than_is_there_is_refused_with_what_is_there(self):
        answer = self.scan("scrap", "scrap", "F-1", quantity=21, reason="Wet")
        self.assertIn("20 kg", answer["message"])
        answer = self.scan("scrap", "scrap", "F-1", quantity=1, location="SHELF", reason="Wet")
        self.assertIn("It lies in", answer["message"])
        self.assertEqual(self.flour_lot.product_qty, 20)

    def test_quantities_that_are_none_are_refused(self):
        for told in (-1, 0, "x", "nan", 1e300, [], True, {"a": 1}):
            answer = self.scan("scrap", "scrap", "F-1", quantity=told, reason="Wet")
            self.assertEqual(answer["state"], "refused", told)
        self.assertFalse(self.scraps())

    def test_held_lot_may_be_scrapped(self):
        self.flour_lot.with_env(self.floor).set_status("hold", "Wet")
        answer = self.scan("scrap", "scrap", "F-1", quantity=1, reason="Wet")
        self.assertEqual(answer["state"], "done", answer["message"])

    def test_serial_needs_no_quantity_and_is_one(self):
        pump = self.product("Pump", tracking="serial")
        serial = self.lot(pump, "P-1")
        self.receive({serial: 1})
        answer = self.scan("scrap", "scrap", "P-1", quantity=2, reason="Broken")
        self.assertIn("serial number", answer["message"])
        answer = self.scan("scrap", "scrap", "P-1", reason="Broken")
        self.assertEqual(answer["state"], "done", answer["message"])
        answer = self.scan("scrap", "scrap", "P-1", reason="Broken")
        self.assertIn("Nothing of P-1", answer["message"])

    def test_product_without_lots_is_scrapped_by_its_barcode(self):
        salt = self.product("Salt", tracking="none", barcode="SALT-BARCODE")
        self.receive({salt: 5})
        answer = self.scan("scrap", "scrap", "SALT-BARCODE", quantity=1, reason="Wet")
        self.assertEqual(answer["state"], "done", answer["message"])
        self.assertEqual(salt.qty_available, 4)

    def test_label_without_lot_number_of_goods_with_lots_is_refused(self):
        self.flour.barcode = "FLOUR-BARCODE"
        answer = self.scan("scrap", "scrap", "FLOUR-BARCODE", quantity=1, reason="Wet")
        self.assertIn("names no lot", answer["message"])

    def test_number_of_two_lots_is_not_guessed(self):
        sugar = self.lot(self.product("Sugar"), "F-1")
        self.receive({sugar: 3})
        answer = self.scan("scrap", "scrap", "F-1", quantity=1, reason="Wet")
        self.assertIn("Sugar", answer["message"])
        self.scan("scrap", "scrap", "F-1", quantity=1, reason="Wet", lot_id=sugar.id)
        self.assertEqual(sugar.product_qty, 2)

    def test_stock_of_another_company_is_left_alone(self):
        other = self.env["res.company"].create({"name": "Other mill"})
        abroad = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(
            self.flour, abroad.lot_stock_id, 9, lot_id=self.lot(self.flour, "F-9")
        )
        answer = self.scan("scrap", "scrap", "F-9", quantity=1, reason="Wet")
        self.assertEqual(answer["state"], "refused")
        self.assertFalse(self.scraps())

    def test_start_tells_causes_and_who_has_no_stock_rights_cannot_scrap(self):
        self.assertIn("Burst bag", self.floor["lot.scan"].start()["scrap_reasons"])
        hand = new_test_user(self.env, login="scan_hand", groups="lot_traceability.group_operator")
        with self.assertRaises(AccessError):
            self.scan("scrap", "scrap", "F-1", env=self.env(user=hand), quantity=1, reason="Wet")
