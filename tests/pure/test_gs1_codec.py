"""Any form in, the two printed forms out; whatever is wrong is said with its place."""

import contextlib
import json
import pickle
from datetime import date

import pytest
from gs1_support import CONFORMANCE, element_strings
from hypothesis import given, settings
from hypothesis import strategies as st
from test_gs1_epc import TAGS, URNS
from tools.gs1 import (
    GS,
    GS1Error,
    Unknown,
    build,
    decode_tag,
    digital_link,
    element_string,
    encode_tag,
    from_pairs,
    interpret,
    parse,
    parse_urn,
    to_digital_link,
    to_tag_urn,
    to_urn,
)
from tools.gs1.checks import CHECKS, check_digit
from tools.gs1.doubled import is_doubled

TODAY = date(2026, 11, 22)
GTIN = "09520123456788"
LABEL = "01" + GTIN + "10LOT-A"
LINK = "https://id.example.com/01/" + GTIN + "/10/LOT-A"


def error_of(text, **values):
    with pytest.raises(GS1Error) as raised:
        parse(text, today=TODAY, **values)
    return raised.value


# -- forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hri"),
    [
        (LABEL, f"(01){GTIN}(10)LOT-A"),
        ("]C1" + LABEL, f"(01){GTIN}(10)LOT-A"),
        (f"(01){GTIN}(10)LOT-A", f"(01){GTIN}(10)LOT-A"),
        (LINK, f"(01){GTIN}(10)LOT-A"),
        ("]Q1" + LINK, f"(01){GTIN}(10)LOT-A"),
        ("10A[GS]21B", "(10)A(21)B"),
        ("]E09520123456788", f"(01){GTIN}"),
        ("]E402345673|]e010A", "(01)00000002345673(10)A"),
        ("91" + "A" * 90, "(91)" + "A" * 90),
        *((urn, hri) for urn, hri, _length in URNS),
        *((tag, hri) for _s, _f, _l, hri, tag in TAGS if "(17)" not in hri),
        *((tag.lower(), hri) for _s, _f, _l, hri, tag in TAGS if "(17)" not in hri),
        ("3103001250", "(3103)001250"),
    ],
)
def test_form_is_recognised_by_its_looks(text, hri):
    assert parse(text, today=TODAY).to_hri() == hri
    assert parse(f" \u200e{text}\r\n", today=TODAY).to_hri() == hri


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("LOT-A", "unknown_ai"),
        ("https://example.com/shop", "link_no_key"),
        ("https://id.gs1.org/AQnYUc1gmg", "link_compressed"),
        ("https://id.gs1.org/eh30164596f40c0e5cbe991a83", "link_compressed"),
        ("https://id.gs1.org/exMBZFlvQMDly-mRqD", "link_compressed"),
        ("urn:epc:id:giai:0614141.1", "epc_scheme"),
        ("3066C4409047E140075BCD15FF", "epc_bits"),
        ("A" * 8193, "too_long"),
        (LABEL + LABEL, "scanned_twice"),
        (LABEL + "\n" + LABEL, "scanned_twice"),
        ("]C1" + LABEL + "]C1" + LABEL, "scanned_twice"),
        (LABEL + GS + LABEL[:20], "scanned_twice"),
        (LINK + LINK, "scanned_twice"),
        ("3066C4409047E140075BCD15" * 2, "scanned_twice"),
        (f"(01){GTIN}(10)A" * 2, "scanned_twice"),
    ],
)
def test_other_text_is_refused_with_the_reason(text, code):
    assert error_of(text).code == code


def test_compressed_link_is_refused_by_name():
    assert "compressed GS1 Digital Link" in str(error_of("https://id.gs1.org/AQnYUc1gmg"))
    assert interpret("https://id.gs1.org/AQnYUc1gmg").error
    assert interpret("https://example.com/shop/soft-cheese-200g") is None


def test_short_names_of_old_links_are_read_where_nothing_is_refused():
    uri = f"https://a.b/gtin/{GTIN}/lot/A%2F1"
    assert error_of(uri).code == "link_no_key"
    assert parse(uri, strict=False).to_hri() == f"(01){GTIN}(10)A/1"


