"""What a handheld sends is read strictly, and what it is offered has one shape."""

import doctest
import math

import pytest
from tools import scan_choice, scan_command, scan_data


@pytest.mark.parametrize("module", [scan_choice, scan_command, scan_data], ids=lambda m: m.__name__)
def test_doctests_pass(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "value", [0, -1, True, "x", "1,5", math.nan, math.inf, [1], {"a": 1}, 10**400]
)
def test_no_quantity_is_guessed(value):
    with pytest.raises(scan_data.DataError):
        scan_data.number(value)


@pytest.mark.parametrize("value", ["31.03.2026", "2026-02-30", 20260331, ["2026-03-31"]])
def test_no_day_is_guessed(value):
    with pytest.raises(scan_data.DataError):
        scan_data.day(value)


def test_text_has_an_end_and_no_nul():
    assert scan_data.text(" A\x001 ") == "A1"
    assert len(scan_data.text("A" * 9000)) == scan_data.LONGEST
    assert scan_data.text(12) == ""
