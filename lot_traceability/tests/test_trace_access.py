from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import LotTraceabilityCommon

CALLS = ("trace", "overview", "where_is", "who_received", "history", "mass_balance")


@tagged("post_install", "-at_install")
class TestTraceAccess(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.milk_a, cls.cheese_lot = cls.lot(cls.milk, "MILK-A"), cls.lot(cls.cheese, "C-1")
        cls.receive({cls.milk_a: 100}, cls.dairy)
        cls.make(cls.cheese_lot, 10, {cls.milk_a: 60})
        cls.deliver({cls.cheese_lot: 10}, cls.shop)

    def api(self, user):
        return self.env["lot.trace"].with_user(user)

    def test_reader_alone_may_trace_and_find(self):
        self.assertEqual(
            self.reader.all_group_ids & self.env.ref("stock.group_stock_user"),
            self.env["res.groups"],
        )
        api = self.api(self.reader)
        for call in CALLS:
            self.assertTrue(getattr(api, call)(self.milk_a.ids), call)
        self.assertTrue(api.rows(self.milk_a.ids, "both", "deliveries")["rows"])
        self.assertEqual(api.find("MILK-A")["lot_ids"], self.milk_a.ids)
        result = api.trace(self.milk_a.ids)
        self.assertEqual([row["partner"] for row in result["deliveries"]], ["Shop"])
        self.assertTrue(
            all(row["document"]["name"] for row in result["deliveries"] + result["edges"])
        )

    def test_reader_sees_no_costs_and_the_manager_does(self):
        self.cheese.standard_price = self.milk.standard_price = 7
        values = {
            user: [row["value"] for row in self.api(user).where_is(self.milk_a.ids)]
            for user in (self.reader, self.manager)
        }
        self.assertEqual(values, {self.reader: [0], self.manager: [280]})

    def test_reader_may_change_nothing(self):
        for model in ("lot.genealogy.edge", "lot.genealogy.movement"):
            record = self.env[model].search([], limit=1)
            for user in (self.reader, self.operator, self.manager):
                self.assertTrue(record.with_user(user).has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(record.with_user(user).has_access(operation), operation)
        with self.assertRaises(AccessError):
            self.milk_a.with_user(self.reader).name = "X"
        with self.assertRaises(AccessError):
            self.env["lot.genealogy.rebuild"].with_user(self.reader).action_start()

    def test_employee_without_the_right_is_refused(self):
        for groups in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, login=groups, groups=groups)
            for call in CALLS:
                with self.assertRaises(AccessError, msg=call):
                    getattr(self.api(user), call)(self.milk_a.ids)
            with self.assertRaises(AccessError):
                self.api(user).find("MILK-A")
            with self.assertRaises(AccessError):
                self.api(user).rows(self.milk_a.ids, "both", "lots")

    def test_lots_hidden_by_a_rule_are_left_out_of_the_result(self):
        self.env["ir.rule"].create(
            {
                "name": "No cheese",
                "model_id": self.env["ir.model"]._get_id("stock.lot"),
                "domain_force": f"[('product_id', '!=', {self.cheese.id})]",
            }
        )
        result = self.api(self.reader).trace(self.milk_a.ids)
        self.assertEqual([row["name"] for row in result["lots"]], ["MILK-A"])
        self.assertEqual((result["edges"], result["deliveries"]), ([], []))
        self.assertFalse(result["complete"])
        self.assertIn("hidden", {row["code"] for row in result["warnings"]})

    def test_every_call_works_in_a_read_only_transaction(self):
        api = self.api(self.reader)
        self.env.flush_all()
        self.env.cr.flush()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.env.cr.execute(SQL("SET LOCAL transaction_read_only = on"))
            for call in CALLS:
                self.assertTrue(getattr(api, call)(self.milk_a.ids), call)
            self.assertTrue(api.rows(self.milk_a.ids, "both", "lots")["rows"])
            self.assertTrue(api.find("MILK-A")["lot_ids"])
            raise ZeroDivisionError
        for call in (*CALLS, "rows", "find"):
            self.assertTrue(getattr(self.registry["lot.trace"], call)._readonly, call)

    # -- input -------------------------------------------------------------------------------

    def assertOneSentence(self, error):
        message = str(error.exception)
        self.assertTrue(message.endswith("."), message)
        self.assertNotIn("\n", message)
        self.assertLess(len(message), 200)

    def test_ids_that_are_no_lots_get_a_clear_message(self):
        lot = self.lot(self.milk, "GONE")
        gone = lot.id
        lot.unlink()
        unknown = self.env["stock.lot"].search([], order="id desc", limit=1).id + 1000
        bad = (
            [], None, False, "1", 5, {}, [None], ["1"], [True], [1.5], [[1]], [{}],
            [0], [-1], [2**31], [2**63], [-(2**70)], [unknown], [gone], [self.milk_a.id, gone],
            list(range(1, 6000)),
        )  # fmt: skip
        for ids in bad:
            for call in CALLS:
                with (
                    self.subTest(call=call, ids=str(ids)[:40]),
                    self.assertRaises(ValidationError) as error,
                ):
                    getattr(self.api(self.reader), call)(ids)
                self.assertOneSentence(error)
        # Nothing is broken afterwards.
        self.assertTrue(self.api(self.reader).trace(self.milk_a.ids)["lots"])

    def test_other_bad_arguments_get_a_clear_message(self):
        api, ids = self.api(self.reader), self.milk_a.ids
        calls = (
            *(
                lambda d=d: api.trace(ids, d)
                for d in ("", "up", None, 1, ["both"], {}, "x" * 10_000)
            ),
            *(lambda d=d: api.trace(ids, "both", d) for d in ("1", -1, 1.5, None, [1])),
            *(
                lambda t=t: api.rows(ids, "both", t)
                for t in ("", "x", None, 1, ["lots"], "__class__")
            ),
            *(lambda o=o: api.rows(ids, "both", "lots", o) for o in ("1", -1, None, 1.5)),
            *(lambda n=n: api.rows(ids, "both", "lots", 0, n) for n in ("1", -1, None, 1.5)),
            *(
                lambda f=f: api.rows(ids, "both", "lots", 0, 5, f)
                for f in ("x", [1], {"level": "1"})
            ),
            *(lambda n=n: api.overview(ids, "both", n) for n in ("1", -1, None, 1.5)),
        )
        for position, call in enumerate(calls):
            with self.subTest(position), self.assertRaises(ValidationError) as error:
                call()
            self.assertOneSentence(error)
