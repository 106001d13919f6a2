from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import FsmaCommon

SEEDS = {
    "seed_conditioner": "Clean Seeds, 7 Mill Road, Boise, +1 555 0107",
    "seed_conditioner_lot": "CS-1",
    "seed_conditioning_date": "2026-01-20",
    "seed_packer": "Seed Pack, 8 Mill Road, Boise, +1 555 0108",
    "seed_packer_lot": "SP-1",
    "seed_packing_date": "2026-01-25",
    "seed_description": "Vigna radiata, for sprouting, 25 kg bag, calcium hypochlorite",
}


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaSeeds(FsmaCommon):
    """What the rule asks of seeds is held once, on their lot, and told by each packing of sprouts
    (21 CFR 1.1330(b))."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hand = new_test_user(
            cls.env, "fsma_seeds", "lot_traceability.group_operator,stock.group_stock_user"
        )
        cls.sprouts = cls.listed("Mung sprouts", cls.env.ref("lot_traceability_fsma.ftl_sprouts"))
        cls.mung = cls.product("Mung seeds", fsma_seed=True)
        cls.bill = cls.bom(cls.sprouts, {cls.mung: 1}, fsma_event="initial_packing")
        cls.seeds = cls.seed_lot("SEED-7")

    @classmethod
    def seed_lot(cls, name):
        receipt = cls.bought(
            cls.mung,
            f"OUR-{name}",
            20,
            fsma_code=False,
            supplier_lot=name,
        )
        return receipt.move_line_ids.lot_id.with_env(cls.env)

    def tell(self, lot, **told):
        form = (
            self.env["lot.fsma.seeds"]
            .with_user(self.hand)
            .with_context(default_lot_id=lot.id)
            .create({})
        )
        form.write(told)
        form.action_save()

    def packed(self, name, *lots):
        content = dict.fromkeys(lots, 2)
        return self.events(self.make(self.lot(self.sprouts, name), 5, content, bom=self.bill))

    def test_what_the_receipt_says_of_seeds_is_not_asked(self):
        event = self.packed("S1", self.seeds)
        self.assertEqual(event.kind, "initial_packing")
        told = event.details
        self.assertIn("Fresh Distribution", told["seed_supplier"])
        self.assertIn("2 Dock Street", told["seed_supplier"])
        self.assertEqual(
            (told["seed_supplier_lot"], told["seed_own_lot"]), ("SEED-7", "OUR-SEED-7")
        )
        self.assertEqual(told["seed_received_date"], "2026-03-02")
        self.assertIn("/IN/", told["seed_document"])
        asked = {code for code in event.missing.split(",") if code.startswith("seed_")}
        self.assertEqual(asked, SEEDS.keys())

    def test_told_once_it_is_in_each_packing(self):
        self.tell(self.seeds, **SEEDS)
        for name in ("S1", "S2"):
            event = self.packed(name, self.seeds)
            self.assertNotIn("seed_", event.missing or "")
            self.assertEqual(event.details["seed_conditioner_lot"], "CS-1")
            self.assertEqual(event.version, 1)

    def test_told_later_it_completes_what_was_packed(self):
        event = self.packed("S1", self.seeds)
        self.tell(self.seeds, **SEEDS)
        later = event._latest()
        self.assertEqual(later.version, 2)
        self.assertIn("SEED-7", later.reason)
        self.assertEqual(later.details["seed_packing_date"], "2026-01-25")
        self.assertNotIn("seed_", later.missing or "")
        self.assertIn("seed_", event.missing)

    def test_completed_at_one_event_it_is_known_of_the_lot(self):
        event = self.packed("S1", self.seeds)
        entry = (
            self.env["lot.fsma.entry"]
            .with_user(self.hand)
            .with_context(default_event_id=event.id)
            .create({"reason": "Papers of the seeds"})
        )
        for line in entry.line_ids:
            line.value = SEEDS.get(line.code) or line.value
        entry.action_save()
        self.assertEqual(self.seeds.fsma_details["seed_packer_lot"], "SP-1")
        self.assertNotIn("seed_", self.packed("S2", self.seeds).missing or "")

    def test_seeds_of_two_lots_are_told_together(self):
        other = self.seed_lot("SEED-8")
        self.tell(self.seeds, **SEEDS)
        self.tell(other, **{**SEEDS, "seed_packer_lot": "SP-2"})
        told = self.packed("S1", self.seeds, other).details
        self.assertEqual(set(told["seed_packer_lot"].split("; ")), {"SP-1", "SP-2"})
        self.assertEqual(set(told["seed_supplier_lot"].split("; ")), {"SEED-7", "SEED-8"})
        self.assertEqual(told["seed_conditioner_lot"], "CS-1")

    def test_what_one_of_two_lots_does_not_say_is_missing(self):
        other = self.seed_lot("SEED-8")
        self.tell(self.seeds, **SEEDS)
        self.assertIn(",seed_packer_lot,", self.packed("S1", self.seeds, other).missing)

    def test_page_of_the_lot_says_what_is_known_and_what_is_not(self):
        self.assertIn("SEED-7", self.seeds.fsma_seeds_told)
        self.assertIn("conditioner", self.seeds.fsma_seeds_missing)
        self.tell(self.seeds, **SEEDS)
        self.assertFalse(self.seeds.fsma_seeds_missing)
        self.assertFalse(self.seed_lot("SEED-9").fsma_details)

    def test_other_receipt_than_the_forms_default_is_kept_as_told(self):
        self.tell(self.seeds, seed_supplier_lot="SEED-7 / sub 2")
        self.assertEqual(self.seeds.fsma_details, {"seed_supplier_lot": "SEED-7 / sub 2"})

    def test_whoever_only_reads_tells_nothing(self):
        reader = new_test_user(self.env, "fsma_seeds_r", "lot_traceability.group_reader")
        with self.assertRaises(AccessError):
            self.env["lot.fsma.seeds"].with_user(reader).create({"lot_id": self.seeds.id})

    def test_seeds_that_are_not_marked_are_told_by_what_was_packed(self):
        sprouts = self.listed("Mung sprouts", self.env.ref("lot_traceability_fsma.ftl_sprouts"))
        seeds = self.lot(self.product("Mung seeds"), "SEED")
        self.receive({seeds: 9})
        bill = self.bom(sprouts, {seeds.product_id: 1}, fsma_event="initial_packing")
        order = self.make(self.lot(sprouts, "S1"), 5, {seeds: 5}, bom=bill)
        event = self.events(order)
        self.assertEqual(event.kind, "initial_packing")
        self.assertIn("seed_supplier_lot", event.missing)
        entry = (
            self.env["lot.fsma.entry"]
            .with_user(self.hand)
            .with_context(default_event_id=event.id)
            .create({"reason": "Papers of the seeds"})
        )
        for line in entry.line_ids:
            line.value = "2026-02-01" if line.code.endswith("_date") else "known"
        entry.action_save()
        later = self.events(order)
        self.assertEqual(later.details["seed_supplier_lot"], "known")
        self.assertNotIn("seed_", later.missing)
        again = self.make(self.lot(sprouts, "S2"), 2, {seeds: 2}, bom=bill)
        self.assertNotIn("seed_", self.events(again).missing)
