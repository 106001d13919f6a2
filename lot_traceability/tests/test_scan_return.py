import uuid

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .scan_transfer_common import ScanTransferCommon


@tagged("post_install", "-at_install", "scan")
class TestScanReturn(ScanTransferCommon):
    """Return: onto a return of the delivery with which the customer got the goods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot_one = cls.stocked(cls.flour, "F-1", 100)
        cls.delivery = cls.deliver({cls.lot_one: 10}, partner=cls.shop)

    def setUp(self):
        super().setUp()
        self.session = str(uuid.uuid4())

    def take(self, text="F-1", **data):
        if "document" not in data:
            data.setdefault("session", self.session)
        return self.scan("return", "take", text, **{"reason": "Wrong goods", **data})

    def finish(self, **data):
        if "document" not in data:
            data.setdefault("session", self.session)
        return self.scan("return", "finish", **data)

    def undo(self, answer):
        return self.scan("return", "undo", session=self.session, entry_id=answer["entry"])

    def returns(self):
        return self.delivery.return_ids.with_env(self.floor)

    def on_hand(self, place):
        quants = self.env["stock.quant"].search(
            [("lot_id", "=", self.lot_one.id), ("location_id", "=", place.id)]
        )
        return sum(quants.mapped("quantity"))

    def test_goods_come_back_with_a_return_of_their_delivery(self):
        answer = self.assertDone(self.take(quantity=4))
        self.assertIn("Shop", answer["message"])
        self.assertEqual(self.returns().state, "assigned")
        self.assertDone(self.finish())
        self.assertEqual(self.returns().state, "done")
        line = self.returns().move_line_ids
        self.assertEqual((line.lot_id, line.quantity), (self.lot_one, 4))
        self.assertEqual(
            line.move_id.origin_returned_move_id, self.delivery.move_ids.with_env(self.floor)
        )
        self.assertEqual(self.on_hand(self.stock), 94)
        self.assertIn("Wrong goods", " ".join(self.returns().message_ids.mapped("body")))

    def test_several_takes_of_a_session_come_onto_one_return(self):
        sugar = self.stocked(self.product("Sugar"), "S-1", 50)
        delivery = self.deliver({self.lot_one: 5, sugar: 5}, partner=self.cafe)
        named = {"delivery": self.told(delivery)}
        self.assertDone(self.take(quantity=2, **named))
        self.assertDone(self.take(quantity=1, **named))
        self.assertDone(self.take("S-1", quantity=3))
        self.assertEqual(len(delivery.return_ids), 1)
        answer = self.assertDone(self.finish())
        self.assertEqual({lot["name"] for lot in answer["lots"]}, {"F-1", "S-1"})
        moves = delivery.return_ids.move_ids
        self.assertEqual(sorted(moves.mapped("quantity")), [3, 3])
        self.assertFalse(delivery.return_ids.backorder_ids)

    def test_lot_of_several_customers_asks_who_sends_it(self):
        other = self.deliver({self.lot_one: 5}, partner=self.cafe)
        answer = self.assertRefused(self.take(quantity=2), "several customers", *["delivery"] * 2)
        labels = [one["label"] for one in answer["choices"]]
        self.assertIn("Café", labels[0])
        self.assertIn("10 kg", labels[1])
        self.assertDone(
            self.again(
                "return",
                "take",
                answer,
                "delivery",
                "F-1",
                session=self.session,
                quantity=2,
                reason="Late",
            )
        )
        self.assertTrue(other.return_ids)
        self.assertFalse(self.returns())

    def test_quarantine_of_the_warehouse_takes_what_comes_back(self):
        cage = self.env["stock.location"].create(
            {"name": "Cage", "location_id": self.stock.id, "lot_quarantine": True}
        )
        answer = self.assertDone(self.take(quantity=4))
        self.assertEqual(answer["to"]["id"], cage.id)
        self.assertDone(self.finish())
        self.assertEqual(self.on_hand(cage), 4)

    def test_place_that_the_operation_has_for_returns_goes_first(self):
        self.env["stock.location"].create(
            {"name": "Cage", "location_id": self.stock.id, "lot_quarantine": True}
        )
        desk = self.env["stock.location"].create(
            {"name": "Desk", "location_id": self.plant.view_location_id.id}
        )
        back = self.plant.in_type_id.copy(
            {"name": "Returns", "default_location_dest_id": desk.id, "sequence_code": "RET"}
        )
        self.plant.out_type_id.return_picking_type_id = back
        self.assertDone(self.take(quantity=4))
        self.assertDone(self.finish())
        self.assertEqual(self.on_hand(desk), 4)

    def test_reason_and_quantity_are_asked_for(self):
        answer = self.assertRefused(self.take(reason=""), "Why does F-1", "reason")
        answer = self.assertRefused(self.take(), "How much", "rest", "quantity")
        self.assertEqual(answer["choices"][0]["data"], {"quantity": 10})
        self.assertFalse(self.returns())

    def test_no_more_comes_back_than_went_out(self):
        answer = self.assertRefused(self.take(quantity=11), "only 10 kg", "rest")
        self.assertDone(self.take(quantity=8))
        answer = self.take(quantity=5)
        self.assertRefused(answer, "only 2 kg", "rest")
        self.assertDone(self.take(quantity=2))
        self.assertRefused(self.take(quantity=1), "come back already")
        self.assertDone(self.finish())
        self.assertRefused(self.take(quantity=1), "come back already")

    def test_serial_comes_back_once(self):
        piece = self.stocked(self.bench, "B-1", 1)
        self.deliver({piece: 1})
        self.assertDone(self.take("B-1"))
        self.assertRefused(self.take("B-1"), "come back already")
        self.assertDone(self.finish())
        self.assertEqual(piece.location_id, self.stock)

    def test_lot_that_never_left_is_refused_with_the_next_step(self):
        self.stocked(self.flour, "F-2", 5)
        self.assertRefused(self.take("F-2", quantity=1), "never delivered.*ask Quality")
        self.assertRefused(self.take("NO-SUCH", quantity=1), "no lot NO-SUCH")
        self.assertRefused(self.take("]d201095201234567891", quantity=1), ".")
        other = self.deliver({self.stocked(self.flour, "F-3", 5): 5})
        self.assertRefused(self.take(quantity=1, delivery=self.told(other)), "did not go out with")

    def test_barcode_of_a_product_asks_for_the_lot(self):
        self.flour.barcode = "09520123456795"
        answer = self.assertRefused(self.take("09520123456795"), "Which lot", "number")
        self.assertTrue(answer["choices"][0]["asks"])
        self.assertDone(self.take("09520123456795", number="F-1", quantity=1))

    def test_lot_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.lot(self.flour, "THEIRS", company_id=other.id)
        self.assertRefused(self.take("THEIRS", quantity=1), "no lot THEIRS")

    def test_entry_is_taken_back_and_nothing_more_is_expected(self):
        first = self.assertDone(self.take(quantity=4))
        second = self.assertDone(self.take(quantity=2))
        self.assertDone(self.undo(second))
        move = self.returns().move_ids
        self.assertEqual((move.product_uom_qty, move.quantity), (4, 4))
        self.assertDone(self.undo(first))
        self.assertEqual(self.returns().state, "cancel")
        self.assertRefused(self.finish(), "Nothing has come back")
        self.assertDone(self.take(quantity=10))
        self.assertDone(self.finish())

    def test_held_lot_may_come_back(self):
        self.lot_one.with_env(self.laboratory).set_status("hold", "Recall of the mill")
        self.assertDone(self.take(quantity=4))
        self.assertDone(self.finish())
        self.assertEqual(self.on_hand(self.stock), 94)
        self.assertEqual(self.lot_one.status_id.code, "hold")

    def test_return_that_is_expected_is_filled(self):
        dialog = self.office["stock.return.picking"].create({"picking_id": self.delivery.id})
        dialog.product_return_moves.quantity = 6
        expected = self.floor["stock.picking"].browse(dialog.action_create_returns()["res_id"])
        rows = self.floor["lot.scan"].documents("return", expected.name)
        self.assertEqual([row["id"] for row in rows], expected.ids)
        named = {"document": self.told(expected)}
        self.assertDone(self.take(quantity=4, **named))
        answer = self.assertRefused(self.finish(**named), "Flour 2 kg", "backorder", "complete")
        self.assertTrue(answer)
        self.assertDone(self.finish(**named, backorder=True))
        self.assertEqual(expected.backorder_ids.move_ids.product_uom_qty, 2)
        self.stocked(self.product("Sugar"), "S-1", 5)
        rest = {"document": self.told(expected.backorder_ids)}
        self.assertRefused(self.take("S-1", quantity=1, **rest), "did not go out with")
        answer = self.take(quantity=1, **named)
        self.assertRefused(answer, "finished meanwhile", "document")

    def test_return_that_was_finished_meanwhile(self):
        self.assertDone(self.take(quantity=4))
        self.validate(self.returns().with_env(self.office))
        self.assertRefused(self.finish(), "Nothing has come back")
        self.assertDone(self.take(quantity=1))
        self.assertEqual(len(self.returns()), 2)

    def test_neither_session_nor_document_is_refused(self):
        self.assertRefused(self.take(quantity=1, session=""), "begin a new one")

    def test_reader_cannot_take_back(self):
        with self.assertRaises(AccessError):
            self.scan("return", "take", "F-1", env=self.env(user=self.reader))
