from odoo.addons.lot_traceability_fsma.tools import epcis
from odoo.tests import tagged

from .epcis_common import GTIN, OURS, THEIRS, EpcisCommon

OTHER = "9520123000004"
RAW = "04012345123456"


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisExcess(EpcisCommon):
    """A partner cannot ship more of a lot than came to it."""

    def moved(self, step, quantity, hour, lot=("X1", GTIN), uom="KGM", gln=None, **fields):
        side = "source" if step == "receiving" else "destination"
        if gln:
            uri = f"https://id.gs1.org/414/{gln}"
            fields[f"{side}List"] = [{"type": "location", side: uri}]
        amount = {"epcClass": self.lgtin(*lot)}
        if quantity is not None:
            amount["quantity"] = quantity
        if uom:
            amount["uom"] = uom
        fields.setdefault("quantityList", [amount])
        return self.event(hour=hour, action="OBSERVE", bizStep=step, **fields)

    def received(self, quantity, hour=8, **kwargs):
        return self.moved("receiving", quantity, hour, **kwargs)

    def shipped(self, quantity, hour=12, gln=OTHER, **kwargs):
        return self.moved("shipping", quantity, hour, gln=gln, **kwargs)

    def delivered(self, quantity, name="L1"):
        """A lot of ours, of which the distributor got that much; named as it was told."""
        lot = self.coded(self.lettuce, name, 50)
        self.deliver({lot: quantity}, self.distributor)
        return (f"TLC-{name}", GTIN)

    def refused(self, *events):
        capture = self.sent(*events)
        self.assertFalse(capture.success)
        self.assertFalse(capture.event_ids)
        return capture.errors

    # -- what the partner has told itself --------------------------------------------------------

    def test_more_than_the_partner_told_to_have_received_is_refused_with_its_place(self):
        self.capture(self.received(10))
        (error,) = self.refused(self.seen("Y"), self.shipped(15))
        self.assertEqual(error["place"], "event 2, quantityList[0].quantity")
        self.assertIn("ships 15 kg of (01)09520123456788 (10)X1; 10 kg were", error["text"])
        self.assertIn("Event ni:///sha-256;", error["text"])
        self.assertFalse(self.env["lot.fsma.notice"].search([]))

    def test_all_that_was_received_may_be_shipped_in_parts_and_no_more(self):
        self.capture(self.received(10), self.shipped(4), self.shipped(6, 13))
        (error,) = self.refused(self.shipped(1, 14))
        self.assertIn("ships 1 kg", error["text"])
        self.assertIn("makes 11 kg with what left before; 10 kg were", error["text"])

    def test_of_nothing_known_nothing_is_refused(self):
        self.capture(self.shipped(15))
        self.capture(self.received(10, lot=("X2", GTIN)), self.shipped(15, 13))

    def test_the_order_within_a_document_does_not_matter(self):
        self.capture(self.shipped(15), self.received(10), self.received(5, 9))

    def test_in_one_document_the_later_shipment_is_the_one_that_is_too_much(self):
        (error,) = self.refused(self.received(10), self.shipped(6, 14), self.shipped(6, 11))
        self.assertTrue(error["place"].startswith("event 2, "))

    def test_where_what_is_right_is_kept_the_event_alone_is_left_out(self):
        events = (self.received(10), self.shipped(15), self.shipped(10, 13), self.seen("Y"))
        capture = self.sent(*events, behaviour="proceed")
        self.assertFalse(capture.success)
        self.assertEqual((capture.received, capture.new, len(capture.event_ids)), (4, 3, 3))
        (error,) = capture.errors
        self.assertTrue(error["place"].startswith("event 2, "))

    def test_the_same_shipment_told_twice_is_counted_once(self):
        self.capture(self.received(10), self.shipped(10))
        self.capture(self.shipped(10))

    def test_an_event_that_was_declared_wrong_does_not_count(self):
        wrong = self.shipped(10)
        self.capture(self.received(10), wrong)
        declaration = {"declarationTime": "2026-03-02T10:00:00Z", "reason": "incorrect_data"}
        self.capture({**wrong, "errorDeclaration": declaration}, self.shipped(9, 13))

    def test_what_the_partner_made_may_be_shipped(self):
        self.capture(self.made(("H1", RAW), ("S1", RAW)), self.shipped(5, lot=("S1", RAW)))
        (error,) = self.refused(self.shipped(1, 13, lot=("S1", RAW)))
        self.assertIn("makes 6 kg", error["text"])

    def test_units_are_converted_and_rounded_as_the_product_is(self):
        self.capture(self.received(10), self.shipped(22.05, uom="LBR"))
        self.refused(self.shipped(0.1, 13, uom="LBR"))

    def test_what_cannot_be_compared_is_not_refused(self):
        self.capture(self.received(2, uom="CS"), self.shipped(15))
        self.capture(
            self.received(None, lot=("X2", GTIN), uom=None), self.shipped(15, 13, lot=("X2", GTIN))
        )

    def test_what_is_on_a_pallet_is_counted(self):
        pallet = "https://id.gs1.org/00/040123450000003338"
        packed = self.event(
            "AggregationEvent",
            action="ADD",
            bizStep="packing",
            parentID=pallet,
            childQuantityList=[{"epcClass": self.lgtin("X1"), "quantity": 8, "uom": "KGM"}],
        )
        on_pallet = self.shipped(0, quantityList=[], epcList=[pallet])
        del on_pallet["quantityList"]
        self.capture(self.received(10), packed, on_pallet)
        (error,) = self.refused(self.shipped(3, 13))
        self.assertIn("makes 11 kg", error["text"])

    # -- what our own records say ----------------------------------------------------------------

    def test_more_than_we_delivered_is_refused(self):
        lot = self.delivered(10)
        (error,) = self.refused(self.shipped(12, lot=lot))
        self.assertIn("10 kg were received", error["text"])
        self.capture(self.shipped(10, lot=lot))

    def test_our_delivery_and_its_receipt_are_the_same_goods(self):
        lot = self.delivered(10)
        self.capture(self.received(10, lot=lot), self.received(10, 9, lot=lot, gln=OURS))
        self.refused(self.shipped(25, lot=lot))
        self.capture(self.received(5, 10, lot=lot, gln=OTHER), self.shipped(15, lot=lot))

    def test_what_came_back_to_us_is_gone_whether_it_is_told_or_not(self):
        lot = self.delivered(10)
        ours = self.env["stock.lot"].search([("name", "=", "L1")])
        back = self.picking(
            self.plant.in_type_id,
            {ours: 4},
            source=self.customers,
            target=self.stock,
            partner=self.distributor,
        )
        self.validate(back)
        self.capture(self.shipped(4, 11, lot=lot, gln=OURS))
        self.refused(self.shipped(7, lot=lot))
        self.capture(self.shipped(6, lot=lot))

    def test_what_others_got_or_another_company_delivered_is_not_counted(self):
        lot = self.coded(self.lettuce, "L1", 50)
        self.deliver({lot: 5}, self.market)
        self.capture(self.shipped(15, lot=("TLC-L1", GTIN)))

    def test_a_case_with_its_own_gtin_is_counted_in_the_unit_of_its_product(self):
        case = self.env["uom.uom"].create(
            {"name": "Case of 4 kg", "relative_factor": 4, "relative_uom_id": self.kg.id}
        )
        self.env["product.uom"].create(
            {"product_id": self.lettuce.id, "uom_id": case.id, "barcode": "19520123456785"}
        )
        self.lettuce.uom_ids = case
        _code, _gtin = self.delivered(10)
        boxed = ("TLC-L1", "19520123456785")
        (error,) = self.refused(self.shipped(3, lot=boxed, uom=None))
        self.assertIn("ships 12 kg", error["text"])
        self.capture(self.shipped(2, lot=boxed, uom=None))

    def test_a_document_costs_the_same_queries_however_much_it_ships(self):
        def ship(count, lot):
            events = [self.shipped(1, hour, lot=(lot, GTIN)) for hour in range(count)]
            self.capture(self.received(50, lot=(lot, GTIN)), *events)
            new = self.env["lot.epcis.event"].search([("biz_step", "=", "shipping")])
            told = new.filtered(lambda event: lot in str(event.body))
            self.env.invalidate_all()
            excess = self.env["lot.epcis.excess"].sudo()
            before = self.env.cr.sql_log_count
            self.assertEqual(excess._find(told), {})
            return self.env.cr.sql_log_count - before

        ship(2, "Q0")
        self.assertEqual(ship(2, "Q1"), ship(20, "Q2"))

    def test_by_our_own_program_each_partner_is_counted_apart(self):
        def told(gln, *events):
            place = {"readPoint": {"id": f"https://id.gs1.org/414/{gln}"}}
            return [{**event, **place} for event in events]

        self.market.fsma_gln = OTHER
        both = [
            *told(THEIRS, self.received(10)),
            *told(OTHER, self.shipped(15, gln=None)),
        ]
        captures = self.env["lot.epcis.capture"]
        taken = captures._take(
            self.opened(*both), self.company, self.env["res.partner"], "rollback"
        )
        self.assertTrue(taken.success, taken.errors_text)
        more = told(THEIRS, self.shipped(15, 14))
        taken = captures._take(
            self.opened(*more), self.company, self.env["res.partner"], "rollback"
        )
        self.assertFalse(taken.success)

    def opened(self, *events):
        return epcis.open_document(self.told(*events))
