"""The device reads codes as the server does."""

import json
import time
from datetime import date
from decimal import Decimal

import pytest
from gs1_support import CONFORMANCE, ROOT, element_strings
from hypothesis import given, settings
from hypothesis import strategies as st
from node_support import Node
from test_gs1_interpret import BROKEN, KINDS, PIECES, PLAIN
from tools.gs1 import GS, interpret
from tools.gs1.table_json import table

TODAY = date(2026, 11, 22)
CALLS = ROOT / "tests" / "pure" / "scan_calls.mjs"
GTIN = "09520123456788"
# What only the server reads.
UNREAD = ("epc_urn", "epc_tag")

OWN = [
    *(case[0] for case in [*KINDS, *BROKEN]),
    *PLAIN,
    "]d201" + GTIN + "8009" + GS + "10A",
    "]d201" + GTIN + "89NEW" + GS + "10A",
    "10LOT" + GS + "0412345678901234561726123121S",
    "(89)X(01)" + GTIN,
    "(01)" + GTIN + "(10)A(89)X",
    "01" + GTIN + "2",
    "]C1" + "3103001250",
    "]C1" + "310300125",
    "]C1" + "391297812345",
    "]C1" + "4331001850-",
    "]C1" + "4331001850",
    "]C1" + "7007260101260131",
    "]C1" + "7007260101260231",
    "]C1" + "70032612312460",
    "]C1" + "70032612311830",
    "]C1" + "43242601019999",
    "]C1" + "8008260101120559",
    "]C1" + "800826010112",
    "]C1" + "7011260101",
    "]C1" + "17260200" + "11261300",
    "]C1" + "17000000",
    "]C1" + "725020000229",
    "]C1" + "725000000229",
    "]C1" + "81100123456123456111101232",
    "]C1" + "8013123456ABXX" + GS,
    "]C1" + "80131987654Ad4X4bL5ttr2310c2K",
    "]C1" + "8006" + GTIN + "0102",
    "]C1" + "8006" + GTIN + "0302",
    "]C1" + "800112341234512398",
    "]C1" + "422999",
    "]C1" + "10A" + GS + "10B",
    "]C1" + "10A" + GS + "10A",
    "00095201234567891235" + "02" + GTIN + "3740" + GS + "10A",
    "01" + GTIN + "10A" + "01" + GTIN + "10A",
    "01" + GTIN + "10A\n01" + GTIN + "10A",
    "9520123456788" * 2,
    "https://a.b/01/" + GTIN + "https://a.b/01/" + GTIN,
    "https://id.gs1.org/AQnYUc1gmg",
    "https://id.gs1.org/eh30164596f40c0e5cbe991a83",
    "https://a.b/gtin/" + GTIN + "/lot/A%2F1",
    "https://a.b/01/" + GTIN + "/10/A%2",
    "https://a.b/01/" + GTIN + "/21/S/10/L",
    "https://a.b/01/" + GTIN + "?89=NEW&17=261231&x=1",
    "https://a.b/01/" + GTIN + "?99=A&99=A",
    "https://a.b/8004/95201234567?01=02345673",
]  # fmt: skip


@pytest.fixture(scope="module")
def node():
    running = Node()
    yield running
    running.close()


def shown(element):
    """The typed value as the device writes it."""
    typed, value = element.typed, element.value
    if isinstance(typed, tuple):
        first, last = (one.isoformat() for one in typed)
        return first if first == last else f"{first} – {last}"
    if isinstance(typed, Decimal):
        return f"{typed:f} {element.unit}".strip()
    if isinstance(typed, date):
        if hasattr(typed, "hour"):
            text = typed.isoformat(" ", "seconds" if typed.second else "minutes")
            # A day alone, where the time may be left out.
            return text[:10] if element.ai == "7011" and len(value) == 6 else text
        return typed.isoformat()
    return str(typed)


