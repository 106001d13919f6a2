from odoo.tests import tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaQueries(FsmaCommon):
    def flushed(self, act):
        """The queries that recording adds when the document has been validated."""
        self.env.flush_all()
        act()
        self.env.flush_all()
        self.env["lot.genealogy.upkeep"]._flush_pending()
        before = self.env.cr.sql_log_count
        self.env["lot.fsma.recorder"]._flush()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def delivery(self, product, count, prefix):
        lots = [self.coded(product, f"{prefix}{number}", 10) for number in range(count)]
        picking = self.picking(
            self.plant.out_type_id,
            dict.fromkeys(lots, 1),
            target=self.customers,
            partner=self.market,
        )
        return self.flushed(lambda: picking.with_context(skip_backorder=True).button_validate())

    def test_recording_a_delivery_costs_few_queries_however_many_lots(self):
        self.delivery(self.lettuce, 1, "A")
        one, many = self.delivery(self.lettuce, 1, "B"), self.delivery(self.lettuce, 20, "C")
        self.assertLessEqual(many, one)
        self.assertLessEqual(many, 4)

    def receipt(self, count, prefix):
        picking = self.picking(
            self.plant.in_type_id,
            {self.lot(self.lettuce, f"{prefix}{number}"): 1 for number in range(count)},
            source=self.suppliers,
            partner=self.distributor,
        )
        for line in picking.move_line_ids:
            line.write({"fsma_code": f"T-{line.lot_id.name}", "fsma_source_id": self.grower.id})
        return self.flushed(lambda: picking.with_context(skip_backorder=True).button_validate())

    def test_recording_a_receipt_costs_few_queries_however_many_lots(self):
        self.receipt(1, "A")
        one, many = self.receipt(1, "B"), self.receipt(20, "C")
        self.assertLessEqual(many, one)
        # Codes are made, and the lots linked with them: three queries, for the audit log watches.
        self.assertLessEqual(many, 7)

    def order_of(self, prefix):
        lots = [self.coded(self.lettuce, f"{prefix}{number}", 10) for number in range(3)]
        made = self.lot(self.cut, f"{prefix}-CUT")
        order = self.order(self.cut, 3, dict.fromkeys(lots, 1))
        order.lot_producing_ids = made.with_env(self.floor)
        order.qty_producing = 3
        order._set_qty_producing()
        self.fill(order.move_raw_ids, dict.fromkeys(lots, 1))
        return self.flushed(lambda: order.with_context(skip_consumption=True).button_mark_done())

    def test_recording_an_order_costs_few_queries(self):
        self.cut = self.listed("Cut")
        self.order_of("A")
        found = self.order_of("B")
        self.assertLessEqual(found, 9)

    def test_goods_that_are_not_traced_cost_nothing(self):
        flour = self.product("Flour")
        self.assertEqual(self.delivery(flour, 2, "F"), 0)
