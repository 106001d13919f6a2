"""Documents of others: JSON-LD and XML, large, broken and hostile ones."""

import io
import json
import tracemalloc

import pytest
from epcis_support import CONTEXT, DEPARTING, EXT, HASHED, document, events_of, observed
from fsma_tools.epcis import EpcisError, hash_id, open_document, read, validate_event

HEAD = (
    '<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:{version}" schemaVersion="{version}"'
    ' xmlns:example="https://ns.example.com/epcis/" creationDate="2026-11-26T12:00:00Z">'
    "{header}<EPCISBody><EventList>"
)
TAIL = "</EventList></EPCISBody></epcis:EPCISDocument>"
DEPARTING_XML = """
    <ObjectEvent>
        <eventTime>2020-03-04T11:00:30.000+01:00</eventTime>
        <recordTime>2020-03-04T11:00:30.999+01:00</recordTime>
        <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
        <epcList>
            <epc>urn:epc:id:sscc:4012345.0000000333</epc>
            <epc>
                urn:epc:id:sscc:4012345.0000000111
            </epc>
            <epc>urn:epc:id:sscc:4012345.0000000222</epc>
        </epcList>
        <action>OBSERVE</action>
        <bizStep>urn:epcglobal:cbv:bizstep:departing</bizStep>
        <readPoint><id>urn:epc:id:sgln:4012345.00011.987</id></readPoint>
        <!-- a comment is no part of the event -->
        <example:myField1>
            <example:mySubField1>2</example:mySubField1>
            <example:mySubField2>5</example:mySubField2>
        </example:myField1>
        <example:myField2>0</example:myField2>
        <example:myField3>
            <example:mySubField3>3</example:mySubField3>
            <example:mySubField3>1</example:mySubField3>
        </example:myField3>
    </ObjectEvent>
"""
SHIPPED_XML = """
    <ObjectEvent>
        <eventTime>2022-02-16T11:50:00Z</eventTime>
        <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
        <baseExtension>
            <eventID>urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8</eventID>
            <errorDeclaration>
                <declarationTime>2022-03-01T00:00:00Z</declarationTime>
                <reason>urn:epcglobal:cbv:er:incorrect_data</reason>
                <correctiveEventIDs><correctiveEventID>urn:x:1</correctiveEventID></correctiveEventIDs>
            </errorDeclaration>
        </baseExtension>
        <epcList><epc>urn:epc:id:sscc:4012345.1112223334</epc></epcList>
        <action>OBSERVE</action>
        <bizStep>urn:epcglobal:cbv:bizstep:departing</bizStep>
        <readPoint><id>urn:epc:id:sgln:4012345.00022.0</id></readPoint>
        <bizTransactionList>
            <bizTransaction type="urn:epcglobal:cbv:btt:desadv"
                >urn:epcglobal:cbv:bt:4012345000009:ASN1099</bizTransaction>
        </bizTransactionList>
        <extension>
            <sourceList>
                <source type="urn:epcglobal:cbv:sdt:possessing_party"
                    >urn:epc:id:pgln:4012345.00000</source>
            </sourceList>
            <destinationList>
                <destination type="urn:epcglobal:cbv:sdt:possessing_party"
                    >urn:epc:id:pgln:4023333.00000</destination>
            </destinationList>
        </extension>
    </ObjectEvent>
"""
MEASURED_XML = """
    <ObjectEvent>
        <eventTime>2020-04-01T15:00:00.000+01:00</eventTime>
        <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
        <epcList><epc>urn:epc:id:sgtin:4012345.011111.9876</epc></epcList>
        <action>OBSERVE</action>
        <bizStep>https://ref.gs1.org/cbv/BizStep-inspecting</bizStep>
        <readPoint><id>urn:epc:id:sgln:4012345.00005.0</id></readPoint>
        <sensorElementList><sensorElement>
            <sensorMetadata deviceID="urn:epc:id:giai:4000001.111"
                deviceMetadata="https://id.gs1.org/giai/4000001111"/>
            <sensorReport type="gs1:Temperature" value="26.0" uom="CEL" sDev="0.100"/>
            <sensorReport type="gs1:AbsoluteHumidity" value="12.10000" uom="A93"/>
            <sensorReport type="gs1:Dimensionless" value="0.050" uom="C35"
                microorganism="https://www.ncbi.nlm.nih.gov/taxonomy/1126011"/>
            <sensorReport type="gs1:Dimensionless" value="0.180000000000" uom="C35"
                chemicalSubstance="https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N"/>
        </sensorElement></sensorElementList>
    </ObjectEvent>
"""
REPAIRED_XML = """
    <extension><TransformationEvent xmlns:c4l="https://circ4life.eecc.info/epcis">
        <eventTime>2022-02-16T08:40:21.3142715Z</eventTime>
        <eventTimeZoneOffset>+02:00</eventTimeZoneOffset>
        <inputEPCList>
            <epc>urn:epc:id:sgtin:4047111.012345.1111</epc>
            <epc>urn:epc:id:sgtin:4047111.012345.2222</epc>
        </inputEPCList>
        <outputEPCList><epc>urn:epc:id:sgtin:4047111.012345.3333</epc></outputEPCList>
        <bizStep>urn:epcglobal:cbv:bizstep:repairing</bizStep>
        <disposition>urn:epcglobal:cbv:disp:damaged</disposition>
        <c4l:lifeTime>P3Y</c4l:lifeTime>
    </TransformationEvent></extension>
"""
MADE_XML = """
    <TransformationEvent xmlns:cbvmda="urn:epcglobal:cbv:mda">
        <eventTime>2026-11-26T10:00:00Z</eventTime>
        <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
        <inputQuantityList><quantityElement>
            <epcClass>urn:epc:class:lgtin:4012345.012345.L1</epcClass>
            <quantity>12.50</quantity><uom>KGM</uom>
        </quantityElement></inputQuantityList>
        <outputQuantityList><quantityElement>
            <epcClass>urn:epc:class:lgtin:4012345.066666.L2</epcClass><quantity>40</quantity>
        </quantityElement></outputQuantityList>
        <ilmd>
            <cbvmda:lotNumber>L2</cbvmda:lotNumber>
            <cbvmda:itemExpirationDate>2027-02-28</cbvmda:itemExpirationDate>
        </ilmd>
        <persistentDisposition>
            <set>urn:epcglobal:cbv:disp:completeness_verified</set>
        </persistentDisposition>
    </TransformationEvent>
"""
HEADER_XML = """
    <EPCISHeader>
        <sbdh:StandardBusinessDocumentHeader
            xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
            <sbdh:Sender><sbdh:Identifier>urn:epc:id:sgln:0614141.00001.0</sbdh:Identifier></sbdh:Sender>
            <sbdh:DocumentIdentification>
                <sbdh:InstanceIdentifier>1234</sbdh:InstanceIdentifier>
            </sbdh:DocumentIdentification>
        </sbdh:StandardBusinessDocumentHeader>
        <extension><EPCISMasterData><VocabularyList>
            <Vocabulary type="urn:epcglobal:epcis:vtype:Location"><VocabularyElementList>
                <VocabularyElement id="urn:epc:id:sgln:0614141.12345.0">
                    <attribute id="urn:epcglobal:cbv:mda#name">Plant 1</attribute>
                    <children><id>urn:epc:id:sgln:0614141.12345.5</id></children>
                </VocabularyElement>
            </VocabularyElementList></Vocabulary>
        </VocabularyList></EPCISMasterData></extension>
    </EPCISHeader>
"""


