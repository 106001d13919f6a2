from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaMade(FsmaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cut = cls.listed(
            "Chopped romaine", cls.env.ref("lot_traceability_fsma.ftl_leafy_greens_cut")
        )
        cls.raw = cls.listed("Field lettuce", fsma_stage="raw")
        cls.grower.fsma_farm = True

    def test_an_order_records_transformation_with_what_was_used_of_each_lot(self):
        one, two = self.coded(self.lettuce, "L1", 10), self.coded(self.lettuce, "L2", 10)
        salt = self.lot(self.product("Salt"), "SALT")
        self.receive({salt: 5})
        made = self.lot(self.cut, "CUT-1")
        order = self.make(made, 8, {one: 4, two: 5, salt: 1})
        event = self.events(order)
        self.assertEqual((event.kind, event.quantity), ("transformation", 8))
        self.assertEqual(
            {row.tlc: row.quantity for row in event.input_ids}, {"TLC-L1": 4, "TLC-L2": 5}
        )
        self.assertEqual(event.tlc, "CUT-1")
        self.assertEqual(event.source_place_id.street, "4 Plant Avenue")
        self.assertEqual(event.location_place_id, event.source_place_id)
        self.assertEqual((event.document_type, event.document_number), ("work_order", order.name))
        self.assertFalse(event.missing)

    def test_an_order_and_an_unbuild_of_one_transaction_are_told_apart(self):
        one = self.coded(self.lettuce, "L1", 10)
        made = self.lot(self.cut, "CUT-1")
        order = self.make(made, 8, {one: 4})
        unbuild = self.unbuild(order, made, 2)
        used = self.env["lot.fsma.made"]._used(
            {(order.with_env(self.env), made): None, (unbuild.with_env(self.env), one): None}
        )
        self.assertEqual(
            [[(row.lot, row.quantity) for row in rows] for rows in used.values()],
            [[(one, 4)], [(made, 2)]],
        )

    def test_what_is_received_made_and_sent_in_one_transaction_has_its_codes(self):
        # Nothing is written between the documents, as in a program that does all in one go.
        with patch.object(type(self), "wait", lambda *_args: None):
            lot = self.coded(self.lettuce, "L1", 10)
            made = self.lot(self.cut, "CUT-1")
            order = self.make(made, 8, {lot: 4})
            sent = self.deliver({made: 3}, partner=self.market)
        self.env["lot.fsma.recorder"]._flush()
        self.assertEqual(self.events(order).input_ids.tlc, "TLC-L1")
        event = self.events(sent)
        self.assertEqual((event.kind, event.tlc), ("shipping", "CUT-1"))
        self.assertFalse(event.missing)

    def test_several_lots_of_one_order_share_what_was_used(self):
        one = self.coded(self.lettuce, "L1", 10)
        serials = self.listed("Salad kit", tracking="serial", uom=self.units)
        made = self.lot(serials, "K1") | self.lot(serials, "K2")
        order = self.make(made, 2, {one: 4})
        events = self.events(order)
        self.assertEqual(events.mapped("input_ids.quantity"), [2, 2])
        self.assertEqual(set(events.mapped("tlc")), {"K1", "K2"})

    def test_an_input_without_a_lot_is_missing(self):
        loose = self.listed("Loose kale", tracking="none")
        self.receive({loose: 10})
        made = self.lot(self.cut, "CUT-1")
        event = self.events(self.make(made, 8, {loose: 4}))
        self.assertEqual(event.input_ids.product_id, loose)
        self.assertEqual(event.missing, ",input_tlc,")

    def test_foods_that_are_not_on_the_list_need_no_code(self):
        peanuts = self.lot(self.product("Peanuts"), "P1")
        self.receive({peanuts: 10})
        butter = self.listed("Peanut butter", self.env.ref("lot_traceability_fsma.ftl_nut_butters"))
        event = self.events(self.make(self.lot(butter, "B1"), 5, {peanuts: 6}))
        self.assertFalse(event.input_ids)
        self.assertFalse(event.missing)

    def test_a_kill_step_ends_the_records(self):
        lot = self.coded(self.lettuce, "L1", 10)
        soup = self.product("Soup")
        bill = self.bom(soup, {self.lettuce: 1})
        bill.bom_line_ids.fsma_keeps_form = False
        made = self.lot(soup, "S1")
        self.assertFalse(self.events(self.make(made, 5, {lot: 5}, bom=bill)))
        self.assertFalse(made.fsma_code_id)

    def test_a_raw_commodity_is_packed_for_the_first_time(self):
        area = self.env["lot.fsma.area"].create({"name": "North 3", "farm_id": self.grower.id})
        receipt = self.bought(
            self.raw, "R1", 20, self.grower, fsma_area_id=area.id, harvest_date="2026-03-01"
        )
        raw = receipt.move_line_ids.lot_id.with_env(self.env)
        made = self.lot(self.lettuce, "P1")
        event = self.events(self.make(made, 10, {raw: 12}))
        self.assertEqual(event.kind, "initial_packing")
        self.assertEqual(event.tlc, "P1")
        self.assertTrue(made.fsma_code_id.own)
        self.assertEqual(event.source_place_id, event.location_place_id)
        row = event.input_ids
        self.assertEqual(row.farm_place_id.name, "Green Farm")
        self.assertEqual(row.harvester_place_id.phone, "+1 555 0100")
        self.assertEqual((row.field_name, str(row.harvest_date)), ("North 3", "2026-03-01"))
        self.assertEqual((str(row.received_date), row.received_quantity), ("2026-03-02", 20))
        self.assertEqual(event.field_name, "North 3")
        self.assertFalse(event.missing)

    def test_each_raw_lot_that_lacks_something_is_told(self):
        values = {"harvest_date": "2026-03-01", "origin_place": "North 3"}
        known = self.bought(self.raw, "R1", 20, self.grower, **values).move_line_ids.lot_id
        vague = self.bought(self.raw, "R2", 20, self.grower).move_line_ids.lot_id
        made = self.lot(self.lettuce, "P1")
        lots = (known | vague).with_env(self.env)
        event = self.events(self.make(made, 10, {lots[0]: 6, lots[1]: 6}))
        self.assertEqual(event.missing, ",field_name,harvest_date,")

    def test_raw_commodity_of_an_exempt_farm_is_packed_with_fewer_elements(self):
        self.env["lot.fsma.exemption"].create(
            {
                "partner_id": self.grower.id,
                "paragraph_id": self.env.ref("lot_traceability_fsma.paragraph_a1").id,
                "date_from": "2026-01-01",
            }
        )
        raw = self.bought(self.raw, "R1", 20, self.grower).move_line_ids.lot_id
        event = self.events(
            self.make(self.lot(self.lettuce, "P1"), 10, {raw.with_env(self.env): 9})
        )
        self.assertTrue(event.exempt_source)
        self.assertEqual(event.input_ids.from_place_id.name, "Green Farm")
        self.assertFalse(event.missing)

    def test_a_bill_of_materials_says_otherwise(self):
        lot = self.coded(self.lettuce, "L1", 10)
        bill = self.bom(self.cut, {self.lettuce: 1}, fsma_event="none")
        self.assertFalse(self.events(self.make(self.lot(self.cut, "C1"), 5, {lot: 5}, bom=bill)))

    def test_cooling_is_recorded_where_the_bill_says_so(self):
        raw = self.bought(self.raw, "R1", 20, self.grower).move_line_ids.lot_id
        cooled = self.listed("Cooled field lettuce", fsma_stage="raw")
        bill = self.bom(cooled, {self.raw: 1}, fsma_event="cooling")
        order = self.make(self.lot(cooled, "R1C"), 20, {raw.with_env(self.env): 20}, bom=bill)
        event = self.events(order)
        self.assertEqual(event.kind, "cooling")
        self.assertEqual(event.farm_place_id.name, "Green Farm")
        self.assertFalse(event.lot_id.fsma_code_id)
        self.assertFalse(event.missing)

    def test_a_retail_establishment_records_no_transformation(self):
        lot = self.coded(self.lettuce, "L1", 10)
        self.env.company.fsma_retail = True
        made = self.lot(self.cut, "C1")
        self.assertFalse(self.events(self.make(made, 5, {lot: 5})))
        self.assertFalse(made.fsma_code_id)

    def test_raw_commodity_in_a_transformation_keeps_the_packers_elements(self):
        raw = self.bought(self.raw, "R1", 20, self.grower).move_line_ids.lot_id
        bill = self.bom(self.cut, {self.raw: 1}, fsma_event="transformation")
        order = self.make(self.lot(self.cut, "C1"), 5, {raw.with_env(self.env): 5}, bom=bill)
        event = self.events(order)
        self.assertTrue(event.raw_input)
        self.assertIn(",harvest_date,", event.missing)

    def test_lots_put_together_are_transformed_and_divided_ones_keep_their_code(self):
        one, two = self.coded(self.lettuce, "L1", 10), self.coded(self.lettuce, "L2", 10)
        part = self.operate("split", one, parts=[("L1A", 4)])
        self.assertEqual(part.fsma_code_id, one.fsma_code_id)
        self.assertFalse(self.events(part))
        both = self.operate("merge", one | two, "MIX")
        event = self.events(both)
        self.assertEqual(event.kind, "transformation")
        self.assertTrue(both.fsma_code_id.own)
        self.assertEqual(set(event.input_ids.mapped("tlc")), {"TLC-L1", "TLC-L2"})

    def test_what_the_lot_held_is_among_what_was_put_together(self):
        one, two = self.coded(self.lettuce, "L1", 10), self.coded(self.lettuce, "L2", 7)
        self.deliver({one: 2}, partner=self.market)
        self.operate("merge", one | two, "L1")
        event = self.events(one, "transformation")
        self.assertEqual(
            {row.tlc: row.quantity for row in event.input_ids}, {"TLC-L1": 8, "TLC-L2": 7}
        )
        self.assertEqual((event.quantity, event.tlc), (15, one.fsma_code_id.code))
        self.assertNotIn(event.tlc, ("TLC-L1", "TLC-L2"))
        self.assertFalse(event.missing)

    def test_a_lot_that_others_are_put_to_is_told_with_what_it_held(self):
        one, two = self.coded(self.lettuce, "L1", 10), self.coded(self.lettuce, "L2", 7)
        bin_ = self.coded(self.lettuce, "BIN", 5)
        self.operate("merge", one | two, "BIN")
        event = self.events(bin_, "transformation")
        self.assertEqual(
            {row.tlc: row.quantity for row in event.input_ids},
            {"TLC-L1": 10, "TLC-L2": 7, "TLC-BIN": 5},
        )
        self.assertEqual(event.quantity, 22)

    def test_what_one_lot_is_put_to_without_a_code_is_missing(self):
        one, two = self.coded(self.lettuce, "L1", 10), self.coded(self.lettuce, "L2", 7)
        # Counted, and never received: nobody knows its code.
        found = self.lot(self.lettuce, "FOUND")
        self.count(found, 3)
        self.operate("merge", one | two, "FOUND")
        event = self.events(found, "transformation")
        self.assertEqual(sum(event.input_ids.mapped("quantity")), 20)
        self.assertEqual(event.missing, ",input_tlc,")

    def test_lots_of_one_code_that_are_put_together_keep_it(self):
        one = self.coded(self.lettuce, "L1", 10)
        part = self.operate("split", one, parts=[("L1A", 4)])
        self.operate("merge", one | part, "L1")
        self.assertEqual(one.fsma_code_id.code, "TLC-L1")
        self.assertFalse(self.events(one, "transformation"))

    def test_who_puts_lots_of_different_codes_together_is_told_before(self):
        one, two = self.coded(self.lettuce, "L1", 10), self.coded(self.lettuce, "L2", 7)
        part = self.operate("split", one, parts=[("L1A", 4)])

        def warning(lots, name, kind="merge"):
            wizard = self.office["lot.operation.wizard"].new(
                {"kind": kind, "lot_ids": [Command.set(lots.ids)], "new_name": name}
            )
            return wizard.fsma_warning

        self.assertIn("1.1350", warning(one | two, "MIX"))
        self.assertIn("1.1350", warning(one | part, "L2"))
        self.assertFalse(warning(one | part, "L1"))
        self.assertFalse(warning(one, "R", kind="relabel"))
        flour = self.product("Flour")
        self.assertFalse(warning(self.lot(flour, "F1") | self.lot(flour, "F2"), "F3"))

    def test_an_order_that_changes_afterwards_gives_its_event_a_version(self):
        lot = self.coded(self.lettuce, "L1", 10)
        order = self.make(self.lot(self.cut, "C1"), 5, {lot: 5})
        order.move_raw_ids.move_line_ids.with_env(self.office).quantity = 4
        self.wait()
        event = self.events(order)
        self.assertEqual((event.version, event.input_ids.quantity), (2, 4))
        self.assertEqual(event.replaces_ids.input_ids.quantity, 5)

    def test_a_lot_that_comes_out_again_keeps_its_code(self):
        lot = self.coded(self.lettuce, "L1", 10)
        bill = self.bom(self.cut, {self.lettuce: 1})
        made = self.lot(self.cut, "C1")
        order = self.make(made, 5, {lot: 5}, bom=bill)
        self.unbuild(order, made, 2)
        # What comes out is the lot that went in, with its code: nothing new to tell of it.
        self.assertEqual(self.events(lot).mapped("kind"), ["receiving"])

    def test_a_new_number_on_the_goods_is_a_transformation(self):
        lot = self.coded(self.lettuce, "L1", 10)
        new = self.operate("relabel", lot, "R-1")
        event = self.events(new)
        self.assertEqual((event.kind, event.tlc), ("transformation", "R-1"))
        self.assertEqual(event.input_ids.tlc, "TLC-L1")