def test_code_scanned_twice_is_told_from_a_lot_that_looks_so():
    assert interpret("A17A17") is None
    assert interpret("12341234") is None
    assert "scanned twice" in interpret(LABEL + LABEL).error
    assert "scanned twice" in interpret("9520123456788" * 2).error


# -- places ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "ai", "position"),
    [
        (LABEL + GS + "17261399", "date", "17", 24),
        ("]C1" + LABEL + GS + "17261399", "date", "17", 27),
        ("  ]C1" + GS + LABEL + GS + "17261399", "date", "17", 30),
        ("\u200e" + LABEL + "Alt02917261399", "date", "17", 30),
        (LABEL + "\u200e" + GS + "89X", "unknown_ai", None, 25),
        ("0109520123456789", "check_digit", "01", 0),
        ("01" + GTIN + "1726", "length", "17", 16),
        ("01" + GTIN + "10", "missing_value", "10", 16),
        ("10A" + GS + "10B", "repeated_ai", "10", 4),
        (f"(01){GTIN}(17)261399", "date", "17", 18),
        ("(10)LOT(89)X", "brackets", None, 7),
        ("https://a.b/01/" + GTIN + "?17=261399", "date", "17", 30),
        ("https://a.b/01/0952", "length", "01", 12),
        ("https://a.b/01/" + GTIN + "/10/" + "A" * 21, "length", "10", 30),
        ("https://a.b/01/" + GTIN + "?99=A&89=B", "link_ai", "89", 35),
        ("F7379521141123A538566CB0AFC4", "epc_bits", None, 14),
        ("", "empty", None, None),
        (LABEL + LABEL, "scanned_twice", None, None),
    ],
)
def test_error_names_identifier_and_place(text, code, ai, position):
    error = error_of(text)
    assert (error.code, error.ai, error.position) == (code, ai, position)
    assert (f"at character {(position or 0) + 1}" in str(error)) == (
        position is not None and code not in ("brackets", "link_ai")
    )


def test_error_survives_a_pickle():
    error = pickle.loads(pickle.dumps(error_of(LABEL + GS + "17261399")))  # noqa: S301
    assert (error.ai, error.position) == ("17", 24)


# -- identifiers to come ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hri", "unknown"),
    [
        (LABEL + GS + "89NEW", f"(01){GTIN}(10)LOT-A", [("89NEW", 24)]),
        ("01" + GTIN + "0512345", f"(01){GTIN}", [("0512345", 16)]),
        ("01" + GTIN + "7999X" + GS + "10A", f"(01){GTIN}(10)A", [("7999X", 16)]),
        ("10A" + GS + "041234567890123456" + "21S", "(10)A(21)S", [("041234567890123456", 4)]),
        ("10A" + GS + "14261231" + "17261231", "(10)A(17)261231", [("14261231", 4)]),
        ("(89)X(10)A", "(10)A", [("89X", 0)]),
        (LINK + "?89=NEW&17=261231", f"(01){GTIN}(10)LOT-A(17)261231", [("89NEW", 50)]),
    ],
)
def test_unknown_identifier_leaves_the_rest_readable(text, hri, unknown):
    assert error_of(text).code in ("unknown_ai", "link_ai")
    label = parse(text, today=TODAY, strict=False)
    assert label.to_hri() == hri
    assert [(one.text, one.position) for one in label.unknown] == unknown
    assert not label.complete
    found = interpret(text, today=TODAY)
    assert found is None or (found.elements == label and not found.complete)


@pytest.mark.parametrize("text", ["89NEW", "(89)X", "]d289NEW", "10A" + GS + "X1"])
def test_nothing_but_unknown_is_refused(text):
    assert error_of(text, strict=False).code == "unknown_ai"


def test_what_is_unknown_is_neither_built_nor_linked():
    label = parse(LABEL + GS + "89NEW", strict=False)
    assert label.unknown == (Unknown("89NEW"),)
    assert label.to_element_string() == LABEL + GS + "89NEW"
    for write in (build, lambda one: to_digital_link(one, "a.b")):
        with pytest.raises(GS1Error, match="89NEW"):
            write(label)


