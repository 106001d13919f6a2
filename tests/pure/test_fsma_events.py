"""The seven critical tracking events, their data elements, places and proposals."""

import doctest
import re

import pytest
from fsma_tools import event_elements, events, places, propose
from fsma_tools.events import Circumstances, completeness, elements, every_element, missing, needed

PLACE = {
    "name": "Farm",
    "phone": "+1 555 0100",
    "street": "1 Road",
    "city": "Salinas",
    "state": "CA",
    "zip": "93901",
    "country": "US",
}
KNOWN = {
    "text": "known",
    "date": "2026-03-02",
    "quantity": {"amount": 2.0, "unit": "kg"},
    "place": PLACE,
    "contact": PLACE,
    "source": PLACE,
    "document": {"type": "bol", "number": "1"},
}
ALL = frozenset({"produce", "aquaculture", "sprouts"})


def complete(kind, of=events.PLAIN):
    """Values that say everything that an event needs."""
    return {element.code: KNOWN[element.kind] for element in needed(kind, of)}


@pytest.mark.parametrize("module", [events, event_elements, places, propose])
def test_doctests_pass(module):
    assert doctest.testmod(module).failed == 0


def test_there_are_seven_events_and_neither_growing_nor_creating():
    assert list(events.EVENTS) == [
        "harvesting",
        "cooling",
        "initial_packing",
        "first_receiving",
        "shipping",
        "receiving",
        "transformation",
    ]


def test_a_code_is_given_in_three_events_only():
    assert {"initial_packing", "first_receiving", "transformation"} == events.ASSIGNING


@pytest.mark.parametrize(
    ("kind", "of", "sections"),
    [
        ("harvesting", {}, [f"1.1325(a)(1)({n})" for n in "i ii iii iv v vi vii viii".split()]),
        ("cooling", {}, [f"1.1325(b)(1)({n})" for n in "i ii iii iv v vi vii".split()]),
        ("initial_packing", {}, [f"1.1330(a)({n})" for n in range(1, 17)]),
        ("initial_packing", {"exempt": True}, [f"1.1330(c)({n})" for n in range(1, 11)]),
        ("first_receiving", {}, [f"1.1335({n})" for n in "abcdefg"]),
        ("shipping", {}, [f"1.1340(a)({n})" for n in range(1, 9)]),
        ("receiving", {}, [f"1.1345(a)({n})" for n in range(1, 9)]),
        ("receiving", {"exempt": True}, [f"1.1345(b)({n})" for n in range(1, 8)]),
    ],
)
def test_every_paragraph_of_a_section_has_its_element(kind, of, sections):
    found = {element.section for element in elements(kind, Circumstances(**of))}
    assert found == set(sections)


def test_sprouts_add_the_seven_paragraphs_of_the_seeds():
    of = Circumstances(applies=frozenset({"sprouts"}))
    added = set(elements("initial_packing", of)) - set(elements("initial_packing"))
    assert {one.section for one in added} == {f"1.1330(b)({n})" for n in range(1, 8)}
    assert elements("shipping", of) == elements("shipping")


def test_a_transformation_of_raw_commodity_keeps_the_packers_elements():
    sections = {one.section for one in elements("transformation", Circumstances(raw=True))}
    assert {f"1.1330(a)({n})" for n in range(1, 11)} < sections


@pytest.mark.parametrize("kind", events.EVENTS)
@pytest.mark.parametrize("exempt", [False, True])
@pytest.mark.parametrize("applies", [frozenset(), ALL])
def test_an_event_is_complete_when_all_is_known_and_names_each_thing_that_is_not(
    kind, exempt, applies
):
    of = Circumstances(exempt=exempt, applies=applies)
    values = complete(kind, of)
    if kind == "transformation":
        values["inputs"] = [dict(values)]
    assert missing(kind, values, of) == []
    for element in needed(kind, of):
        less = {**values, element.code: None}
        if element.of_input and kind == "transformation":
            less = {**values, "inputs": [{**values, element.code: None}]}
        assert missing(kind, less, of) == [element.code]
        assert completeness(kind, [element.code], of) < 1


