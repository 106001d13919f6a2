from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestShelfLifeReservation(LotTraceabilityCommon):
    """Short-dated stock goes to whoever may take it; nobody gets a lot that is too old for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fefo = cls.env["product.category"].create(
            {
                "name": "Fresh",
                "removal_strategy_id": cls.env.ref("product_expiry.removal_fefo").id,
            }
        )
        cls.ham = cls.product(
            "Ham", use_expiration_date=True, expiration_time=60, categ_id=cls.fefo.id
        )
        cls.short, cls.middle, cls.long = (
            cls.dated(f"{name}", days) for name, days in (("D10", 10), ("D20", 20), ("D40", 40))
        )

    @classmethod
    def dated(cls, name, days, product=None):
        """A received lot of 10 that expires so many days from now."""
        lot = cls.received(product or cls.ham, name, 10)
        expiry = fields.Datetime.now() + timedelta(days=days)
        lot.write({"expiration_date": expiry, "removal_date": expiry})
        return lot

    @classmethod
    def rule(cls, **values):
        return cls.env["lot.shelf.life"].create(values)

    def deliver_to(self, partner, quantity, planned=None, **values):
        """A reserved delivery; {lot's name: quantity} of what it takes."""
        picking = self.floor["stock.picking"].create(
            {
                "picking_type_id": self.plant.out_type_id.id,
                "partner_id": partner.id,
                "scheduled_date": planned or fields.Datetime.now(),
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.ham.id,
                            "product_uom_qty": quantity,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                            "partner_id": partner.id,
                            **values,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return self.taken(picking)

    def taken(self, picking):
        return {line.lot_id.name: line.quantity for line in picking.move_line_ids}

    def test_first_expiring_lot_that_fits_the_customer_is_taken(self):
        self.rule(partner_id=self.shop.id, minimum_days=15)
        self.assertEqual(self.deliver_to(self.shop, 12), {"D20": 10, "D40": 2})
        self.assertEqual(self.deliver_to(self.cafe, 12), {"D10": 10, "D40": 2})

    def test_lot_fits_on_the_last_day_that_suffices(self):
        self.rule(partner_id=self.shop.id, minimum_days=10)
        self.assertEqual(self.deliver_to(self.shop, 1), {"D10": 1})
        self.env["lot.shelf.life"].search([]).minimum_days = 11
        self.assertEqual(self.deliver_to(self.shop, 1), {"D20": 1})

    def test_days_count_from_the_planned_delivery(self):
        self.rule(partner_id=self.shop.id, minimum_days=10)
        later = fields.Datetime.now() + timedelta(days=5)
        self.assertEqual(self.deliver_to(self.shop, 1, planned=later), {"D20": 1})
        much_later = fields.Datetime.now() + timedelta(days=12)
        self.assertEqual(self.deliver_to(self.shop, 1, date_deadline=much_later), {"D40": 1})

    def test_rule_of_the_pair_comes_before_customer_before_category_before_product(self):
        branch = self.env["res.partner.category"].create({"name": "Retail"})
        self.shop.category_id = branch
        town = self.env["res.partner"].create({"name": "Town", "parent_id": self.shop.id})
        steps = (
            ({"categ_id": self.fefo.id, "minimum_days": 30}, {"D40": 1}),
            ({"product_tmpl_id": self.ham.product_tmpl_id.id, "minimum_days": 5}, {"D10": 1}),
            ({"partner_category_id": branch.id, "minimum_days": 15}, {"D20": 1}),
            ({"partner_id": self.shop.id, "minimum_days": 30}, {"D40": 1}),
            (
                {
                    "partner_id": self.shop.id,
                    "product_tmpl_id": self.ham.product_tmpl_id.id,
                    "minimum_days": 2,
                },
                {"D10": 1},
            ),
        )
        for values, expected in steps:
            self.rule(**values)
            self.assertEqual(self.deliver_to(town, 1), expected, values)

    def test_share_of_the_life_is_asked(self):
        self.rule(partner_id=self.shop.id, minimum_share=0.5)
        self.assertEqual(self.deliver_to(self.shop, 1), {"D40": 1})

    def test_pick_of_a_route_in_steps_asks_for_the_customer(self):
        self.plant.delivery_steps = "pick_ship"
        self.rule(partner_id=self.shop.id, minimum_days=15)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "warehouse_id": self.plant.id,
                "order_line": [Command.create({"product_id": self.ham.id, "product_uom_qty": 3})],
            }
        )
        order.action_confirm()
        self.assertEqual(self.taken(order.picking_ids), {"D20": 3})

    def test_component_has_to_last_as_long_as_production_asks(self):
        self.rule(use="production", categ_id=self.fefo.id, minimum_days=15)
        pie = self.product("Pie")
        order = self.order(pie, 1, {self.ham: 3})
        order.action_assign()
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, self.middle)
        with self.assertRaisesRegex(UserError, "has to last until"), self.env.cr.savepoint():
            self.produce(order, self.lot(pie, "P-1"), components={self.short: 3})

    def test_lot_that_is_too_old_for_the_customer_is_not_delivered(self):
        self.rule(partner_id=self.shop.id, minimum_days=15)
        with self.assertRaisesRegex(UserError, "D10.*has to last until 2026-03-"):
            self.deliver({self.short: 1})
        self.deliver({self.short: 1}, partner=self.cafe)

    def test_rule_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.rule(partner_id=self.shop.id, minimum_days=15, company_id=other.id)
        self.assertEqual(self.deliver_to(self.shop, 1), {"D10": 1})

    def test_product_without_expiry_is_asked_nothing(self):
        self.rule(partner_id=self.shop.id, minimum_days=15)
        self.ham.use_expiration_date = False
        self.assertEqual(self.deliver_to(self.shop, 1), {"D10": 1})
