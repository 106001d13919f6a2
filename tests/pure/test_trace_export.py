import doctest
import hashlib
import json

from tools import text_direction, trace_digest
from tools.text_direction import visual_order
from tools.trace_digest import trace_digest as digest
from tools.trace_tables import TABLES, each_row, table_rows

HEBREW = "\u05d2\u05d1\u05d9\u05e0\u05d4"  # "cheese"


def test_doctests_pass():
    assert doctest.testmod(text_direction).failed == 0
    assert doctest.testmod(trace_digest).failed == 0


def test_right_to_left_name_is_turned_round_and_its_numbers_are_not():
    assert visual_order(f"{HEBREW} 250 g") == f"g 250 {HEBREW[::-1]}"


def test_right_to_left_word_in_a_latin_name_stays_in_its_place():
    assert visual_order(f"Deli {HEBREW} (x)") == f"Deli {HEBREW[::-1]} (x)"


def test_numbers_and_brackets_of_a_right_to_left_name_keep_their_sense():
    assert visual_order(f"{HEBREW} 250 (9%)") == f"(9%) 250 {HEBREW[::-1]}"
    assert visual_order(f"{HEBREW} 1,5-2") == f"1,5-2 {HEBREW[::-1]}"


def test_text_of_neutral_letters_alone_is_unchanged():
    assert visual_order("\u2014 12 / 7 \u2014") == "\u2014 12 / 7 \u2014"


def test_fingerprint_is_the_hash_of_sorted_compact_json():
    trace = {"origin": [2, 1], "complete": True, "lots": [{"b": 1.5, "a": "\u00e9"}, {"a": "b"}]}
    expected = {"complete": True, "lots": [{"a": "b"}, {"a": "\u00e9", "b": 1.5}], "origin": [1, 2]}
    text = json.dumps(expected, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest(trace) == hashlib.sha256(text.encode()).hexdigest()


def test_fingerprint_of_other_quantities_differs():
    assert digest({"lots": [{"on_hand": 1.0}]}) != digest({"lots": [{"on_hand": 1.5}]})


def test_rows_one_at_a_time_are_those_of_the_pages():
    lot = {"id": 1, "name": "M-1", "product_id": 5, "product": "Milk", "uom": "l", "level": 0}
    sent = {"partner_id": 9, "partner": "Deli", "quantity": 8.0, "date": "2026-11-02"}
    trace = {
        "lots": [lot],
        "deliveries": [
            {**sent, "lot_id": 1, "document": False},
            {
                **sent,
                "lot_id": False,
                "product": "Dressing",
                "uom": "kg",
                "document": False,
                "certainty": "inferred",
            },
        ],
        "partners": [{"id": 9, "name": "Deli", "role": "customer"}],
    }
    for table in TABLES:
        assert list(each_row(trace, table)) == table_rows(trace, table, limit=0)["rows"]
    events = [(r["product"], r["uom"], r["certainty"]) for r in each_row(trace, "timeline")]
    assert sorted(events) == [("Dressing", "kg", "inferred"), ("Milk", "l", "recorded")]
