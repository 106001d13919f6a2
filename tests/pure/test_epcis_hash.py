"""The event hash: the values that other software computes, and what must not change it."""

import copy
import json
import random

import pytest
from epcis_support import (
    CONTEXT,
    DEPARTING,
    EPCIS,
    EXT,
    HASHED,
    HASHED_EXAMPLES,
    SHIPPED,
    events_of,
    example,
    gs1_translation,
    observed,
)
from fsma_tools.epcis import hash_id, pre_hash
from hypothesis import given
from hypothesis import strategies as st

CONTEXTS = [CONTEXT, EXT]


@pytest.mark.parametrize(("event", "expected"), HASHED)
def test_hash_is_the_known_one(event, expected):
    assert hash_id(event, CONTEXTS) == f"ni:///sha-256;{expected}?ver=CBV2.0"


@pytest.mark.skipif(not EPCIS.is_dir(), reason="GS1's examples do not lie here")
@pytest.mark.parametrize("name", HASHED_EXAMPLES)
def test_hash_of_an_event_with_every_field_is_the_known_one(name):
    document = example(name)
    expected = f"ni:///sha-256;{HASHED_EXAMPLES[name]}?ver=CBV2.0"
    assert hash_id(events_of(document)[0], document["@context"]) == expected


def test_every_gs1_key_becomes_its_digital_link():
    event = {
        "type": "ObjectEvent",
        "eventTime": "2023-03-27T11:30:00.0Z",
        "eventTimeZoneOffset": "+01:00",
        "epcList": [
            "urn:epc:id:sgtin:4012345.012345.12",
            "urn:epc:id:sscc:4012345.0000000333",
            "https://id.gs1.org/00/040123450000003338",
            "urn:epc:id:grai:4012345.66666.87",
            "urn:epc:id:giai:4012345.AAbb",
            "urn:epc:id:gsrn:4012345.9876540000",
            "urn:epc:id:gsrnp:4012345.0000098765",
            "urn:epc:id:gdti:4012345.55555.98",
            "urn:epc:id:cpi:4012345.ABC.123",
            "urn:epc:id:sgcn:4012345.99999.44",
            "urn:epc:id:ginc:4012345.333",
            "urn:epc:id:gsin:4012345.999987654",
            "urn:epc:id:itip:4012345.012345.01.02.999",
            "urn:epc:id:upui:4012345.012345.AB12",
        ],
        "quantityList": [
            {"epcClass": "urn:epc:class:lgtin:4054739.099914.20160711"},
            {"epcClass": "urn:epc:idpat:sgtin:4054739.099914.*"},
            {"epcClass": "urn:epc:idpat:grai:4012345.66666.*"},
            {"epcClass": "urn:epc:idpat:gdti:4012345.55555.*"},
            {"epcClass": "urn:epc:idpat:sgcn:4012345.99999.*"},
            {"epcClass": "urn:epc:idpat:cpi:4012345.ABC.*"},
            {"epcClass": "urn:epc:idpat:itip:4012345.012345.01.02.*"},
        ],
        "action": "OBSERVE",
        "bizStep": "other",
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.987"},
    }
    links = """
        00/040123450000003338 00/040123450000003338 01/04012345123456/21/12
        01/04012345123456/235/AB12 253/401234555555498 255/401234599999044 401/4012345333
        402/40123459999876541 8003/0401234566666387 8004/4012345AAbb
        8006/040123451234560102/21/999 8010/4012345ABC/8011/123 8017/401234500000987658
        8018/401234598765400000
    """.split()
    classes = """
        01/04054739999148 01/04054739999148/10/20160711 253/4012345555554 255/4012345999990
        8003/04012345666663 8006/040123451234560102 8010/4012345ABC
    """.split()
    assert pre_hash(event, CONTEXT) == (
        "eventType=ObjectEventeventTime=2023-03-27T11:30:00.000ZeventTimeZoneOffset=+01:00epcList"
        + "".join(f"epc=https://id.gs1.org/{link}" for link in links)
        + "quantityList"
        + "".join(f"quantityElementepcClass=https://id.gs1.org/{link}" for link in classes)
        + "action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-other"
        + "readPointid=https://id.gs1.org/414/4012345000115/254/987"
    )


@pytest.mark.parametrize(
    ("written", "hashed"),
    [
        ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
        ("2023-02-02T11:04:03.1414Z", "2023-02-02T11:04:03.141Z"),
        ("2022-02-16T08:40:21.3142715Z", "2022-02-16T08:40:21.314Z"),
        ("2023-12-31T23:59:59.9999Z", "2024-01-01T00:00:00.000Z"),
        ("2020-01-14T00:00:00.000+01:00", "2020-01-13T23:00:00.000Z"),
    ],
)
def test_time_is_hashed_in_utc_to_the_millisecond(written, hashed):
    assert f"eventTime={hashed}eventTimeZoneOffset" in pre_hash(observed(eventTime=written))


