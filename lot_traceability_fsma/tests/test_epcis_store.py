from unittest.mock import patch

from odoo.addons.lot_traceability_fsma.models import lot_epcis_query_body
from odoo.addons.lot_traceability_fsma.tools import epcis
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .epcis_common import GTIN, EpcisCommon


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisOwnEvents(EpcisCommon):
    """Critical tracking events in the words of EPCIS."""

    def test_a_receipt_is_an_object_event_that_is_valid(self):
        event = self.events(self.bought(self.lettuce, "L1", 10, fsma_code="TLC-1"))
        (told,) = event._epcis()
        self.assertEqual(epcis.validate(told), [])
        self.assertEqual((told["type"], told["bizStep"]), ("ObjectEvent", "receiving"))
        (amount,) = told["quantityList"]
        self.assertEqual(amount, {"epcClass": self.lgtin("TLC-1"), "quantity": 10, "uom": "KGM"})
        self.assertEqual(told["tlc:traceabilityLotCode"], "TLC-1")
        self.assertEqual(told["eventID"], epcis.hash_id(told))
        self.assertEqual(told["readPoint"]["id"], "https://id.gs1.org/414/0614141000005")

    def test_a_transformation_names_inputs_and_outputs(self):
        lot = self.coded(self.lettuce, "L1", 10)
        salad = self.listed("Salad", barcode="04012345123456")
        made = self.lot(salad, "S1")
        order = self.make(made, 5, {lot: 5})
        (told,) = self.events(order)._epcis()
        self.assertEqual(epcis.validate(told), [])
        self.assertEqual(told["type"], "TransformationEvent")
        self.assertEqual(told["inputQuantityList"][0]["epcClass"], self.lgtin("TLC-L1"))
        self.assertEqual(
            told["outputQuantityList"][0]["epcClass"], self.lgtin("S1", "04012345123456")
        )
        self.assertEqual(told["ilmd"]["cbvmda:lotNumber"], "S1")

    def test_what_is_shipped_on_a_pallet_is_told_with_its_lots(self):
        lot = self.coded(self.lettuce, "L1", 10)
        picking = self.picking(
            self.plant.out_type_id, {lot: 4}, target=self.customers, partner=self.market
        )
        pallet = self.env["stock.package"].create({"name": "040123450000003338"})
        picking.move_line_ids.result_package_id = pallet
        self.validate(picking)
        self.env["lot.fsma.event"]._epcis_store_due(1000)
        packed = self.env["lot.epcis.event"].search([("kind", "=", "AggregationEvent")])
        self.assertEqual(packed.partner_id, self.market)
        self.assertEqual(epcis.validate(packed.body), [])
        self.assertEqual(packed.body["parentID"], "https://id.gs1.org/00/040123450000003338")
        (amount,) = packed.body["childQuantityList"]
        self.assertEqual(amount, {"epcClass": self.lgtin("TLC-L1"), "quantity": 4, "uom": "KGM"})

    def test_the_scheduled_action_takes_all_over(self):
        self.events(self.bought(self.lettuce, "L1", 10))
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0):
            self.env["lot.fsma.event"]._cron_epcis()
        due = [("epcis_event_id", "=", False), ("void", "=", False)]
        self.assertFalse(self.env["lot.fsma.event"].search(due))

    def test_own_events_are_stored_once_and_a_corrected_one_is_declared_wrong(self):
        event = self.events(self.bought(self.lettuce, "L1", 10, fsma_code="TLC-1"))
        self.env["lot.fsma.event"]._epcis_store_due(1000)
        stored = event.epcis_event_id
        self.assertEqual((stored.told, stored.partner_id), (False, self.distributor))
        self.assertEqual(self.env["lot.fsma.event"]._epcis_store_due(1000), 0)
        later = event._correct({"quantity": 9}, "Counted again")
        self.env["lot.fsma.event"]._epcis_store_due(1000)
        self.env["lot.fsma.event"]._epcis_declare_due(1000)
        wrong = self.env["lot.epcis.event"].search(
            [("event_hash", "=", stored.event_hash), ("declared", "=", True)]
        )
        self.assertEqual(wrong.body["errorDeclaration"]["reason"], "incorrect_data")
        self.assertEqual(
            wrong.body["errorDeclaration"]["correctiveEventIDs"], [later.epcis_event_id.event_id]
        )
        self.assertEqual(self.env["lot.fsma.event"]._epcis_declare_due(1000), 0)


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisStore(EpcisCommon):
    def stored(self, capture):
        return self.env["lot.epcis.event"].search([("capture_id", "=", capture.id)], order="id")

    def page(self, **parameters):
        query = epcis.parse_query(parameters)
        seen = SQL("event.company_id = %s AND event.told", self.company.id)
        return self.env["lot.epcis.query"]._page(query, seen)

    def test_a_document_is_kept_with_what_its_events_name(self):
        capture = self.capture(self.seen("A"), self.seen("B", 11))
        self.assertEqual((capture.success, capture.received, capture.new), (True, 2, 2))
        event = self.stored(capture)[0]
        self.assertEqual(
            [(one.role, one.epc) for one in event.identifier_ids], [("epcClass", self.lgtin("A"))]
        )
        self.assertEqual((event.partner_id, event.told), (self.distributor, True))

    def test_the_same_event_in_another_notation_is_recognised(self):
        first = self.seen("A")
        self.capture(first)
        again = {**first, "eventTime": "2026-03-01T11:00:00+01:00", "eventID": "urn:uuid:other"}
        again["quantityList"] = [
            {"epcClass": f"https://example.com/gtin/{GTIN}/lot/A", "quantity": 5.0, "uom": "KGM"}
        ]
        capture = self.capture(again, again)
        self.assertEqual((capture.success, capture.received, capture.new), (True, 2, 0))

    def test_what_a_program_of_ours_sends_is_told_by_the_firm_where_it_happened(self):
        document = self.told(
            self.seen("A", readPoint={"id": "https://id.gs1.org/414/4012345000009/254/DOCK1"}),
            self.seen("B"),
        )
        capture = self.env["lot.epcis.capture"]._take(
            epcis.open_document(document), self.company, self.env["res.partner"]
        )
        told = self.stored(capture)
        self.assertEqual([event.partner_id.id for event in told], [self.distributor.id, False])

    def test_one_wrong_event_refuses_all_and_says_where(self):
        wrong = self.seen("B", bizStep="cooking")
        capture = self.sent(self.seen("A"), wrong)
        self.assertEqual((capture.success, capture.new), (False, 0))
        self.assertFalse(self.stored(capture))
        self.assertIn("event 2, bizStep: 'cooking'", capture.errors_text)

    def test_who_says_proceed_keeps_what_is_right(self):
        wrong = self.seen("B", bizStep="cooking")
        capture = self.sent(self.seen("A"), wrong, behaviour="proceed")
        self.assertEqual((capture.success, capture.new), (False, 1))
        self.assertEqual(len(self.stored(capture)), 1)

    def test_wrong_check_digits_are_refused(self):
        bad = self.seen("A")
        bad["quantityList"][0]["epcClass"] = "https://id.gs1.org/01/09520123456789/10/A"
        self.assertIn("check digit", self.sent(bad).errors_text)

    def test_signs_that_cannot_be_kept_are_refused(self):
        capture = self.sent(self.seen("A", **{"tlc:traceabilityLotCode": "A\x00"}))
        self.assertFalse(capture.success)
        self.assertIn("sign", capture.errors_text)

    def test_a_lot_is_found_by_its_class_in_any_notation(self):
        capture = self.capture(self.seen("A"), self.seen("B", 11))
        found = self.page(MATCH_anyEPCClass=f"https://example.com/01/{GTIN}/10/A")
        self.assertEqual(found.ids, self.stored(capture)[0].ids)

    def test_conditions_are_met_all_together(self):
        self.capture(
            self.seen("A"), self.seen("A", 12, bizStep="shipping", disposition="in_transit")
        )
        parameters = {"MATCH_epcClass": self.lgtin("A"), "EQ_bizStep": "shipping"}
        self.assertEqual(len(self.page(**parameters).ids), 1)
        self.assertFalse(self.page(**parameters, LT_eventTime="2026-03-01T12:00:00Z").ids)
        self.assertEqual(len(self.page(**parameters, GE_eventTime="2026-03-01T12:00:00Z").ids), 1)

    def test_patterns_of_pallets_are_found(self):
        pallet = self.event(
            action="OBSERVE", bizStep="storing", epcList=["urn:epc:id:sscc:4012345.0000000333"]
        )
        self.capture(pallet, self.seen("A"))
        self.assertEqual(len(self.page(MATCH_anyEPC="urn:epc:idpat:sscc:4012345.*").ids), 1)
        self.assertFalse(self.page(MATCH_anyEPC="urn:epc:idpat:sscc:4012346.*").ids)

    def test_pages_give_every_event_once(self):
        capture = self.capture(*(self.seen("A", hour) for hour in range(7)))
        for order in ({}, {"orderBy": "eventTime", "orderDirection": "ASC"}):
            ids, token = [], ""
            for _number in range(4):
                extra = {"nextPageToken": token} if token else {}
                page = self.page(perPage="2", **order, **extra)
                ids += page.ids
                token = page.token
            self.assertFalse(token)
            self.assertEqual(sorted(ids), self.stored(capture).ids)

    def test_a_limit_ends_the_answer(self):
        self.capture(*(self.seen("A", hour) for hour in range(7)))
        page = self.page(eventCountLimit="3", orderBy="eventTime", perPage="2")
        self.assertEqual(len(page.ids), 2)
        last = self.page(
            eventCountLimit="3", orderBy="eventTime", perPage="2", nextPageToken=page.token
        )
        self.assertEqual((len(last.ids), last.token), (1, ""))

    def asked(self, **parameters):
        found = self.env["lot.epcis.event"].browse(self.page(**parameters).ids)
        return {one.epc.rpartition("/")[2] for one in found.identifier_ids}

    def test_events_are_found_by_quantity_and_unit_of_one_amount(self):
        both = [
            {"epcClass": self.lgtin("C"), "quantity": 90, "uom": "LBR"},
            {"epcClass": self.lgtin("C"), "quantity": 1, "uom": "KGM"},
        ]
        self.capture(
            self.seen("A"),
            self.seen("B", 11, quantityList=[{"epcClass": self.lgtin("B"), "quantity": 12.5}]),
            self.seen("C", 12, quantityList=both),
            self.made(("D", GTIN), ("E", GTIN), 13),
            self.seen("F", 14, quantityList=[{"epcClass": self.lgtin("F")}]),
        )
        self.assertEqual(self.asked(GT_quantity="5"), {"B", "C"})
        self.assertEqual(self.asked(EQ_quantity="5"), {"A", "D", "E"})
        self.assertEqual(self.asked(GE_quantity="12.50", LT_quantity="20"), {"B"})
        self.assertEqual(self.asked(LE_quantity="1"), {"C"})
        self.assertEqual(self.asked(GT_quantity="5", EQ_uom="LBR"), {"C"})
        self.assertEqual(self.asked(GT_quantity="5", EQ_uom="KGM"), set())

    def test_events_are_found_by_the_master_data_of_their_lots(self):
        def made(lot, **ilmd):
            amounts = self.seen(lot)["quantityList"]
            step = "commissioning"
            return self.event(action="ADD", bizStep=step, quantityList=amounts, ilmd=ilmd)

        self.capture(
            made("A", **{"cbvmda:lotNumber": "A", "cbvmda:countryOfOrigin": "US"}),
            made("B", **{"cbvmda:lotNumber": "B"}),
            self.seen("C"),
        )
        self.assertEqual(self.asked(**{"EQ_ILMD_cbvmda:lotNumber": "A,C"}), {"A"})
        self.assertEqual(self.asked(**{"EXISTS_ILMD_cbvmda:lotNumber": "true"}), {"A", "B"})
        self.assertEqual(self.asked(**{"EXISTS_ILMD_cbvmda:countryOfOrigin": "true"}), {"A"})
        self.assertEqual(self.asked(**{"EXISTS_cbvmda:lotNumber": "true"}), set())

    def test_a_query_that_would_look_through_too_many_events_is_refused(self):
        self.capture(*(self.seen("A", hour) for hour in range(4)))
        with patch.object(lot_epcis_query_body, "MOST_LOOKED_THROUGH", 3):
            with self.assertRaisesRegex(epcis.EpcisError, "name a lot, a step or a time"):
                self.page(GT_quantity="1")
            found = self.page(GT_quantity="1", GE_eventTime="2026-03-01T02:00:00Z")
        self.assertEqual(len(found.ids), 2)

    def test_wrong_tokens_and_fields_are_one_sentence(self):
        for parameters in (
            {"nextPageToken": "nonsense"},
            {"EQ_INNER_cbvmda:lotNumber": "A"},
            {"EQ_ext:colour": "red"},
            {"GT_ILMD_cbvmda:itemExpirationDate": "2026-03-01T00:00:00Z"},
        ):
            with self.assertRaises(epcis.EpcisError):
                self.page(**parameters)

    def test_events_stay_as_they_were_told(self):
        event = self.stored(self.capture(self.seen("A")))
        for change in (
            lambda: event.write({"biz_step": "shipping"}),
            lambda: event.unlink(),
            lambda: event.create({"kind": "ObjectEvent"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_strangers_read_no_events(self):
        event = self.stored(self.capture(self.seen("A")))
        stranger = new_test_user(self.env, login="no_epcis", groups="base.group_user")
        reader = new_test_user(self.env, login="epcis_r", groups="lot_traceability.group_reader")
        self.assertEqual(event.with_user(reader).biz_step, "storing")
        with self.assertRaises(AccessError):
            event.with_user(stranger).read(["biz_step"])

    def test_capture_asks_the_database_alike_for_few_and_many(self):
        self.capture(self.seen("W"))
        with self.assertQueryCount(18):
            self.capture(*(self.seen(f"Q{number}") for number in range(50)))
