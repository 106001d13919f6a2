from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaCode(FsmaCommon):
    """A code is given where 21 CFR 1.1320 says so, and nowhere else."""

    def test_a_code_is_unique_for_its_source(self):
        one = self.coded(self.lettuce, "L1", 5, fsma_code="A1").fsma_code_id
        same = self.coded(self.lettuce, "L2", 5, fsma_code="A1").fsma_code_id
        other = self.coded(
            self.lettuce, "L3", 5, fsma_code="A1", fsma_source_id=self.market.id
        ).fsma_code_id
        self.assertEqual(one, same)
        self.assertNotEqual(one, other)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["lot.fsma.code"].create({"code": "A1", "source_key": one.source_key})
            self.env.flush_all()

    def test_equal_codes_of_unknown_sources_are_kept_apart(self):
        lots = [
            self.bought(self.lettuce, name, 5, partner, fsma_code="A1").move_line_ids.lot_id
            for name, partner in (("L1", self.distributor), ("L2", self.market))
        ]
        self.assertNotEqual(lots[0].fsma_code_id, lots[1].fsma_code_id)

    def test_a_code_of_ours_is_gtin_and_lot_number(self):
        cut = self.listed("Chopped romaine", barcode="00614141000036")
        lot = self.coded(self.lettuce, "L1", 10)
        made = self.lot(cut, "C1")
        self.make(made, 5, {lot: 5})
        code = made.fsma_code_id
        self.assertEqual(code.code, "(01)00614141000036(10)C1")
        self.assertEqual((code.gtin, code.batch), ("00614141000036", "C1"))

    def test_a_code_as_gs1_writes_it_tells_gtin_and_batch(self):
        text = "(01)00614141000036(10)B-7"
        code = self.coded(self.lettuce, "L1", 5, fsma_code=text).fsma_code_id
        self.assertEqual((code.code, code.gtin, code.batch), (text, "00614141000036", "B-7"))
        plain = self.coded(self.lettuce, "L2", 5, fsma_code="B-8").fsma_code_id
        self.assertEqual((plain.gtin, plain.batch), (False, "B-8"))

    def test_a_barcode_that_is_no_gtin_is_left_out(self):
        self.assertFalse(self.listed("Wrong", barcode="00614141000037")._fsma_gtin())
        self.assertFalse(self.listed("Text", barcode="LETTUCE-1")._fsma_gtin())

    def test_one_number_of_two_products_gives_two_codes(self):
        lot = self.coded(self.lettuce, "L1", 20)
        made = [
            self.lot(self.listed(name, default_code=name.upper()), "C1") for name in ("Cut", "Kit")
        ]
        for one in made:
            self.make(one, 5, {lot: 5})
        self.assertEqual(
            [one.fsma_code_id.code for one in made],
            ["C1", "C1 KIT"],
        )

    def test_receiving_gives_no_new_code(self):
        lot = self.coded(self.lettuce, "L1", 10)
        code = lot.fsma_code_id
        picking = self.picking(
            self.plant.in_type_id, {lot: 5}, source=self.suppliers, partner=self.market
        )
        picking.move_line_ids.fsma_code = "ANOTHER"
        event = self.events(self.validate(picking))
        self.assertEqual(lot.fsma_code_id, code)
        self.assertEqual(event.tlc, "TLC-L1")

    def test_a_receipt_without_a_code_gives_none(self):
        lot = self.bought(self.lettuce, "L1", 10).move_line_ids.lot_id
        self.assertFalse(lot.fsma_code_id)

    def test_shipping_gives_no_new_code(self):
        lot = self.coded(self.lettuce, "L1", 10)
        code = lot.fsma_code_id
        self.deliver({lot: 5}, self.market)
        bare = self.bought(self.lettuce, "L2", 10).move_line_ids.lot_id.with_env(self.env)
        event = self.events(self.deliver({bare: 5}, self.market))
        self.assertEqual(lot.fsma_code_id, code)
        self.assertFalse(bare.fsma_code_id)
        self.assertEqual(event.missing, ",tlc,tlc_source,")

    def test_a_transfer_gives_no_new_code(self):
        lot = self.coded(self.lettuce, "L1", 10)
        code = lot.fsma_code_id
        self.transfer({lot: 5}, self.stock, self.depot.lot_stock_id)
        self.transfer({lot: 5}, self.depot.lot_stock_id, self.stock)
        self.assertEqual(lot.fsma_code_id, code)
        self.assertEqual(set(self.events(lot).mapped("code_id")), {code})

    def test_food_of_an_exempt_source_gets_a_code_when_it_has_none(self):
        self.exempt(self.distributor)
        bare = self.bought(self.lettuce, "L1", 10)
        event = self.events(bare)
        self.assertTrue(event.exempt_source)
        self.assertEqual(event.tlc, "L1")
        self.assertTrue(event.code_id.own)
        self.assertEqual(event.source_place_id.street, "4 Plant Avenue")
        self.assertFalse(event.missing)
        told = self.events(self.bought(self.lettuce, "L2", 10, fsma_code="T2"))
        self.assertEqual((told.tlc, told.code_id.own), ("T2", False))

    def test_a_retail_establishment_gives_no_code_to_it(self):
        self.exempt(self.distributor)
        self.env.company.fsma_retail = True
        event = self.events(self.bought(self.lettuce, "L1", 10))
        self.assertFalse(event.tlc)
        self.assertEqual(event.missing, ",tlc,")

    def test_a_second_order_into_a_lot_keeps_its_code(self):
        lot = self.coded(self.lettuce, "L1", 10)
        made = self.lot(self.listed("Cut"), "C1")
        self.make(made, 2, {lot: 2})
        code = made.fsma_code_id
        self.make(made, 2, {lot: 2})
        self.assertEqual(made.fsma_code_id, code)

    def test_a_lot_that_others_are_put_to_gets_another_code(self):
        one, two = self.coded(self.lettuce, "L1", 10), self.coded(self.lettuce, "L2", 10)
        before = one.fsma_code_id
        self.operate("merge", one | two, "L1")
        self.assertNotEqual(one.fsma_code_id, before)
        self.assertTrue(one.fsma_code_id.own)
        received = self.events(one, "receiving")
        self.assertEqual(received.code_id, before)

    def test_a_code_does_not_change(self):
        code = self.coded(self.lettuce, "L1", 10).fsma_code_id
        with self.assertRaisesRegex(UserError, "stays what it is"):
            code.code = "OTHER"
        self.assertEqual(code.code, "TLC-L1")

    def exempt(self, partner):
        self.env["lot.fsma.exemption"].create(
            {
                "partner_id": partner.id,
                "paragraph_id": self.env.ref("lot_traceability_fsma.paragraph_a1").id,
                "date_from": "2026-01-01",
            }
        )
