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
        print("QUERIES", one, many)
        self.assertLessEqual(many, one)
        self.assertLessEqual(many, 6)

    def test_goods_that_are_not_traced_cost_nothing(self):
        flour = self.product("Flour")
        self.assertEqual(self.delivery(flour, 2, "F"), 0)
