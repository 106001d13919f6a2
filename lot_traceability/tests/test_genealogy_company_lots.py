from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .test_genealogy_company import TwoCompanies


@tagged("post_install", "-at_install")
class TestGenealogyCompanyLots(TwoCompanies):
    """Each company has a lot of its own for the same goods: M-1 is sent and M-1 is received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk, cls.cheese = cls.product("Milk"), cls.product("Cheese")
        cls.ours = cls.lot(cls.milk, "M-1", company_id=cls.here.id)
        cls.theirs = cls.lot(cls.milk, "M-1", company_id=cls.sister.id)
        cls.other = cls.lot(cls.milk, "M-2", company_id=cls.here.id)
        cls.receive({cls.ours: 100, cls.other: 100}, cls.dairy)
        cls.work_in(cls.here)

    @classmethod
    def send(cls, content):
        return cls.validate(cls.sending(content))

    @classmethod
    def sending(cls, content):
        return cls.picking(
            cls.plant.out_type_id, content, target=cls.transit, partner=cls.sister.partner_id
        )

    def links(self, document):
        """{(sent lot, its company, received lot, its company): (quantity, certainty)}"""
        self.wait(seconds=1)
        edges = self.env["lot.genealogy.edge"].search(
            [("res_model", "=", document._name), ("res_id", "=", document.id)]
        )
        self.assertEqual(edges.mapped("kind"), ["transfer"] * len(edges))
        self.assertEqual(edges.mapped("parent_quantity"), edges.mapped("child_quantity"))
        return {
            (
                edge.parent_lot_id.name,
                edge.parent_lot_id.company_id.name,
                edge.child_lot_id.name,
                edge.child_lot_id.company_id.name,
            ): (round(edge.child_quantity, 4), edge.certainty)
            for edge in edges
        }

    def link(self, name="M-1", received="M-1", quantity=60, certainty="inferred"):
        return {(name, self.here.name, received, "Sister"): (quantity, certainty)}

    def test_lot_received_under_its_name_is_linked_to_the_lot_that_was_sent(self):
        sent = self.send({self.ours: 70})
        receipt = self.receive_from_here({self.theirs: 60})
        self.assertEqual(self.links(receipt), self.link())
        edge = self.env["lot.genealogy.edge"].search([])
        self.assertEqual(edge.company_id, self.sister)
        self.assertEqual(
            (edge.date, edge.date_out),
            (sent.move_line_ids.date, receipt.move_line_ids.date),
        )
        self.assertNoDrift()

    def test_chain_of_moves_makes_the_link_recorded(self):
        sent = self.send({self.ours: 60})
        receipt = self.receipt({self.theirs: 60})
        receipt.move_ids.move_orig_ids = sent.move_ids
        self.validate(receipt)
        self.assertEqual(self.links(receipt), self.link(certainty="recorded"))
        receipt.move_ids.move_orig_ids = False
        self.assertEqual(self.links(receipt), self.link())
        sent.move_ids.move_dest_ids = receipt.move_ids
        self.assertEqual(self.links(receipt), self.link(certainty="recorded"))
        self.assertNoDrift()

    def test_chain_tells_the_lot_that_was_received_under_another_name(self):
        new = self.lot(self.milk, "NEW", company_id=self.sister.id)
        sent = self.send({self.ours: 60, self.other: 40})
        receipt = self.receipt({self.theirs: 60, new: 40})
        receipt.move_ids.move_orig_ids = sent.move_ids
        self.validate(receipt)
        self.assertEqual(
            self.links(receipt),
            self.link(certainty="recorded") | self.link("M-2", "NEW", 40),
        )
        self.assertNoDrift()

    def test_receipt_booked_before_the_sending_is_linked_when_that_comes(self):
        sending = self.sending({self.ours: 60})
        receipt = self.receive_from_here({self.theirs: 60})
        self.assertEqual(self.links(receipt), {})
        self.validate(sending)
        self.assertEqual(self.links(receipt), self.link())
        self.assertNoDrift()

    def test_user_of_both_companies_follows_the_chain_both_ways(self):
        self.send({self.ours: 60})
        self.receive_from_here({self.theirs: 60})
        cheese = self.lot(self.cheese, "C-1", company_id=self.sister.id)
        self.make(cheese, 6, {self.theirs: 60}, warehouse=self.sister_plant)
        self.deliver({cheese: 5}, self.cafe, warehouse=self.sister_plant)
        result = self.trace(self.both, self.ours, "downstream")
        self.assertEqual([row["name"] for row in result["lots"]].count("M-1"), 2)
        self.assertIn(("Café", 5), [(r["partner"], r["quantity"]) for r in result["deliveries"]])
        self.assertNotIn("other_company", self.codes(result))
        self.assertIn("inferred", self.codes(result))
        result = self.trace(self.both, cheese, "upstream")
        self.assertIn(("Dairy", 100), [(r["partner"], r["quantity"]) for r in result["receipts"]])

    def test_user_of_one_company_is_told_that_the_chain_goes_on_elsewhere(self):
        self.send({self.ours: 60})
        self.receive_from_here({self.theirs: 60})
        cheese = self.lot(self.cheese, "C-1", company_id=self.sister.id)
        self.make(cheese, 6, {self.theirs: 60}, warehouse=self.sister_plant)
        self.ours.supplier_lot = "SECRET-OURS"
        for user, lots, direction, names in (
            (self.reader, self.ours, "downstream", ["M-1"]),
            (self.sister_reader, cheese, "upstream", ["C-1", "M-1"]),
        ):
            result = self.trace(user, lots, direction)
            self.assertEqual(sorted(row["name"] for row in result["lots"]), names)
            self.assertIn("other_company", self.codes(result))
            self.assertFalse(result["complete"])
            companies = {row["company_id"] for row in result["on_hand"]}
            self.assertLessEqual(companies, set(user.company_ids.ids))
            if user == self.sister_reader:
                self.assertNotIn("SECRET-OURS", str(result))
                self.assertNotIn("Dairy", str(result))
        with self.assertRaises(AccessError):
            self.trace(self.sister_reader, self.ours)

    def test_lot_held_on_its_way_to_another_company_arrives_on_hold(self):
        self.send({self.ours: 60})
        self.ours.sudo().set_status("hold", "SECRET suspicion")
        self.receive_from_here({self.theirs: 60})
        self.assertEqual(self.theirs.status_id.code, "hold")
        self.assertEqual(self.theirs.status_reason, "As lot M-1")
        with self.assertRaisesRegex(UserError, "On hold"), self.env.cr.savepoint():
            self.deliver({self.theirs: 1}, self.cafe, warehouse=self.sister_plant)

    def test_renamed_lot_loses_the_link_and_gets_it_back(self):
        self.send({self.ours: 60})
        receipt = self.receive_from_here({self.theirs: 60})
        for lot in (self.theirs, self.ours):
            lot.with_env(self.floor).name = "X"
            self.assertEqual(self.links(receipt), {})
            lot.with_env(self.floor).name = " M-1 "
            self.assertEqual(len(self.links(receipt)), 1)
            self.assertNoDrift()
        self.ours.name = "M-3"
        self.other.name = "M-1"
        self.assertEqual(self.links(receipt), {})
        self.assertNoDrift()

    def test_lot_changed_on_a_done_line_moves_the_link(self):
        their_other = self.lot(self.milk, "M-2", company_id=self.sister.id)
        sent = self.send({self.ours: 60})
        receipt = self.receive_from_here({self.theirs: 60})
        receipt.move_line_ids.lot_id = their_other
        self.assertEqual(self.links(receipt), {})
        sent.move_line_ids.lot_id = self.other
        self.assertEqual(self.links(receipt), self.link("M-2", "M-2"))
        self.assertNoDrift()
        receipt.move_line_ids.quantity = 50
        self.assertEqual(self.links(receipt), self.link("M-2", "M-2", 50))
        sent.move_line_ids.location_dest_id = self.customers
        self.assertEqual(self.links(receipt), {})
        self.assertNoDrift()

    def test_several_lots_at_once_are_linked_each_to_its_own(self):
        # Names that the firm's own rules would refuse today.
        (self.env.company | self.sister).lot_lookalike = "off"
        their_other = self.lot(self.milk, "M-2 ", company_id=self.sister.id)
        # As it could be typed before blanks were cut off.
        self.env.flush_all()
        self.env.cr.execute("UPDATE stock_lot SET name = 'M-2 ' WHERE id = %s", [their_other.id])
        self.env.invalidate_all()
        unknown = self.lot(self.milk, "m-1", company_id=self.sister.id)
        self.send({self.ours: 60, self.other: 40})
        receipt = self.receive_from_here({self.theirs: 50, their_other: 40, unknown: 5})
        self.assertEqual(
            self.links(receipt),
            self.link(quantity=50) | self.link("M-2", "M-2 ", 40),
        )
        self.assertNoDrift()

    def test_what_was_received_is_shared_when_two_companies_sent_that_name(self):
        third = self.env["res.company"].create({"name": "Third"})
        plant = self.env["stock.warehouse"].search([("company_id", "=", third.id)], limit=1)
        self.both.company_ids |= third
        same = self.lot(self.milk, "M-1", company_id=third.id)
        self.send({self.ours: 20})
        self.validate(self.picking(plant.out_type_id, {same: 60}, target=self.transit))
        receipt = self.receive_from_here({self.theirs: 40})
        self.assertEqual(
            self.links(receipt),
            self.link(quantity=10) | {("M-1", "Third", "M-1", "Sister"): (30, "inferred")},
        )
        self.assertNoDrift()

    def test_goods_that_come_back_are_linked_the_other_way(self):
        self.send({self.ours: 60})
        self.receive_from_here({self.theirs: 60})
        self.validate(
            self.picking(self.sister_plant.out_type_id, {self.theirs: 10}, target=self.transit)
        )
        back = self.validate(
            self.picking(self.plant.in_type_id, {self.ours: 10}, source=self.transit)
        )
        self.assertEqual(
            self.links(back), {("M-1", "Sister", "M-1", self.here.name): (10, "inferred")}
        )
        self.assertNoDrift()

    def test_lot_of_another_product_or_never_sent_is_not_linked(self):
        same_name = self.lot(self.cheese, "M-1", company_id=self.sister.id)
        self.deliver({self.ours: 60}, self.shop)
        receipt = self.receive_from_here({self.theirs: 60, same_name: 1})
        self.assertEqual(self.links(receipt), {})
        self.assertNoDrift()

    def test_branch_that_types_the_number_on_its_receipt_gets_the_link(self):
        """Odoo gives each branch lots of its own of a product that its parent owns."""
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.here.id})
        self.both.company_ids |= branch
        plant = self.env["stock.warehouse"].search([("company_id", "=", branch.id)], limit=1)
        butter = self.product("Butter", company_id=self.here.id)
        ours = self.received(butter, "B-1", 100)
        self.assertEqual(ours.company_id, self.here)
        self.send({ours: 60})
        receipt = self.picking(plant.in_type_id, {butter: 60}, source=self.transit)
        receipt.move_line_ids.lot_name = "B-1"
        self.validate(receipt)
        self.assertEqual(
            self.links(receipt), {("B-1", self.here.name, "B-1", "Branch"): (60, "inferred")}
        )
        self.assertNoDrift()

    def test_rebuild_from_nothing_gives_what_the_upkeep_wrote(self):
        self.send({self.ours: 60})
        receipt = self.receive_from_here({self.theirs: 60})
        self.assertEqual(self.links(receipt), self.link())
        self.env.cr.execute("DELETE FROM lot_genealogy_edge")
        self.env["lot.genealogy.rebuild"]._rebuild_at_install()
        self.assertEqual(self.links(receipt), self.link())
        self.env.cr.execute("UPDATE lot_genealogy_edge SET res_id = 99999999")
        self.env["lot.genealogy.rebuild"]._rebuild_at_install()
        self.assertEqual(self.env["lot.genealogy.edge"].search([]).mapped("res_id"), receipt.ids)

    def test_number_of_queries_does_not_grow_with_the_lots(self):
        counts = []
        for number in (1, 1, 20):
            lots = [
                {
                    company: self.lot(self.milk, f"N-{len(counts)}-{index}", company_id=company.id)
                    for company in (self.here, self.sister)
                }
                for index in range(number)
            ]
            sent = self.send({pair[self.here]: 5 for pair in lots})
            receipt = self.receive_from_here({pair[self.sister]: 5 for pair in lots})
            self.assertEqual(len(self.links(receipt)), number)
            lines = sent.move_line_ids | receipt.move_line_ids
            upkeep = self.env["lot.genealogy.upkeep"]
            self.env.flush_all()
            with patch.object(
                Cursor, "execute", autospec=True, side_effect=Cursor.execute
            ) as execute:
                upkeep._mark_changed(lines.ids)
                upkeep._flush_pending()
            counts.append(execute.call_count)
        self.assertEqual(counts[1], counts[2])
