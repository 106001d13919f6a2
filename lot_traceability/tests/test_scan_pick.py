from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import START
from .scan_transfer_common import ScanTransferCommon

# What one scan may cost on a transfer of ordinary size.
MOST_QUERIES = 85


@tagged("post_install", "-at_install", "scan")
class TestScanPick(ScanTransferCommon):
    """Pick: the gate and the dates decide, and nothing is taken by guess."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.stocked(cls.curd, "FIRST", 10, 40)
        cls.second = cls.stocked(cls.curd, "SECOND", 10, 57)
        cls.order = cls.outgoing({cls.curd: 8})

    def take(self, text="", picking=None, **data):
        data.setdefault("document", self.told(picking or self.order))
        return self.scan("pick", "take", text, **data)

    def retake(self, answer, code, text="", asked=None, picking=None, **data):
        data.setdefault("document", self.told(picking or self.order))
        return self.again("pick", "take", answer, code, text, asked=asked, **data)

    def finish(self, picking=None, **data):
        return self.scan("pick", "finish", document=self.told(picking or self.order), **data)

    def picked(self, picking=None):
        lines = (picking or self.order).move_line_ids.filtered("picked")
        return {line.lot_id.name: line.quantity for line in lines}

    def free(self, lot, location=None):
        quant = self.env["stock.quant"]._gather(lot.product_id, location or self.stock, lot_id=lot)
        return sum(quant.mapped("quantity")) - sum(quant.mapped("reserved_quantity"))

    # -- what there is to do -------------------------------------------------------------------

    def test_open_transfers_come_urgent_first_and_are_found(self):
        later = self.outgoing({self.curd: 1}, partner=self.cafe, origin="S00042")
        later.scheduled_date = START + timedelta(days=2)
        urgent = self.outgoing({self.curd: 1})
        urgent.priority = "1"
        scans = self.floor["lot.scan"]
        ours = {self.order.id, later.id, urgent.id}
        rows = [row for row in scans.documents("pick", "", 200) if row["id"] in ours]
        self.assertEqual([row["id"] for row in rows], [urgent.id, self.order.id, later.id])
        for query in ("S00042", "Café", later.name):
            self.assertIn(later.id, [row["id"] for row in scans.documents("pick", query)])
            self.assertNotIn(urgent.id, [row["id"] for row in scans.documents("pick", query)])
        flour = self.outgoing({self.flour: 1})
        found = scans.documents("pick", self.curd.barcode)
        self.assertIn(urgent.id, [row["id"] for row in found])
        self.assertNotIn(flour.id, [row["id"] for row in found])
        row = next(row for row in scans.documents("pick", flour.name))
        self.assertEqual(row["warning"], "Not everything is in stock.")

    def test_progress_grows_with_what_is_taken(self):
        self.take("FIRST", quantity=2)
        row = self.floor["lot.scan"].documents("pick", self.order.name)[0]
        self.assertEqual(row["progress"], 0.25)
        self.assertEqual(row["partner"], "Shop")

    def test_document_leads_along_the_shelves_first_to_expire_first(self):
        near, far = self.place("A-01"), self.place("Z-99")
        self.stocked(self.curd, "EARLY", 2, 10, far)
        bread = self.perishable("Bread")
        self.stocked(bread, "LOAF", 5, 20, near)
        order = self.outgoing({self.curd: 9, bread: 1})
        told = self.floor["lot.scan"].document("pick", "stock.picking", order.id)
        self.assertEqual([line["product"]["name"] for line in told["lines"]], ["Bread", "Curd"])
        curd = told["lines"][1]
        self.assertEqual([one["lot"] for one in curd["allocated"]][:2], ["EARLY", "FIRST"])
        self.assertEqual(curd["allocated"][0]["location_id"], far.id)
        self.assertEqual((curd["asked"], curd["taken"], curd["entries"]), (9, 0, []))
        self.assertEqual(told["state"], "assigned")

    def test_list_and_document_cost_few_queries_whatever_their_size(self):
        products = [self.perishable(f"Cheese {number}") for number in range(12)]
        for product in products:
            self.stocked(product, f"LOT {product.name}", 5)
        small = self.outgoing({products[0]: 1})
        large = self.outgoing(dict.fromkeys(products, 1))
        scans = self.floor["lot.scan"]
        costs = []
        for picking in (small, large):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            told = scans.document("pick", "stock.picking", picking.id)
            costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(told["lines"]), len(picking.move_ids))
        self.assertLessEqual(costs[1], costs[0] + 2)
        self.assertLessEqual(costs[1], 30)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        scans.documents("pick")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 20)

    # -- taking ----------------------------------------------------------------------------------

    def test_first_lot_is_taken_and_the_transfer_done(self):
        answer = self.assertDone(self.take("FIRST", quantity=8))
        line = answer["document"]["lines"][0]
        self.assertEqual((line["asked"], line["taken"]), (8, 8))
        self.assertEqual(line["entries"][0]["id"], answer["entry"])
        self.assertEqual(answer["lot"]["name"], "FIRST")
        answer = self.assertDone(self.finish())
        self.assertTrue(answer["document"]["done"])
        self.assertEqual(self.order.state, "done")
        self.assertEqual(self.order.move_line_ids.lot_id, self.first)
        pick = self.env["lot.fefo.pick"].search([("res_id", "=", self.order.id)])
        self.assertTrue(pick.compliant)

    def test_part_is_taken_and_the_rest_stays_reserved(self):
        self.assertDone(self.take("FIRST", quantity=3))
        rest = self.order.move_line_ids.filtered(lambda line: not line.picked)
        self.assertEqual((rest.lot_id, rest.quantity), (self.first, 5))
        self.assertEqual(self.free(self.first), 2)
        self.assertDone(self.take("FIRST", quantity=5))
        self.assertFalse(self.order.move_line_ids.filtered(lambda line: not line.picked))

    def test_quantity_is_asked_for_and_offered(self):
        answer = self.assertRefused(self.take("FIRST"), "How much", "quantity", "quantity")
        self.assertEqual(answer["choices"][0]["data"], {"quantity": 8})
        self.assertFalse(self.picked())
        self.assertDone(self.retake(answer, "quantity", "FIRST"))
        self.assertEqual(self.picked(), {"FIRST": 8})

    def test_label_tells_lot_and_quantity(self):
        self.assertDone(self.take("010952012345678810FIRST\x1d3004"))
        self.assertEqual(self.picked(), {"FIRST": 4})

    def test_lot_named_by_id_needs_no_text(self):
        self.assertDone(self.take(lot_id=self.first.id, quantity=1))
        self.assertEqual(self.picked(), {"FIRST": 1})

    def test_untracked_goods_are_taken_by_their_barcode(self):
        box = self.product("Box", tracking="none", barcode="BOX-1")
        self.count(box, 20)
        order = self.outgoing({box: 6})
        self.assertDone(self.take("BOX-1", order, quantity=6))
        self.assertDone(self.finish(order))
        self.assertEqual(order.state, "done")

    def test_goods_without_stock_keeping_are_taken(self):
        manual = self.product("Manual", tracking="none", barcode="MAN-1", is_storable=False)
        order = self.outgoing({manual: 1})
        self.assertDone(self.take("MAN-1", order, quantity=1))
        self.assertDone(self.finish(order))
        self.assertEqual(order.state, "done")

    def test_product_with_lots_asks_for_the_lot(self):
        answer = self.assertRefused(self.take(self.curd.barcode, quantity=2), "has lots", "number")
        self.assertDone(self.retake(answer, "number", asked={"number": "FIRST"}, quantity=2))
        self.assertEqual(self.picked(), {"FIRST": 2})

    def test_pallet_is_taken_by_its_own_number(self):
        pallet = self.env["stock.package"].create({"name": "095201234567891235"})
        lot = self.lot(self.flour, "F-1")
        self.env["stock.quant"]._update_available_quantity(
            self.flour, self.stock, 6, lot_id=lot, package_id=pallet
        )
        self.env["stock.quant"]._update_available_quantity(self.flour, self.stock, 4, lot_id=lot)
        order = self.outgoing({self.flour: 10})
        answer = self.take("00095201234567891235", order)
        self.assertEqual(answer["choices"][0]["data"], {"quantity": 6})
        self.assertDone(self.take("00095201234567891235", order, quantity=6))
        line = order.move_line_ids.filtered("picked")
        self.assertEqual((line.package_id, line.quantity), (pallet, 6))

    def test_more_than_asked_only_where_somebody_says_so(self):
        answer = self.assertRefused(self.take("FIRST", quantity=9), "Only 8 kg", "quantity", "more")
        self.assertDone(self.retake(answer, "more", "FIRST"))
        self.assertEqual(self.picked(), {"FIRST": 9})
        answer = self.assertRefused(self.take("FIRST", quantity=1), "Only 0 kg", "more")

    def test_quantities_that_cannot_be_meant_are_refused(self):
        for quantity, text in (
            (-1, "no quantity"),
            ("x", "no quantity"),
            (4e12, "cannot be meant"),
        ):
            self.assertRefused(self.take("FIRST", quantity=quantity), text)
        self.assertFalse(self.picked())

    # -- first expired, first out ----------------------------------------------------------------

    def test_later_lot_names_the_first_and_asks_the_reason(self):
        answer = self.assertRefused(
            self.take("SECOND", quantity=8), "FIRST expires 17 days", "other_lot", "exception"
        )
        self.assertEqual(answer["choices"][0]["data"]["lot_id"], self.first.id)
        self.assertEqual(answer["choices"][0]["data"]["location_id"], self.stock.id)
        asks = [ask["name"] for ask in answer["choices"][1]["asks"]]
        self.assertEqual(asks, ["reason_id", "note"])
        self.assertFalse(self.picked())
        reserved = self.order.move_line_ids
        self.assertEqual((reserved.lot_id, reserved.quantity), (self.first, 8))

    def test_reason_stays_with_the_lot_and_is_not_asked_again(self):
        answer = self.take("SECOND", quantity=8)
        self.assertDone(
            self.retake(
                answer,
                "exception",
                "SECOND",
                quantity=8,
                asked={"reason_id": self.damaged.id, "note": "Wet carton"},
            )
        )
        self.assertEqual(self.picked(), {"SECOND": 8})
        self.assertEqual(self.free(self.first), 10)
        self.assertDone(self.finish())
        pick = self.env["lot.fefo.pick"].search([("res_id", "=", self.order.id)])
        self.assertEqual((pick.lot_id, pick.proposed_lot_id), (self.second, self.first))
        self.assertEqual((pick.reason_id, pick.note), (self.damaged, "Wet carton"))
        self.assertEqual(pick.user_id, self.operator)

    def test_reason_of_the_handheld_counts_in_the_office_as_well(self):
        self.take("SECOND", quantity=8, fefo={"reason_id": self.damaged.id})
        self.assertIs(self.order.with_env(self.office).button_validate(), True)
        pick = self.env["lot.fefo.pick"].search([("res_id", "=", self.order.id)])
        self.assertEqual(pick.reason_id, self.damaged)

    def test_reason_that_says_nothing_is_asked_to_be_explained(self):
        answer = self.take("SECOND", quantity=8, fefo={"reason_id": self.other_reason.id})
        self.assertRefused(answer, "Add a few words", "note")
        self.assertDone(
            self.retake(answer, "note", "SECOND", quantity=8, asked={"note": "Forklift broken"})
        )
        self.assertEqual(self.order.move_line_ids.filtered("picked").fefo_note, "Forklift broken")

    def test_firm_without_reasons_is_told_and_goes_on(self):
        self.plant.company_id.lot_fefo_ask = False
        answer = self.assertRefused(
            self.take("SECOND", quantity=8), "FIRST", "other_lot", "exception"
        )
        self.assertFalse(answer["choices"][1]["asks"])
        self.assertDone(self.retake(answer, "exception", "SECOND", quantity=8))
        self.assertDone(self.finish())

    def test_second_lot_once_the_first_is_gone_is_no_exception(self):
        order = self.outgoing({self.curd: 12}) if self.order.action_cancel() else None
        self.assertDone(self.take("FIRST", order, quantity=10))
        self.assertDone(self.take("SECOND", order, quantity=2))
        self.assertDone(self.finish(order))
        self.assertFalse(
            self.env["lot.fefo.pick"].search([("res_id", "=", order.id)]).proposed_lot_id
        )

    # -- lots that may not go --------------------------------------------------------------------

    def test_held_lot_names_the_reason_and_the_alternative(self):
        self.first.with_env(self.floor).set_status("hold", "Smells of diesel")
        answer = self.assertRefused(
            self.take("FIRST", quantity=8), "On hold.*Smells of diesel", "other_lot"
        )
        self.assertEqual(answer["choices"][0]["data"]["lot_id"], self.second.id)
        self.assertDone(self.retake(answer, "other_lot", quantity=8))
        self.assertEqual(self.picked(), {"SECOND": 8})

    def test_expired_and_too_young_lots_are_refused(self):
        old = self.stocked(self.curd, "OLD", 10, 3)
        self.clock.tick(timedelta(days=10))
        answer = self.take("OLD", quantity=1)
        self.assertRefused(answer, "OLD.*expired on", "other_lot", "other_lot")
        self.env["lot.shelf.life"].create(
            {"use": "delivery", "partner_id": self.shop.id, "minimum_days": 50}
        )
        answer = self.take("FIRST", quantity=1)
        self.assertRefused(answer, "has to last until", "other_lot")
        self.assertEqual(answer["choices"][0]["data"]["lot_id"], self.second.id)
        self.assertTrue(old)

    def test_lot_that_quality_lets_pass_is_taken(self):
        self.clock.tick(timedelta(days=41))
        self.assertRefused(self.take("FIRST", quantity=8), "to be removed", "other_lot")
        gate = self.laboratory["lot.gate"]
        gate._let_pass(self.order.with_env(self.laboratory), "Goes to the kitchen at once")
        self.assertDone(self.take("FIRST", quantity=8))
        answer = self.assertRefused(self.finish(), "past its removal date", "expired")
        self.assertDone(
            self.again("pick", "finish", answer, "expired", document=self.told(self.order))
        )
        self.assertEqual(self.order.state, "done")

    def test_lot_held_between_scan_and_end_is_left_here(self):
        self.assertDone(self.take("FIRST", quantity=5))
        self.assertDone(self.take("FIRST", quantity=1))
        self.first.with_env(self.laboratory).set_status("hold", "Bad result")
        answer = self.assertRefused(self.finish(), "FIRST.*Bad result", "put_back")
        answer = self.assertDone(
            self.again("pick", "finish", answer, "put_back", document=self.told(self.order))
        )
        self.assertIn("FIRST", answer["message"])
        self.assertEqual(self.order.state, "assigned")
        self.assertEqual(answer["document"]["lines"][0]["allocated"][0]["lot"], "SECOND")
        self.assertDone(self.take("SECOND", quantity=8))
        self.assertDone(self.finish())

    def test_lot_that_was_taken_back_before_it_was_held_is_not_told_of(self):
        entry = self.assertDone(self.take("FIRST", quantity=5))["entry"]
        self.assertDone(self.scan("pick", "undo", document=self.told(self.order), entry_id=entry))
        self.first.with_env(self.laboratory).set_status("hold", "Bad result")
        self.assertDone(self.take("SECOND", quantity=8))
        self.assertDone(self.finish())

    def test_lot_that_expires_between_scan_and_end_is_left_here(self):
        self.assertDone(self.take("FIRST", quantity=5))
        self.clock.tick(timedelta(days=41))
        answer = self.assertRefused(self.finish(), "FIRST.*to be removed", "put_back")
        self.assertEqual(self.picked(), {"FIRST": 5})
        self.assertDone(
            self.again("pick", "finish", answer, "put_back", document=self.told(self.order))
        )
        self.assertFalse(self.picked())
        self.assertEqual(set(self.order.move_line_ids.lot_id.mapped("name")), {"FIRST", "SECOND"})

    # -- what others do meanwhile ----------------------------------------------------------------

    def test_transfer_that_was_finished_or_cancelled_meanwhile(self):
        self.order.move_line_ids.write({"quantity": 3})
        self.validate(self.order.with_env(self.office))
        rest = self.order.backorder_ids
        answer = self.assertRefused(
            self.take("FIRST", quantity=1), "finished meanwhile", "document"
        )
        answer = self.retake(answer, "document", "FIRST", quantity=1)
        self.assertDone(answer)
        self.assertEqual(answer["document"]["id"], rest.id)
        rest.with_env(self.office).action_cancel()
        self.assertRefused(self.take("FIRST", rest, quantity=1), "cancelled meanwhile")
        self.assertRefused(self.finish(rest), "cancelled meanwhile")

    def test_what_another_device_took_is_not_there(self):
        other = self.outgoing({self.curd: 2})
        self.assertDone(self.take("SECOND", other, quantity=2, fefo={"reason_id": self.damaged.id}))
        self.assertDone(self.take("FIRST", quantity=8))
        more = self.outgoing({self.curd: 10})
        answer = self.take("FIRST", more, quantity=5)
        self.assertRefused(answer, "only 2 kg of FIRST", "quantity", "other_lot")
        self.assertDone(self.retake(answer, "quantity", "FIRST", picking=more))

    def test_what_is_kept_for_another_order_needs_a_word_and_is_replaced_there(self):
        urgent = self.outgoing({self.curd: 8})
        self.assertEqual(urgent.move_line_ids.lot_id, self.first | self.second)
        answer = self.take("FIRST", urgent, quantity=6)
        self.assertRefused(answer, "4 kg of FIRST are kept", "quantity", "other_lot", "reserved")
        self.assertDone(self.retake(answer, "reserved", "FIRST", picking=urgent, quantity=6))
        self.assertEqual(self.picked(urgent), {"FIRST": 6})
        self.assertEqual(sum(self.order.move_line_ids.mapped("quantity")), 8)
        self.assertEqual(self.order.move_line_ids.lot_id, self.first | self.second)
        self.assertDone(self.finish(urgent, backorder=True))

    def test_serial_is_taken_once(self):
        pieces = [self.stocked(self.bench, f"B-{number}", 1) for number in (1, 2)]
        order, other = self.outgoing({self.bench: 2}), self.outgoing({self.bench: 2})
        self.assertDone(self.take("B-1", order))
        self.assertRefused(self.take("B-1", order), f"{order.name} already")
        self.assertRefused(self.take("B-1", other), f"{order.name} already")
        self.assertRefused(self.take("B-2", order, quantity=2), "one piece")
        self.assertDone(self.take("B-2", order))
        self.assertDone(self.finish(order))
        self.assertEqual(order.move_line_ids.lot_id, pieces[0] | pieces[1])

    # -- bad input -------------------------------------------------------------------------------

    def test_wrong_goods_are_named(self):
        self.lot(self.flour, "F-1")
        self.flour.barcode = "09520123456795"
        self.assertRefused(self.take("F-1", quantity=1), "Flour.*is not asked for.*Put it back")
        self.assertRefused(self.take("010952012345679510F-1", quantity=1), "Flour.*not asked for")
        self.assertRefused(self.take("NO-SUCH", quantity=1), "no lot NO-SUCH of what is asked")
        self.assertRefused(self.take("PLACE-X", quantity=1), "no lot PLACE-X")
        self.place("X")
        self.assertRefused(self.take("PLACE-X", quantity=1), "This is the place")

    def test_codes_that_cannot_be_right_are_refused_with_a_sentence(self):
        for text in (
            "]d2010952012345678910FIRST",  # wrong check digit
            "]d2010952012345678810",  # truncated
            "]d2010952012345678810FIRST\x1d10SECOND",  # doubled
            "x" * 7000,
            "\x00\x01\ud800",
            "",
        ):
            answer = self.take(text, quantity=1)
            self.assertEqual(answer["state"], "refused", text[:30])
            self.assertTrue(answer["message"])
        self.assertFalse(self.picked())

    def test_number_of_two_lots_is_chosen_and_not_guessed(self):
        bread = self.perishable("Bread")
        self.stocked(bread, "FIRST", 5)
        order = self.outgoing({self.curd: 1, bread: 1})
        answer = self.take("FIRST", order, quantity=1)
        self.assertRefused(answer, "Bread", "lot", "lot")
        self.assertFalse(self.picked(order))
        # A line that was chosen leaves no doubt.
        line = order.move_ids.filtered(lambda move: move.product_id == bread)
        self.assertDone(self.take("FIRST", order, quantity=1, line_id=line.id))
        self.assertEqual(order.move_line_ids.filtered("picked").product_id, bread)

    def test_lot_and_transfer_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        lot = self.lot(self.curd, "THEIRS", company_id=other.id)
        self.assertRefused(self.take("THEIRS", quantity=1), "no lot THEIRS")
        self.operator.company_ids |= other
        self.assertRefused(self.take(lot_id=lot.id, quantity=1), "not there any more")
        answer = self.scan(
            "pick",
            "take",
            "FIRST",
            env=self.floor(context={"allowed_company_ids": [other.id, self.env.company.id]}),
            document=self.told(self.order),
            quantity=1,
        )
        self.assertRefused(answer, "Change to that company")

    def test_other_work_and_no_document_are_refused(self):
        receipt = self.incoming({self.curd: 1})
        self.assertRefused(self.take("FIRST", receipt, quantity=1), "is no work of")
        self.assertRefused(self.take("FIRST", document=False), "Choose what you work on")
        self.assertRefused(self.take("FIRST", document={"model": "res.users", "id": 2}), "Choose")
        gone = {"model": "stock.picking", "id": 2**31 - 1}
        self.assertRefused(self.take("FIRST", document=gone), "not there any more")

    def test_lot_in_several_places_asks_where(self):
        shelf, rack = self.place("S-1"), self.place("R-1")
        bread = self.perishable("Bread")
        loaf = self.stocked(bread, "LOAF", 5, 40, shelf)
        self.count(loaf, 5, rack)
        order = self.outgoing({bread: 8})
        answer = self.assertRefused(
            self.take("LOAF", order, quantity=2), "several places", "place", "place"
        )
        self.assertDone(self.take("LOAF", order, quantity=2, location_id=rack.id))
        self.assertEqual(order.move_line_ids.filtered("picked").location_id, rack)
        outside = self.warehouse("Far", "FAR").lot_stock_id
        self.assertRefused(
            self.take("LOAF", order, quantity=1, location_id=outside.id), "is not in"
        )
        self.assertTrue(answer)

    # -- taking back, and the end ----------------------------------------------------------------

    def test_entry_is_taken_back_and_reserved_again(self):
        answer = self.take("SECOND", quantity=4, fefo={"reason_id": self.damaged.id})
        back = self.assertDone(
            self.scan("pick", "undo", document=self.told(self.order), entry_id=answer["entry"])
        )
        self.assertIn("SECOND", back["message"])
        self.assertFalse(self.picked())
        reserved = self.order.move_line_ids
        self.assertEqual((reserved.lot_id, sum(reserved.mapped("quantity"))), (self.first, 8))
        again = self.scan("pick", "undo", document=self.told(self.order), entry_id=answer["entry"])
        self.assertRefused(again, "taken back already")

    def test_entry_beside_others_is_taken_back_alone(self):
        self.take("FIRST", quantity=3)
        answer = self.take("FIRST", quantity=5)
        self.assertDone(
            self.scan("pick", "undo", document=self.told(self.order), take=answer["uid"])
        )
        self.assertEqual(self.picked(), {"FIRST": 3})
        self.assertEqual(sum(self.order.move_line_ids.mapped("quantity")), 8)
        self.assertEqual(self.free(self.first), 2)

    def test_end_of_a_part_asks_what_becomes_of_the_rest(self):
        self.take("FIRST", quantity=3)
        answer = self.assertRefused(self.finish(), "Curd 5 kg", "backorder", "complete")
        self.assertEqual(self.order.state, "assigned")
        self.assertDone(
            self.again("pick", "finish", answer, "backorder", document=self.told(self.order))
        )
        self.assertEqual(self.order.backorder_ids.move_ids.product_uom_qty, 5)

    def test_end_of_a_part_without_a_rest(self):
        self.take("FIRST", quantity=3)
        self.assertDone(self.finish(backorder=False))
        self.assertFalse(self.order.backorder_ids)
        self.assertEqual(self.order.move_ids.filtered(lambda m: m.state == "done").quantity, 3)

    def test_nothing_scanned_is_not_finished(self):
        self.assertRefused(self.finish(), "Nothing has been scanned")
        self.assertEqual(self.order.state, "assigned")

    # -- who may, and what it costs --------------------------------------------------------------

    def test_reader_and_stranger_cannot_pick(self):
        with self.assertRaises(AccessError):
            self.scan("pick", "take", "FIRST", env=self.env(user=self.reader))
        worker = new_test_user(
            self.env, login="scan_lab", groups="lot_traceability.group_operator,base.group_user"
        )
        with self.assertRaises(AccessError):
            self.env(user=worker)["lot.scan"].documents("pick")

    def test_take_again_does_nothing_and_tells_the_document_as_it_is(self):
        command = self.command("pick", "take", "FIRST", document=self.told(self.order), quantity=2)
        first = self.send(command)[0]
        self.take("FIRST", quantity=1)
        second = self.send(command)[0]
        self.assertTrue(second["repeated"])
        self.assertEqual(second["entry"], first["entry"])
        self.assertEqual(second["document"]["lines"][0]["taken"], 3)

    def test_one_scan_costs_few_queries(self):
        self.take("FIRST", quantity=1)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertDone(self.take("FIRST", quantity=1))
        self.assertLessEqual(self.env.cr.sql_log_count - before, MOST_QUERIES)
