"""Templates, counters, spelling and masks of lot numbers."""

import doctest
from datetime import date, timedelta

import pytest
from tools import check_characters, lot_mask, lot_name, lot_numbering, lot_numbering_periods
from tools.lot_numbering import Codes, MissingValueError, NumberingError, Template
from tools.lot_numbering_periods import counting_date, period, twice

VALUES = {
    "date": date(2025, 1, 5),
    "production_date": date(2024, 12, 30),
    "expiry": date(2026, 2, 1),
    "plant": "WH",
    "line": "L2",
    "shift": "N",
    "product": "47",
    "supplier_lot": "S-9",
}


@pytest.mark.parametrize(
    "module", [check_characters, lot_mask, lot_name, lot_numbering, lot_numbering_periods]
)
def test_doctests_pass(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ("{date:%Y%m%d}-{seq:03}", "20250105-007"),
        ("{date}/{seq}", "20250105/7"),
        ("{receipt_date:%d.%m.%y} {seq:2}", "05.01.25 07"),
        ("{production_date:%G-W%V-%u}-{seq:02}", "2025-W01-1-07"),
        ("{year}{month}{day}{day_of_year}{week}{week_year}{seq}", "202501050050120257"),
        ("{year_code}{month_code}{day}{seq:02}", "SA0507"),
        ("{expiry:year_code}{expiry:month_code}{seq}", "TB7"),
        ("{plant}{line}{shift}-{product}-{supplier_lot}-{seq}", "WHL2N-47-S-9-7"),
        ("{{{seq}}}", "{7}"),
        ("{date:%b%a%%}{seq}", "JanSun%7"),
        ("{date:%y%j}{seq:03}{check:mod10}", "250050077"),
        ("{plant}{seq:04}{check:mod37}", "WH0007M"),
    ],
)
def test_template_gives_the_number_and_finds_the_counter_in_it(template, number):
    parsed = Template.parse(template)
    assert parsed.render(VALUES, 7) == number
    assert parsed.sequence_in(number, VALUES) == 7
    assert parsed.may_have_made(number)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{date:%Y%m%d}", "no {seq}"),
        ("", "no {seq}"),
        ("{seq}{seq}", "Position 6: {seq} may stand once"),
        ("{seq:x}", "Position 1: write the width"),
        ("{seq:0}", "up to 12"),
        ("A{lot}{seq}", "Position 2: {lot} is unknown"),
        ("{plant:3}{seq}", "is unknown"),
        ("{date:YMD}{seq}", "no part of a date"),
        ("{date:%Y%}{seq}", "Position 1: % is no part"),
        ("{seq", "Position 1: a brace"),
        ("{seq}}", "Position 6: a brace"),
        ("{check:mod10}{seq}", "behind {seq}"),
        ("{seq}{check}", "{check:mod10} or {check:mod37}"),
        ("{seq}{check:mod10}{check:mod10}", "Position 19: {check} may stand once"),
        ("LOT{seq}{check:mod10}", "Position 1: the check cannot cover “L”"),
        ("{year_code}{seq}{check:mod10}", "Position 1: the check cannot cover"),
        ("Ä{seq}{check:mod37}", "the check cannot cover “Ä”"),
    ],
)
def test_template_that_cannot_be_used_is_refused_with_its_place(template, words):
    with pytest.raises(NumberingError) as error:
        Template.parse(template)
    assert words in str(error.value)


def test_codes_must_be_different_characters():
    for codes in (Codes(months="ABC"), Codes(years="AABCDEFGHJKL"), Codes(years="ABC")):
        with pytest.raises(NumberingError):
            Template.parse("{seq}", codes)


def test_missing_value_is_named():
    with pytest.raises(MissingValueError) as error:
        Template.parse("{line}{seq}").render({"line": ""}, 1)
    assert error.value.token == "line"


def test_value_that_the_check_cannot_cover_is_named():
    with pytest.raises(NumberingError, match="cannot cover “W” in WH1"):
        Template.parse("{plant}{seq}{check:mod10}").render(VALUES, 1)


def test_counter_grows_beyond_its_width():
    parsed = Template.parse("{seq:03}-{plant}")
    assert parsed.render(VALUES, 1000) == "1000-WH"
    assert parsed.sequence_in("1000-WH", VALUES) == 1000
    assert parsed.sequence_in("07-WH", VALUES) is None
    assert parsed.sequence_in("007-XX", VALUES) is None