# -- writing ---------------------------------------------------------------------------------


def test_elements_may_be_given_in_three_ways():
    values = {"01": GTIN, "10": "A", "17": "261231"}
    expected = f"01{GTIN}10A{GS}17261231"
    assert build(values) == expected
    assert build(values.items()) == expected
    assert build(from_pairs(values.items())) == expected
    assert to_digital_link(values, "a.b") == f"https://a.b/01/{GTIN}/10/A?17=261231"


@pytest.mark.parametrize("values", [{"01": "09520123456789"}, {"89": "X"}, {"10": ""}])
def test_bad_elements_are_not_written(values):
    with pytest.raises(GS1Error):
        build(values)


@given(element_strings())
def test_built_element_string_reads_back(label):
    text = build(label)
    assert parse(text) == label
    assert parse("]d2" + text) == label
    assert parse(label.to_hri(escape=True)) == label


@given(element_strings())
def test_built_link_reads_back(label):
    try:
        uri = to_digital_link(label, "id.example.com")
    except GS1Error as error:
        assert error.code in ("link_build", "link_qualifiers", "link_ai")
        return
    assert set(parse(uri)) == set(label)


@pytest.mark.parametrize("value", ["SALT<GS>1", "Alt029", "Control]", "A^]B"])
def test_lot_that_looks_like_a_separator_reads_back(value):
    try:
        label = from_pairs([("10", value)])
    except GS1Error:
        return
    assert parse(build(label)) == label


DIGITS = st.from_regex(r"[0-9]{20}", fullmatch=True)
TEXT = st.text("AZaz09!\"%&'()*+,-./:;<=>?_", min_size=1, max_size=20)
DAYS = st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda day: f"{day:%y%m%d}")


def with_check_digit(digits, size):
    return digits[: size - 1] + check_digit(digits[: size - 1])


@given(
    digits=DIGITS,
    serial=st.integers(0, 2**38 - 1),
    text=TEXT,
    lot=TEXT,
    day=DAYS,
    length=st.integers(6, 12),
    filter_value=st.integers(0, 7),
)
def test_every_epc_scheme_reads_back(digits, serial, text, lot, day, length, filter_value):
    gtin, sscc, gln = (with_check_digit(digits, size) for size in (14, 18, 13))
    place = [] if text == "0" else [("254", text)]
    cases = {
        "sgtin-96": [("01", gtin), ("21", str(serial))],
        "sgtin-198": [("01", gtin), ("21", text)],
        "sgtin+": [("01", gtin), ("21", text), ("10", lot), ("17", day)],
        "dsgtin+": [("01", gtin), ("21", text), ("17", day), ("10", lot)],
        "sscc-96": [("00", sscc)],
        "sscc+": [("00", sscc), ("10", lot), ("11", day)],
        "sgln-96": [("414", gln), ("254", str(serial + 1))],
        "sgln-195": [("414", gln), *place],
        "sgln+": [("414", gln), *place],
    }
    for scheme, pairs in cases.items():
        elements = from_pairs(pairs, today=TODAY)
        is_plus = scheme.endswith("+")
        tag = encode_tag(
            scheme,
            elements,
            filter_value=filter_value,
            company_prefix_length=0 if is_plus else length,
            data=is_plus,
        )
        epc = decode_tag(tag)
        assert epc.complete
        assert (epc.scheme, epc.filter_value) == (scheme, filter_value)
        assert {e.ai: e.value for e in epc.elements} == dict(pairs)
        assert decode_tag(tag + "0" * 8).elements == epc.elements
        if not is_plus:
            assert parse_urn(to_tag_urn(scheme, elements, length, filter_value)) == epc
            assert parse(to_urn(elements, length)) == epc.elements
    lgtin = from_pairs([("01", gtin), ("10", lot)])
    assert parse(to_urn(lgtin, length)) == lgtin