def xml(*events, version="2.0", header=""):
    return (HEAD.format(version=version[0], header=header) + "".join(events) + TAIL).encode()


class Stream(io.RawIOBase):
    """A stream from the network: it can be read once, in small pieces."""

    def __init__(self, data):
        super().__init__()
        self._data = io.BytesIO(data)

    def readable(self):
        return True

    def seekable(self):
        return False

    def read(self, size=-1):
        return self._data.read(min(size, 7) if size > 0 else 7)


def bare(event):
    return {key: value for key, value in event.items() if key != "@context"}


EVENTS = [event for event, _hash in HASHED]
DOCUMENT = document(*EVENTS, sender="urn:x:me")


@pytest.mark.parametrize(
    "source",
    [
        DOCUMENT,
        json.dumps(DOCUMENT),
        json.dumps(DOCUMENT, indent=4).encode(),
        b"\xef\xbb\xbf  " + json.dumps(DOCUMENT, ensure_ascii=False).encode(),
        io.BytesIO(json.dumps(DOCUMENT).encode()),
        Stream(json.dumps(DOCUMENT).encode()),
    ],
    ids=["object", "text", "bytes", "byte order mark", "file", "stream"],
)
def test_events_are_read_with_the_context_of_their_document(source):
    reading = open_document(source)
    events = list(reading)
    assert [bare(event) for event in events] == EVENTS
    assert all(event["@context"] == [CONTEXT, EXT] for event in events)
    assert [hash_id(event) for event in events] == [
        f"ni:///sha-256;{expected}?ver=CBV2.0" for _event, expected in HASHED
    ]
    assert reading.header["sender"] == "urn:x:me"
    assert "epcisBody" not in reading.header
    assert reading.place.startswith(f"event {len(EVENTS)}")


