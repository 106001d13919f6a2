from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install", "moving_in")
class TestImportHistory(ImportCommon):
    """Imported history is traced like the rest, and follows from its rows alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.m1, cls.m2 = cls.lots("M-1", "M-2")
        (cls.c1,) = cls.lots("C-1", product=cls.cheese)
        cls.receipts = cls.imported(
            "receipts",
            [
                ["Date", "Document", "Supplier", "Lot", "Quantity", "Unit"],
                ["2026-01-10", "PO-1", "Dairy", "M-1", "60", "kg"],
                ["2026-01-10", "PO-1", "Dairy", "M-2", "40000", "g"],
            ],
        )
        cls.links = cls.imported(
            "links",
            [
                ["Date", "Document", "Input lot", "Qty in", "Output lot", "Qty out"],
                ["2026-01-12", "WO-1", "M-1", "60", "C-1", "20"],
                ["2026-01-12", "WO-1", "M-2", "30", "C-1", "20"],
            ],
        )
        cls.shipments = cls.imported(
            "shipments",
            [
                ["Date", "Document", "Customer", "Lot", "Quantity"],
                ["2026-01-12", "DN-1", "Shop", "C-1", "15"],
                ["2026-01-20", "DN-2", "Shop", "C-1", "-2"],
            ],
        )

    def trace(self, lot, direction="both"):
        return self.env["lot.trace"].with_user(self.reader).trace(lot.ids, direction)

    def test_trace_reaches_customers_through_imported_links_and_says_so(self):
        result = self.trace(self.m1, "downstream")
        self.assertEqual([row["name"] for row in result["lots"]], ["M-1", "C-1"])
        edge = result["edges"][0]
        self.assertEqual(edge["certainty"], "recorded")
        self.assertEqual(edge["document"]["model"], "lot.history.link")
        self.assertEqual(edge["document"]["name"], "WO-1 (imported)")
        delivery = result["deliveries"][0]
        self.assertEqual(
            (delivery["partner"], delivery["quantity"], delivery["returned"], delivery["before"]),
            ("Shop", 15.0, 2.0, False),
        )
        self.assertEqual(delivery["document"]["model"], "lot.history.movement")
        self.assertEqual(delivery["document"]["name"], "DN-1 (imported)")
        self.assertIn("imported", [warning["code"] for warning in result["warnings"]])
        self.assertTrue(result["complete"])

    def test_trace_upstream_finds_imported_receipts_with_their_unit_converted(self):
        result = self.trace(self.c1, "upstream")
        receipts = {row["lot_id"]: row for row in result["receipts"]}
        self.assertEqual(receipts[self.m2.id]["quantity"], 40.0)
        self.assertEqual(receipts[self.m1.id]["partner"], "Dairy")

    def test_lots_of_one_component_share_the_output(self):
        edges = self.env["lot.genealogy.edge"].search([("child_lot_id", "=", self.c1.id)])
        shares = {edge.parent_lot_id.name: edge.child_quantity for edge in edges}
        self.assertAlmostEqual(shares["M-1"], 20 * 60 / 90)
        self.assertAlmostEqual(shares["M-2"], 20 * 30 / 90)

    def test_who_received_counts_imported_shipments_net(self):
        found = self.env["lot.trace"].with_user(self.reader).who_received(self.m2.ids)
        self.assertEqual([row["name"] for row in found], ["Shop"])
        self.assertEqual(found[0]["quantities"][0]["net"], 13.0)

    def test_mass_balance_closes_when_the_stock_is_taken_over(self):
        before = self.env["lot.trace"].mass_balance(self.c1.ids)[0]
        self.assertEqual((before["produced"], before["delivered"]), (20.0, 15.0))
        self.assertEqual(before["difference"], 7.0)
        self.imported(
            "stock",
            [
                ["Lot", "Location", "Quantity"],
                ["C-1", self.stock.complete_name, "7"],
                ["M-2", self.stock.complete_name, "10"],
            ],
        )
        for row in self.env["lot.trace"].mass_balance((self.c1 | self.m2).ids):
            self.assertEqual(row["difference"], 0.0, row)
        self.assertEqual(self.c1.product_qty, 7.0)
        self.assertNoDrift()

    def test_stock_without_history_counts_as_more(self):
        (lot,) = self.lots("M-9")
        self.imported(
            "stock", [["Lot", "Location", "Quantity"], ["M-9", self.stock.complete_name, "5"]]
        )
        row = self.env["lot.trace"].mass_balance(lot.ids)[0]
        self.assertEqual((row["adjusted"], row["difference"]), (5.0, 0.0))
        self.imported(
            "receipts",
            [["Date", "Supplier", "Lot", "Quantity"], ["2026-01-10", "Dairy", "M-9", "5"]],
        )
        row = self.env["lot.trace"].mass_balance(lot.ids)[0]
        self.assertEqual((row["received"], row["adjusted"], row["difference"]), (5.0, 0.0, 0.0))
        self.assertNoDrift()

    def test_history_lists_imported_rows_in_the_order_of_time(self):
        rows = self.env["lot.trace"].with_user(self.reader).history(self.c1.ids)
        self.assertEqual(
            [(row["document"]["name"], row["to"]) for row in rows],
            [
                ("WO-1 (imported)", "Earlier system"),
                ("DN-1 (imported)", "Shop"),
                ("DN-2 (imported)", "Earlier system"),
            ],
        )

    def test_real_flows_go_on_from_imported_lots(self):
        self.imported(
            "stock", [["Lot", "Location", "Quantity"], ["C-1", self.stock.complete_name, "7"]]
        )
        self.deliver({self.c1: 3}, partner=self.cafe)
        found = self.env["lot.trace"].with_user(self.reader).who_received(self.m1.ids)
        self.assertEqual({row["name"] for row in found}, {"Shop", "Café"})
        self.assertNoDrift()

    def test_rebuild_gives_the_same_edges_and_movements(self):
        def stored():
            found = []
            for model, extra in (("edge", ""), ("movement", ", history_link_id, kind")):
                columns = ", ".join(self.env[f"lot.genealogy.{model}"]._columns())
                self.env.cr.execute(
                    f"SELECT {columns}{extra} FROM lot_genealogy_{model} ORDER BY {columns}{extra}"
                )
                found.append(self.env.cr.fetchall())
            return found

        before = stored()
        self.env.cr.execute("DELETE FROM lot_genealogy_edge; DELETE FROM lot_genealogy_movement")
        rebuild = self.env["lot.genealogy.rebuild"].create({})
        while rebuild._step():
            pass
        self.assertEqual(stored(), before)
        self.assertNoDrift()

    def test_drift_behind_the_orm_is_found(self):
        self.env.cr.execute(
            "UPDATE lot_genealogy_movement SET quantity = 99 "
            "WHERE lot_id = %s AND kind = 'produced'",
            [self.c1.id],
        )
        documents = {"lot.history.link": self.env["lot.history.link"].search([]).ids}
        drift = self.env["lot.genealogy.rebuild"]._drift(documents, [])
        self.assertEqual({row[0] for row in drift["movements"]}, {"missing", "surplus"})

    def test_history_is_never_written_changed_or_removed_by_hand(self):
        history = self.env["lot.history.movement"]
        record = history.search([("lot_id", "=", self.c1.id)], limit=1)
        for attempt in (
            lambda: record.write({"quantity": 1}),
            record.unlink,
            lambda: history.create({"lot_id": self.c1.id}),
        ):
            with self.assertRaisesRegex(UserError, "Imported history stays"):
                attempt()

    def test_lot_with_imported_history_is_not_deleted(self):
        with self.assertRaisesRegex(UserError, "imported history"):
            self.c1.unlink()

    def test_undo_of_links_takes_edges_and_movements_along(self):
        self.links.action_undo()
        self.assertEqual(self.links.state, "undone")
        self.assertFalse(self.env["lot.history.link"].search([("import_id", "=", self.links.id)]))
        self.assertEqual(len(self.trace(self.m1)["lots"]), 1)
        self.assertNoDrift()

    def test_history_of_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.importer.company_ids += other
        (lot,) = self.lots("M-7")
        self.imported(
            "receipts",
            [["Date", "Supplier", "Lot", "Quantity"], ["2026-01-10", "Dairy", "M-7", "5"]],
            company_id=other.id,
        )
        self.assertFalse(self.trace(lot)["receipts"])
        own = self.env["lot.history.movement"].with_user(self.reader)
        self.assertFalse(own.search([("lot_id", "=", lot.id)]))
