from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaReceiving(FsmaCommon):
    def test_a_receipt_records_receiving_with_every_element(self):
        picking = self.bought(
            self.lettuce, "L1", 10, fsma_code="TLC-1", fsma_source_id=self.grower.id
        )
        event = self.events(picking)
        self.assertEqual(event.kind, "receiving")
        self.assertEqual(event.tlc, "TLC-1")
        self.assertEqual(event.source_place_id.name, "Green Farm")
        self.assertEqual(event.from_place_id.name, "Fresh Distribution")
        self.assertEqual(event.location_place_id.street, "4 Plant Avenue")
        self.assertEqual((event.quantity, event.uom), (10, "kg"))
        self.assertEqual((event.document_type, event.document_number), ("record", picking.name))
        self.assertEqual(str(event.date), "2026-03-02")
        self.assertFalse(event.missing)
        self.assertEqual(event.completeness, 1.0)
        self.assertEqual(event.user_id, self.operator)

    def test_a_receipt_without_a_code_is_given_none_and_says_that_it_is_missing(self):
        event = self.events(self.bought(self.lettuce, "L1", 10))
        self.assertFalse(event.lot_id.fsma_code_id)
        self.assertEqual(event.missing, ",tlc,tlc_source,")
        self.assertEqual(event.completeness, 0.75)
        self.assertIn("Traceability lot code", event.missing_text)

    def test_the_suppliers_lot_number_is_the_code_unless_another_is_told(self):
        event = self.events(self.bought(self.lettuce, "L1", 10, supplier_lot="S-9"))
        self.assertEqual(event.tlc, "S-9")
        self.assertEqual(event.lot_id.name, "L1")
        event = self.events(
            self.bought(self.lettuce, "L2", 10, supplier_lot="S-9", fsma_code="TLC-2")
        )
        self.assertEqual(event.tlc, "TLC-2")

    def test_the_typed_lot_number_is_the_code_where_the_firm_says_so(self):
        self.env.company.fsma_lot_name_is_code = True
        self.distributor.fsma_source_id = self.grower
        event = self.events(self.bought(self.lettuce, "L1", 10))
        self.assertEqual(event.tlc, "L1")
        self.assertEqual(event.source_place_id.name, "Green Farm")
        self.assertFalse(event.missing)

    def test_a_reference_stands_for_the_source(self):
        event = self.events(
            self.bought(
                self.lettuce, "L1", 10, fsma_code="T", fsma_source_reference="0614141000005"
            )
        )
        self.assertEqual(event.source_reference, "0614141000005")
        self.assertEqual(event.code_id.reference_kind, "gln")
        self.assertFalse(event.missing)

    def test_the_paper_of_the_supplier_is_the_reference_document(self):
        picking = self.picking(
            self.plant.in_type_id,
            {self.lettuce: 5},
            source=self.suppliers,
            partner=self.distributor,
        )
        picking.move_line_ids.lot_name = "L1"
        picking.write({"fsma_document_type": "bol", "fsma_document_number": "BOL-77"})
        event = self.events(self.validate(picking))
        self.assertEqual((event.document_type, event.document_number), ("bol", "BOL-77"))

    def test_other_foods_are_recorded_only_when_the_firm_wants_all(self):
        flour = self.product("Flour")
        self.assertFalse(self.events(self.bought(flour, "F1", 5)))
        self.env.company.fsma_record_all = True
        self.assertEqual(self.events(self.bought(flour, "F2", 5)).kind, "receiving")

    def test_an_incomplete_address_is_a_missing_element(self):
        self.distributor.phone = False
        event = self.events(
            self.bought(self.lettuce, "L1", 10, fsma_code="T", fsma_source_id=self.grower.id)
        )
        self.assertEqual(event.missing, ",from_location,")
        self.assertEqual(event.from_place_id.missing, "phone")

    def test_a_move_of_the_partner_leaves_recorded_events_as_they_were(self):
        before = self.events(self.bought(self.lettuce, "L1", 10))
        self.distributor.street = "9 New Street"
        after = self.events(self.bought(self.lettuce, "L2", 10))
        self.assertEqual(before.from_place_id.street, "2 Dock Street")
        self.assertEqual(after.from_place_id.street, "9 New Street")
        third = self.events(self.bought(self.lettuce, "L3", 10))
        self.assertEqual(third.from_place_id, after.from_place_id)

    def test_seafood_of_a_vessel_is_received_on_land_for_the_first_time(self):
        boat = self.env["res.partner"].create(
            {**self.address("F/V Molly", "Pier 1"), "fsma_vessel": True}
        )
        cod = self.listed(
            "Cod", self.env.ref("lot_traceability_fsma.ftl_finfish_other"), fsma_commodity="Cod"
        )
        picking = self.bought(
            cod, "C1", 50, boat, harvest_date="2026-02-27", fsma_catch_area="FAO 67"
        )
        event = self.events(picking)
        self.assertEqual(event.kind, "first_receiving")
        self.assertEqual(event.lot_id.fsma_code_id.own, True)
        self.assertEqual(event.source_place_id, event.location_place_id)
        self.assertEqual((event.species, event.catch_area), ("Cod", "FAO 67"))
        self.assertFalse(event.missing)

    def test_a_raw_commodity_is_not_received_under_the_rule(self):
        raw = self.listed("Field lettuce", fsma_stage="raw")
        picking = self.bought(raw, "R1", 10, self.grower)
        self.assertFalse(self.events(picking))
        self.assertFalse(picking.move_line_ids.lot_id.fsma_code_id)

    def test_a_farm_that_delivers_is_the_farm_of_its_lots(self):
        self.grower.fsma_farm = True
        raw = self.listed("Field lettuce", fsma_stage="raw")
        lot = self.bought(raw, "R1", 10, self.grower).move_line_ids.lot_id
        self.assertEqual(lot.fsma_farm_id, self.grower)
        self.assertEqual(lot.fsma_harvester_id, self.grower)

    def test_receipts_of_own_fields_record_harvesting(self):
        self.plant.in_type_id.fsma_event = "harvesting"
        raw = self.listed("Field lettuce", fsma_stage="raw")
        area = self.env["lot.fsma.area"].create({"name": "North 3", "farm_id": self.grower.id})
        picking = self.bought(
            raw,
            "R1",
            10,
            self.grower,
            fsma_farm_id=self.grower.id,
            fsma_area_id=area.id,
            harvest_date="2026-03-01",
        )
        event = self.events(picking)
        self.assertEqual(event.kind, "harvesting")
        self.assertEqual((event.field_name, str(event.date)), ("North 3", "2026-03-01"))
        self.assertEqual(event.location_place_id.name, "Green Farm")
        self.assertEqual(event.to_place_id.street, "4 Plant Avenue")
        self.assertFalse(event.tlc)
        self.assertFalse(event.missing)

    def test_the_receipt_asks_for_what_the_goods_need(self):
        raw = self.listed("Field lettuce", fsma_stage="raw")
        flour = self.product("Flour")
        for product, asked in ((self.lettuce, ",code,"), (raw, ",farm,"), (flour, False)):
            picking = self.picking(
                self.plant.in_type_id, {product: 1}, source=self.suppliers, partner=self.grower
            )
            self.assertEqual(picking.move_ids.fsma_asks, asked)

    def test_a_firm_may_demand_the_code_at_the_receipt(self):
        self.lettuce.product_tmpl_id.receipt_demand_ids = self.env.ref(
            "lot_traceability_fsma.demand_fsma_code_told"
        )
        with self.assertRaisesRegex(UserError, "traceability lot code"):
            self.bought(self.lettuce, "L1", 10)
        event = self.events(self.bought(self.lettuce, "L2", 10, fsma_code="T-2"))
        self.assertEqual(event.tlc, "T-2")


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaShipping(FsmaCommon):
    def test_a_delivery_records_shipping_with_every_element(self):
        lot = self.coded(self.lettuce, "L1", 10)
        event = self.events(self.deliver({lot: 4}, self.market))
        self.assertEqual(event.kind, "shipping")
        self.assertEqual(event.tlc, "TLC-L1")
        self.assertEqual(event.to_place_id.name, "Corner Market")
        self.assertEqual(event.location_place_id.street, "4 Plant Avenue")
        self.assertEqual(event.source_place_id.name, "Green Farm")
        self.assertEqual(event.quantity, 4)
        self.assertFalse(event.missing)

    def test_one_event_a_lot_however_many_lines(self):
        lots = [self.coded(self.lettuce, name, 10) for name in ("L1", "L2")]
        picking = self.picking(
            self.plant.out_type_id,
            {lots[0]: 3, lots[1]: 2},
            target=self.customers,
            partner=self.market,
        )
        move = picking.move_ids
        move.write(
            {
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": self.lettuce.id,
                            "product_uom_id": self.kg.id,
                            "lot_id": lots[0].id,
                            "quantity": 2,
                            "location_id": move.location_id.id,
                            "location_dest_id": move.location_dest_id.id,
                            "picking_id": picking.id,
                            "company_id": move.company_id.id,
                        }
                    )
                ],
                "picked": True,
            }
        )
        events = self.events(self.validate(picking))
        self.assertEqual(
            {event.lot_id: event.quantity for event in events}, {lots[0]: 5, lots[1]: 2}
        )

    def test_consumers_and_donations_are_no_shipping(self):
        lot = self.coded(self.lettuce, "L1", 50)
        person = self.env["res.partner"].create({"name": "Ann"})
        bank = self.env["res.partner"].create(
            {**self.address("Food Bank", "8 Kind Road"), "fsma_donation": True}
        )
        self.assertFalse(self.events(self.deliver({lot: 1}, person)))
        self.assertFalse(self.events(self.deliver({lot: 1}, bank)))
        self.assertFalse(self.events(self.deliver({lot: 1}, self.market, fsma_donation=True)))
        person.fsma_recipient = "business"
        self.assertEqual(self.events(self.deliver({lot: 1}, person)).kind, "shipping")
        self.market.fsma_recipient = "consumer"
        self.assertFalse(self.events(self.deliver({lot: 1}, self.market)))

    def test_between_two_addresses_of_the_firm_it_is_shipped_and_received(self):
        lot = self.coded(self.lettuce, "L1", 10)
        picking = self.transfer({lot: 4}, self.stock, self.depot.lot_stock_id)
        shipped, received = (self.events(picking, kind) for kind in ("shipping", "receiving"))
        self.assertEqual(shipped.location_place_id.street, "4 Plant Avenue")
        self.assertEqual(shipped.to_place_id.street, "5 Cold Street")
        self.assertEqual(received.location_place_id.street, "5 Cold Street")
        self.assertEqual(received.from_place_id.street, "4 Plant Avenue")
        self.assertEqual({shipped.tlc, received.tlc}, {"TLC-L1"})
        self.assertFalse(shipped.missing or received.missing)

    def test_within_one_address_nothing_is_recorded(self):
        lot = self.coded(self.lettuce, "L1", 10)
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "usage": "internal", "location_id": self.stock.id}
        )
        self.assertFalse(self.events(self.transfer({lot: 4}, self.stock, shelf)))
        self.depot.partner_id.write({"street": "4  plant avenue"})
        self.assertFalse(self.events(self.transfer({lot: 1}, self.stock, self.depot.lot_stock_id)))

    def test_a_place_at_another_address_than_its_warehouse(self):
        lot = self.coded(self.lettuce, "L1", 10)
        cold = self.env["res.partner"].create(self.address("Cold Store Inc.", "7 Ice Road"))
        store = self.env["stock.location"].create(
            {
                "name": "Outside",
                "usage": "internal",
                "location_id": self.stock.id,
                "fsma_address_id": cold.id,
            }
        )
        picking = self.transfer({lot: 4}, self.stock, store)
        self.assertEqual(self.events(picking, "receiving").location_place_id.street, "7 Ice Road")

    def test_the_journey_over_a_transit_place_names_both_ends(self):
        lot = self.coded(self.lettuce, "L1", 10)
        self.depot.resupply_wh_ids = self.plant
        route = self.depot.resupply_route_ids
        transit = route.rule_ids.location_src_id.filtered(lambda one: one.usage == "transit")
        way = {"partner": self.depot.partner_id}
        out = self.transfer({lot: 4}, self.stock, transit, **way)
        there = self.transfer(
            {lot: 4}, transit, self.depot.lot_stock_id, partner=self.plant.partner_id
        )
        self.assertEqual(self.events(out).kind, "shipping")
        self.assertEqual(self.events(out).to_place_id.street, "5 Cold Street")
        self.assertEqual(self.events(there).kind, "receiving")
        self.assertEqual(self.events(there).from_place_id.street, "4 Plant Avenue")

    def test_what_comes_back_is_received(self):
        lot = self.coded(self.lettuce, "L1", 10)
        picking = self.deliver({lot: 4}, self.market)
        event = self.events(self.give_back(picking, {lot: 1}))
        self.assertEqual((event.kind, event.quantity), ("receiving", 1))
        self.assertEqual(event.from_place_id.name, "Corner Market")
        self.assertEqual(event.tlc, "TLC-L1")

    def test_what_a_consumer_brings_back_is_not_received(self):
        self.market.fsma_recipient = "consumer"
        lot = self.coded(self.lettuce, "L1", 10)
        sent = self.deliver({lot: 6}, partner=self.market)
        self.assertFalse(self.events(self.give_back(sent, {lot: 2})))

    def test_what_goes_back_to_the_supplier_is_shipped(self):
        receipt = self.bought(self.lettuce, "L1", 10, fsma_code="T", fsma_source_id=self.grower.id)
        event = self.events(self.give_back(receipt, {receipt.move_line_ids.lot_id: 2}))
        self.assertEqual((event.kind, event.quantity), ("shipping", 2))
        self.assertEqual(event.to_place_id.name, "Fresh Distribution")

    def test_scrap_and_counts_are_no_events(self):
        lot = self.coded(self.lettuce, "L1", 10)
        self.scrap(lot, 1)
        self.count(lot, 5)
        self.assertEqual(self.events(lot).mapped("kind"), ["receiving"])

    def test_a_document_that_changes_afterwards_gives_its_event_a_version(self):
        lot = self.coded(self.lettuce, "L1", 10)
        picking = self.deliver({lot: 4}, self.market)
        first = self.events(picking)
        picking.move_line_ids.with_env(self.office).quantity = 3
        self.wait()
        event = self.events(picking)
        self.assertEqual((event.quantity, event.version), (3, 2))
        self.assertEqual(first.replaced_by_id, event)
        self.assertEqual(first.quantity, 4)
        self.assertIn("changed", event.reason)

    def test_a_line_that_is_taken_back_did_not_take_place(self):
        lots = [self.coded(self.lettuce, name, 10) for name in ("L1", "L2")]
        picking = self.deliver({lots[0]: 4}, self.market)
        picking.move_line_ids.with_env(self.office).lot_id = lots[1]
        self.wait()
        events = {event.lot_id: event for event in self.events(picking)}
        self.assertTrue(events[lots[0]].void)
        self.assertFalse(events[lots[0]].missing)
        self.assertEqual((events[lots[1]].quantity, events[lots[1]].void), (4, False))
