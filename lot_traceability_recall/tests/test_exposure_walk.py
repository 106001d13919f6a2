from random import Random
from unittest.mock import patch

from odoo.addons.lot_traceability_recall.tools import exposure_reach
from odoo.tests import BaseCase, tagged


def plant(seed: int, lots: int, window: int):
    """A plant by chance: (rows of lots, who received what, links)."""
    source = Random(seed)
    rows = [
        (lot, unit, unit * 2.5, unit * 3.0 if lot % 3 else 0.0)
        for lot in range(lots)
        if (unit := float(source.randrange(4)))
    ]
    customers = [(lot, source.randrange(60)) for lot in range(lots) for _one in range(lot % 3)]
    links = [
        (max(0, lot - 1 - source.randrange(window)), lot)
        for lot in range(1, lots)
        for _one in range(2)
    ]
    return rows, customers, links


def walked(rows, customers, links) -> dict[int, exposure_reach.Exposure]:
    found = exposure_reach.Plant()
    found.add_links(links)
    found.add_customers(customers)
    found.add_lots(rows)
    return {one.lot: one for one in found.exposures()}


def exact(rows, customers, links, lot: int) -> tuple[int, int, float, float, float]:
    """By walking from one lot, as anybody would."""
    reached, waiting = {lot}, [lot]
    while waiting:
        above = waiting.pop()
        below = {child for parent, child in links if parent == above} - reached
        reached |= below
        waiting.extend(below)
    weights = [row[1:] for row in rows if row[0] in reached]
    sums = (sum(column) for column in zip(*weights, strict=True)) if weights else (0.0, 0.0, 0.0)
    return len(reached), len({who for one, who in customers if one in reached}), *sums


@tagged("post_install", "-at_install")
class TestExposureWalk(BaseCase):
    """All lots at once against one after the other, on plants by chance."""

    def test_what_is_few_is_exact_and_customers_are_counted_however_many_lots(self):
        for seed in range(4):
            made = plant(seed, 240, 60)
            found = walked(*made)
            self.assertEqual(len(found), 240)
            self.assertTrue(any(one.estimated for one in found.values()))
            for lot, one in found.items():
                wanted = exact(*made, lot)
                self.assertEqual(one.customers, wanted[1])
                if not one.estimated:
                    for known, right in zip(one[1:6], wanted, strict=True):
                        self.assertAlmostEqual(known, right, 3)
                else:
                    self.assertAlmostEqual(one.lots / wanted[0], 1, delta=0.35)
                    self.assertAlmostEqual(one.units / wanted[2], 1, delta=0.35)

    def test_more_customers_than_have_a_bit_each_are_estimated_where_lots_are(self):
        made = plant(5, 240, 60)
        with patch.object(exposure_reach, "_COUNTED", 20):
            found = walked(*made)
        for lot, one in found.items():
            wanted = exact(*made, lot)[1]
            if not one.estimated:
                self.assertEqual(one.customers, wanted)
            elif wanted:
                self.assertAlmostEqual(one.customers / wanted, 1, delta=0.35)

    def test_lots_that_went_into_each_other_share_what_they_reach(self):
        rows, customers, links = plant(6, 30, 5)
        made = (rows, customers, [*links, (20, 10), (11, 10)])
        found = walked(*made)
        for lot in (10, 20):
            self.assertEqual(found[lot][1:3], exact(*made, lot)[:2])
            self.assertTrue(found[lot].estimated)
