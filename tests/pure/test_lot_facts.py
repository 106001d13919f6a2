"""What labels and instruments say of a lot."""

import doctest
from datetime import date, datetime

import pytest
from tools import lot_label, lot_values
from tools.gs1 import countries, parse
from tools.gs1.code_lists import COUNTRIES, COUNTRY_LETTERS

TODAY = date(2026, 3, 9)
GTIN = "(01)09520123456788"


@pytest.mark.parametrize("module", [lot_label, lot_values, countries])
def test_doctests_pass(module):
    assert doctest.testmod(module).failed == 0


def test_every_country_number_has_its_letters():
    assert {countries.letters(number) for number in COUNTRIES} == COUNTRY_LETTERS


def facts(text, **kwargs):
    return lot_label.facts(parse(GTIN + text, today=TODAY), **kwargs)


def test_expiry_comes_from_its_own_date_before_best_before():
    assert facts("(10)A(15)260301(17)260401")["expiration_date"] == date(2026, 4, 1)
    best = facts("(10)A(15)260301")
    assert best["expiration_date"] == best["use_date"] == date(2026, 3, 1)


def test_expiry_with_a_time_keeps_it():
    assert facts("(10)A(7003)2604011430")["expiration_date"] == datetime(2026, 4, 1, 14, 30)


def test_serial_numbers_are_named_by_their_own_identifier():
    text = "(10)A(21)S1"
    assert facts(text)["lot_name"] == "A"
    assert facts(text, serial=True)["lot_name"] == "S1"
    assert "lot_name" not in facts("(10)A", serial=True)


def test_dates_of_freezing_packing_and_a_single_day_of_harvest():
    found = facts("(10)A(13)260305(7006)260304(7007)260301")
    assert found["packing_date"] == date(2026, 3, 5)
    assert found["freezing_date"] == date(2026, 3, 4)
    assert found["harvest_date"] == date(2026, 3, 1)
    assert "harvest_end_date" not in found


def test_country_and_place_of_origin():
    found = facts("(10)A(422)724(427)AN")
    assert (found["origin_country"], found["origin_place"]) == ("ES", "AN")
    assert facts("(10)A(426)826")["origin_country"] == "GB"


@pytest.mark.parametrize("text", ["A17", "20260301-001", "9520123456788", "10A17", "(A)17", "0100"])
def test_ordinary_numbers_are_no_labels(text):
    assert lot_label.read(text, today=TODAY) == (None, "")


@pytest.mark.parametrize(
    "text",
    [
        "]C1010952012345678810A17",
        "010952012345678810A17",
        "(01)09520123456788(10)A17",
        "https://example.com/01/09520123456788/10/A17",
        "urn:epc:class:lgtin:952012345.0678.A17",
    ],
)
def test_labels_in_all_their_forms_name_their_lot(text):
    label, error = lot_label.read(text, today=TODAY)
    assert (label.lot, error) == ("A17", "")


def test_broken_label_says_what_is_wrong_with_it():
    label, error = lot_label.read("]C1010952012345678910A17", today=TODAY)
    assert label is None and "check digit" in error
