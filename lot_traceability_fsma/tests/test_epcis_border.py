from odoo.exceptions import UserError
from odoo.tests import tagged

from .epcis_common import GTIN, OURS, THEIRS, EpcisCommon

RAW = "04012345123456"
SALAD = "04012345123463"


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisBorder(EpcisCommon):
    """A trace goes on where partners have told what they did."""

    def beyond(self, lot, direction="both"):
        return self.env["lot.trace"].trace(lot.ids, direction)["beyond"]

    def test_a_trace_goes_on_to_what_the_supplier_made_it_of(self):
        self.capture(
            self.made(("F1", RAW), ("H1", RAW), 6), self.made(("H1", RAW), ("TLC-L1", GTIN))
        )
        lot = self.coded(self.lettuce, "L1", 10)
        told = self.beyond(lot)
        self.assertEqual(
            [(row["text"], row["side"], row["level"]) for row in told["items"]],
            [
                (f"(01){RAW} (10)H1", "upstream", -1),
                (f"(01){RAW} (10)F1", "upstream", -2),
            ],
        )
        self.assertEqual(told["items"][0]["partner"], "Fresh Distribution")
        self.assertEqual(len(told["links"]), 2)
        self.assertFalse(self.beyond(lot, "downstream")["items"])

    def test_a_trace_goes_on_to_what_the_customer_made_of_it(self):
        lot = self.coded(self.lettuce, "L1", 10)
        self.deliver({lot: 5}, self.distributor)
        self.capture(
            self.made(("TLC-L1", GTIN), ("S1", SALAD), 13),
            self.event(
                hour=14,
                action="OBSERVE",
                bizStep="shipping",
                quantityList=[{"epcClass": self.lgtin("S1", SALAD), "quantity": 5, "uom": "KGM"}],
                sourceList=[{"type": "owning_party", "source": f"https://id.gs1.org/417/{THEIRS}"}],
                destinationList=[
                    {"type": "owning_party", "destination": "https://id.gs1.org/417/9520123000004"}
                ],
            ),
        )
        result = self.env["lot.trace"].trace(lot.ids, "both")
        (item,) = result["beyond"]["items"]
        self.assertEqual((item["side"], item["level"]), ("downstream", 1))
        (move,) = result["beyond"]["moves"]
        self.assertEqual((move["from"], move["to"]), ("Fresh Distribution", "9520123000004"))
        # Their word is not mixed with our records, and the screen says whose it is.
        self.assertEqual([row["name"] for row in result["lots"]], ["L1"])
        (note,) = [one["message"] for one in result["warnings"] if one["code"] == "beyond"]
        self.assertIn("their word", note)

    def test_goods_are_followed_through_pallets_and_back_to_us(self):
        lot = self.coded(self.lettuce, "L1", 10)
        back = self.coded(self.lettuce, "BACK", 10)
        pallet = "https://id.gs1.org/00/040123450000003338"
        self.capture(
            self.event(
                "AggregationEvent",
                action="ADD",
                parentID=pallet,
                childQuantityList=[{"epcClass": self.lgtin("TLC-L1"), "quantity": 5, "uom": "KGM"}],
            ),
            self.made(("TLC-L1", GTIN), ("TLC-BACK", GTIN), 13),
        )
        items = {row["epc"]: row for row in self.beyond(lot, "downstream")["items"]}
        self.assertIn(pallet, items)
        self.assertEqual(items[self.lgtin("TLC-BACK")]["lot_ids"], back.ids)

    def test_the_screen_shows_it_apart(self):
        lot = self.coded(self.lettuce, "L1", 10)
        self.capture(self.made(("H1", RAW), ("TLC-L1", GTIN)))
        drawn = self.env["lot.trace"].overview(lot.ids)
        self.assertEqual([row["level"] for row in drawn["beyond"]["items"]], [-1])
        self.assertFalse([node for node in drawn["nodes"] if "H1" in node["label"]])

    def test_what_was_declared_wrong_is_not_followed(self):
        made = self.made(("H1", RAW), ("TLC-L1", GTIN))
        lot = self.coded(self.lettuce, "L1", 10)
        self.capture(made)
        self.assertTrue(self.beyond(lot)["items"])
        declaration = {"declarationTime": "2026-03-02T10:00:00Z", "reason": "did_not_occur"}
        self.capture({**made, "errorDeclaration": declaration})
        self.assertFalse(self.beyond(lot)["items"])

    def test_many_inputs_and_outputs_are_no_million_of_links(self):
        lot = self.coded(self.lettuce, "L1", 10)
        made = self.made(("TLC-L1", GTIN), ("S0", SALAD))
        for name, batch, gtin in (("input", "I", RAW), ("output", "S", SALAD)):
            made[f"{name}QuantityList"] += [
                {"epcClass": self.lgtin(f"{batch}{number}", gtin), "quantity": 1}
                for number in range(1, 40)
            ]
        self.capture(made)
        self.assertEqual(self.env["lot.epcis.link"].search_count([]), 80)
        self.assertEqual(len(self.beyond(lot, "downstream")["items"]), 40)

    def test_circles_end(self):
        lot = self.coded(self.lettuce, "L1", 10)
        self.capture(
            self.made(("TLC-L1", GTIN), ("S1", SALAD)), self.made(("S1", SALAD), ("TLC-L1", GTIN))
        )
        self.assertEqual(len(self.beyond(lot)["items"]), 1)


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisNotice(EpcisCommon):
    """What a supplier has shipped fills in the receipt."""

    def expected(self, quantity=10):
        picking = self.picking(
            self.plant.in_type_id,
            {self.lettuce: quantity},
            source=self.suppliers,
            partner=self.distributor,
        )
        # As it is when nobody has touched it.
        picking.move_line_ids.picked = False
        return picking

    def shipped(self, gln=OURS, order="", **fields):
        documents = [{"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:A1"}]
        if order:
            documents.append({"type": "po", "bizTransaction": f"https://example.com/po/{order}"})
        return self.event(
            hour=12,
            action="OBSERVE",
            bizStep="shipping",
            bizTransactionList=documents,
            destinationList=[{"type": "location", "destination": f"https://id.gs1.org/414/{gln}"}],
            **{
                "quantityList": [{"epcClass": self.lgtin("T9"), "quantity": 8, "uom": "KGM"}],
                **fields,
            },
        )

    def made_there(self):
        return self.event(
            hour=6,
            action="ADD",
            bizStep="commissioning",
            quantityList=[{"epcClass": self.lgtin("T9"), "quantity": 8, "uom": "KGM"}],
            ilmd={
                "cbvmda:lotNumber": "T9",
                "cbvmda:harvestStartDate": "2026-02-27",
                "cbvmda:packagingDate": "2026-02-28",
                "tlc:traceabilityLotCode": "T9",
                "tlc:traceabilityLotCodeSource": f"https://id.gs1.org/414/{THEIRS}",
            },
        )

    def test_the_receipt_is_filled_in_and_records_a_complete_event(self):
        picking = self.expected()
        self.capture(self.made_there(), self.shipped())
        line = picking.move_line_ids
        self.assertEqual((line.supplier_lot, line.lot_name, line.quantity), ("T9", "T9", 8))
        self.assertEqual((line.fsma_code, line.fsma_source_id), ("T9", self.distributor))
        self.assertEqual(str(line.harvest_date), "2026-02-27")
        self.assertFalse(line.picked)
        self.assertEqual(picking.fsma_document_number, "A1")
        line.picked = True
        self.validate(picking)
        event = self.events(picking)
        self.assertEqual((event.tlc, event.quantity, event.missing), ("T9", 8, False))

    def test_goods_on_a_pallet_are_put_on_it(self):
        picking = self.expected()
        pallet = "https://id.gs1.org/00/040123450000003338"
        packed = self.event(
            "AggregationEvent",
            action="ADD",
            bizStep="packing",
            parentID=pallet,
            childQuantityList=[{"epcClass": self.lgtin("T9"), "quantity": 8, "uom": "KGM"}],
        )
        shipped = self.shipped(epcList=[pallet])
        del shipped["quantityList"]
        self.capture(packed, shipped)
        self.assertEqual(picking.move_line_ids.result_package_id.name, "040123450000003338")
        self.assertEqual(picking.move_line_ids.lot_name, "T9")

    def test_what_goes_elsewhere_fills_in_nothing(self):
        picking = self.expected()
        self.capture(self.shipped("9520123000004"))
        self.assertFalse(picking.move_line_ids.filtered("lot_name"))
        self.assertFalse(self.env["lot.fsma.notice"].search([]))

    def test_with_two_receipts_waiting_a_person_chooses(self):
        self.expected()
        second = self.expected()
        self.capture(self.shipped())
        notice = self.env["lot.fsma.notice"].search([])
        self.assertFalse(notice.applied)
        with self.assertRaisesRegex(UserError, "Choose the receipt"):
            notice.action_apply()
        notice.picking_id = second
        notice.action_apply()
        self.assertEqual(second.move_line_ids.lot_name, "T9")

    def test_the_order_tells_which_receipt_it_is_but_only_of_the_supplier(self):
        first, second = self.expected(), self.expected()
        second.origin = "P77"
        other = self.expected()
        other.write({"origin": "P78", "partner_id": self.market.id})
        self.capture(self.shipped(order="P77"))
        self.assertFalse(first.move_line_ids.filtered("lot_name"))
        self.assertEqual(second.move_line_ids.lot_name, "T9")
        self.capture(self.shipped(order="P78"))
        self.assertFalse(other.move_line_ids.filtered("lot_name"))

    def test_the_same_shipment_told_twice_fills_in_once(self):
        picking = self.expected()
        self.capture(self.shipped())
        self.capture(self.shipped())
        self.assertEqual(len(picking.move_line_ids), 1)
        self.assertEqual(self.env["lot.fsma.notice"].search_count([]), 1)