def test_context_behind_the_events_is_used_for_them():
    late = {key: DOCUMENT[key] for key in ("type", "epcisBody", "sender", "@context")}
    for source in (json.dumps(late).encode(), Stream(json.dumps(late).encode())):
        events = list(read(source))
        assert hash_id(events[0]) == hash_id(DEPARTING, [CONTEXT, EXT])
        assert len(events) == len(EVENTS)


@pytest.mark.parametrize(
    "source",
    [
        {"@context": CONTEXT, **observed()},
        [observed(), observed(bizStep="shipping")],
        {"@context": CONTEXT, "type": "EPCISDocument", "epcisBody": {"event": observed()}},
        {
            "@context": CONTEXT,
            "type": "EPCISQueryDocument",
            "epcisBody": {
                "queryResults": {
                    "queryName": "SimpleEventQuery",
                    "resultsBody": {"eventList": [observed()]},
                }
            },
        },
    ],
    ids=["one event", "list", "document with one event", "answer to a query"],
)
def test_every_form_of_a_document_gives_its_events(source):
    plain = list(read(source))
    assert plain == list(read(json.dumps(source).encode()))
    assert bare(plain[0]) == observed()


def test_document_without_events_gives_none_but_text_without_a_list_is_refused():
    assert list(read(json.dumps(document()).encode())) == []
    assert list(read(xml())) == []
    for nothing in (b'{"type": "EPCISDocument"}', b"<a/>", b"[]", {}):
        with pytest.raises(EpcisError, match="no EPCIS events"):
            list(read(nothing))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "is empty"),
        (b"   ", "is empty"),
        (b"hello", "line 1: The JSON cannot be read"),
        (b'{"a": 1', "line 1: The JSON cannot be read (it breaks off)"),
        (b'{"type": "x",\n\n"epcisBody" {}}', "line 3: The JSON cannot be read"),
        (b'{"epcisBody": {"eventList": [{"a": tru}]}}', "line 1: The JSON cannot be read"),
        (b'{"epcisBody": {"eventList": [{"a": "b', "cannot be read (unterminated string"),
        (b'{"epcisBody": {"eventList": [1]}}', "event 1, line 1: '1' is no EPCIS event"),
        (b'{"epcisBody": {"eventList": []}} x', "text follows its end"),
        (b'{"a": 1, "a": 2}', "The key 'a' occurs twice"),
        (b'{"epcisBody": {"eventList": [{"a": 1, "a": 2}]}}', "The key 'a' occurs twice"),
        (b'{"a": NaN}', "NaN is no number of JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "too many digits"),
        (b'{"a": ' + b"[" * 200_000 + b"}", "nested too deeply"),
        (b'{"a": "\xff"}', "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"{5: 1}", "a key is expected"),
        (b"<a><b></a>", "line 1: The XML cannot be read"),
        (b"<a>", "The XML cannot be read"),
    ],
)
def test_broken_document_is_told_with_its_place(text, words):
    with pytest.raises(EpcisError) as error:
        list(read(text))
    assert words in str(error.value)


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_values_that_are_cut_between_two_readings_are_whole(size, monkeypatch):
    monkeypatch.setattr("fsma_tools.epcis.json_stream._CHUNK", size)
    text = json.dumps(document(observed(**{"example:ü": [1.5e3, -12, True, None, 'ü\\"\n€']})))
    assert list(read(text)) == list(read(json.loads(text)))


def test_too_large_is_refused_whatever_it_is():
    data = json.dumps(DOCUMENT).encode()
    for source in (
        data,
        io.BytesIO(data),
        Stream(data),
        xml(DEPARTING_XML),
        io.BytesIO(xml(DEPARTING_XML)),
    ):
        with pytest.raises(EpcisError) as error:
            list(read(source, limit=500))
        assert error.value.code == "too_large"