def test_lot_and_expiry_ride_on_the_tag_only_when_asked():
    label = parse("(01)79521141123453(21)32a/b(10)L9(17)261231", today=TODAY)
    alone = encode_tag("sgtin+", label, filter_value=3)
    assert alone == "F73795211411234538566CB0AFC4"
    tag = encode_tag("sgtin+", label, filter_value=3, data=True)
    # The bit behind the header announces the data.
    assert tag.startswith("F7B")
    assert interpret(tag, today=TODAY).elements.to_hri() == label.to_hri()
    with pytest.raises(GS1Error, match="SGTIN-96 cannot hold a lot"):
        encode_tag("sgtin-96", label, company_prefix_length=7, data=True)


# -- coupons ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "value", "is_good"),
    [
        ("coupon", "012345612345611110123", True),
        ("coupon", "61234567890121234565123455123454123", True),
        ("coupon", "012345612345611110123101111239", True),
        ("coupon", "01234561234561111012321111230123456", True),
        ("coupon", "0123456123456111101233261231426010150123456611234567", True),
        ("coupon", "01234561234561111012332601014261231", False),
        ("coupon", "01234561234561111012342601013261231", False),
        ("coupon", "01234561234561111012390001", True),
        ("coupon", "01234561234561111012", False),
        ("coupon", "A12345612345611110123", False),
        ("offer_coupon", "001234561234560123456", True),
        ("offer_coupon", "201234561234560123456", False),
        ("offer_coupon", "0012345612345601234567", False),
    ],
)
def test_inside_of_coupons(rule, value, is_good):
    assert CHECKS[rule](value) is is_good
    label = parse(f"(8110){value}" if rule == "coupon" else f"(8112){value}", strict=False)
    assert bool(label.warnings) is not is_good


# -- anything at all -------------------------------------------------------------------------


def attempt(text):
    try:
        found = parse(text)
    except GS1Error as error:
        assert str(error).endswith(".")
        assert error.position is None or 0 <= error.position <= len(text)
        return
    assert len(found)


@given(st.text(max_size=120) | st.binary(max_size=120).map(lambda data: data.decode("latin-1")))
def test_any_text_is_read_or_refused(text):
    attempt(text)
    attempt("]d2" + text)
    attempt("01" + GTIN + text)
    attempt("https://a.b/" + text)


def corpus():
    texts = [LABEL, LINK, *(urn for urn, _hri, _length in URNS), *(tag for *_rest, tag in TAGS)]
    if (CONFORMANCE / "vectors.json").is_file():
        cases = json.loads((CONFORMANCE / "vectors.json").read_text())
        for name, rows in cases.items():
            if name != "_about":
                texts += [value.replace("^", GS) for row in rows for value in row if len(value) > 5]
    return sorted(set(texts))


@given(st.sampled_from(corpus()), st.data())
@settings(max_examples=500)
def test_mutated_codes_are_read_or_refused(text, data):
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 6)))
        put = data.draw(st.text(max_size=3) | st.sampled_from([GS, "(10)", "%", "01", text[:8]]))
        text = text[:start] + put + text[end:]
    attempt(text)
    interpret(text)


@pytest.mark.parametrize("text", [b"10A", None, 5, ["10A"]])
def test_other_than_text_is_refused(text):
    with pytest.raises(GS1Error, match="GS1 data is text"):
        parse(text)


@pytest.mark.parametrize(
    "unit",
    ["A", "0", "(", "(10)A", "10A" + GS, GS, "\\(", "%41", "/01/", "?10=A&", "Alt029", " ",
     "3066C4", "01" + GTIN, "\xff\x00", "1", "&89=A", "\udc80", "\u202e"],
)  # fmt: skip
def test_time_grows_with_the_length_alone(unit):
    for front in ("", "]d2", "(10)A", "https://a.b/01/" + GTIN, "urn:epc:id:sgtin:", "30"):
        attempt(front + unit * (7_000 // len(unit)))
        # With the square of this length, the test would never end.
        text = front + unit * (100_000 // len(unit))
        is_doubled(text)
        for read in (element_string.parse, digital_link.parse, parse_urn):
            with contextlib.suppress(GS1Error):
                read(text)
