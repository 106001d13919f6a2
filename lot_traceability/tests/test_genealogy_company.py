from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OPERATOR_GROUPS, LotTraceabilityCommon


class TwoCompanies(LotTraceabilityCommon):
    """A sister company with a plant, the transit between both, a user of both and a reader of
    each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.here = cls.env.company
        cls.sister = cls.env["res.company"].create({"name": "Sister"})
        cls.sister_plant = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.sister.id)], limit=1
        )
        cls.transit = cls.env.ref("stock.stock_location_inter_company")
        cls.transit.active = True
        cls.both = new_test_user(
            cls.env,
            login="flow_both",
            groups=OPERATOR_GROUPS,
            company_id=cls.here.id,
            company_ids=[(6, 0, (cls.here | cls.sister).ids)],
        )
        cls.sister_reader = new_test_user(
            cls.env,
            login="flow_sister",
            groups="lot_traceability.group_reader",
            company_id=cls.sister.id,
            company_ids=[(6, 0, cls.sister.ids)],
        )

    @classmethod
    def work_in(cls, company):
        """From now on the user of both companies works, in this one."""
        companies = company | cls.both.company_ids
        cls.floor = cls.env(
            user=cls.both, context=dict(cls.env.context, allowed_company_ids=companies.ids)
        )

    @classmethod
    def picking(cls, operation_type, *args, **kwargs):
        if cls.floor.user == cls.both:
            cls.work_in(operation_type.company_id)
        return super().picking(operation_type, *args, **kwargs)

    @classmethod
    def receipt(cls, content):
        """What the sister takes out of the transit, not validated."""
        return cls.picking(
            cls.sister_plant.in_type_id,
            content,
            source=cls.transit,
            partner=cls.here.partner_id,
        )

    @classmethod
    def receive_from_here(cls, content):
        return cls.validate(cls.receipt(content))

    def trace(self, user, lots, direction="both"):
        return (
            self.env["lot.trace"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .trace(lots.ids, direction)
        )

    def codes(self, result):
        return {row["code"] for row in result["warnings"]}


@tagged("post_install", "-at_install")
class TestGenealogyCompany(TwoCompanies):
    """Goods go from one company to another through the transit between them; the lot belongs to
    both (no company)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.milk_a = cls.lot(cls.milk, "MILK-A")
        cls.receive({cls.milk_a: 100}, cls.dairy)
        cls.validate(
            cls.picking(
                cls.plant.out_type_id,
                {cls.milk_a: 60},
                target=cls.transit,
                partner=cls.sister.partner_id,
            )
        )
        cls.work_in(cls.sister)
        cls.receive_from_here({cls.milk_a: 60})
        cls.cheese_lot = cls.lot(cls.cheese, "C-1")
        cls.production = cls.make(cls.cheese_lot, 6, {cls.milk_a: 60}, warehouse=cls.sister_plant)
        cls.deliver({cls.cheese_lot: 5}, cls.cafe, warehouse=cls.sister_plant)

    def test_shared_lot_leaves_one_company_and_enters_the_other(self):
        self.assertMovements(
            self.milk_a,
            [
                ("receipt", 100, self.dairy),
                ("intercompany_out", -60, self.sister.partner_id),
                ("intercompany_in", 60, self.here.partner_id),
                ("consumed", -60, None),
            ],
        )
        movements = self.env["lot.genealogy.movement"].search([("lot_id", "=", self.milk_a.id)])
        self.assertEqual(
            {row.kind: row.company_id for row in movements},
            {
                "receipt": self.here,
                "intercompany_out": self.here,
                "intercompany_in": self.sister,
                "consumed": self.sister,
            },
        )
        self.assertEdges(None, {("MILK-A", "C-1"): (60, 6)})
        self.assertNoDrift()

    def test_user_of_both_companies_follows_the_chain_to_the_customer(self):
        result = self.trace(self.both, self.milk_a)
        self.assertEqual({row["name"] for row in result["lots"]}, {"MILK-A", "C-1"})
        self.assertIn(("Café", 5), [(r["partner"], r["quantity"]) for r in result["deliveries"]])
        self.assertNotIn("other_company", self.codes(result))

    def test_user_of_one_company_sees_its_own_part_and_is_told_that_there_is_more(self):
        result = self.trace(self.reader, self.milk_a)
        self.assertEqual({row["name"] for row in result["lots"]}, {"MILK-A"})
        self.assertEqual(
            [(r["partner"], r["quantity"]) for r in result["receipts"]], [("Dairy", 100)]
        )
        self.assertEqual([r["partner"] for r in result["deliveries"]], ["Sister"])
        self.assertIn("other_company", self.codes(result))
        self.assertFalse(result["complete"])
        self.assertEqual({row["company_id"] for row in result["on_hand"]}, {self.here.id})

    def test_user_of_the_other_company_sees_the_part_of_that_company(self):
        result = self.trace(self.sister_reader, self.cheese_lot)
        self.assertEqual({row["name"] for row in result["lots"]}, {"MILK-A", "C-1"})
        self.assertEqual(
            [(r["partner"], r["quantity"]) for r in result["receipts"]], [(self.here.name, 60)]
        )
        self.assertIn("other_company", self.codes(result))
        self.assertEqual(
            {
                row["company_id"]
                for row in self.env["lot.trace"]
                .with_user(self.sister_reader)
                .history(self.milk_a.ids)
            },
            {self.sister.id},
        )

    def test_mass_balance_of_each_company_is_its_own_and_adds_up(self):
        for user, expected in ((self.reader, 40), (self.sister_reader, 0), (self.both, 40)):
            row = (
                self.env["lot.trace"]
                .with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .mass_balance(self.milk_a.ids)[0]
            )
            self.assertEqual((row["on_hand"], row["difference"]), (expected, 0), user.login)

    def test_lot_of_another_company_is_refused(self):
        own = self.lot(self.cheese, "OWN-1", company_id=self.sister.id)
        with self.assertRaises(AccessError):
            self.trace(self.reader, own)
        self.assertEqual(self.env["lot.trace"].with_user(self.reader).find("OWN-1")["lot_ids"], [])
        self.assertEqual(
            self.env["lot.trace"].with_user(self.sister_reader).find("OWN-1")["lot_ids"], own.ids
        )

    def test_chain_through_a_lot_of_another_company_is_walked_but_not_shown(self):
        """C-1 belongs to the sister alone: whoever may not read it gets the warning."""
        self.cheese_lot.company_id = self.sister
        result = self.trace(self.reader, self.milk_a)
        self.assertNotIn("C-1", {row["name"] for row in result["lots"]})
        self.assertIn("other_company", self.codes(result))
        self.assertNotIn("C-1", str(result))

    def test_find_in_one_company_leaves_out_lots_of_another(self):
        self.cheese_lot.company_id = self.sister
        find = (
            self.env["lot.trace"]
            .with_user(self.both)
            .with_context(allowed_company_ids=self.both.company_ids.ids)
            .find
        )
        self.assertEqual(find("C-1")["lot_ids"], self.cheese_lot.ids)
        self.assertEqual(find("C-1", self.here.id)["lot_ids"], [])
        self.assertEqual(find("C-1", self.sister.id)["lot_ids"], self.cheese_lot.ids)
        self.assertEqual(find("MILK-A", self.sister.id)["lot_ids"], self.milk_a.ids)
