import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.rfid_reads import ReadsError
from .rfid_common import RfidCommon, sgtin


@tagged("post_install", "-at_install")
class TestRfidCount(RfidCommon):
    """A place counted by its tags."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shelf, cls.other = cls.env["stock.location"].create(
            [
                {"name": name, "usage": "internal", "location_id": cls.stock.id}
                for name in ("Shelf", "Other shelf")
            ]
        )
        cls.wand = cls.reader_at("wand", kind="wand")

    def count_of(self, *serials, **values):
        count = self.floor["lot.rfid.count"].create({"location_id": self.shelf.id, **values})
        if serials:
            count.add([sgtin(serial) for serial in serials])
        return count

    def results(self, count):
        return {
            line.lot_id.name or line.product_id.name or line.identity: line.kind
            for line in count.line_ids
        }

    # -- reading -------------------------------------------------------------------------------

    def test_tags_come_from_the_wand_and_each_counts_once(self):
        count = self.count_of()
        answer = self.seen(self.wand, sgtin(1), sgtin(2), count=count.id)
        self.assertEqual((answer["taken"], answer["new"]), (2, 2))
        answer = self.seen(self.wand, sgtin(2), sgtin(2), sgtin(3), after=90, count=count.id)
        self.assertEqual(answer["new"], 1)
        self.assertEqual(count.tags, 3)
        self.assertEqual(count.tag_ids.mapped("reads"), [1, 3, 1])
        self.assertFalse(self.passages(self.wand))

    def test_tags_can_be_pasted(self):
        count = self.count_of()
        count.pasted = f"{sgtin(1)}, {sgtin(2)}\n{sgtin(1)}"
        count.action_add()
        self.assertEqual((count.tags, count.pasted), (2, False))
        with self.assertRaisesRegex(UserError, "Paste"):
            count.action_add()

    def test_closed_count_takes_nothing(self):
        count = self.count_of(1)
        count.action_compare()
        count.action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            count.add([sgtin(2)])
        with self.assertRaises(ReadsError) as caught:
            self.seen(self.wand, sgtin(2), count=count.id)
        self.assertEqual(caught.exception.status, 409)

    def test_count_of_another_company_is_unknown(self):
        other = self.env["res.company"].create({"name": "Other"})
        place = self.warehouse("Other plant", "OTH", company_id=other.id).lot_stock_id
        count = self.env["lot.rfid.count"].create({"location_id": place.id, "company_id": other.id})
        with self.assertRaises(ReadsError) as caught:
            self.seen(self.wand, sgtin(2), count=count.id)
        self.assertEqual(caught.exception.status, 404)
        self.assertFalse(self.floor["lot.rfid.count"].search([("id", "=", count.id)]))

    def test_reader_counts_nothing(self):
        with self.assertRaises(AccessError):
            self.env["lot.rfid.count"].with_user(self.reader).create({"location_id": self.shelf.id})
        count = self.count_of(1)
        with self.assertRaises(AccessError):
            count.with_user(self.reader).add([sgtin(2)])

    # -- the result ----------------------------------------------------------------------------

    def test_missing_misplaced_unexpected_and_unknown_are_told_apart(self):
        self.drills(1, 2, location=self.shelf)
        self.drills(3, location=self.other)
        self.lot(self.drill, "4")
        count = self.count_of(1, 3, 4, 5)
        count.action_compare()
        identity = "(01)09506000134352(21)5"
        found = {line.lot_id.name or line.identity: line for line in count.line_ids}
        self.assertEqual(
            {name: line.kind for name, line in found.items()},
            {
                "1": "right",
                "2": "missing",
                "3": "misplaced",
                "4": "unexpected",
                identity: "unknown",
            },
        )
        self.assertIn("Other shelf", found["3"].note)
        self.assertIn("no lot 5", found[identity].note)
        self.assertEqual((count.right, count.missing, count.misplaced), (1, 1, 1))
        self.assertEqual((count.unexpected, count.unknown), (1, 1))

    def test_place_includes_those_below_it(self):
        self.drills(1, location=self.shelf)
        self.drills(2, location=self.other)
        count = self.count_of(1, location_id=self.stock.id)
        count.action_compare()
        self.assertEqual(self.results(count), {"1": "right", "2": "missing"})

    def test_held_and_expired_lots_are_told(self):
        held, _fine = self.drills(1, 2, location=self.shelf)
        held.with_user(self.quality).set_status("hold", "Cracked housing")
        count = self.count_of(1, 2)
        count.action_compare()
        warned = count.line_ids.filtered("warning")
        self.assertEqual((warned.lot_id, count.warned), (held, 1))
        self.assertIn("Cracked housing", warned.warning)

    def test_goods_without_tags_are_left_out_unless_everything_is_counted(self):
        self.drills(1, location=self.shelf)
        milk = self.product("Milk")
        lot = self.lot(milk, "M-1")
        self.env["stock.quant"]._update_available_quantity(milk, self.shelf, 5, lot_id=lot)
        count = self.count_of(1)
        count.action_compare()
        self.assertEqual(self.results(count), {"1": "right"})
        count.scope = "all"
        count.action_compare()
        self.assertEqual(self.results(count), {"1": "right", "M-1": "missing"})

    def test_more_tags_make_the_result_old(self):
        self.drills(1, 2, location=self.shelf)
        count = self.count_of(1)
        count.action_compare()
        count.add([sgtin(2)])
        self.assertEqual(count.state, "open")
        count.action_compare()
        self.assertEqual(set(self.results(count).values()), {"right"})

    def test_ten_thousand_tags_are_a_fixed_number_of_queries(self):
        serials = [str(serial) for serial in range(10_000)]
        self.env.cr.execute(
            """INSERT INTO stock_lot (product_id, name, create_date)
               SELECT %s, unnest(%s), now()""",
            [self.drill.id, serials],
        )
        self.env.cr.execute(
            """INSERT INTO stock_quant
                      (product_id, lot_id, location_id, company_id, quantity, reserved_quantity,
                       in_date)
               SELECT product_id, id, %s, %s, 1, 0, now() FROM stock_lot WHERE product_id = %s""",
            [self.shelf.id, self.env.company.id, self.drill.id],
        )
        self.env.invalidate_all()
        count = self.count_of()
        count.add([sgtin(serial) for serial in serials[:-3]])
        self.env.flush_all()
        self.env.invalidate_all()
        clock = time.perf_counter()
        with self.assertQueryCount(60):
            count.action_compare()
        elapsed = time.perf_counter() - clock
        self.assertEqual((count.right, count.missing), (9_997, 3))
        # Seconds, not minutes: what a person with a wand waits for.
        self.assertLess(elapsed, 60)

    def test_result_is_not_changed_by_hand(self):
        self.drills(1, location=self.shelf)
        count = self.count_of(1)
        count.action_compare()
        for record, values in (
            (count, {"state": "applied"}),
            (count, {"missing": 0}),
            (count.line_ids, {"counted": 7}),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(AccessError, "by hand"):
                record.write(values)

    # -- corrections ---------------------------------------------------------------------------

    def test_manager_corrects_the_chosen_lines_alone(self):
        one, two, three = self.drills(1, 2, 3, location=self.shelf)
        found = self.lot(self.drill, "4")
        count = self.count_of(1, 4)
        count.action_compare()
        lines = count.line_ids.filtered(lambda line: line.lot_id in two | found)
        lines.adjust = True
        count.with_user(self.manager).action_apply()
        self.assertEqual(count.state, "applied")
        self.assertFalse(self.at(two))
        self.assertEqual(self.at(found), {self.shelf: 1})
        self.assertEqual((self.at(one), self.at(three)), ({self.shelf: 1}, {self.shelf: 1}))
        self.assertEqual(count.line_ids.filtered("adjusted"), lines)
        self.env.cr.flush()
        event = self.events(two, "counted")
        self.assertEqual(event.user_id, self.manager)
        self.assertFalse(self.events(three, "counted"))

    def test_operator_may_not_correct_stock(self):
        lot = self.drills(2, location=self.shelf)
        count = self.count_of(1)
        count.action_compare()
        count.line_ids.adjust = True
        with self.assertRaisesRegex(AccessError, "inventory managers"):
            count.action_apply()
        self.assertEqual(self.at(lot), {self.shelf: 1})

    def test_nothing_is_corrected_that_was_not_chosen(self):
        self.drills(2, location=self.shelf)
        count = self.count_of(1)
        count.action_compare()
        with self.assertRaisesRegex(UserError, "Choose the lines"):
            count.with_user(self.manager).action_apply()

    def test_misplaced_and_unknown_goods_are_not_booked_by_guess(self):
        self.drills(3, location=self.other)
        count = self.count_of(3)
        count.action_compare()
        count.line_ids.adjust = True
        with self.assertRaisesRegex(UserError, "3 is not missing"):
            count.with_user(self.manager).action_apply()

    def test_stock_that_changed_since_is_compared_again(self):
        lot = self.drills(2, location=self.shelf)
        count = self.count_of(1)
        count.action_compare()
        count.line_ids.filtered("lot_id").adjust = True
        self.env["stock.quant"]._update_available_quantity(self.drill, self.shelf, -1, lot_id=lot)
        with self.assertRaisesRegex(UserError, "has changed since"):
            count.with_user(self.manager).action_apply()

    def test_shortage_in_several_places_is_left_to_a_person(self):
        milk = self.product("Milk", uom=self.units)
        lot = self.lot(milk, "M-1")
        for place in (self.shelf, self.other):
            self.env["stock.quant"]._update_available_quantity(milk, place, 10, lot_id=lot)
        self.floor["lot.rfid.tag"].enroll([sgtin(1, "09506000134376")], lot.id, 10)
        count = self.count_of(location_id=self.stock.id)
        count.add([sgtin(1, "09506000134376")])
        count.action_compare()
        line = count.line_ids
        self.assertEqual((line.kind, line.expected, line.counted), ("missing", 20, 10))
        line.adjust = True
        with self.assertRaisesRegex(UserError, "Count these by hand"):
            count.with_user(self.manager).action_apply()
        self.assertEqual(self.at(lot), {self.shelf: 10, self.other: 10})
