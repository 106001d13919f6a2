from odoo.tests import tagged

from .scan_common import ScanCommon


@tagged("post_install", "-at_install", "scan")
class TestScanLookup(ScanCommon):
    """Looking up with a handheld: where a lot came from and went."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flour_lot = cls.lot(cls.flour, "F-1")
        cls.bread = cls.product("Bread")
        cls.bread_1, cls.bread_2 = (cls.lot(cls.bread, name) for name in ("B-1", "B-2"))
        cls.receive({cls.flour_lot: 100}, cls.mill)
        for lot in (cls.bread_1, cls.bread_2):
            cls.make(lot, 10, {cls.flour_lot: 20})
        cls.deliver({cls.bread_1: 4}, cls.shop)
        cls.deliver({cls.bread_2: 3}, cls.cafe)

    def test_trace_counts_both_sides_and_says_what_is_left_where(self):
        answer = self.scan("lookup", "trace", "F-1")
        self.assertEqual(answer["state"], "done", answer["message"])
        trace = answer["trace"]
        counts = {name: trace[name] for name in ("upstream", "downstream", "customers")}
        self.assertEqual(counts, {"upstream": 0, "downstream": 2, "customers": 2})
        self.assertEqual(trace["suppliers"], 1)
        left = [(row["lot"], row["quantity"], row["uom"]) for row in trace["on_hand"]]
        self.assertEqual(left, [("F-1", 60, "kg"), ("B-2", 7, "kg"), ("B-1", 6, "kg")])
        self.assertEqual(trace["url"], f"/odoo/traceability?lot_ids={self.flour_lot.id}")

    def test_trace_of_what_was_made_goes_up(self):
        trace = self.scan("lookup", "trace", "B-1")["trace"]
        self.assertEqual((trace["upstream"], trace["downstream"]), (1, 0))
        self.assertEqual([row["lot"] for row in trace["on_hand"]], ["B-1"])

    def test_trace_is_told_to_the_audit_log_and_to_the_scans(self):
        answer = self.scan("lookup", "trace", "F-1")
        kept = self.env["lot.scan"].search([("uid", "=", answer["uid"])])
        self.assertEqual(kept.lot_id, self.flour_lot)

    def test_unknown_number_is_refused_with_what_to_do(self):
        answer = self.scan("lookup", "trace", "F-99")
        self.assertEqual(answer["state"], "refused")
        self.assertIn("Check the label", answer["message"])

    def test_lookup_comes_first_of_the_work(self):
        codes = [flow["code"] for flow in self.floor["lot.scan"].start()["flows"]]
        self.assertEqual(codes[0], "lookup")
        wanted = [code for code in ("produce", "move", "count", "hold", "scrap") if code in codes]
        self.assertEqual([code for code in codes if code in wanted], wanted)
        self.assertEqual(len(wanted), 5)