def test_what_applies_only_to_some_foods_is_asked_of_them_only():
    values = complete("harvesting")
    assert missing("harvesting", values) == []
    assert missing("harvesting", values, Circumstances(applies=frozenset({"produce"}))) == [
        "field_name"
    ]
    assert missing("harvesting", values, Circumstances(applies=frozenset({"aquaculture"}))) == [
        "container_name"
    ]


def test_each_lot_that_was_used_is_looked_at():
    values = complete("transformation")
    row = {
        "input_tlc": "A",
        "input_product_description": "Kale",
        "input_quantity": {"amount": 1, "unit": "kg"},
    }
    assert missing("transformation", {**values, "inputs": [row, row]}) == []
    assert missing("transformation", {**values, "inputs": [row, {**row, "input_tlc": ""}]}) == [
        "input_tlc"
    ]


def test_foods_that_are_not_on_the_list_leave_no_gap():
    assert missing("transformation", complete("transformation")) == []


def test_a_reference_stands_for_the_source_of_a_code():
    values = complete("shipping")
    assert missing("shipping", {**values, "tlc_source": {"reference": "0614141000005"}}) == []
    assert missing("shipping", {**values, "tlc_source": {"name": "Farm"}}) == ["tlc_source"]


@pytest.mark.parametrize(
    "value",
    [None, {}, {"amount": 0, "unit": "kg"}, {"amount": -1, "unit": "kg"}, {"amount": 5}],
)
def test_a_quantity_has_a_unit_and_is_above_zero(value):
    assert missing("receiving", {**complete("receiving"), "quantity": value}) == ["quantity"]


def test_elements_have_one_kind_and_a_section_of_the_rule():
    kinds = {}
    for kind in events.EVENTS:
        for of in (Circumstances(raw=True, applies=ALL), Circumstances(exempt=True)):
            for element in elements(kind, of):
                assert kinds.setdefault(element.code, element.kind) == element.kind
                assert re.fullmatch(
                    r"1\.13[2-5]0?5?\([a-c]\)(\([0-9]+\))?(\([ivx]+\))?|"
                    r"1\.1335\([a-g]\)",
                    element.section,
                ), element
    assert set(kinds) == set(every_element())


@pytest.mark.parametrize("key", ["name", "phone", "street", "city", "state", "zip", "country"])
def test_each_part_of_a_location_is_asked_for(key):
    assert places.gaps({**PLACE, key: ""}) == ([key] if key != "country" else ["country"])


def test_a_foreign_location_needs_its_country_and_what_there_is():
    place = {"name": "F", "phone": "1", "street": "2", "city": "Faro", "country": "PT"}
    assert places.gaps(place) == []


@pytest.mark.parametrize("number", ["", "1234567891", "123456789101", "1234567891A"])
def test_other_numbers_are_no_facility_registration(number):
    assert not places.is_facility_number(number)


def test_an_outline_tells_the_line_that_is_wrong():
    for text, line in (
        ("1 1\n2 2\n91 0", 3),
        ("1 1\n\n2 x\n3 3", 3),
        ("1 1\n2 2", 0),
        ("1 1 1\n2 2\n3 3", 1),
        ("nan nan\n2 2\n3 3", 1),
    ):
        with pytest.raises(ValueError, match=f"^{line}$"):
            places.corners(text)


@pytest.mark.parametrize(
    ("name", "group", "found"),
    [
        ("CUCUMBERS", "", (1, "name")),
        ("Bio-Cucumbers, 3 ct", "", (1, "name")),
        ("Mini", "Vegetables / Cucumbers", (1, "group")),
        ("Cucumberseeds", "", None),
        ("Cucumbers", "Frozen foods", None),
        ("English cucumbers sliced", "", (2, "name")),
        ("", "", None),
    ],
)
def test_a_category_is_proposed_by_whole_words(name, group, found):
    rules = [
        propose.Rule(1, frozenset({"cucumbers"}), frozenset({"frozen"})),
        propose.Rule(2, frozenset({"cucumbers sliced"})),
    ]
    proposal = propose.propose(name, group, rules)
    assert (proposal and (proposal.rule, proposal.where)) == found