def test_sensor_alert_is_hashed_with_its_address():
    report = {
        "type": "Dimensionless",
        "exception": "ALARM_CONDITION",
        "coordinateReferenceSystem": "http://www.opengis.net/def/crs/EPSG/0/27700",
    }
    metadata = {
        "time": "2023-02-12T11:04:03.1007Z",
        "bizRules": "https://id.example.com/253/4012345000054987",
    }
    event = observed(sensorElementList=[{"sensorMetadata": metadata, "sensorReport": [report]}])
    assert pre_hash(event).endswith(
        "sensorElementsensorMetadatatime=2023-02-12T11:04:03.101Z"
        "bizRules=https://id.gs1.org/253/4012345000054987"
        "sensorReporttype=https://ref.gs1.org/voc/Dimensionless"
        "exception=https://ref.gs1.org/voc/ALARM_CONDITION"
        "coordinateReferenceSystem=http://www.opengis.net/def/crs/EPSG/0/27700"
    )


@pytest.mark.parametrize(
    ("other", "value"),
    [
        ("eventTime", "2020-03-04T05:30:30-04:30"),
        ("eventTime", "2020-03-04T10:00:30Z"),
        ("bizStep", "urn:epcglobal:cbv:bizstep:departing"),
        ("bizStep", "https://ref.gs1.org/cbv/BizStep-departing"),
        ("bizStep", "cbv:BizStep-departing"),
        ("readPoint", {"id": "https://example.com/places/414/4012345000115/254/987?17=x"}),
        ("recordTime", "2026-01-01T00:00:00Z"),
        ("eventID", "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"),
        ("errorDeclaration", {"declarationTime": "2026-01-01T00:00:00Z"}),
        ("certificationInfo", "https://example.com/certificate"),
        ("example:myField2", " 00.0 "),
        ("example:myField2", 0),
        ("example:myField3", {"example:mySubField3": ["1.0", "3"]}),
        ("quantityList", []),
    ],
)
def test_another_notation_has_the_same_hash(other, value):
    assert hash_id({**DEPARTING, other: value}, CONTEXTS) == hash_id(DEPARTING, CONTEXTS)


@pytest.mark.parametrize(
    ("other", "value"),
    [
        ("eventTime", "2020-03-04T11:00:30.001+01:00"),
        ("eventTimeZoneOffset", "+02:00"),
        ("bizStep", "arriving"),
        ("action", "DELETE"),
        ("readPoint", {"id": "urn:epc:id:sgln:4012345.00011.988"}),
        ("epcList", DEPARTING["epcList"][:2]),
        ("example:myField2", "1"),
        ("example:myField4", "0"),
        ("disposition", "in_transit"),
    ],
)
def test_another_event_has_another_hash(other, value):
    assert hash_id({**DEPARTING, other: value}, CONTEXTS) != hash_id(DEPARTING, CONTEXTS)


def test_prefix_is_no_part_of_the_event():
    other = json.loads(json.dumps(DEPARTING).replace("example:", "acme:"))
    other["@context"] = {"acme": EXT["example"]}
    assert hash_id(other, CONTEXT) == hash_id(DEPARTING, CONTEXTS)
    other["@context"] = {"acme": "https://example.org/another/"}
    assert hash_id(other, CONTEXT) != hash_id(DEPARTING, CONTEXTS)


@given(st.randoms(use_true_random=False))
def test_order_is_no_part_of_the_event(chance: random.Random):
    def shuffled(value):
        if isinstance(value, dict):
            items = [(key, shuffled(inner)) for key, inner in value.items()]
            chance.shuffle(items)
            return dict(items)
        if isinstance(value, list):
            items = [shuffled(inner) for inner in value]
            chance.shuffle(items)
            return items
        return value

    for event, expected in HASHED:
        assert expected in hash_id(shuffled(copy.deepcopy(event)), CONTEXTS)


def test_translation_can_be_another_one():
    ours = hash_id(SHIPPED, CONTEXTS)
    # The codec of the foundation knows no parties as yet, so they are told to it.
    parties = {
        "urn:epc:id:pgln:4012345.00000": "https://id.gs1.org/417/4012345000009",
        "urn:epc:id:pgln:4023333.00000": "https://id.gs1.org/417/4023333000000",
    }
    assert ours == hash_id(
        SHIPPED, CONTEXTS, translate=lambda text: parties.get(text) or gs1_translation(text)
    )
    assert ours != hash_id(SHIPPED, CONTEXTS, translate=lambda text: None)
