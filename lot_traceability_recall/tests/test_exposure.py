from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import RecallCommon

FIGURES = ("lots", "customers", "units", "on_hand_value", "shipped_value", "value")


class ExposureCommon(RecallCommon):
    """- `refresh` runs the batch for the plant's company, `row` is what a reader sees of a lot,
    `figures` its numbers"""

    def refresh(self):
        company = self.plant.company_id
        return self.env["lot.exposure"]._refresh(company)

    def row(self, lot, company=None):
        company = company or self.plant.company_id
        return (
            self.env["lot.exposure"]
            .with_user(self.reader)
            .search([("lot_id", "=", lot.id), ("company_id", "=", company.id)])
        )

    def figures(self, lot):
        row = self.row(lot)
        return tuple(row[name] for name in FIGURES)

    def exact(self, *lots):
        rows = self.env["lot.exposure"].with_user(self.reader).exact([lot.id for lot in lots])
        return [tuple(row[name] for name in FIGURES) for row in rows]


@tagged("post_install", "-at_install")
class TestExposure(ExposureCommon):
    """What a recall of each lot would take, before anything happens."""

    def test_raw_lot_takes_itself_what_was_made_of_it_and_who_has_that(self):
        self.refresh()
        # 60 milk at 1; 4 and 6 cheeses in stock and 6 and 4 sent, at 8.
        wanted = (3, 2, 80.0, 60 + 80.0, 80.0, 220.0)
        self.assertEqual(self.figures(self.milk), wanted)
        self.assertEqual(self.exact(self.milk), [wanted])
        self.assertFalse(self.row(self.milk).estimated)
        self.assertEqual(self.row(self.milk).supplier_id, self.dairy)
        self.assertEqual(self.row(self.milk).product_id, self.milk_product)

    def test_batch_and_exact_agree_on_every_lot_of_the_plant(self):
        self.give_back(self.to_shop, {self.cheese_1: 2})
        self.refresh()
        lots = [self.milk, self.good_milk, self.cheese_1, self.cheese_2, self.good_cheese]
        self.assertEqual([self.figures(lot) for lot in lots], self.exact(*lots))

    def test_goods_that_came_back_are_in_stock_again_and_their_customer_stays(self):
        self.give_back(self.to_shop, {self.cheese_1: 6})
        self.refresh()
        self.assertEqual(self.figures(self.cheese_1), (1, 1, 10.0, 80.0, 0.0, 80.0))

    def test_what_left_before_the_suspect_came_counts_in_the_batch_and_not_exactly(self):
        blend = self.lot(self.cheese_product, "BLEND")
        self.make(blend, 5, {self.good_milk: 10})
        self.deliver({blend: 2}, self.shop)
        self.make(blend, 5, {self.milk: 10})
        self.refresh()
        row = self.row(self.milk)
        self.assertTrue(row.estimated)
        self.assertEqual(row.shipped_value, 96.0)
        self.assertEqual(self.exact(self.milk)[0][4], 80.0)
        row.action_exact()
        self.assertEqual((row.shipped_value, row.estimated), (80.0, False))

    def test_rework_in_a_circle_ends_and_counts_each_lot_once(self):
        rework = self.lot(self.cheese_product, "REWORK")
        self.make(rework, 5, {self.cheese_1: 2})
        self.make(self.cheese_1, 1, {rework: 1})
        self.refresh()
        self.assertEqual(self.row(self.milk).lots, 4)
        self.assertEqual(self.row(rework).lots, 2)
        self.assertEqual(self.row(self.cheese_1).lots, 2)
        self.assertTrue(self.row(rework).estimated)

    def test_second_batch_changes_only_what_has_changed(self):
        self.refresh()
        before = self.row(self.milk)
        ids = self.env["lot.exposure"].search([]).ids
        self.refresh()
        self.assertEqual(self.env["lot.exposure"].search([]).ids, ids)
        self.deliver({self.cheese_1: 1}, self.cafe)
        self.refresh()
        self.assertEqual(self.row(self.milk), before)
        self.assertEqual(before.shipped_value, 88.0)
        self.assertEqual(self.row(self.cheese_1).customers, 2)

    def test_lot_that_is_gone_and_was_never_linked_leaves_the_board(self):
        loose = self.lot(self.milk_product, "LOOSE")
        self.receive({loose: 5}, self.dairy)
        self.refresh()
        self.assertEqual(self.figures(loose), (1, 0, 5.0, 5.0, 0.0, 5.0))
        self.scrap(loose, 5)
        self.refresh()
        self.assertFalse(self.row(loose))

    def test_lot_or_supplier_that_is_deleted_leaves_no_dangling_figure(self):
        spare = self.lot(self.milk_product, "SPARE")
        self.env["lot.exposure"].with_context(active_test=False)._keep_exact(
            self.plant.company_id, spare
        )
        self.assertTrue(self.row(spare))
        spare.sudo().unlink()
        self.assertFalse(self.row(spare))
        trader = self.env["res.partner"].create({"name": "Trader"})
        self.refresh()
        # sudo: as the batch writes it
        self.row(self.milk).sudo().supplier_id = trader
        trader.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.row(self.milk).supplier_id)

    def test_cost_by_lot_is_used_where_lots_are_valued(self):
        self.cheese_product.product_tmpl_id.lot_valuated = True
        self.cheese_1.with_company(self.plant.company_id).standard_price = 10.0
        self.refresh()
        self.assertEqual(self.row(self.cheese_1).value, 100.0)
        self.assertEqual(self.exact(self.cheese_1)[0][5], 100.0)

    def test_companies_see_their_own_rows_alone(self):
        self.refresh()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertEqual(self.env["lot.exposure"]._refresh(other), 0)
        self.reader.write({"company_ids": [(4, other.id)]})
        rows = self.env["lot.exposure"].with_user(self.reader)
        self.assertFalse(rows.with_context(allowed_company_ids=other.ids).search([]))
        self.assertTrue(self.row(self.milk))

    def test_reader_sees_and_computes_but_writes_nothing_and_a_clerk_sees_none(self):
        self.refresh()
        row = self.row(self.milk)
        row.action_exact()
        with self.assertRaises(AccessError):
            row.write({"lots": 1})
        clerk = new_test_user(self.env, login="exposure_clerk", groups="base.group_user")
        floor = self.env["lot.exposure"].with_user(clerk)
        with self.assertRaises(AccessError):
            floor.search([])
        with self.assertRaises(AccessError):
            floor.exact(self.milk.ids)

    def test_exact_refuses_what_is_no_lot(self):
        with self.assertRaises(ValidationError):
            self.env["lot.exposure"].with_user(self.reader).exact([2**30])

    def test_lot_form_shows_the_figures_and_computes_those_of_a_new_lot(self):
        lot = self.milk.with_user(self.reader)
        self.assertFalse(lot.exposure_text)
        action = lot.action_exposure()
        row = self.env["lot.exposure"].browse(action["res_id"])
        self.assertEqual((row.lot_id, row.lots), (self.milk, 3))
        lot.invalidate_recordset()
        self.assertEqual(lot.exposure_lots, 3)
        self.assertIn("2 customers", lot.exposure_text)
        self.assertEqual(lot.action_exposure()["res_id"], row.id)

    def test_nightly_job_refreshes_every_company_with_the_batch(self):
        self.patch(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: float("inf")
        )
        self.env["lot.exposure"]._cron_refresh()
        self.assertTrue(self.row(self.milk))
        self.assertTrue(self.plant.company_id.lot_exposure_on)
        self.assertEqual(self.row(self.milk).computed_on, self.plant.company_id.lot_exposure_on)

    def test_company_whose_refresh_fails_keeps_no_other_waiting(self):
        self.patch(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: float("inf")
        )
        broken = self.env["res.company"].create({"name": "Broken"})
        refresh = self.registry["lot.exposure"]._refresh

        def refresh_but_one(batch, company):
            if company == broken:
                raise ValueError("no such figure")
            return refresh(batch, company)

        self.patch(self.registry["lot.exposure"], "_refresh", refresh_but_one)
        with self.assertLogs("odoo.addons.lot_traceability_recall", "ERROR") as log:
            self.env["lot.exposure"]._cron_refresh()
        self.assertIn(f"company {broken.id}", log.output[0])
        self.assertTrue(self.row(self.milk))
        self.assertFalse(broken.lot_exposure_on)

    def test_board_takes_the_worst_of_a_supplier_and_adds_nothing_up(self):
        second = self.lot(self.milk_product, "MILK-2", supplier_id=self.dairy.id)
        self.receive({second: 10}, self.dairy)
        self.refresh()
        rows = self.env["lot.exposure"].with_user(self.reader)
        found = rows._read_group(
            [("lot_id", "in", (self.milk | second).ids)], ["supplier_id"], ["value:max"]
        )
        self.assertEqual(found, [(self.dairy.with_user(self.reader), 220.0)])
        self.assertEqual(rows.search([], limit=1).lot_id, self.milk)

    def test_lots_per_delivery_tell_what_fewer_lots_would_save(self):
        picking = self.deliver({self.cheese_1: 1, self.cheese_2: 1}, self.shop)
        spread = self.env["lot.exposure.spread"].with_user(self.reader)
        row = spread.search([("picking_id", "=", picking.id)])
        self.assertEqual((row.lots, row.lots_more, row.quantity), (2, 1, 2.0))
        first = spread.search([("picking_id", "=", self.to_shop.id)])
        self.assertEqual((first.lots, first.lots_more), (1, 0))
