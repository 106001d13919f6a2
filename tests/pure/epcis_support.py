"""What the EPCIS tests share: GS1's own examples where they lie, and events with known hashes.

The events and their expected values are those that the public event hash generator is tested
with; other software computes the same names for them.
"""

import json
import os
from pathlib import Path

from tools.gs1 import build_digital_link, from_pairs, parse_digital_link, parse_urn

ROOT = Path(__file__).resolve().parents[2]

# GS1's schema and examples; not part of the repository, so they need not be there.
EPCIS = Path(os.environ.get("EPCIS_EXAMPLES") or ROOT.parent / "shared" / "epcis")
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
EXT = {"example": "https://ns.example.com/epcis/"}


def example_files():
    """The paths of GS1's examples, none where they do not lie."""
    return sorted((EPCIS / "examples").glob("*.jsonld"))


def example(name):
    return json.loads((EPCIS / "examples" / name).read_text(encoding="utf-8"))


def events_of(document):
    return document["epcisBody"]["eventList"]


def gs1_translation(identifier):
    """One notation of an identifier by the codec of the foundation, None for what it cannot."""
    try:
        if identifier[:8].lower() == "urn:epc:":
            elements = parse_urn(identifier).elements
        else:
            elements = parse_digital_link(identifier).elements
    except ValueError:  # what the codec raises is one
        return None
    keep = next((ai for ai in ("21", "10", "254") if elements.get(ai)), None)
    first = next(iter(elements))
    pairs = [(first.ai, first.value)] + ([(keep, elements.value(keep))] if keep else [])
    return build_digital_link(from_pairs(pairs))


def observed(**fields):
    """An ObjectEvent with what it must have."""
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-11-26T10:00:00Z",
        "eventTimeZoneOffset": "+01:00",
        "action": "OBSERVE",
        "epcList": ["urn:epc:id:sscc:4012345.0000000333"],
        **fields,
    }


def document(*events, **fields):
    return {
        "@context": [CONTEXT, EXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-26T12:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **fields,
    }


DEPARTING = {
    "type": "ObjectEvent",
    "eventTime": "2020-03-04T11:00:30.000+01:00",
    "eventTimeZoneOffset": "+01:00",
    "recordTime": "2020-03-04T11:00:30.999+01:00",
    "epcList": [
        "urn:epc:id:sscc:4012345.0000000333",
        "urn:epc:id:sscc:4012345.0000000111",
        "urn:epc:id:sscc:4012345.0000000222",
    ],
    "action": "OBSERVE",
    "bizStep": "departing",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.987"},
    "example:myField1": {"example:mySubField1": "2", "example:mySubField2": "5"},
    "example:myField2": "0",
    "example:myField3": {"example:mySubField3": ["3", "1"]},
}
MEASURED = {
    "type": "ObjectEvent",
    "eventTime": "2020-04-01T15:00:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"],
    "action": "OBSERVE",
    "bizStep": "inspecting",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"},
    "sensorElementList": [
        {
            "sensorMetadata": {
                "deviceID": "urn:epc:id:giai:4000001.111",
                "deviceMetadata": "https://id.gs1.org/8004/4000001111",
            },
            "sensorReport": [
                {"type": "Temperature", "value": 26, "sDev": 0.1, "uom": "CEL"},
                {"type": "AbsoluteHumidity", "value": 12.1, "uom": "A93"},
                {
                    "type": "Dimensionless",
                    "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                    "value": 0.05,
                    "uom": "C35",
                },
                {
                    "type": "Dimensionless",
                    "chemicalSubstance": (
                        "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N"
                    ),
                    "value": 0.18,
                    "uom": "C35",
                },
            ],
        }
    ],
}
SOLD = {
    "type": "ObjectEvent",
    "eventTime": "2020-03-04T11:00:30+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:0614141.011111.987"],
    "action": "OBSERVE",
    "bizStep": "departing",
    "disposition": "in_transit",
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.0", "example:myField1": "AB-12"},
    "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:4012345.11111.123"}],
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    "destinationList": [{"type": "owning_party", "destination": "urn:epc:id:pgln:0614141.00000"}],
    "example:userExt": "CD-34",
}
SHIPPED = {
    "type": "ObjectEvent",
    "eventTime": "2022-02-16T12:50:00+01:00",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["https://id.gs1.org/00/140123451122233341"],
    "action": "OBSERVE",
    "bizStep": "departing",
    "readPoint": {"id": "https://id.gs1.org/414/4012345000221"},
    "bizTransactionList": [
        {"type": "desadv", "bizTransaction": "urn:epcglobal:cbv:bt:4012345000009:ASN1099"}
    ],
    "sourceList": [{"type": "possessing_party", "source": "urn:epc:id:pgln:4012345.00000"}],
    "destinationList": [
        {"type": "possessing_party", "destination": "urn:epc:id:pgln:4023333.00000"}
    ],
}
TRANSPORTED = {
    "type": "ObjectEvent",
    "eventTime": "2022-02-16T15:50:00.000Z",
    "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sscc:4012345.1112223334"],
    "action": "OBSERVE",
    "bizStep": "urn:epcglobal:cbv:bizstep:transporting",
    "readPoint": {"id": "geo:47.506694,11.104301"},
}
INSPECTED = {
    "type": "ObjectEvent",
    "eventTime": "2019-10-21T14:45:00Z",
    "recordTime": "2023-06-02T07:03:16.073Z",
    "eventTimeZoneOffset": "+01:00",
    "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
    "epcList": ["https://id.gs1.org/00/040123451111111127"],
    "action": "OBSERVE",
    "bizStep": "inspecting",
    "disposition": "in_progress",
    "readPoint": {"id": "https://id.gs1.org/414/4012345000245/254/1"},
}

# An event in JSON, and the SHA-256 in its hash id.
HASHED = [
    (DEPARTING, "6ae96341e0acc6d7a261364751f60e68278a81cdf51da0abb6b4e617014e39d7"),
    (MEASURED, "271565c346ae2fb28c4583c4dca4ab4772d465eb4e0b6e548d77d8b49377d95c"),
    (SOLD, "3ae14c02c4bdc220cc31942cf804f6845eb8dec96ba6483391c92a9b165f9329"),
    (SHIPPED, "2919bf0587534fef0e25eea97b5dda68f345e6bbf2c6b4cb27b2a52e0039272b"),
    (TRANSPORTED, "1d2ec4174d8f0b5988a44795b31a636e8bc7f88ebc4bdc0d35c14f215a842e80"),
    (INSPECTED, "b3d481c5590757ab8361a6cb0e924820feb3b61eb568e7d7703f21a96f76f51d"),
]
# GS1's examples with every field there is.
HASHED_EXAMPLES = {
    "object_event_all_possible_fields.jsonld": (
        "9811bfb2672e9c3a0f6151be339d22b60db375c8b23d2740f6137cc6539f0639"
    ),
    "transformation_event_all_possible_fields.jsonld": (
        "529cc54b8cf9d8664208cc6c77473274d8c2dd473469920a7d09a814623f52cc"
    ),
}
