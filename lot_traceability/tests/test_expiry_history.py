from odoo.exceptions import AccessError
from odoo.tests import tagged

from .expiry_common import LotExpiryCommon


@tagged("post_install", "-at_install")
class TestExpiryHistory(LotExpiryCommon):
    """What was written off, and what went out nearly too late."""

    def history(self, *lots, env=None):
        self.env.invalidate_all()
        return (env or self.env)["lot.expiry.history"].search(
            [("lot_id", "in", [lot.id for lot in lots])], order="date, id"
        )

    def rows(self, *lots):
        return [
            (row.kind, row.near_miss, row.quantity, row.days_left, row.expired)
            for row in self.history(*lots)
        ]

    # -- written off -------------------------------------------------------------------------

    def test_scraps_and_counts_are_losses_with_cause_supplier_and_value(self):
        self.yoghurt.standard_price = 3
        lot = self.stocked("Y-1", 40, partner=self.mill)
        cause = self.env["stock.scrap.reason.tag"].create({"name": "Leaking"})
        scrap = self.floor["stock.scrap"].create(
            {
                "product_id": self.yoghurt.id,
                "lot_id": lot.id,
                "scrap_qty": 2,
                "location_id": self.stock.id,
                "scrap_reason_tag_ids": cause.ids,
            }
        )
        scrap.action_validate()
        self.wait(days=31)
        self.count(lot, 5)
        rows = self.history(lot)
        self.assertEqual(rows.mapped("kind"), ["scrap", "adjustment_out"])
        self.assertEqual(rows.mapped("quantity"), [2, 3])
        self.assertEqual(rows.mapped("value"), [6, 9])
        self.assertEqual(rows[0].reason_id, cause)
        self.assertFalse(rows[1].reason_id)
        self.assertEqual(rows.supplier_id, self.mill)
        self.assertEqual([day.month for day in rows.mapped("day")], [3, 4])
        self.assertFalse(any(rows.mapped("near_miss")))

    def test_losses_are_summed_by_month_cause_and_supplier(self):
        self.yoghurt.standard_price = 3
        lots = [self.stocked("Y-1", 40), self.stocked("Y-2", 40, partner=self.mill)]
        for lot in lots:
            self.scrap(lot, 2)
        groups = self.office["lot.expiry.history"].formatted_read_group(
            [("product_id", "=", self.yoghurt.id), ("near_miss", "=", False)],
            ["day:month", "reason_id", "supplier_id"],
            ["quantity:sum", "value:sum"],
        )
        found = {group["supplier_id"][1]: group["value:sum"] for group in groups}
        self.assertEqual(found, {"Dairy": 6, "Mill": 6})

    def test_one_move_of_several_lots_is_valued_by_its_parts(self):
        self.yoghurt.standard_price = 2
        lots = [self.stocked("Y-1", 1, 10), self.stocked("Y-2", 1, 30)]
        self.deliver({lots[0]: 10, lots[1]: 30})
        values = {row.lot_id: row.value for row in self.history(*lots)}
        self.assertEqual(values, dict(zip(lots, (20, 60), strict=True)))

    def test_goods_found_at_a_count_are_no_loss(self):
        lot = self.stocked("Y-1", 40)
        self.count(lot, 15)
        self.assertEqual(self.rows(lot), [])

    # -- near misses -------------------------------------------------------------------------

    def test_delivered_or_used_shortly_before_expiry_is_a_near_miss(self):
        self.company.near_miss_days = 3
        soon, edge, far = (self.stocked(f"Y-{days}", days) for days in (0, 3, 4))
        for lot in (edge, far):
            self.deliver({lot: 4})
        cake = self.product("Cake")
        self.make(self.lot(cake, "C-1"), 1, {soon: 2, far: 2})
        self.assertEqual(self.rows(edge), [("delivery", True, 4, 3, False)])
        self.assertEqual(self.rows(far), [])
        self.assertEqual(self.rows(soon), [("consumed", True, 2, 0, False)])
        self.assertEqual(self.history(edge).partner_id, self.shop)

    def test_a_lot_delivered_after_its_last_day_by_override_is_shown_as_expired(self):
        lot = self.stocked("Y-1", 1)
        picking = self.picking(
            self.plant.out_type_id, {lot: 2}, target=self.customers, partner=self.shop
        )
        self.wait(days=3)
        self.let_pass(lot, picking)
        self.validate(picking.with_context(skip_expired=True))
        self.assertEqual(self.rows(lot), [("delivery", True, 2, -2, True)])

    def let_pass(self, lot, document):
        """Quality lets the lot pass on this transfer for a reason."""
        self.laboratory["lot.gate.override"].create(
            {
                "lot_id": lot.id,
                "res_model": document._name,
                "res_id": document.id,
                "document_name": document.name,
                "refused_for": "Expired",
                "reason": "Tested: still good",
                "company_id": document.company_id.id,
            }
        )

    def test_the_last_day_ends_at_the_company_s_midnight(self):
        self.company.near_miss_days = 0
        for zone, expiry, before in (
            ("Pacific/Auckland", "2026-04-05 11:59:59", "2026-04-05 10:59:00"),
            ("America/Los_Angeles", "2026-03-09 06:59:59", "2026-03-09 05:59:00"),
        ):
            with self.subTest(zone=zone):
                self.company.lot_timezone = zone
                self.clock.move_to("2026-03-05 12:00:00")
                lot = self.stocked(f"Y-{zone}", 40)
                lot.write({"expiration_date": expiry, "removal_date": expiry})
                self.clock.move_to(before)
                self.deliver({lot: 1})
                self.assertEqual(self.rows(lot), [("delivery", True, 1, 0, False)])

    # -- who reads it ------------------------------------------------------------------------

    def test_operator_and_auditor_read_it_and_value_is_for_those_who_may_know_it(self):
        lot = self.stocked("Y-1", 40)
        self.scrap(lot, 2)
        self.assertEqual(self.history(lot, env=self.floor).quantity, 2)
        with self.assertRaises(AccessError):
            self.history(lot, env=self.floor).read(["value"])
        auditor = self.env(user=self.auditor)
        self.assertEqual(self.history(lot, env=auditor).read(["quantity"])[0]["quantity"], 2)
        self.history(lot, env=auditor).read(["value", "reason_id", "warehouse_id"])
        with self.assertRaises(AccessError):
            self.history(lot, env=self.env(user=self.reader))

    def test_another_company_s_losses_are_not_shown(self):
        lot = self.stocked("Y-1", 40)
        self.scrap(lot, 2)
        other = self.env["res.company"].create({"name": "Other"})
        self.operator.company_ids += other
        env = self.floor(context={"allowed_company_ids": other.ids})
        self.assertFalse(self.history(lot, env=env))
