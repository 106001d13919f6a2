import uuid
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import START
from .scan_transfer_common import ScanTransferCommon

LABEL = "010952012345678817260501"  # Curd, expires 1 May 2026
MOST_QUERIES = 62


@tagged("post_install", "-at_install", "scan")
class TestScanReceive(ScanTransferCommon):
    """Receive: all that the label says is taken from it, and only the rest is asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls.incoming({cls.curd: 40, cls.flour: 100})

    def take(self, text="", picking=None, **data):
        if "session" not in data:
            data.setdefault("document", self.told(picking or self.order))
        return self.scan("receive", "take", text, **data)

    def retake(self, answer, code, text="", asked=None, **data):
        if "session" not in data:
            data.setdefault("document", self.told(self.order))
        return self.again("receive", "take", answer, code, text, asked=asked, **data)

    def finish(self, picking=None, **data):
        if "session" not in data:
            data.setdefault("document", self.told(picking or self.order))
        return self.scan("receive", "finish", **data)

    def picked(self, picking=None):
        lines = (picking or self.order).move_line_ids.filtered("picked")
        return {line.lot_id.name or line.lot_name: line.quantity for line in lines}

    # -- what there is to do -------------------------------------------------------------------

    def test_receipts_are_found_by_order_supplier_and_code(self):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.mill.id,
                "partner_ref": "MILL-77",
                "picking_type_id": self.plant.in_type_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.flour.id, "product_qty": 500, "price_unit": 1}
                    )
                ],
            }
        )
        purchase.button_confirm()
        receipt = purchase.picking_ids
        scans = self.floor["lot.scan"]
        for query in (purchase.name, "MILL-77", "Mill", receipt.name):
            self.assertEqual(
                [row["id"] for row in scans.documents("receive", query)], receipt.ids, query
            )
        found = [row["id"] for row in scans.documents("receive", LABEL + "10A")]
        self.assertIn(self.order.id, found)
        self.assertNotIn(receipt.id, found)
        told = scans.document("receive", "stock.picking", receipt.id)
        self.assertEqual((told["partner"], told["detail"]), ("Mill", purchase.name))
        self.assertEqual((told["lines"][0]["asked"], told["lines"][0]["allocated"]), (500, []))

    # -- against an order ------------------------------------------------------------------------

    def test_one_scan_tells_it_all(self):
        answer = self.assertDone(self.take(LABEL + "10A17\x1d3740\x1d11260220"))
        self.assertIn("lot A17, expires 2026-05-01", answer["message"])
        line = answer["document"]["lines"][0]
        self.assertEqual((line["taken"], line["entries"][0]["lot"]), (40, "A17"))
        answer = self.assertDone(self.finish(backorder=True))
        self.assertTrue(answer["document"]["done"])
        lot = self.env["stock.lot"].browse(answer["lots"][0]["id"])
        self.assertEqual((lot.name, lot.supplier_lot, lot.supplier_id), ("A17", "A17", self.dairy))
        self.assertEqual(str(self.env["lot.calendar"]._day(lot.expiration_date)), "2026-05-01")
        self.assertEqual(str(lot.production_date), "2026-02-20")
        self.assertEqual(lot.product_qty, 40)
        self.assertEqual(self.order.backorder_ids.move_ids.product_id, self.flour)

    def test_only_what_is_missing_is_asked_for_and_all_at_once(self):
        answer = self.assertRefused(self.take(self.curd.barcode), "Curd", "facts")
        asks = answer["choices"][0]["asks"]
        self.assertEqual([one["name"] for one in asks], ["number", "expiry", "quantity"])
        # What Odoo would take by itself stands there, to be changed or left.
        self.assertEqual(asks[1]["value"], "2026-05-02")
        self.assertEqual(asks[2]["value"], 40)
        asked = {"number": "B-1", "expiry": "2026-05-03", "quantity": 12.5}
        self.assertDone(self.retake(answer, "facts", self.curd.barcode, asked=asked))
        line = self.order.move_line_ids.filtered("picked")
        self.assertEqual((line.lot_name, line.quantity), ("B-1", 12.5))
        self.assertEqual(str(self.env["lot.calendar"]._day(line.expiration_date)), "2026-05-03")

    def test_last_thing_missing_is_offered(self):
        answer = self.assertRefused(self.take(LABEL + "10A17"), "Quantity", "rest", "facts")
        self.assertDone(self.retake(answer, "rest", LABEL + "10A17"))
        self.assertEqual(self.picked(), {"A17": 40})

    def test_what_the_firm_demands_is_asked_for(self):
        names = ("production_date", "supplier_lot", "origin_country_id", "origin_place")
        demands = self.env["lot.field.demand"].search([("field_name", "in", names)])
        self.curd.product_tmpl_id.receipt_demand_ids = demands
        answer = self.take("C-1", product_id=self.curd.id, expiry="2026-05-01", quantity=5)
        asks = {one["name"] for one in answer["choices"][0]["asks"]}
        wanted = {"production_date", "supplier_lot", "origin_country", "origin_place"}
        self.assertEqual(asks, wanted)
        told = {
            "production_date": "2026-02-27",
            "supplier_lot": "S-1",
            "origin_country": "de",
            "origin_place": "Allgäu",
        }
        data = {"product_id": self.curd.id, "expiry": "2026-05-01", "quantity": 5}
        wrong = self.take("C-1", **data, **{**told, "origin_country": "ZZ"})
        self.assertRefused(wrong, "no country")
        wrong = self.take("C-1", **data, **{**told, "production_date": "27.2."})
        self.assertRefused(wrong, "is no day")
        self.assertDone(self.take("C-1", **data, **told))
        self.assertDone(self.finish(backorder=False))
        lot = self.order.move_line_ids.lot_id
        self.assertEqual(lot.origin_country_id.code, "DE")
        self.assertEqual((lot.supplier_lot, lot.origin_place), ("S-1", "Allgäu"))

    def test_case_of_several_is_counted_by_its_own_barcode(self):
        case = self.env["uom.uom"].create(
            {"name": "Case of 12 kg", "relative_factor": 12, "relative_uom_id": self.kg.id}
        )
        self.curd.product_tmpl_id.uom_ids |= case
        self.env["product.uom"].create(
            {"product_id": self.curd.id, "uom_id": case.id, "barcode": "19520123456785"}
        )
        self.assertDone(self.take("011952012345678517260501" + "10A17"))
        self.assertEqual(self.picked(), {"A17": 12})

    def test_pallet_comes_with_its_own_number_once(self):
        pallet = "00395201234567891236" + "0209520123456788" + "3740\x1d" + "17260501" + "10A17"
        self.assertDone(self.take(pallet))
        line = self.order.move_line_ids.filtered("picked")
        self.assertEqual(line.result_package_id.name, "395201234567891236")
        self.assertEqual((line.lot_name, line.quantity), ("A17", 40))
        self.assertRefused(self.take(pallet, more=True), "received already")
        self.assertDone(self.finish(backorder=False))
        self.assertRefused(self.take(pallet, self.incoming({self.curd: 40})), "received already")

    def test_own_number_is_given_by_the_scheme_and_the_label_is_the_suppliers(self):
        self.env["lot.numbering.scheme"].create(
            {
                "name": "Goods in",
                "template": "R{seq:04}",
                "reset": "never",
                "on_receipt": True,
                "product_ids": [Command.set(self.curd.product_tmpl_id.ids)],
            }
        )
        self.assertDone(self.take(LABEL + "10A17\x1d3740"))
        self.assertDone(self.finish(backorder=False))
        lot = self.order.move_line_ids.lot_id
        self.assertEqual((lot.name, lot.supplier_lot), ("R0001", "A17"))

    def test_known_lot_gets_more_and_asks_no_date_again(self):
        lot = self.stocked(self.curd, "A17", 5, 50)
        self.assertDone(self.take("A17", quantity=10))
        self.assertDone(self.finish(backorder=False))
        self.assertEqual(self.order.move_line_ids.lot_id, lot)
        self.assertEqual(lot.product_qty, 15)

    def test_label_that_says_another_day_than_the_lot_is_not_taken_silently(self):
        self.stocked(self.curd, "A17", 5, 50)
        answer = self.assertRefused(
            self.take(LABEL + "10A17\x1d3740"), "2026-04-26.*2026-05-01", "differs"
        )
        self.assertDone(self.retake(answer, "differs", LABEL + "10A17\x1d3740"))

    def test_untracked_goods_and_weighed_goods(self):
        box = self.product("Box", tracking="none", barcode="BOX-1")
        order = self.incoming({box: 6, self.curd: 10})
        self.assertDone(self.take("BOX-1", order, quantity=6))
        self.assertDone(self.take(LABEL + "3103002500" + "10A17", order))
        self.assertEqual(self.picked(order), {False: 6, "A17": 2.5})
        self.assertDone(self.finish(order, backorder=True))

    def test_expected_lines_shrink_with_what_came_and_grow_when_it_is_taken_back(self):
        entry = self.assertDone(self.take(LABEL + "10A17\x1d3715"))["entry"]
        move = self.order.move_ids.filtered(lambda move: move.product_id == self.curd)
        waiting = move.move_line_ids.filtered(lambda line: not line.picked)
        self.assertEqual((waiting.quantity, move.quantity), (25, 40))
        answer = self.scan("receive", "undo", document=self.told(self.order), entry_id=entry)
        self.assertIn("A17", self.assertDone(answer)["message"])
        self.assertEqual(sum(move.move_line_ids.mapped("quantity")), 40)
        self.assertFalse(move.picked)

    # -- not by guess ----------------------------------------------------------------------------

    def test_more_than_ordered_only_where_somebody_says_so(self):
        answer = self.assertRefused(
            self.take(LABEL + "10A17\x1d3750"), "Only 40 kg", "rest", "more"
        )
        self.assertDone(self.retake(answer, "more", LABEL + "10A17\x1d3750"))
        self.assertEqual(self.picked(), {"A17": 50})

    def test_goods_that_were_not_ordered_only_where_somebody_says_so(self):
        milk = self.product("Milk", barcode="09520123456795")
        text = "010952012345679510M-1\x1d3705"
        answer = self.assertRefused(self.take(text), "Milk is not on", "unordered")
        self.assertFalse(self.picked())
        self.assertDone(self.retake(answer, "unordered", text))
        self.take(LABEL + "10A17\x1d3740")
        self.assertDone(self.finish(backorder=False))
        self.assertEqual(milk.with_context(location=self.stock.id).qty_available, 5)

    def test_unordered_entry_that_is_taken_back_leaves_nothing(self):
        self.product("Milk", barcode="09520123456795")
        answer = self.take("010952012345679510M-1\x1d3705", unordered=True)
        moves = len(self.order.move_ids)
        self.scan("receive", "undo", document=self.told(self.order), entry_id=answer["entry"])
        self.assertEqual(len(self.order.move_ids), moves - 1)

    def test_number_of_no_product_asks_for_the_product(self):
        answer = self.take("X-77", quantity=5, expiry="2026-05-01")
        self.assertRefused(answer, "Of which product", "product", "product", "scan")
        labels = {one["label"] for one in answer["choices"]}
        self.assertLessEqual({"Curd", "Flour"}, labels)
        asked = {"product": self.curd.barcode}
        data = {"quantity": 5, "expiry": "2026-05-01"}
        self.assertDone(self.retake(answer, "scan", "X-77", asked=asked, **data))
        self.assertEqual(self.picked(), {"X-77": 5})
        wrong = self.retake(answer, "scan", "X-78", asked={"product": "NONE"}, **data)
        self.assertRefused(wrong, "No product has the barcode", "scan")

    def test_order_of_one_product_leaves_no_doubt(self):
        order = self.incoming({self.flour: 10})
        self.assertDone(self.take("F-9", order, quantity=10))
        self.assertEqual(order.move_line_ids.filtered("picked").lot_name, "F-9")

    def test_unknown_gtin_asks_which_product_it_is(self):
        text = "010952012345677110Z-1\x1d3705"
        answer = self.take(text)
        self.assertRefused(answer, "No product has the GTIN", "product", "product", "scan")
        flour = next(one for one in answer["choices"] if one["label"] == "Flour")
        self.assertDone(self.take(text, **flour["data"]))
        self.assertEqual(self.picked(), {"Z-1": 5})

    def test_label_of_other_goods_than_the_line_is_refused(self):
        line = self.order.move_ids.filtered(lambda move: move.product_id == self.flour)
        self.assertRefused(
            self.take(LABEL + "10A17\x1d3740", line_id=line.id), "label of Curd, not of Flour"
        )

    def test_codes_that_cannot_be_right_are_refused_with_a_sentence(self):
        for text in (
            "]d2010952012345678910A17\x1d3740",  # wrong check digit
            "]d20109520123456788172605",  # truncated
            "]d2010952012345678810A17\x1d10A18",  # doubled
            "]d2010952012345678810A17\x1d17261399",  # no such day
            "x" * 7000,
            "\x00\ud800",
            "",
        ):
            answer = self.take(text, quantity=1)
            self.assertEqual(answer["state"], "refused", text[:30])
            self.assertTrue(answer["message"])
        for quantity in (0, -5, "much", 1e12, 0.00001):
            answer = self.take(LABEL + "10A17", quantity=quantity)
            self.assertEqual(answer["state"], "refused", quantity)
        self.assertFalse(self.picked())

    def test_number_that_looks_like_a_known_one_is_refused_at_the_dock(self):
        self.stocked(self.curd, "LOT-01", 5, 50)
        self.env.company.lot_lookalike = "refuse"
        answer = self.take("LOT-O1", product_id=self.curd.id, expiry="2026-05-01", quantity=5)
        self.assertRefused(answer, "LOT-01")

    def test_serial_comes_once(self):
        order = self.incoming({self.bench: 3})
        self.stocked(self.bench, "B-1", 1)
        self.assertRefused(self.take("B-1", order), "is in PLT/Stock already")
        self.assertDone(self.take("B-2", order))
        self.assertRefused(self.take("B-2", order), "scanned on this receipt already")
        self.assertRefused(self.take("B-3", order, quantity=2), "one piece")
        self.assertDone(self.take("B-3", order))
        self.assertDone(self.finish(order, backorder=True))
        self.assertEqual(order.move_line_ids.lot_id.mapped("name"), ["B-2", "B-3"])
        self.assertEqual(order.backorder_ids.move_ids.product_uom_qty, 1)

    def test_label_with_lot_and_serial_names_the_piece(self):
        self.bench.barcode = "09520123456795"
        order = self.incoming({self.bench: 1})
        self.assertDone(self.take("010952012345679510L-1\x1d21B-9", order))
        self.assertEqual(order.move_line_ids.filtered("picked").lot_name, "B-9")

    # -- rules of quality ------------------------------------------------------------------------

    def test_expired_goods_only_where_somebody_says_so_and_at_the_end_again(self):
        text = "010952012345678817260201" + "10A17\x1d3740"
        answer = self.assertRefused(self.take(text), "expired on 2026-02-01", "expired")
        self.assertDone(self.retake(answer, "expired", text))
        answer = self.assertRefused(self.finish(backorder=True), "expired", "expired")
        self.assertDone(self.finish(backorder=True, expired=True))

    def test_goods_that_do_not_last_are_stopped_before_they_are_unloaded(self):
        rule = self.env["lot.shelf.life"].create(
            {"use": "receipt", "product_tmpl_id": self.curd.product_tmpl_id.id, "minimum_days": 90}
        )
        rule.accept_quarantine = False
        text = LABEL + "10A17\x1d3740"
        answer = self.assertRefused(self.take(text), "has to last until 2026-06-01", "short")
        rule.accept_quarantine = True
        answer = self.assertDone(self.take(text))
        self.assertIn("quarantine", answer["message"])
        self.assertIn("has to last", answer["quarantine"])
        self.assertDone(self.finish(backorder=True))
        self.assertEqual(self.order.move_line_ids.lot_id.status_id.code, "quarantine")

    def test_quarantine_by_rule_is_told_and_happens(self):
        self.plant.in_type_id.lot_quarantine = True
        answer = self.assertDone(self.take(LABEL + "10A17\x1d3740"))
        self.assertIn("Put it into quarantine", answer["message"])
        self.assertDone(self.finish(backorder=True))
        self.assertEqual(self.order.move_line_ids.lot_id.status_id.code, "quarantine")

    # -- without an order ------------------------------------------------------------------------

    def test_goods_without_an_order_come_onto_one_receipt(self):
        session = str(uuid.uuid4())
        first = self.assertDone(
            self.take(LABEL + "10A17\x1d3740", session=session, partner_id=self.mill.id)
        )
        second = self.assertDone(
            self.take("F-1", session=session, product_id=self.flour.id, quantity=25)
        )
        self.assertEqual(first["document"]["id"], second["document"]["id"])
        picking = self.floor["stock.picking"].browse(first["document"]["id"])
        self.assertEqual(picking.partner_id, self.mill)
        self.assertEqual(picking.picking_type_id.code, "incoming")
        self.assertNotEqual(picking.state, "draft")
        answer = self.assertDone(self.finish(session=session))
        self.assertEqual({lot["name"] for lot in answer["lots"]}, {"A17", "F-1"})
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.backorder_ids)
        lot = picking.move_line_ids.lot_id.filtered(lambda lot: lot.name == "A17")
        self.assertEqual((lot.supplier_id, lot.product_qty), (self.mill, 40))
        self.assertRefused(self.finish(session=session), "Nothing has been received")

    def test_work_without_a_link_is_done_in_one_go(self):
        session = str(uuid.uuid4())
        commands = [
            self.command("receive", "take", LABEL + f"10A{number}\x1d3710", session=session)
            for number in (1, 2, 3)
        ]
        commands.append(self.command("receive", "finish", session=session))
        answers = self.send(*commands)
        self.assertEqual({answer["state"] for answer in answers}, {"done"})
        documents = {answer["document"]["id"] for answer in answers}
        self.assertEqual(len(documents), 1)
        self.assertEqual(self.curd.qty_available, 30)
        self.assertEqual([answer["repeated"] for answer in self.send(*commands)], [True] * 4)
        self.assertEqual(self.curd.qty_available, 30)

    def test_plain_number_without_an_order_asks_for_the_product(self):
        self.stocked(self.flour, "F-1", 5)
        session = str(uuid.uuid4())
        answer = self.take("F-1", session=session, quantity=5)
        self.assertRefused(answer, "Of which product", "product", "scan")
        self.assertEqual(answer["choices"][0]["label"], "Flour")
        self.assertFalse(self.env["lot.scan"]._of_session(session))
        self.assertDone(self.retake(answer, "product", "F-1", session=session, quantity=5))

    def test_refused_goods_leave_no_empty_receipt(self):
        before = self.env["stock.picking"].search_count([])
        self.take("nothing", session=str(uuid.uuid4()))
        self.assertEqual(self.env["stock.picking"].search_count([]), before)

    def test_neither_order_nor_session_is_refused(self):
        self.assertRefused(self.take(LABEL, document=False), "Choose a receipt first")

    # -- what others do meanwhile ----------------------------------------------------------------

    def test_receipt_that_was_finished_meanwhile_goes_on_with_the_rest(self):
        self.take(LABEL + "10A17\x1d3710")
        self.validate(self.order.with_env(self.office))
        rest = self.order.backorder_ids
        answer = self.assertRefused(
            self.take(LABEL + "10A18\x1d3710"), "finished meanwhile", "document"
        )
        self.assertDone(self.retake(answer, "document", LABEL + "10A18\x1d3710"))
        self.assertEqual(self.picked(rest.with_env(self.floor)), {"A18": 10})

    def test_receipt_that_was_cancelled_meanwhile_takes_nothing(self):
        self.order.with_env(self.office).action_cancel()
        self.assertRefused(self.take(LABEL + "10A18\x1d3710"), "cancelled meanwhile")

    def test_two_devices_fill_one_receipt(self):
        colleague = self.env(user=self.quality)
        self.assertDone(self.take(LABEL + "10A17\x1d3725"))
        answer = self.scan(
            "receive",
            "take",
            LABEL + "10A17\x1d3725",
            env=colleague,
            document=self.told(self.order),
        )
        self.assertRefused(answer, "Only 15 kg", "rest", "more")
        self.assertDone(
            self.again(
                "receive",
                "take",
                answer,
                "rest",
                LABEL + "10A17\x1d3725",
                env=colleague,
                document=self.told(self.order),
            )
        )
        self.assertDone(self.finish(backorder=False))
        self.assertEqual(self.order.move_line_ids.lot_id.product_qty, 40)

    # -- who may, and what it costs --------------------------------------------------------------

    def test_reader_cannot_receive(self):
        with self.assertRaises(AccessError):
            self.scan("receive", "take", LABEL, env=self.env(user=self.reader))

    def test_start_tells_the_suppliers(self):
        self.mill.supplier_rank = 99
        self.assertIn([self.mill.id, "Mill"], self.floor["lot.scan"].start()["suppliers"])

    def test_one_scan_costs_few_queries(self):
        self.take(LABEL + "10A17\x1d3705")
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertDone(self.take(LABEL + "10A17\x1d3705"))
        self.assertLessEqual(self.env.cr.sql_log_count - before, MOST_QUERIES)

    def test_scan_that_a_fault_stops_is_refused_and_the_next_is_done(self):
        flow = type(self.env["lot.scan.flow.receive"])
        self.patch(flow, "_text_of_received", lambda *args: 1 / 0)
        with self.assertLogs("odoo.addons.lot_traceability.models.scan.lot_scan", "ERROR"):
            broken, done = self.send(
                self.command(
                    "receive", "take", LABEL + "10A17\x1d3705", document=self.told(self.order)
                ),
                self.command("hold", "hold", self.stocked(self.curd, "H", 1).name, reason="Wet"),
            )
        self.assertRefused(broken, "error in Odoo", "again")
        self.assertDone(done)
        self.assertFalse(self.picked())

    def test_what_was_sent_long_ago_is_emptied_and_still_not_done_again(self):
        command = self.command(
            "receive", "take", LABEL + "10A17\x1d3705", document=self.told(self.order)
        )
        message = self.send(command)[0]["message"]
        scans = self.env["lot.scan"].search([("uid", "=", command["uid"])])
        self.env["ir.config_parameter"].set_param("lot_traceability.scan_days_in_full", "30")
        scans._empty_old()
        self.assertTrue(scans.answer)
        # Rows are dated by the database.
        self.env.cr.execute(
            "UPDATE lot_scan SET create_date = %s WHERE id = %s",
            [START - timedelta(days=31), scans.id],
        )
        scans._empty_old()
        self.assertFalse(scans.answer or scans.data)
        self.assertEqual((scans.message, scans.state), (message, "done"))
        again = self.send(command)[0]
        self.assertEqual((again["message"], again["repeated"]), (message, True))
        self.assertEqual(self.picked(), {"A17": 5})
