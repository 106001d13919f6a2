"""The table of application identifiers, check digits and dates."""

from datetime import date

import pytest
from tools.gs1.ai import IDENTIFIERS, code_at, could_be_code, lookup
from tools.gs1.checks import (
    CHECKS,
    FORGIVABLE,
    century_year,
    check_digit,
    check_pair,
    date_of,
    has_check_digit,
    is_gtin,
)
from tools.gs1.code_lists import COUNTRIES, COUNTRY_LETTERS, CURRENCIES

TODAY = date(2026, 11, 22)


def test_table_holds_every_assigned_identifier():
    assert len(IDENTIFIERS) == 541


def test_codes_that_begin_alike_are_of_one_length():
    lengths = {}
    for code in IDENTIFIERS:
        lengths.setdefault(code[:2], set()).add(len(code))
    assert all(len(found) == 1 for found in lengths.values())


def test_predefined_lengths_are_those_of_the_general_specifications():
    # Figure 7.8.5-2: the first two digits of the element string decide.
    predefined = {code[:2] for code, ai in IDENTIFIERS.items() if ai.predefined}
    expected = ["00", "01", "02", "03", "11", "12", "13", "15", "16", "17", "20"]
    expected += ["31", "32", "33", "34", "35", "36", "41"]
    assert predefined == set(expected)


def test_every_rule_of_the_table_is_known():
    dates = {"date", "date_or_month", "long_date", "time", "hour", "minute", "second"}
    rules = {r for ai in IDENTIFIERS.values() for c in ai.components for r in c.rules}
    assert rules - dates - {"check_digit"} == set(CHECKS)
    assert set(CHECKS) >= FORGIVABLE


def test_only_the_last_component_varies_in_length():
    for ai in IDENTIFIERS.values():
        assert all(c.minimum == c.maximum for c in ai.components[:-1]), ai.code


def test_associations_name_assigned_identifiers():
    def is_known(pattern):
        fixed = pattern.rstrip("n")
        return any(len(c) == len(pattern) and c.startswith(fixed) for c in IDENTIFIERS)

    for ai in IDENTIFIERS.values():
        patterns = [p for group in ai.needs for p in group] + list(ai.excludes)
        patterns += [q for group in ai.qualifiers or () for q in group]
        assert all(is_known(p) for p in patterns), ai.code


@pytest.mark.parametrize(
    ("code", "unit", "decimals"),
    [("3103", "kg", 3), ("3202", "lb", 2), ("3150", "l", 0), ("3571", "fl oz", 1)],
)
def test_measure_has_unit_and_decimals(code, unit, decimals):
    assert (lookup(code).unit, lookup(code).decimals) == (unit, decimals)


@pytest.mark.parametrize(
    ("text", "code"), [("10A", "10"), ("7003", "7003"), ("235X", "235"), ("89", None), ("1", None)]
)
def test_code_at_start(text, code):
    assert code_at(text, 0) == code


def test_number_in_brackets_that_cannot_be_an_identifier():
    assert not could_be_code("2024")
    assert could_be_code("89")
    assert not could_be_code("24")


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("0952012345678", "8"), ("09520123456789123", "5"), ("0614141123452"[:-1], "2"), ("0", "0")],
)
def test_check_digit(digits, expected):
    assert check_digit(digits) == expected


@pytest.mark.parametrize("text", ["", "8", "09520123456789", "٠٩٥٢٠١٢٣٤٥٦٧٨٨", "²²²²²²²²", "LOT"])
def test_text_without_check_digit(text):
    assert not has_check_digit(text)


@pytest.mark.parametrize("gtin", ["02345673", "416000336108", "2112345678900", "24012345678905"])
def test_gtin_of_each_length(gtin):
    assert is_gtin(gtin)


@pytest.mark.parametrize(
    "number",
    ["12345678901234567890123NT", "12345_ABCDEFGHIJKLMCP", "12345_0123456789:;<=>?62"],
)
def test_check_pair(number):
    assert check_pair(number[:-2]) == number[-2:]


@pytest.mark.parametrize(
    ("two_digits", "today", "year"),
    [
        (26, TODAY, 2026),
        (76, TODAY, 2076),
        (77, TODAY, 1977),
        (0, TODAY, 2000),
        (50, date(2000, 1, 1), 2050),
        (51, date(2000, 1, 1), 1951),
        (49, date(2099, 1, 1), 2149),
        (50, date(2099, 1, 1), 2050),
    ],
)
def test_century_is_the_nearest(two_digits, today, year):
    assert century_year(two_digits, today) == year


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("261231", date(2026, 12, 31)),
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("000229", date(2000, 2, 29)),
    ],
)
def test_date_of_six_digits(digits, expected):
    assert date_of(digits, today=TODAY) == expected


@pytest.mark.parametrize("digits", ["260231", "261300", "000000", "260001", "2612", "26123x", ""])
def test_no_date_is_refused(digits):
    with pytest.raises(ValueError, match=r".+"):
        date_of(digits, today=TODAY)


def test_day_zero_is_refused_where_a_day_is_needed():
    with pytest.raises(ValueError, match="day"):
        date_of("260200", today=TODAY, day_may_be_zero=False)


def test_code_lists_have_their_size_and_form():
    assert len(COUNTRIES) == len(COUNTRY_LETTERS) == 249
    assert all(len(code) == 3 and code.isdigit() for code in COUNTRIES | CURRENCIES)
    assert {"978", "840", "826"} <= CURRENCIES
