from datetime import timedelta

from odoo import fields
from odoo.addons.point_of_sale.tests.common import CommonPosTest
from odoo.tests import new_test_user, tagged

from .common import GateMixin, GenealogyMixin


class TillCase(GateMixin, GenealogyMixin, CommonPosTest):
    """A till that sells ten of a lot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.point_of_sale_update_stock_quantities = "real"
        cls.goods = cls.ten_dollars_no_tax.product_variant_id
        cls.goods.write({"tracking": "lot", "is_storable": True})
        cls.lot = cls.env["stock.lot"].create({"name": "CHEESE-1", "product_id": cls.goods.id})

    def setUp(self):
        super().setUp()
        stock = self.company_data["default_warehouse"].lot_stock_id
        self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": self.goods.id,
                "location_id": stock.id,
                "lot_id": self.lot.id,
                "inventory_quantity": 10,
            }
        ).action_apply_inventory()

    def sell(self, quantity, customer=None, refund=False):
        """A paid order, and its paid refund."""
        cash = {"payment_method_id": self.cash_payment_method.id, "amount": 10 * quantity}
        return self.create_backend_pos_order(
            {
                "order_data": {"partner_id": customer and customer.id},
                "line_data": [
                    {
                        "product_id": self.goods.id,
                        "qty": quantity,
                        "pack_lot_ids": [(0, 0, {"lot_name": self.lot.name})],
                    }
                ],
                "payment_data": [cash],
                "refund_data": refund and [dict(cash, amount=-10 * quantity)],
            }
        )

    def close(self):
        self.pos_config_usd.current_session_id.action_pos_session_closing_control()


@tagged("post_install", "-at_install")
class TestPointOfSale(TillCase):
    """Goods sold over the counter: the lot is typed at the till."""

    def warnings(self, trace):
        return {warning["code"] for warning in trace["warnings"]}

    def test_a_sale_to_a_known_customer_delivers_the_lot_to_them(self):
        self.sell(2, self.partner_mobt)
        self.close()
        self.assertEqual(
            self.movements(self.lot),
            [("adjustment_in", 10.0, False), ("delivery", -2.0, "MOBT")],
        )
        trace = self.env["lot.trace"].trace(self.lot.ids, "downstream")
        self.assertNotIn("no_partner", self.warnings(trace))
        self.assert_balanced(self.lot)
        self.assert_no_drift()

    def test_a_sale_to_nobody_in_particular_warns_that_the_customer_is_unknown(self):
        self.sell(3)
        self.close()
        trace = self.env["lot.trace"].trace(self.lot.ids, "downstream")
        self.assertEqual(
            [(row["partner_id"], row["net"]) for row in trace["deliveries"]], [(False, 3.0)]
        )
        self.assertIn("no_partner", self.warnings(trace))
        self.assertFalse(trace["complete"])
        self.assert_no_drift()

    def test_a_refund_nets_what_the_customer_took(self):
        self.sell(2, self.partner_mobt, refund=True)
        self.close()
        self.assertEqual(
            self.movements(self.lot)[1:],
            [("delivery", -2.0, "MOBT"), ("customer_return", 2.0, "MOBT")],
        )
        trace = self.env["lot.trace"].trace(self.lot.ids, "downstream")
        self.assertEqual(
            [(row["partner"], row["returned"], row["net"]) for row in trace["deliveries"]],
            [("MOBT", 2.0, 0.0)],
        )
        self.assert_balanced(self.lot)
        self.assert_no_drift()

    def test_stock_booked_at_closing_warns_that_the_customer_is_unknown(self):
        """Core books one transfer for the whole session, without the customers of its orders."""
        self.env.company.point_of_sale_update_stock_quantities = "closing"
        self.sell(2, self.partner_mobt)
        self.assertEqual(self.movements(self.lot), [("adjustment_in", 10.0, False)])
        self.close()
        trace = self.env["lot.trace"].trace(self.lot.ids, "downstream")
        self.assertEqual([row["net"] for row in trace["deliveries"]], [2.0])
        self.assertIn("no_partner", self.warnings(trace))
        self.assert_balanced(self.lot)
        self.assert_no_drift()

    # -- the gate ---------------------------------------------------------------------------

    def test_held_lot_stays_in_stock_and_its_transfer_open(self):
        self.hold(self.lot)
        self.assertEqual(self.offered(), [])
        order = self.sell(2, self.partner_mobt)[0]
        picking = order.picking_ids
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(self.lot.product_qty, 10)
        self.assertIn("Listeria suspected", picking.lot_refusals)

    def offered(self):
        """The lots that the till lets the cashier choose from."""
        cashier = self.env["res.users"].search([("login", "=", "cashier")]) or new_test_user(
            self.env, "cashier", "base.group_user,point_of_sale.group_pos_user"
        )
        lines = self.env["pos.order.line"].with_user(cashier)
        rows = lines.get_existing_lots(self.env.company.id, self.pos_config_usd.id, self.goods.id)
        return [row["name"] for row in rows]

    def test_till_offers_no_lot_that_is_too_old(self):
        self.goods.use_expiration_date = True
        self.lot.expiration_date = fields.Datetime.now() + timedelta(days=30)
        self.assertEqual(self.offered(), ["CHEESE-1"])
        self.lot.expiration_date = fields.Datetime.now() - timedelta(days=3)
        self.assertEqual(self.offered(), [])

    def test_recalled_lot_stays_in_stock_and_its_transfer_open(self):
        self.assertEqual(self.offered(), ["CHEESE-1"])
        self.recall(self.lot)
        self.assertEqual(self.offered(), [])
        picking = self.sell(2, self.partner_mobt)[0].picking_ids
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(self.lot.product_qty, 10)
        self.assertIn("Recalled", picking.lot_refusals)
        self.assertIn("Listeria in cheese", picking.lot_refusals)
        self.assert_no_drift()

    def test_recalled_lot_stays_in_stock_when_the_session_books_at_its_end(self):
        self.env.company.point_of_sale_update_stock_quantities = "closing"
        self.sell(2, self.partner_mobt)
        self.recall(self.lot)
        session = self.pos_config_usd.current_session_id
        self.close()
        self.assertEqual(session.state, "closed")
        self.assertNotEqual(session.picking_ids.state, "done")
        self.assertEqual(self.lot.product_qty, 10)

    def test_what_the_till_sold_before_the_recall_is_with_a_consignee_of_it(self):
        self.sell(2, self.partner_mobt)
        self.sell(1)
        recall = self.recall(self.lot)
        self.assertEqual(recall.consignee_ids.partner_id, self.partner_mobt)
        self.assertEqual(recall.consignee_ids.line_ids.net, 2)
        recall.reconcile()
        row = recall.balance_ids
        self.assertEqual((row.on_hand, row.shipped, row.consumed, row.gap), (7, 3, 1, 2))