def compare(node, texts, today=TODAY):
    results = node.call(CALLS, "parseAll", texts, table(), today.isoformat())
    for text, device in zip(texts, results, strict=True):
        server = interpret(text, today=today)
        if device["kind"] in UNREAD:
            assert not device["complete"]
            # Only the server knows whether it is a tag indeed.
            assert server is None or server.kind == device["kind"], text
            continue
        fields = [[f["ai"], f["label"], f["value"], f["shown"]] for f in device["fields"]]
        if server is None:
            assert (device["kind"], fields, device["error"]) == ("text", [], None), text
            continue
        assert (device["kind"], bool(device["error"])) == (server.kind, bool(server.error)), text
        assert fields == [[e.ai, e.title, e.value, shown(e)] for e in server.elements], text
        assert [one.text for one in server.elements.unknown] == device["unknown"], text
        assert device["complete"] == (not server.error and server.elements.complete), text
        if device["error"]:
            continue
        assert (device["text"], device["certain"]) == (server.text, server.certain), text
        check_meanings(device, server.elements)


def check_meanings(device, elements):
    texts = {
        "gtin": elements.gtin, "contentGtin": elements.content_gtin, "lot": elements.lot,
        "serial": elements.serial, "sscc": elements.sscc, "gln": elements.gln,
        "glnExtension": elements.gln_extension, "variant": elements.variant,
        "orderNumber": elements.order_number,
    }  # fmt: skip
    if not elements.content_gtin or "02" in elements:
        assert {name: device[name] for name in texts} == {n: v or "" for n, v in texts.items()}
    dates = {
        "expiry": elements.expiry, "bestBefore": elements.best_before,
        "sellBy": elements.sell_by, "productionDate": elements.production_date,
        "packagingDate": elements.packaging_date, "freezeDate": elements.first_freeze_date,
    }  # fmt: skip
    for name, day in dates.items():
        assert device[name] == (day.isoformat() if day else ""), name
    assert device["quantity"] == (elements.count or 0)
    weight = elements.net_weight
    assert device["weight"] == ({"number": f"{weight[0]:f}", "unit": weight[1]} if weight else None)


def test_own_cases_read_alike(node):
    compare(node, OWN)


@pytest.mark.skipif(
    not (CONFORMANCE / "vectors.json").is_file(), reason="GS1's own cases are not there"
)
def test_cases_of_gs1_read_alike(node):
    cases = json.loads((CONFORMANCE / "vectors.json").read_text())
    texts = [case[1].replace("^", GS) for case in cases["processAIdata"]]
    texts += ["]C1" + text for text in texts]
    texts += [case[1] for case in cases["parseAIdata"]]
    texts += [case[0] for case in cases["linters"]]
    texts += [case[2] for case in cases["validateAIs"]]
    texts += [case[1] for case in cases["parseDLuri"]]
    texts += [case[3] for case in cases["generateDLuri"]]
    texts += [case[1] for case in cases["processScanData"]]
    texts += [case[2] for case in cases["generateScanData"]]
    assert len(texts) > 250
    compare(node, texts)


@given(labels=st.lists(element_strings(), min_size=5, max_size=20))
@settings(deadline=None, max_examples=40)
def test_any_element_string_reads_alike(node, labels):
    texts = ["]d2" + label.to_element_string() for label in labels]
    texts += [label.to_element_string() for label in labels]
    texts += [label.to_hri(escape=True) for label in labels]
    compare(node, texts)


@given(texts=st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=5, max_size=20))
@settings(deadline=None, max_examples=60)
def test_any_mixture_of_marks_reads_alike(node, texts):
    # Half a character cannot be sent to a process.
    compare(node, [text.replace("\ud800", "?") for text in texts])


@given(texts=st.lists(st.text(max_size=60), max_size=20))
@settings(deadline=None, max_examples=40)
def test_any_text_is_taken(node, texts):
    compare(node, [text.encode("utf-8", "replace").decode() for text in texts])


@pytest.mark.parametrize("year", [1999, 2000, 2049, 2051, 2099])
def test_century_is_the_servers(node, year):
    texts = [f"]C117{two:02}0200" for two in range(0, 100, 7)]
    compare(node, texts, date(year, 6, 1))


@pytest.mark.parametrize(
    "unit", ["A", "(10)A", GS, "10A" + GS, "0", "Alt029", "01" + GTIN, "%", " "]
)
def test_time_grows_with_the_length_alone(node, unit):
    texts = [front + unit * (8_000 // len(unit)) for front in ("", "]d2", "https://a.b/01/")]
    start = time.monotonic()
    node.call(CALLS, "parseAll", texts * 50, table(), "2026-11-22")
    # With the square of the length, it would take many minutes.
    assert time.monotonic() - start < 60


def test_table_stays_small_enough_to_keep_on_a_device():
    assert len(json.dumps(table(), separators=(",", ":"))) < 16_000
