"""Parameters of the simple event query: what each means, and what is refused."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest
from epcis_support import CONTEXT, EXT
from fsma_tools.epcis import Condition, EpcisError, Match, parse_query
from fsma_tools.epcis.query import MOST_PER_PAGE
from hypothesis import given
from hypothesis import strategies as st

LOT = "https://id.gs1.org/01/04012345123456/10/L1"
PLACE = "https://id.gs1.org/414/4012345000115"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("eventType", "ObjectEvent,TransformationEvent",
         Condition("type", "in", ("ObjectEvent", "TransformationEvent"))),
        ("eventType", ["ObjectEvent"], Condition("type", "in", ("ObjectEvent",))),
        ("EQ_action", "ADD", Condition("action", "in", ("ADD",))),
        ("EQ_bizStep", "https://ref.gs1.org/cbv/BizStep-shipping",
         Condition("bizStep", "in", ("shipping",))),
        ("EQ_disposition", "urn:epcglobal:cbv:disp:recalled",
         Condition("disposition", "in", ("recalled",))),
        ("EQ_bizStep", "https://example.com/roasting",
         Condition("bizStep", "in", ("https://example.com/roasting",))),
        ("EQ_bizLocation", "urn:epc:id:sgln:4012345.00011.0",
         Condition("bizLocation", "in", (PLACE,))),
        ("WD_readPoint", PLACE, Condition("readPoint", "below", (PLACE,))),
        ("GE_eventTime", "2026-11-26T10:00:00+01:00",
         Condition("eventTime", "ge", (datetime(2026, 11, 26, 9, tzinfo=timezone.utc),))),
        ("LT_recordTime", "2026-11-26T10:00:00 01:00",  # a plus that nobody escaped
         Condition("recordTime", "lt", (datetime(2026, 11, 26, 9, tzinfo=timezone.utc),))),
        ("LE_quantity", "12.50", Condition("quantity", "le", (Decimal("12.50"),))),
        ("EQ_quantity", 12, Condition("quantity", "in", (Decimal(12),))),
        ("MATCH_anyEPCClass", "urn:epc:class:lgtin:4012345.012345.L1",
         Condition("anyEPCClass", "match",
                   (Match("urn:epc:class:lgtin:4012345.012345.L1", LOT),))),
        ("EQ_transformationID", "urn:epc:id:gdti:0614141.12345.400",
         Condition("transformationID", "in", ("https://id.gs1.org/253/0614141123452400",))),
        ("EQ_bizTransaction_po", "urn:x:PO1",
         Condition("bizTransaction", "in", ("urn:x:PO1",), "po")),
        ("EQ_bizTransaction_urn:epcglobal:cbv:btt:po", "urn:x:PO1",
         Condition("bizTransaction", "in", ("urn:x:PO1",), "po")),
        ("EQ_source_owning_party", "urn:epc:id:pgln:4012345.00000",
         Condition("source", "in", ("https://id.gs1.org/417/4012345000009",), "owning_party")),
        ("EXISTS_errorDeclaration", "true", Condition("errorDeclaration", "exists", (True,))),
        ("EQ_eventID", "urn:uuid:1", Condition("eventID", "in", ("urn:uuid:1",))),
        ("EQ_ILMD_cbvmda:lotNumber", "L1",
         Condition("{urn:epcglobal:cbv:mda}lotNumber", "in", ("L1",), "ilmd")),
        ("GE_example:moisture", "12.5",
         Condition("{https://ns.example.com/epcis/}moisture", "ge", (Decimal("12.5"),))),
        ("LT_example:dried", "2026-11-26T00:00:00Z",
         Condition("{https://ns.example.com/epcis/}dried", "lt",
                   (datetime(2026, 11, 26, tzinfo=timezone.utc),))),
        ("EXISTS_INNER_ILMD_example:note", True,
         Condition("{https://ns.example.com/epcis/}note", "exists", (True,), "inner ilmd")),
        ("EQ_https://other.example/ns#field", "x",
         Condition("{https://other.example/ns#}field", "in", ("x",))),
    ],
)  # fmt: skip
def test_parameter_becomes_a_condition(name, value, expected):
    assert parse_query({name: value}, [CONTEXT, EXT]).conditions == (expected,)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("EQ_colour", "red", "no parameter of the simple event query"),
        ("eventtype", "ObjectEvent", "no parameter"),
        ("EQ_bizTransaction_", "x", "no parameter"),
        ("MATCH_", "x", "no parameter"),
        ("eventType", "CheeseEvent", "one or more of ObjectEvent"),
        ("eventType", "", "texts that are not empty"),
        ("EQ_bizStep", [], "a list of 1 to"),
        ("EQ_bizStep", ["a"] * 1001, "a list of 1 to"),
        ("EQ_bizStep", [5], "not empty"),
        ("EQ_bizStep", {"a": 1}, "a list of"),
        ("GE_eventTime", "2026-02-30T00:00:00Z", "a time with a zone"),
        ("GE_eventTime", "2026-11-26", "a time with a zone"),
        ("GE_eventTime", ["2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"], "one value"),
        ("GT_quantity", "many", "a number"),
        ("GT_quantity", "NaN", "a number"),
        ("perPage", "0", "a whole number from 1 on"),
        ("perPage", "-1", "a whole number from 1 on"),
        ("perPage", "9" * 400, "a whole number from 1 on"),
        ("orderBy", "colour", "eventTime, recordTime"),
        ("orderDirection", "UP", "ASC, DESC"),
        ("EXISTS_errorDeclaration", "no", "true, or leave it out"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.012345.5", "patterns that end in"),
        ("MATCH_epc", "urn:epc:idpat:sgtin:4012345.1234.*", "patterns that end in"),
        ("MATCH_epc", "urn:epc:idpat:nothing:4012345.*", "patterns that end in"),
        ("eventCountLimit", "5", "needs orderBy"),
    ],
)
def test_what_cannot_be_asked_is_told(name, value, words):
    with pytest.raises(EpcisError) as error:
        parse_query({name: value})
    assert words in str(error.value)
    assert len(str(error.value)) < 300


def test_settings_are_no_conditions():
    query = parse_query(
        {
            "orderBy": "eventTime",
            "orderDirection": "ASC",
            "eventCountLimit": "10",
            "perPage": "5",
            "nextPageToken": "abc",
        }
    )
    assert query.conditions == ()
    assert (query.order_by, query.descending, query.limit) == ("eventTime", False, 10)
    assert (query.per_page, query.page_token) == (5, "abc")
    assert parse_query({"perPage": "99999"}).per_page == MOST_PER_PAGE
    assert parse_query({"maxEventCount": 7}).refuse_beyond == 7
    assert parse_query({}).per_page == 30


def test_contradiction_and_repetition_are_refused():
    with pytest.raises(EpcisError, match="one of eventCountLimit and maxEventCount"):
        parse_query({"orderBy": "eventTime", "eventCountLimit": 5, "maxEventCount": 5})
    with pytest.raises(EpcisError, match="is given twice"):
        parse_query([("EQ_action", "ADD"), ("EQ_action", "DELETE")])


@pytest.mark.parametrize(
    ("pattern", "fitting", "other"),
    [
        (
            "urn:epc:idpat:sgtin:4012345.012345.*",
            ["urn:epc:id:sgtin:4012345.012345.1", "https://a.b/01/04012345123456/21/X"],
            ["urn:epc:id:sgtin:4012345.012346.1", "urn:epc:class:lgtin:4012345.012345.1"],
        ),
        (
            "urn:epc:idpat:sgtin:4012345.*.*",
            ["urn:epc:id:sgtin:4012345.012345.1", "urn:epc:id:sgtin:4012345.912345.1"],
            ["urn:epc:id:sgtin:4012346.012345.1", "urn:epc:id:sscc:4012345.0000000333"],
        ),
        (
            "urn:epc:idpat:sscc:4012345.*",
            ["urn:epc:id:sscc:4012345.0000000333", "https://id.gs1.org/00/140123451122233341"],
            ["urn:epc:id:sscc:4012346.0000000333"],
        ),
        (
            "urn:epc:idpat:sgln:4012345.00011.*",
            ["urn:epc:id:sgln:4012345.00011.0", "urn:epc:id:sgln:4012345.00011.987"],
            ["urn:epc:id:sgln:4012345.00012.0"],
        ),
        (
            "urn:epc:idpat:grai:4012345.*.*",
            ["urn:epc:id:grai:4012345.66666.87"],
            ["urn:epc:id:grai:4012346.66666.87"],
        ),
        (
            "urn:epc:idpat:giai:4012345.*",
            ["urn:epc:id:giai:4012345.AAbb"],
            ["urn:epc:id:giai:4112345.AAbb"],
        ),
        ("urn:x:any", ["urn:x:any"], ["urn:x:other"]),
    ],
)
def test_pattern_fits_what_it_means(pattern, fitting, other):
    (condition,) = parse_query({"MATCH_epc": pattern}).conditions
    (match,) = condition.values
    assert [epc for epc in fitting if not match.fits(epc)] == []
    assert [epc for epc in other if match.fits(epc)] == []


def test_class_is_meant_itself_where_classes_are_asked_for():
    pattern = "urn:epc:idpat:sgtin:4012345.012345.*"
    (condition,) = parse_query({"MATCH_epcClass": pattern}).conditions
    assert condition.values == (Match(pattern, "https://id.gs1.org/01/04012345123456"),)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=3))
def test_any_text_is_read_or_refused_with_a_sentence(parameters):
    try:
        parse_query(parameters)
    except EpcisError as error:
        assert str(error).endswith((".", "…'"))
