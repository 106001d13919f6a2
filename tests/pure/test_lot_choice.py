"""Few lots for an order, and lots that must not come together."""

import doctest

import pytest
from tools import lot_separation, lot_sparing


@pytest.mark.parametrize("module", [lot_sparing, lot_separation], ids=lambda found: found.__name__)
def test_examples_hold(module):
    assert doctest.testmod(module).failed == 0


def test_nothing_is_taken_when_nothing_is_missing():
    assert lot_sparing.few_lots({1: 5}, 0) == []


def test_empty_lots_are_never_taken():
    assert lot_sparing.few_lots({1: 0, 2: -3, 3: 1}, 5) == [3]


def test_rounding_does_not_add_a_lot():
    assert lot_sparing.few_lots({1: 0.1 + 0.2, 2: 5}, 0.3) == [1]
    assert lot_sparing.few_lots({1: 0.3, 2: 5}, 0.1 + 0.2) == [1]


def test_lots_of_the_order_are_taken_before_a_smaller_one_that_would_do():
    assert lot_sparing.few_lots({1: 4, 2: 4, 3: 50}, 4, used={3}) == [3]


def test_ten_thousand_lots_are_spared_at_once():
    free = {lot: float(lot % 50 + 1) for lot in range(10000)}
    chosen = lot_sparing.few_lots(free, 5010)
    assert len(chosen) == 101
    assert sum(free[lot] for lot in chosen) == 5010


def test_lots_of_one_mark_meet_freely():
    arriving = dict.fromkeys(range(1000), "organic")
    present = [(lot, "organic") for lot in range(1000, 20000)]
    assert lot_separation.meetings(arriving, present, lot_separation.differ) == []


def test_each_arriving_lot_is_named_with_one_that_it_meets():
    present = [(lot, "nuts") for lot in range(10, 20)]
    found = lot_separation.meetings({1: "", 2: ""}, present, lot_separation.differ)
    assert found == [(1, 10), (2, 10)]
