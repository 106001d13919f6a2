"""What is valid and what is not: our own rules, and GS1's schema where it lies here."""

import copy
import json
import random

import jsonschema
import pytest
from epcis_support import CONTEXT, EPCIS, HASHED, document, events_of, example_files, observed
from fsma_tools.epcis import EpcisError, Problem, hash_id, read, shapes, validate, validate_event
from hypothesis import given
from hypothesis import strategies as st

here = pytest.mark.skipif(not EPCIS.is_dir(), reason="GS1's schema and examples do not lie here")

WORKED = {
    "type": "AggregationEvent",
    "eventTime": "2026-11-26T10:00:00Z",
    "eventTimeZoneOffset": "+01:00",
    "action": "ADD",
    "parentID": "urn:epc:id:sscc:4012345.0000000333",
    "childQuantityList": [
        {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 40, "uom": "KGM"}
    ],
}
TRANSACTED = {
    "type": "TransactionEvent",
    "eventTime": "2026-11-26T10:00:00Z",
    "eventTimeZoneOffset": "+01:00",
    "action": "ADD",
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:1:PO1"}],
    "quantityList": WORKED["childQuantityList"],
}
ASSOCIATED = {**WORKED, "type": "AssociationEvent", "childEPCs": ["urn:epc:id:giai:4000001.111"]}
MADE = {
    "type": "TransformationEvent",
    "eventTime": "2026-11-26T10:00:00Z",
    "eventTimeZoneOffset": "+01:00",
    "inputQuantityList": WORKED["childQuantityList"],
    "outputQuantityList": WORKED["childQuantityList"],
    "ilmd": {"cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2027-02-28"},
}
QUERIED = {
    "@context": [CONTEXT],
    "type": "EPCISQueryDocument",
    "epcisBody": {
        "queryResults": {
            "queryName": "SimpleEventQuery",
            "resultsBody": {"eventList": [WORKED, MADE]},
        }
    },
}
KNOWN = [event for event, _hash in HASHED if ":" not in event["bizStep"]]
OURS = [document(WORKED, TRANSACTED, ASSOCIATED, MADE, *KNOWN), QUERIED]
FIELDS = sorted({field for shape in shapes.EVENTS.values() for field in shape.fields})
LEFT_OUT = object()
REPLACEMENTS = [
    LEFT_OUT, None, 5, -1.5, True, "", "foo", "urn:example:foo", "2026-02-30T10:00:00Z",
    "urn:epcglobal:cbv:bizstep:shipping", [], {}, [None], ["foo"], {"foo": 1}, {"ns:foo": 1},
]  # fmt: skip