@pytest.mark.parametrize(
    ("template", "reset"),
    [
        ("{seq:06}", "never"),
        ("{date:%Y%m%d}{seq}", "day"),
        ("{date:%y%j}{seq}", "day"),
        ("{date:%G%V%u}{seq}", "day"),
        ("{year_code}{month_code}{day}{seq}", "day"),
        ("{date:%G-W%V}{seq}", "week"),
        ("{date:%Y%W}{seq}", "week"),
        ("{date:%Y%m%d}{seq}", "week"),
        ("{date:%y%m}{seq}", "month"),
        ("{year_code}{month_code}{seq}", "month"),
        ("{year}{seq}", "year"),
        ("{date:%m}{expiry:%y%m%d}{seq}", "day"),
    ],
)
def test_template_that_tells_the_periods_apart_is_taken(template, reset):
    assert twice(Template.parse(template), reset) is None


@pytest.mark.parametrize(
    ("template", "reset"),
    [
        ("{seq:06}", "day"),
        ("{date:%Y%m}{seq}", "day"),
        ("{date:%d}{seq}", "day"),
        # Week 1 of a year may begin in the year before, so day and week name two days of it.
        ("{date:%Y%V%u}{seq}", "day"),
        ("{date:%Y%V}{seq}", "week"),
        ("{date:%V}{seq}", "week"),
        ("{date:%m}{seq}", "month"),
        # The last days of December may belong to the next year's first week.
        ("{date:%G}{seq}", "year"),
        # Neither date alone says the day, and the two need not go together.
        ("{date:%Y%m}{production_date:%d}{seq}", "day"),
        ("{plant}{seq}", "year"),
    ],
)
def test_template_that_gives_a_number_twice_is_found_with_an_example(template, reset):
    found = twice(Template.parse(template), reset)
    assert found
    assert found.first != found.second


def test_no_number_comes_twice_in_ten_years_of_a_template_that_is_taken():
    parsed = Template.parse("{date:%G%V}-{seq}")
    assert counting_date(parsed, "week") == "date"
    counters: dict[str, int] = {}
    seen = set()
    for offset in range(3650):
        day = date(2025, 1, 1) + timedelta(days=offset)
        key = period("week", day)
        counters[key] = counters.get(key, 0) + 1
        number = parsed.render({"date": day}, counters[key])
        assert number not in seen
        seen.add(number)


@pytest.mark.parametrize(
    ("one", "other"),
    [("O-1", "0-1"), ("I5", "15"), ("l5", "1S"), ("8B", "B8"), ("Z2", "22"), ("A–1", "A-1"),
     ("Ａ１", "A1"), ("a1", "A1"), ("A\u200b1", "A1"), ("A  1", "A 1")],
)  # fmt: skip
def test_look_alike_numbers_have_one_key(one, other):
    assert lot_name.key(one) == lot_name.key(other)


@pytest.mark.parametrize(("one", "other"), [("A1", "A-1"), ("A1", "A11"), ("U", "V"), ("3", "8")])
def test_different_numbers_have_different_keys(one, other):
    assert lot_name.key(one) != lot_name.key(other)


def test_repeated_numbers_are_listed_once_as_first_typed():
    assert lot_name.repeated(["S1", "s1 ", "S2", "S3", "S3", "S3"]) == ["S1", "S3"]


@pytest.mark.parametrize(
    ("mask", "fits", "wrong"),
    [
        ("AA-9999", "ab-0123", "ab-012"),
        ("X{3}", "a1B", "a1-"),
        ("*{2,4}", "#é", "#"),
        ("'LOT'9{1,3}", "LOT12", "LOT"),
        ('"9A"A', "9Ab", "1Ab"),
        ("9.9", "1.2", "1x2"),
    ],
)
def test_mask_takes_its_form_and_nothing_else(mask, fits, wrong):
    parsed = lot_mask.Mask.parse(mask)
    assert parsed.fits(fits)
    assert not parsed.fits(wrong)
    assert not parsed.fits(fits + "\n")
    assert parsed.fits(parsed.example)


@pytest.mark.parametrize(("mask", "position"), [("A{0}", 1), ("AA{3,2}", 2), ("A'x", 2), ("}", 1)])
def test_mask_that_cannot_be_read_is_refused_with_its_place(mask, position):
    with pytest.raises(lot_mask.MaskError) as error:
        lot_mask.Mask.parse(mask)
    assert error.value.position == position


def test_date_that_a_counter_follows_is_worked_out_once_for_all_lots():
    counting_date(Template.parse("{date:%Y%j}/{seq:04}"), "day")
    before = counting_date.cache_info()
    for _lot in range(1000):
        counting_date(Template.parse("{date:%Y%j}/{seq:04}"), "day")
    after = counting_date.cache_info()
    assert (after.hits - before.hits, after.misses) == (1000, before.misses)