def test_large_document_is_not_held_in_memory(tmp_path):
    event = json.dumps(observed(**{"example:note": "x" * 2000}))
    path = tmp_path / "large.json"
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "EPCISDocument", "epcisBody": {"eventList": [')
        file.write(",\n".join([event] * 8000))
        file.write(f']}}, "@context": "{CONTEXT}"}}')
    assert path.stat().st_size > 16_000_000
    tracemalloc.start()
    with path.open("rb") as file:
        count = sum(1 for _event in read(file))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 8000
    assert peak < 4_000_000


def test_xml_has_the_hash_of_its_twin_in_json():
    events = list(read(xml(DEPARTING_XML, SHIPPED_XML, MEASURED_XML, REPAIRED_XML)))
    known = dict(zip(["departing", "measured", "sold", "shipped"], HASHED, strict=False))
    assert [hash_id(event) for event in events] == [
        f"ni:///sha-256;{expected}?ver=CBV2.0"
        for expected in (
            known["departing"][1],
            known["shipped"][1],
            known["measured"][1],
            "91a318dd28bb60c43afa34f59b35fcb75ab943f734a1b3bd0afe504253433792",
        )
    ]
    assert [validate_event(event) for event in events] == [[]] * 4


def test_xml_becomes_what_json_says():
    made, shipped = read(xml(MADE_XML, SHIPPED_XML, version="1.2"))
    assert made["inputQuantityList"] == [
        {"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 12.5, "uom": "KGM"}
    ]
    assert made["outputQuantityList"][0]["quantity"] == 40
    assert made["ilmd"] == {"cbvmda:lotNumber": "L2", "cbvmda:itemExpirationDate": "2027-02-28"}
    assert made["persistentDisposition"] == {"set": ["completeness_verified"]}
    assert shipped["errorDeclaration"] == {
        "declarationTime": "2022-03-01T00:00:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:x:1"],
    }
    assert shipped["sourceList"] == [
        {"type": "possessing_party", "source": "urn:epc:id:pgln:4012345.00000"}
    ]
    assert validate_event(made) == validate_event(shipped) == []


def test_header_of_xml_is_read():
    reading = open_document(xml(DEPARTING_XML, header=HEADER_XML))
    assert len(list(reading)) == 1
    assert reading.header == {
        "type": "EPCISDocument",
        "schemaVersion": "2",
        "creationDate": "2026-11-26T12:00:00Z",
        "sender": "urn:epc:id:sgln:0614141.00001.0",
        "instanceIdentifier": "1234",
        "epcisHeader": {
            "epcisMasterData": {
                "vocabularyList": [
                    {
                        "type": "urn:epcglobal:epcis:vtype:Location",
                        "vocabularyElementList": [
                            {
                                "id": "urn:epc:id:sgln:0614141.12345.0",
                                "attributes": [
                                    {"id": "urn:epcglobal:cbv:mda#name", "attribute": "Plant 1"}
                                ],
                                "children": ["urn:epc:id:sgln:0614141.12345.5"],
                            }
                        ],
                    }
                ]
            }
        },
    }


def test_prefix_that_is_a_scheme_or_two_things_is_renamed():
    event = DEPARTING_XML.replace("example:", "https:").replace(
        "<ObjectEvent>", '<ObjectEvent xmlns:https="https://ns.example.com/epcis/">'
    )
    (found,) = read(xml(event))
    assert found["ns1:myField2"] == "0"
    assert hash_id(found) == hash_id(DEPARTING, [CONTEXT, EXT])


ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "text",
    [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{ENTITIES}]><x>&l9;</x>',
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{ENTITIES}]><x a="&l9;"/>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost:1/x.dtd"> %p;]><x/>',
        '<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd"><x/>',
        '<!DOCTYPE x PUBLIC "a" "http://localhost:1/x.dtd"><x/>',
        '<?xml version="1.0"?><!-- <x> --><!DOCTYPE x><x/>',
        f'<!DOCTYPE x [<!ENTITY a "{"a" * 50000}">]><x>{"&a;" * 50000}</x>',
    ],
    ids=["bomb", "attribute", "file", "parameter", "system", "public", "empty", "quadratic"],
)
def test_xml_with_a_document_type_is_refused(text):
    tracemalloc.start()
    with pytest.raises(EpcisError) as error:
        list(read(text))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.value.code in ("xml_doctype", "xml")
    assert "passwd" not in str(error.value)
    assert peak < 5_000_000


def test_xml_of_endless_depth_is_refused():
    with pytest.raises(EpcisError) as error:
        list(read("<x>" * 100_000))
    assert error.value.code == "xml"


def test_xml_list_is_read_event_by_event():
    tracemalloc.start()
    count = sum(1 for _event in read(io.BytesIO(xml(*[DEPARTING_XML] * 1000))))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 1000
    assert peak < 5_000_000  # the bytes themselves are a million


def test_events_of_a_document_are_those_that_were_written():
    assert events_of(DOCUMENT) == [bare(event) for event in read(DOCUMENT)]
