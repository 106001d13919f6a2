from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestTraceScale(LotTraceabilityCommon):
    """One lot in 1,300 orders. One order is made by the flow, the others are copies of its rows,
    and a rebuild reads them like any history that was there before the module."""

    ORDERS = 1300

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.milk_a, cls.cheese_lot = cls.lot(cls.milk, "MILK-A"), cls.lot(cls.cheese, "C-0")
        cls.few, cls.few_cheese = cls.lot(cls.milk, "MILK-FEW"), cls.lot(cls.cheese, "C-FEW")
        cls.receive({cls.milk_a: 100_000, cls.few: 100})
        cls.make(cls.few_cheese, 10, {cls.few: 60})
        cls.deliver({cls.few_cheese: 6}, cls.cafe)
        order = cls.make(cls.cheese_lot, 10, {cls.milk_a: 60})
        delivery = cls.deliver({cls.cheese_lot: 6}, cls.shop)
        cls.env.flush_all()
        cls.copy_history(order, delivery)
        cls.env.invalidate_all()
        # A database that tests have emptied again and again knows its tables as empty.
        cls.env.cr.execute("ANALYZE stock_move_line, stock_move, stock_picking, mrp_production")
        rebuild = cls.env["lot.genealogy.rebuild"].create({})
        while rebuild._step():
            pass

    @classmethod
    def copy_history(cls, order, delivery):
        """Copies of the order, its finished lot and the lot's delivery; each with a lot of its
        own and a customer of its own, all from one lot of milk."""
        cls.multiply(
            "res_partner", cls.shop, {"complete_name": "'Shop ' || n", "name": "'Shop ' || n"}
        )
        cls.multiply("stock_lot", cls.cheese_lot, {"name": "'C-' || n"})
        cls.multiply("mrp_production", order, {"name": "'PLT/MO/X' || n"})
        cls.multiply(
            "stock_picking", delivery, {"name": "'PLT/OUT/X' || n", "partner_id": "res_partner"}
        )
        for move in order.move_raw_ids | order.move_finished_ids | delivery.move_ids:
            links = {
                "raw_material_production_id": "mrp_production",
                "production_id": "mrp_production",
                "picking_id": "stock_picking",
                "partner_id": "res_partner",
            }
            cls.multiply("stock_move", move, {name: to for name, to in links.items() if move[name]})
            links = {"move_id": "stock_move"}
            if move.picking_id:
                links["picking_id"] = "stock_picking"
            if move.product_id == cls.cheese:
                links["lot_id"] = "stock_lot"
            cls.multiply("stock_move_line", move.move_line_ids, links)

    @classmethod
    def multiply(cls, table, record, changes):
        """Insert copies of a row; a change is an expression with the number `n` of the copy, or
        the table in whose last copies the n-th is meant."""
        copied = cls.__dict__.get("copied") or {}
        cls.copied = copied
        pairs = []
        for column, value in changes.items():
            expression = f"({copied[value]} + n)" if value in copied else f"({value})"
            pairs.append(f"'{column}', {expression}")
        cls.env.cr.execute(SQL("SELECT MAX(id) FROM %s", SQL.identifier(table)))
        first = cls.env.cr.fetchone()[0]
        cls.env.cr.execute(
            SQL(
                f"""INSERT INTO %(table)s
                    SELECT copy.* FROM %(table)s row, GENERATE_SERIES(1, %(count)s) n,
                           LATERAL JSONB_POPULATE_RECORD(row, JSONB_BUILD_OBJECT(
                               'id', %(first)s + n {"".join(", " + pair for pair in pairs)})) copy
                     WHERE row.id = %(id)s""",
                table=SQL.identifier(table),
                count=cls.ORDERS - 1,
                first=first,
                id=record.id,
            )
        )
        cls.env.cr.execute(
            SQL(
                "SELECT SETVAL(%s, (SELECT MAX(id) FROM %s))",
                f"{table}_id_seq",
                SQL.identifier(table),
            )
        )
        copied[table] = first

    def queries(self, call):
        """How many statements a call sends, the caches of names and rights being warm."""
        call()
        self.env.flush_all()
        with patch.object(Cursor, "execute", autospec=True, side_effect=Cursor.execute) as execute:
            call()
        return execute.call_count

    def test_lot_in_1300_orders_is_traced_in_full(self):
        result = self.env["lot.trace"].with_user(self.reader).trace(self.milk_a.ids)
        self.assertEqual(len(result["lots"]), self.ORDERS + 1)
        self.assertEqual(len(result["edges"]), self.ORDERS)
        self.assertEqual(len(result["deliveries"]), self.ORDERS)
        self.assertEqual(len({row["partner_id"] for row in result["deliveries"]}), self.ORDERS)
        self.assertEqual(sum(row["parent_quantity"] for row in result["edges"]), 60 * self.ORDERS)
        self.assertTrue(result["complete"])
        self.assertNoDrift()

    def test_1152_lots_are_traced_at_once(self):
        lots = self.env["stock.lot"].search(
            [("product_id", "=", self.cheese.id)], limit=1152, order="id"
        )
        self.assertEqual(len(lots), 1152)
        result = self.env["lot.trace"].with_user(self.reader).trace(lots.ids, "upstream")
        self.assertEqual(result["origin"], lots.ids)
        names = {row["name"] for row in result["lots"] if row["side"] == "upstream"}
        self.assertEqual(names, {"MILK-A", "MILK-FEW"})
        self.assertEqual(len(result["edges"]), 1152)

    def test_screen_summarises_and_loses_nothing(self):
        result = self.env["lot.trace"].with_user(self.reader).overview(self.milk_a.ids)
        self.assertLessEqual(len(result["nodes"]), 300)
        count = sum(n["count"] for n in result["nodes"] if n["kind"] in ("lot", "group"))
        self.assertEqual(count, self.ORDERS + 1)
        self.assertEqual(result["tables"]["deliveries"]["total"], self.ORDERS)

    def test_number_of_queries_does_not_grow_with_the_lots(self):
        api = self.env["lot.trace"].with_user(self.reader)
        for call in ("trace", "overview", "who_received", "where_is", "history", "mass_balance"):
            few = self.queries(lambda call=call: getattr(api, call)(self.few.ids))
            many = self.queries(lambda call=call: getattr(api, call)(self.milk_a.ids))
            self.assertLessEqual(many, few, call)
            self.assertLess(many, 40, call)
        many_lots = self.env["stock.lot"].search([("product_id", "=", self.cheese.id)]).ids
        few = self.queries(lambda: api.trace(self.few_cheese.ids, "upstream"))
        self.assertLessEqual(self.queries(lambda: api.trace(many_lots, "upstream")), few)
