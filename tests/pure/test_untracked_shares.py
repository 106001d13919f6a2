"""Which makes of an untracked product may be in what was used."""

import doctest

from tools import untracked_shares
from tools.untracked_shares import Make, Need, shares


def need(consumer=9, quantity=5, since=10, until=20, **kwargs):
    return Need(consumer, 1, 1, kwargs.pop("warehouse", 1), quantity, since, until, **kwargs)


def make(source, first, last=None, quantity=10, warehouse=1):
    return Make(source, 1, 1, warehouse, first, first if last is None else last, quantity)


def test_doctests_pass():
    assert doctest.testmod(untracked_shares).failed == 0


def test_makes_at_both_ends_of_the_time_count():
    found = shares([need()], [make(number, number) for number in (9, 10, 20, 21)])
    assert [source for _consumer, source, _part in found] == [10, 20]


def test_make_that_ends_after_the_time_counts_if_it_began_before():
    makes = [make(1, 5, 30), make(2, 25, 26), make(3, 15), make(4, 2, 9)]
    found = shares([need()], makes)
    assert [source for _consumer, source, _part in found] == [1, 3]


def test_order_is_never_its_own_source():
    assert shares([need(consumer=1, chained=(1,))], [make(1, 15)]) == []


def test_make_that_chain_and_place_name_counts_once():
    assert shares([need(quantity=40, chained=(1,))], [make(1, 15, quantity=30)]) == [(9, 1, 1.0)]


def test_chain_that_made_too_little_is_completed_by_the_place():
    makes = [make(1, 2, quantity=4), make(2, 15, quantity=6)]
    assert shares([need(chained=(1,))], makes) == [(9, 1, 0.5), (9, 2, 0.5)]
    assert shares([need(quantity=4, chained=(1,))], makes) == [(9, 1, 1.0)]


def test_chained_order_that_made_nothing_leaves_the_place():
    assert shares([need(chained=(7,))], [make(2, 15)]) == [(9, 2, 0.5)]


def test_place_outside_every_warehouse_is_a_place():
    makes = [make(1, 15, warehouse=None), make(2, 15)]
    assert shares([need(warehouse=None)], makes) == [(9, 1, 0.5)]


def test_result_does_not_depend_on_the_order_of_what_is_given():
    makes = [make(number, 10 + number, quantity=0.1 * number) for number in range(1, 9)]
    needs = [need(consumer=number, since=number) for number in range(20, 12, -1)]
    assert shares(needs, makes) == shares(needs[::-1], makes[::-1])
