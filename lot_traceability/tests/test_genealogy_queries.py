from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common import LotTraceabilityCommon

# Statements that the upkeep may add to one validated document, whatever its lots.
BUDGET = 6


@tagged("post_install", "-at_install")
class TestGenealogyQueries(LotTraceabilityCommon):
    """What the upkeep costs: the same document is validated with it and with its marks switched
    off; the difference is ours, and does not grow with the lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.number = 0

    @classmethod
    def lots(cls, product, count):
        cls.number += 1
        return cls.env["stock.lot"].create(
            [
                {"product_id": product.id, "name": f"L{cls.number}-{number}"}
                for number in range(count)
            ]
        )

    def statements(self, prepare, count, upkeep=True):
        """Statements sent from pressing the button to the end of the transaction."""
        validate = prepare(count)
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        model = type(self.env["lot.genealogy.upkeep"])
        marks = {"_mark_done": lambda *args: None, "_mark_changed": lambda *args: None}
        with patch.object(Cursor, "execute", autospec=True, side_effect=Cursor.execute) as execute:
            if upkeep:
                validate()
                self.env.flush_all()
                self.env.cr.flush()
            else:
                with patch.multiple(model, **marks):
                    validate()
                    self.env.flush_all()
                    self.env.cr.flush()
        return execute.call_count

    def assertConstant(self, prepare):
        self.statements(prepare, 2)  # warm the caches of the registry
        extra = {
            count: self.statements(prepare, count) - self.statements(prepare, count, upkeep=False)
            for count in (1, 10, 50)
        }
        self.assertGreater(extra[1], 0, extra)
        self.assertLessEqual(max(extra.values()), BUDGET, extra)
        # An order that made one lot, all of it now, has no older links to take away.
        self.assertLessEqual(extra[10], extra[1] + 1, extra)
        self.assertLessEqual(extra[50], extra[10], extra)

    def receipt(self, count):
        picking = self.picking(
            self.plant.in_type_id,
            dict.fromkeys(self.lots(self.milk, count), 10),
            source=self.suppliers,
            partner=self.dairy,
        )
        return picking.button_validate

    def delivery(self, count):
        lots = self.lots(self.milk, count)
        self.receive(dict.fromkeys(lots, 10))
        picking = self.picking(
            self.plant.out_type_id,
            dict.fromkeys(lots, 10),
            target=self.customers,
            partner=self.shop,
        )
        return picking.button_validate

    def production(self, count):
        lots = self.lots(self.milk, count)
        self.receive(dict.fromkeys(lots, 10))
        order = self.order(self.cheese, 10, dict.fromkeys(lots, 10))
        order.lot_producing_ids = self.lots(self.cheese, 1).with_env(self.floor)
        order.qty_producing = 10
        order._set_qty_producing()
        self.fill(order.move_raw_ids, dict.fromkeys(lots, 10))
        return order.with_context(skip_consumption=True).button_mark_done

    def serials(self, count):
        pump = self.env["product.product"].search([("name", "=", "Pump")]) or self.product(
            "Pump", tracking="serial"
        )
        lot = self.lots(self.milk, 1)
        self.receive({lot: 1000})
        order = self.order(pump, count, {lot: count})
        order.lot_producing_ids = self.lots(pump, count).with_env(self.floor)
        order.qty_producing = count
        order._set_qty_producing()
        self.fill(order.move_raw_ids, {lot: count})
        return order.with_context(skip_consumption=True).button_mark_done

    def test_receipt_adds_a_constant_number_of_queries(self):
        self.assertConstant(self.receipt)

    def test_delivery_adds_a_constant_number_of_queries(self):
        self.assertConstant(self.delivery)

    def test_order_from_many_lots_adds_a_constant_number_of_queries(self):
        self.assertConstant(self.production)

    def test_order_of_many_serials_adds_a_constant_number_of_queries(self):
        self.assertConstant(self.serials)

    def test_correcting_many_done_lines_at_once_adds_a_constant_number_of_queries(self):
        def prepare(count):
            lots = self.lots(self.milk, count)
            picking = self.receive(dict.fromkeys(lots, 10))
            lines = picking.move_line_ids
            return lambda: lines.write({"date": "2026-01-01 00:00:00"})

        self.assertConstant(prepare)