def places(value, path=()):
    """Every path in a document, objects before what is in them."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def changed(value, path, replacement):
    """A copy with what is at ``path`` replaced or left out."""
    value = copy.deepcopy(value)
    below = value
    for step in path[:-1]:
        below = below[step]
    if replacement is LEFT_OUT:
        del below[path[-1]]
    else:
        below[path[-1]] = replacement
    return value


def added(value, path, field):
    value = copy.deepcopy(value)
    below = value
    for step in path:
        below = below[step]
    below[field] = "2026"
    return value


def mutations(value):
    """Every single change that is tried: a path, and what makes a changed copy."""
    for path in places(value):
        target = value
        for step in path:
            target = target[step]
        if path:
            replacements = [*REPLACEMENTS]
            if isinstance(target, list) and target:
                replacements.append([*target, target[0]])
            for replacement in replacements:
                yield path, replacement, changed
        if isinstance(target, dict):
            for field in ("foo", "ns:foo", "bizStep", "ilmd"):
                yield path, field, added


def schema():
    text = (EPCIS / "EPCIS-JSON-Schema.json").read_text(encoding="utf-8")
    kind = jsonschema.Draft7Validator
    return kind(json.loads(text), format_checker=kind.FORMAT_CHECKER)


@here
@pytest.mark.parametrize("path", example_files(), ids=lambda path: path.stem)
def test_examples_of_gs1_are_valid(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    assert schema().is_valid(document)
    assert validate(document) == []


@here
@pytest.mark.parametrize(
    "document",
    [*(json.loads(path.read_text(encoding="utf-8")) for path in example_files()), *OURS],
)
def test_form_is_judged_as_by_the_schema_of_gs1(document):
    judge = schema()
    seen = set()
    # All of them agree; that takes minutes, so a run tries some of them.
    chosen = random.Random(2026).sample(list(mutations(document)), 150)
    for path, change, make in chosen:
        mutant = make(document, path, change)
        expected = judge.is_valid(mutant)
        found = validate(mutant, content=False)
        assert (found == []) == expected, (path, change, found)
        # What the content is asked on top never forgives a wrong form, and never breaks.
        assert expected or validate(mutant)
        seen.add(expected)
    assert seen == {True, False}


@pytest.mark.parametrize("document", OURS)
def test_ours_are_valid(document):
    assert validate(document) == []


@pytest.mark.parametrize("thing", [None, 5, "text", [], {}, {"type": 5}, {"type": "Cheese"}])
def test_what_is_no_document_is_told(thing):
    assert validate(thing)


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ({"eventTime": "2026-02-30T10:00:00Z"}, "eventTime", "no time with a time zone"),
        ({"eventTime": "2026-11-26T10:00:00"}, "eventTime", "no time with a time zone"),
        ({"eventTimeZoneOffset": "+1:00"}, "eventTimeZoneOffset", "no offset from UTC"),
        ({"action": "MOVE"}, "action", "OBSERVE or ADD or DELETE"),
        ({"bizStep": "cooking"}, "bizStep", "none of the words"),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:shipping"}, "bizStep", "bare word"),
        ({"weight": 5}, "weight", "no field of an ObjectEvent"),
        ({"ilmd": {}}, "ilmd", "only with action ADD"),
        ({"epcList": ["4012345"]}, "epcList[0]", "is no URI"),
        (
            {"epcList": ["urn:epc:id:sgtin:4012345.12345.1"]},
            "epcList[0]",
            "of the form urn:epc:id:sgtin:COMPANY.ITEM.SERIAL",
        ),
        ({"epcList": ["urn:epc:class:lgtin:4012345.012345.L1"]}, "epcList[0]", "names a class"),
        ({"epcList": ["https://id.gs1.org/01/04012345123456"]}, "epcList[0]", "names a class"),
        (
            {"epcList": ["https://id.gs1.org/00/140123451122233342"]},
            "epcList[0]",
            "should be 1",
        ),
        (
            {"quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.12345.L1"}]},
            "quantityList[0].epcClass",
            "of the form urn:epc:class:lgtin:COMPANY.ITEM.LOT",
        ),
        (
            {"quantityList": [{"epcClass": "urn:epc:id:sgtin:4012345.012345.1"}]},
            "quantityList[0].epcClass",
            "names one thing",
        ),
        (
            {"quantityList": [{"epcClass": "https://id.gs1.org/01/04012345123457/10/L1"}]},
            "quantityList[0].epcClass",
            "should be 6",
        ),
        (
            {
                "quantityList": [
                    {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": -0.5}
                ]
            },
            "quantityList[0].quantity",
            "less than zero",
        ),
        (
            {
                "quantityList": [
                    {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": float("inf")}
                ]
            },
            "quantityList[0].quantity",
            "no number that can be counted",
        ),
        ({"readPoint": {"id": "urn:epc:id:sgln:1.2.3"}}, "readPoint.id", "of the form"),
        (
            {"readPoint": {"id": "urn:epc:id:sgln:4012345.00011.0", "dock": "3"}},
            "readPoint.dock",
            "has no namespace",
        ),
        (
            {"sourceList": [{"type": "location", "source": "urn:epc:id:sgln:9.9.9"}]},
            "sourceList[0].source",
            "of the form",
        ),
        ({"acme:dock": "3"}, "acme:dock", "is not declared"),
        ({"example:dock": {"door": "3"}}, "example:dock.door", "has no namespace"),
        ({"example:a": [{"example:b": {"acme:c": 1}}]}, "example:a[0].example:b.acme:c", "is not"),
        (
            {"action": "ADD", "ilmd": {"cbvmda:itemExpirationDate": "2026-02-30"}},
            "ilmd.cbvmda:itemExpirationDate",
            "no date that exists",
        ),
        (
            {"action": "ADD", "ilmd": {"cbvmda:bestBeforeDate": 20260228}},
            "ilmd.cbvmda:bestBeforeDate",
            "no date that exists",
        ),
    ],
)
def test_problem_is_told_with_its_place(fields, path, words):
    problems = validate(document(observed(**fields)))
    place = f"epcisBody.eventList[0].{path}"
    assert [p.path for p in problems] == [place]
    assert words in problems[0].sentence


def test_every_problem_of_a_document_is_told():
    problems = validate(document(observed(bizStep="cooking"), observed(action="MOVE"), {}))
    assert {path.partition("]")[0] for path, _sentence in problems} == {
        "epcisBody.eventList[0",
        "epcisBody.eventList[1",
        "epcisBody.eventList[2",
    }


def test_pallet_without_its_number_is_told_but_for_observing():
    without = {key: value for key, value in WORKED.items() if key != "parentID"}
    assert [p.sentence for p in validate(document(without))] == [
        "parentID is missing: it may be left out with action OBSERVE only."
    ]
    assert validate(document({**without, "action": "OBSERVE"})) == []


def test_event_alone_brings_its_context():
    assert validate({"@context": CONTEXT, **WORKED}) == []
    assert [p.sentence for p in validate(WORKED)] == ["@context is missing: add it."]


def test_event_of_a_document_is_judged_with_the_context_of_the_document():
    event = observed(**{"acme:dock": "3"})
    assert validate_event(event, [CONTEXT, {"acme": "https://acme.example/"}]) == []
    assert validate_event(event, CONTEXT)


def test_query_document_is_looked_into():
    wrong = json.loads(json.dumps(QUERIED))
    results = wrong["epcisBody"]["queryResults"]["resultsBody"]
    results["eventList"][0]["childQuantityList"][0]["quantity"] = -1
    assert [p.path for p in validate(wrong)] == [
        "epcisBody.queryResults.resultsBody.eventList[0].childQuantityList[0].quantity"
    ]


def test_sentences_are_short_whatever_is_wrong():
    problems = validate(document(observed(bizStep="x" * 100_000, **{"y" * 5000: 1})))
    assert len(problems) == 2
    assert all(len(sentence) < 300 for _path, sentence in problems)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(
    anything, st.sampled_from([*shapes.EVENTS, "EPCISDocument", "EPCISQueryDocument", "urn:x:y"])
)
def test_nothing_breaks_whatever_is_sent(thing, kind):
    thing = {**thing, "type": kind} if isinstance(thing, dict) else thing
    assert all(sentence.endswith(".") for _path, sentence in validate(thing))
    if isinstance(thing, dict):
        assert hash_id(thing).startswith("ni:///sha-256;")


def test_deep_document_is_told_and_ends():
    deep = []
    for _step in range(5000):
        deep = [deep]
    wrong = [Problem("", "The document is nested too deeply: send plain EPCIS events.")]
    assert validate(document(observed(**{"example:deep": deep}))) == wrong
    assert validate_event(observed(**{"example:deep": deep})) == wrong
    with pytest.raises(EpcisError, match="nested too deeply"):
        list(read([observed(**{"example:deep": deep})]))


def test_events_of_the_examples_are_valid_one_by_one():
    for path in example_files():
        found = json.loads(path.read_text(encoding="utf-8"))
        for event in events_of(found):
            assert validate_event(event, found["@context"]) == []
