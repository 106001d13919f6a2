from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyProduction(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.salt = cls.product("Salt")
        cls.curd = cls.product("Curd")
        cls.cheese = cls.product("Cheese")
        cls.milk_a = cls.received(cls.milk, "MILK-A", 100, cls.dairy)
        cls.milk_b = cls.received(cls.milk, "MILK-B", 100, cls.dairy)
        cls.salt_a = cls.received(cls.salt, "SALT-A", 50, cls.mill)

    def test_receipt_gives_a_movement_from_the_supplier_and_no_link(self):
        self.assertMovements(self.milk_a, [("receipt", 100, self.dairy)])
        self.assertFalse(
            self.env["lot.genealogy.edge"].search([("parent_lot_id", "=", self.milk_a.id)])
        )
        self.assertNoDrift()

    def test_one_level_order_links_each_component_with_its_quantity(self):
        cheese = self.lot(self.cheese, "CHEESE-1")
        order = self.make(cheese, 10, {self.milk_a: 60, self.milk_b: 40, self.salt_a: 2})
        self.assertEdges(
            order,
            {
                ("MILK-A", "CHEESE-1"): (60, 6),
                ("MILK-B", "CHEESE-1"): (40, 4),
                ("SALT-A", "CHEESE-1"): (2, 10),
            },
        )
        self.assertMovements(cheese, [("produced", 10, None)])
        self.assertMovements(self.milk_b, [("receipt", 100, self.dairy), ("consumed", -40, None)])
        self.assertReached(cheese, upstream={"MILK-A", "MILK-B", "SALT-A"})
        self.assertNoDrift()

    def test_four_level_order_reaches_from_milk_to_pallet_and_back(self):
        parent, names = self.milk_a, []
        for name in ("Curd 1", "Wheel 2", "Portion 3", "Pallet 4"):
            lot = self.lot(self.product(name), name.upper())
            self.make(lot, 10, {parent: 10})
            names.append(lot.name)
            parent = lot
        self.deliver({parent: 10}, self.shop)
        self.assertReached(self.milk_a, downstream=names)
        self.assertReached(parent, upstream=["MILK-A", *names[:-1]])
        self.assertEqual(self.received_by(self.milk_a), {"Shop": (10, 0)})
        levels = {
            row["name"]: row["level"]
            for row in self.env["lot.trace"].trace(self.milk_a.ids, "downstream")["lots"]
        }
        self.assertEqual([levels[name] for name in names], [1, 2, 3, 4])
        self.assertNoDrift()
