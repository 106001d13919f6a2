"""GS1's own cases: the syntax dictionary and cases of the syntax engine's test suite.

Collected only where that material is present.
"""

import json
import re

import pytest
from gs1_support import CONFORMANCE
from tools.gs1 import (
    GS1Error,
    build_digital_link,
    interpret,
    parse,
    parse_digital_link,
    problems,
)
from tools.gs1.ai import IDENTIFIERS

CASES = json.loads((CONFORMANCE / "vectors.json").read_text())

# Cases that depend on a setting of the engine, which `strict=False` stands for here: short names
# instead of numbers, and identifiers that are not assigned.
LENIENT = {
    "https://a/gtin/12312312312333/ser/ABC123",
    "https://example.com/01/09520123456788?99=XYZ&89=ABC123",
}


def accepted(read, *arguments):
    try:
        return read(*arguments), True
    except GS1Error:
        return None, False


def separators(text):
    return text.replace("\x1d", "^")


@pytest.mark.parametrize(
    ("verdict", "data"), [case for case in CASES["processAIdata"] if case[1] != "buf"]
)
def test_element_string(verdict, data):
    assert accepted(parse, data.replace("^", "\x1d"))[1] == (verdict == "true")


@pytest.mark.parametrize(("verdict", "text", "expected"), CASES["parseAIdata"])
def test_bracketed_text(verdict, text, expected):
    elements, is_read = accepted(parse, text)
    assert is_read == (verdict == "true")
    if is_read:
        assert "^" + separators(elements.to_element_string()) == expected


@pytest.mark.parametrize(("text", "finding"), CASES["linters"])
def test_content_rules(text, finding):
    assert accepted(parse, text)[1] == (finding == "GS1_LINTER_OK")


@pytest.mark.parametrize(("verdict", "rule", "text"), CASES["validateAIs"])
def test_associations(verdict, rule, text):
    elements, is_read = accepted(parse, text)
    assert (is_read and not problems(elements)) == (verdict == "true")


@pytest.mark.parametrize(("verdict", "uri", "expected"), CASES["parseDLuri"])
def test_digital_link_read(verdict, uri, expected):
    strict = verdict == "false" or uri not in LENIENT
    link, is_read = accepted(lambda: parse_digital_link(uri, strict=strict))
    assert is_read == (verdict == "true")
    if is_read:
        assert "^" + separators(link.elements.to_element_string()) == expected


@pytest.mark.parametrize(("verdict", "stem", "text", "expected"), CASES["generateDLuri"])
def test_digital_link_built(verdict, stem, text, expected):
    domain = "https://id.gs1.org" if stem == "NULL" else stem
    uri, is_built = accepted(lambda: build_digital_link(parse(text), domain))
    assert is_built == (verdict == "true")
    assert (uri or "") == expected


@pytest.mark.parametrize(
    # An empty symbol is good to the engine and nothing to us.
    ("verdict", "data", "symbology", "expected"),
    [case for case in CASES["processScanData"] if case[1] not in ("]Q1", "]J0")],
)
def test_scan_data(verdict, data, symbology, expected):
    found = interpret(data)
    assert bool(found and not found.error) == (verdict == "true")
    if found and expected.startswith("^"):
        assert "^" + separators(found.elements.to_element_string()) == expected


@pytest.mark.parametrize(
    ("symbology", "data", "expected"),
    [c for c in CASES["generateScanData"] if c[1].startswith("^") and "|" not in c[1]],
)
def test_scan_data_written(symbology, data, expected):
    elements = parse(data.replace("^", "\x1d"))
    assert elements.to_element_string(symbology=expected[:3]) == expected.rstrip("\x1d")


@pytest.mark.parametrize(
    ("data", "expected"),
    [(c[1], c[2]) for c in CASES["generateScanData"] if "^" in c[1] and "\\" not in c[1]
     and c[2] != "NULL" and not c[2].startswith("]Q1")],
)  # fmt: skip
def test_scan_data_of_every_symbol_reads_back(data, expected):
    found = interpret(expected)
    assert not found.error
    head, _bar, composite = data.partition("|")
    wanted = head + composite if head.startswith("^") else "^01" + head.zfill(14) + composite[1:]
    # A component of a composite symbol begins anew.
    assert found.elements == parse(wanted.replace("^", "\x1d"))


# -- the dictionary --------------------------------------------------------------------------


def dictionary():
    """Yield code, flags, components, attributes and title of every identifier in the file."""
    for line in (CONFORMANCE / "gs1-syntax-dictionary.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        body, _mark, title = line.partition(" # ")
        codes, *words = body.split()
        flags = words.pop(0) if re.fullmatch(r"[*?]+", words[0]) else ""
        components = [w for w in words if re.match(r"\[?[NXYZ][0-9.]", w)]
        attributes = dict(w.partition("=")[::2] for w in words if w not in components)
        first, _dash, last = codes.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield str(number).zfill(len(first)), flags, components, attributes, title.strip()


@pytest.fixture(scope="module")
def entries():
    return list(dictionary())


def test_table_has_the_identifiers_of_the_dictionary(entries):
    assert {entry[0] for entry in entries} == set(IDENTIFIERS)


def test_table_agrees_on_form_and_flags(entries):
    for code, flags, components, _attributes, _title in entries:
        ai = IDENTIFIERS[code]
        assert (ai.predefined, ai.attribute) == ("*" in flags, "?" in flags), code
        forms = []
        for component in ai.components:
            length = f"..{component.maximum}"
            if component.minimum == component.maximum:
                length = str(component.maximum)
            form = f"{component.character_set}{length}"
            forms.append(f"[{form}]" if component.optional else form)
        assert forms == [component.split(",")[0] for component in components], code


def test_table_agrees_on_associations_and_titles(entries):
    for code, _flags, _components, attributes, title in entries:
        ai = IDENTIFIERS[code]
        assert ",".join("+".join(group) for group in ai.needs) == attributes.get("req", ""), code
        assert ",".join(ai.excludes) == attributes.get("ex", ""), code
        assert ai.is_key == ("dlpkey" in attributes), code
        alternatives = "|".join(",".join(group) for group in ai.qualifiers or ())
        assert alternatives == attributes.get("dlpkey", ""), code
        if title:
            assert ai.title == title, code


def test_table_agrees_on_check_digits_and_dates(entries):
    names = {"csum": "check_digit", "yymmd0": "date_or_month", "yymmdd": "date"}
    for code, _flags, components, _attributes, _title in entries:
        for ours, theirs in zip(IDENTIFIERS[code].components, components, strict=True):
            expected = {names[w] for w in re.split(r"[\],]+", theirs) if w in names}
            assert expected == set(ours.rules) & set(names.values()), code
