"""Typed events and documents: what is written is valid, and read again as it was."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from fsma_tools import epcis
from fsma_tools.epcis import (
    AggregationEvent,
    AssociationEvent,
    ErrorDeclaration,
    Ilmd,
    MasterData,
    ObjectEvent,
    Party,
    Place,
    Quantity,
    Transaction,
    TransactionEvent,
    TransformationEvent,
    hash_id,
    read,
    traceability,
    validate,
)
from hypothesis import given
from hypothesis import strategies as st

TIME = datetime(2026, 11, 26, 10, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-6)))
LOT = "urn:epc:class:lgtin:4012345.012345.L1"
LINK = "https://id.gs1.org/01/04012345666663/10/L2"
PLANT = "urn:epc:id:sgln:0614141.12345.0"
PALLET = "urn:epc:id:sscc:4012345.0000000333"
WHERE = {
    "read_point": Place(PLANT),
    "biz_location": Place(PLANT, {"example:door": "3"}),
    "transactions": (Transaction("urn:epcglobal:cbv:bt:1:PO1", "po"), Transaction("urn:x:1")),
    "sources": (Party("owning_party", "urn:epc:id:pgln:4012345.00000"), Party("location", PLANT)),
    "destinations": (Party("possessing_party", "urn:epc:id:pgln:0614141.00777"),),
}
ILMD = Ilmd(
    lot_number="L2",
    expiration_date=date(2027, 2, 28),
    production_date=date(2026, 11, 26),
    country_of_origin="US",
    tlc="L2",
    tlc_source=PLANT,
    extensions={"gdst:productOwner": "urn:x:owner"},
)
EVENTS = [
    ObjectEvent(
        TIME, biz_step="commissioning", disposition="active", action="ADD",
        quantities=(Quantity(LOT, Decimal("12.50"), "KGM"), Quantity(LINK)), ilmd=ILMD,
    ),
    ObjectEvent(
        TIME, biz_step="shipping", disposition="in_transit", epc_list=(PALLET,),
        dispositions_set=("completeness_verified",), dispositions_unset=("completeness_inferred",),
        extensions=traceability("L1", PLANT, "https://example.com/plant"), **WHERE,
    ),
    AggregationEvent(
        TIME, biz_step="packing", parent_id=PALLET, child_quantities=(Quantity(LOT, 40),)
    ),
    AssociationEvent(TIME, parent_id=PALLET, child_epcs=("urn:epc:id:giai:4000001.111",)),
    TransactionEvent(TIME, quantities=(Quantity(LOT, 40),), **WHERE),
    TransformationEvent(
        TIME, biz_step="creating_class_instance",
        input_quantities=(Quantity(LOT, 12.5, "KGM"),),
        input_epcs=("urn:epc:id:sgtin:4012345.012345.1",),
        output_quantities=(Quantity(LINK, 40),), ilmd=ILMD,
        certification_info=("https://example.com/certificate",),
    ),
]  # fmt: skip


def written(*events, **options):
    return epcis.document(
        events, created=TIME, extensions={"example": "https://ns.example.com/epcis/"}, **options
    )


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.KIND} {event.biz_step}")
def test_event_is_valid_and_read_as_it_was_written(event):
    document = written(event)
    assert validate(document) == []
    (found,) = read(json.dumps(document))
    assert {k: v for k, v in found.items() if k != "@context"} == event.to_dict()


def test_time_is_written_in_utc_with_the_offset_of_the_place():
    event = EVENTS[0].to_dict()
    assert (event["eventTime"], event["eventTimeZoneOffset"]) == (
        "2026-11-26T16:30:00.123Z",
        "-06:00",
    )
    other = ObjectEvent(TIME, offset="+09:00", epc_list=(PALLET,))
    assert other.to_dict()["eventTimeZoneOffset"] == "+09:00"


def test_time_without_a_zone_is_refused():
    with pytest.raises(epcis.EpcisError, match="no time with a time zone"):
        ObjectEvent(datetime(2026, 11, 26), epc_list=(PALLET,)).to_dict()


def test_master_data_of_a_lot_carries_code_and_source():
    assert EVENTS[0].to_dict()["ilmd"] == {
        "cbvmda:lotNumber": "L2",
        "cbvmda:itemExpirationDate": "2027-02-28",
        "cbvmda:productionDate": "2026-11-26",
        "cbvmda:countryOfOrigin": "US",
        "tlc:traceabilityLotCode": "L2",
        "tlc:traceabilityLotCodeSource": PLANT,
        "gdst:productOwner": "urn:x:owner",
    }
    named = Ilmd(tlc="L2", tlc_names={"code": "acme:tlc", "source": "a:s", "reference": "a:r"})
    assert named.to_dict() == {"acme:tlc": "L2"}


def test_context_declares_the_prefixes_that_are_used():
    context = written(EVENTS[0])["@context"]
    assert context[0] == epcis.EPCIS_CONTEXT
    assert {key: value for part in context[1:] for key, value in part.items()} == {
        "gdst": "https://traceability-dialogue.org/epcis",
        "tlc": "https://traceability.fda.gov/epcis",
        "example": "https://ns.example.com/epcis/",
    }
    # The words of the core vocabulary are protected: to declare them again would be an error.
    assert epcis.document([EVENTS[2]], created=TIME)["@context"] == [epcis.EPCIS_CONTEXT]


def test_event_gets_its_hash_as_id_and_keeps_one_that_it_has():
    document = written(EVENTS[1])
    event = EVENTS[1].with_hash_id(document["@context"])
    (found,) = read(document)
    assert event["eventID"] == hash_id(found)
    assert validate(written(event)) == []
    named = ObjectEvent(TIME, event_id="urn:uuid:1", epc_list=(PALLET,))
    assert named.with_hash_id()["eventID"] == "urn:uuid:1"


def test_declared_error_names_the_events_that_are_right():
    wrong = ErrorDeclaration(TIME, "incorrect_data", ("urn:uuid:2",), {"example:who": "QA"})
    event = ObjectEvent(TIME, epc_list=(PALLET,), error_declaration=wrong)
    plain = ObjectEvent(TIME, epc_list=(PALLET,))
    document = written(event)
    assert validate(document) == []
    assert event.to_dict()["errorDeclaration"] == {
        "declarationTime": "2026-11-26T16:30:00.123Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:2"],
        "example:who": "QA",
    }
    assert hash_id(event.to_dict()) == hash_id(plain.to_dict())


def test_document_carries_master_data_and_both_sides():
    document = written(
        EVENTS[1],
        sender="urn:epc:id:sgln:0614141.00001.0",
        receiver="urn:epc:id:sgln:4012345.00001.0",
        instance="1234",
        master_data=[
            MasterData("location", PLANT, {"name": "Old"}),
            MasterData("location", PLANT, {"name": "Plant 1", "city": ""}, (PLANT[:-1] + "5",)),
            MasterData("class", LOT, {"descriptionShort": "Tomato", "urn:x:own": 5}),
        ],
    )
    assert validate(document) == []
    assert document["sender"] == "urn:epc:id:sgln:0614141.00001.0"
    assert document["epcisHeader"]["epcisMasterData"]["vocabularyList"] == [
        {
            "type": "urn:epcglobal:epcis:vtype:Location",
            "vocabularyElementList": [
                {
                    "id": PLANT,
                    "attributes": [{"id": "urn:epcglobal:cbv:mda#name", "attribute": "Plant 1"}],
                    "children": ["urn:epc:id:sgln:0614141.12345.5"],
                }
            ],
        },
        {
            "type": "urn:epcglobal:epcis:vtype:EPCClass",
            "vocabularyElementList": [
                {
                    "id": LOT,
                    "attributes": [
                        {"id": "urn:epcglobal:cbv:mda#descriptionShort", "attribute": "Tomato"},
                        {"id": "urn:x:own", "attribute": 5},
                    ],
                }
            ],
        },
    ]


def test_answer_to_a_query_is_valid():
    answer = epcis.query_document(EVENTS[2:3], created=TIME, subscription_id="s1")
    assert validate(answer) == []
    assert answer["epcisBody"]["queryResults"]["subscriptionID"] == "s1"
    assert len(list(read(answer))) == 1
    assert validate(epcis.query_document([], created=TIME)) == []


@given(
    time=st.datetimes(
        min_value=datetime(1900, 1, 2),
        max_value=datetime(2200, 1, 1),
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
    ),
    quantity=st.decimals(0, 10**9, places=3),
    note=st.text(max_size=50),
)
def test_any_event_is_read_with_the_same_hash(time, quantity, note):
    event = ObjectEvent(
        time, quantities=(Quantity(LOT, quantity, "KGM"),), extensions={"example:note": note}
    )
    document = written(event)
    assert validate(document) == []
    (found,) = read(json.dumps(document))
    assert hash_id(found) == hash_id(event.to_dict(), document["@context"])
