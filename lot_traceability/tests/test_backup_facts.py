from odoo.tests import tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestBackupFacts(LotTraceabilityCommon):
    """What a restored copy is compared by: it tells what was changed, and what was not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.curd = cls.product("Curd")
        cls.cheese = cls.product("Cheese")
        cls.batch = cls.received(cls.curd, "FACT-1", 20)
        cls.facts = cls.env["lot.backup.facts"]

    def proved(self, live):
        return {proof["name"]: proof["passed"] for proof in self.facts._prove(live)}

    def live(self):
        return self.facts._facts([self.batch.id])

    def test_what_postgresql_says_of_its_archive_is_read(self):
        archiver = self.env["lot.backup.watch"].with_user(self.operator)._archiver()
        self.assertIn(archiver["on"], (True, False))
        self.assertFalse(archiver["standby"])

    def test_unchanged_copy_is_proved(self):
        proofs = self.proved(self.live())
        self.assertEqual(len(proofs), 6)
        # The log of a test is one transaction: verified by the drill of the system tests.
        proofs.pop("Audit log verifies up to the receipt taken before")
        self.assertEqual({name for name, passed in proofs.items() if not passed}, set())

    def test_stock_that_is_not_the_same_is_found(self):
        live = self.live()
        quant = self.env["stock.quant"].search([("lot_id", "=", self.batch.id)], limit=1)
        self.env.cr.execute(
            "UPDATE stock_quant SET quantity = quantity + 1 WHERE id = %s", [quant.id]
        )
        self.assertFalse(self.proved(live)["Stock sums equal"])

    def test_lost_delivery_is_found_by_trace_and_figures(self):
        live = self.live()
        self.deliver({self.batch: 5})
        proofs = self.proved(live)
        self.assertFalse(proofs["Random traces give the same answer"])
        self.assertFalse(proofs["Everything else compared is equal"])

    def test_edges_that_a_rebuild_would_not_give_are_found(self):
        self.env.cr.execute(
            "UPDATE lot_genealogy_movement SET quantity = quantity + 1 WHERE lot_id = %s",
            [self.batch.id],
        )
        self.assertFalse(self.proved(self.live())["Genealogy rebuild equals the stored edges"])

    def test_file_that_is_missing_is_found_unless_it_was_missing_before(self):
        live = self.live()
        self.env.cr.execute(
            "INSERT INTO ir_attachment (name, type, store_fname) "
            "VALUES ('lost', 'binary', 'zz/not-there')"
        )
        self.assertFalse(self.proved(live)["Files are complete"])
        self.assertTrue(self.proved(self.live())["Files are complete"])

    def test_block_that_is_not_the_one_of_its_receipt_is_found(self):
        live = self.live() | {"receipt": {"number": 99, "digest": "x", "sealed_at": ""}}
        proof = self.facts._prove_log(live["receipt"])
        self.assertFalse(proof["passed"])
        self.assertIn("Block 99 is not the one of its receipt", proof["text"])
