"""EPC URNs and RFID tag encodings; values of GS1 Tag Data Standard 2.3 annex E.3 and 1.13."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.gs1 import GS1Error, decode_tag, encode_tag, from_pairs, parse, parse_urn, to_urn
from tools.gs1.checks import check_digit

# scheme, filter, company prefix length, elements, tag
TAGS = [
    ("sgtin-96", 3, 11, "(01)09506000134352(21)123456789", "3066C4409047E140075BCD15"),
    ("sgtin-198", 3, 11, "(01)09506000134352(21)32a/b",
     "3666C4409047E159B2C2BF100000000000000000000000000000"),
    ("sscc-96", 0, 6, "(00)095201234567891235", "311BA1B300CE0A6A83000000"),
    ("sgln-96", 3, 7, "(414)9521141123454(254)5678", "3276451FD46072000000162E"),
    ("sgln-195", 3, 7, "(414)9521141123454(254)32a/b",
     "3976451FD46072CD9615F8800000000000000000000000000000"),
    ("sgtin-96", 3, 7, "(01)80614141123458(21)6789", "3074257BF7194E4000001A85"),
    ("sscc-96", 3, 7, "(00)106141412345678908", "3174257BF4499602D2000000"),
    ("sgln-96", 3, 7, "(414)0614141123452(254)5678", "3274257BF46072000000162E"),
    ("sgtin-96", 0, 7, "(01)09528765123457(21)123456789123", "30164596F40C0E5CBE991A83"),
    ("sgtin+", 3, 0, "(01)79521141123453(21)32a/b", "F73795211411234538566CB0AFC4"),
    ("dsgtin+", 3, 0, "(01)79521141123453(21)32a/b(17)220630",
     "FB342CDE795211411234538566CB0AFC4"),
    ("sscc+", 0, 0, "(00)095201234567891235", "F90095201234567891235"),
    ("sgln+", 3, 0, "(414)9521141123454(254)32a/b", "F2395211411234548566CB0AFC4"),
]  # fmt: skip

URNS = [
    ("urn:epc:id:sgtin:9506000.013435.32a%2Fb", "(01)09506000134352(21)32a/b", 7),
    ("urn:epc:id:sgtin:0614141.812345.6789", "(01)80614141123458(21)6789", 7),
    ("urn:epc:id:sscc:0614141.1234567890", "(00)106141412345678908", 7),
    ("urn:epc:id:sgln:0614141.12345.5678", "(414)0614141123452(254)5678", 7),
    ("urn:epc:id:sgln:061414112345..0", "(414)0614141123452", 12),
    ("urn:epc:class:lgtin:4012345.012345.998877", "(01)04012345123456(10)998877", 7),
    ("urn:epc:idpat:sgtin:4012345.012345.*", "(01)04012345123456", 7),
]


@pytest.mark.parametrize(("scheme", "filter_value", "length", "hri", "tag"), TAGS)
def test_tag_is_decoded(scheme, filter_value, length, hri, tag):
    epc = decode_tag(tag.lower())
    assert epc.scheme == scheme
    assert set(epc.elements) == set(parse(hri))
    assert (epc.filter_value, epc.company_prefix_length) == (filter_value, length)
    assert epc.complete


@pytest.mark.parametrize(("scheme", "filter_value", "length", "hri", "tag"), TAGS)
def test_tag_is_encoded(scheme, filter_value, length, hri, tag):
    elements = parse(hri)
    encoded = encode_tag(scheme, elements, filter_value=filter_value, company_prefix_length=length)
    assert encoded == tag


@pytest.mark.parametrize("padding", ["0", "0000", "000"])
def test_padding_behind_the_epc_is_no_data(padding):
    assert decode_tag("F90095201234567891235" + padding).elements.sscc == "095201234567891235"


def test_lot_and_expiry_behind_an_sgtin_plus_are_read():
    # 10: indicator 3 (base 64), length 2, L 11, 9 61; 17: 26-12-31 in 7, 4 and 5 bits
    more = "00010000" + "011" + "00010" + "001011" + "111101"
    more += "00010111" + "0011010" + "1100" + "11111"
    epc = decode_tag(_append("F73795211411234538566CB0AFC4", 111, more))
    assert epc.elements.to_hri() == "(01)79521141123453(21)32a/b(10)L9(17)261231"
    assert epc.complete


def test_unknown_data_behind_the_epc_is_told():
    epc = decode_tag(_append("F73795211411234538566CB0AFC4", 111, "1001100111110000"))
    assert epc.elements.to_hri() == "(01)79521141123453(21)32a/b"
    assert not epc.complete


def _append(tag, bits, more):
    text = bin(int(tag, 16))[2:].zfill(4 * len(tag))[:bits] + more
    text += "0" * (-len(text) % 16)
    return f"{int(text, 2):0{len(text) // 4}X}"


def test_number_keeps_its_leading_zeros_in_sgtin_plus():
    tag = encode_tag("sgtin+", parse("(01)79521141123453(21)0042"))
    assert decode_tag(tag).elements.serial == "0042"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("", "epc_hex"),
        ("30ZZ", "epc_hex"),
        ("30", "epc_bits"),
        ("3066C4409047E140075BCD", "epc_bits"),
        ("3066C4409047E140075BCD150001", "epc_bits"),
        ("307FC4409047E140075BCD15", "epc_bits"),
        ("3067FFFFFFFFFFC0075BCD15", "epc_bits"),
        ("3174257BF4499602D2000001", "epc_bits"),
        ("E280116060000209", "epc_header"),
        ("0000", "epc_header"),
        ("F7379521141123A538566CB0AFC4", "epc_bits"),
        ("F737952114112345D8566CB0AFC4", "epc_bits"),
        ("F73795211411234D38566CB0AFC4", "epc_bits"),
        ("F7379521141123453E566CB0AFC4", "epc_bits"),
        ("FB3F2CDE795211411234538566CB0AFC4", "epc_bits"),
        ("FB342CDF795211411234538566CB0AFC4", "date"),
        ("F90095201234567891234", "check_digit"),
    ],
)
def test_damaged_tag_is_refused(tag, code):
    with pytest.raises(GS1Error) as raised:
        decode_tag(tag)
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("scheme", "hri", "values", "code"),
    [
        ("sgtin-96", "(01)09506000134352(21)0678", {"company_prefix_length": 7}, "epc_serial"),
        ("sgtin-96", f"(01)09506000134352(21){2**38}", {"company_prefix_length": 7}, "epc_serial"),
        ("sgtin-96", "(01)09506000134352(21)A1", {"company_prefix_length": 7}, "epc_serial"),
        ("sgln-96", f"(414)9521141123454(254){2**41}", {"company_prefix_length": 7}, "epc_serial"),
        ("sgtin-96", "(01)09506000134352(21)1", {}, "epc_prefix"),
        ("sgtin-96", "(01)09506000134352(21)1", {"company_prefix_length": 13}, "epc_prefix"),
        ("sgtin-96", "(01)09506000134352", {"company_prefix_length": 7}, "epc_needs"),
        ("sgtin+", "(01)09506000134352", {}, "epc_needs"),
        ("dsgtin+", "(01)09506000134352(21)1", {}, "epc_needs"),
        ("sscc-96", "(01)09506000134352", {"company_prefix_length": 7}, "epc_needs"),
        ("sgtin+", "(01)09506000134352(21)1", {"filter_value": 8}, "epc_filter"),
        ("gid-96", "(01)09506000134352(21)1", {}, "epc_scheme"),
    ],
)
def test_what_does_not_fit_a_tag_is_refused(scheme, hri, values, code):
    with pytest.raises(GS1Error) as raised:
        encode_tag(scheme, parse(hri), **values)
    assert raised.value.code == code


def test_largest_serial_fits():
    elements = parse(f"(01)09506000134352(21){2**38 - 1}")
    tag = encode_tag("sgtin-96", elements, company_prefix_length=7)
    assert len(tag) == 24
    assert decode_tag(tag).elements == elements


@pytest.mark.parametrize(("urn", "hri", "length"), URNS)
def test_urn_reads_and_writes(urn, hri, length):
    epc = parse_urn(urn)
    assert (epc.elements.to_hri(), epc.company_prefix_length) == (hri, length)
    assert to_urn(epc.elements, length) == urn


def test_tag_and_raw_urns_are_read():
    tag = parse_urn("urn:epc:tag:sgtin-96:3.0614141.812345.6789")
    raw = parse_urn("urn:epc:raw:96.x3074257BF7194E4000001A85")
    assert tag == raw


@pytest.mark.parametrize(
    ("urn", "code"),
    [
        ("urn:isbn:123", "epc_urn"),
        ("urn:epc", "epc_urn"),
        ("urn:epc:id:sgtin", "epc_urn"),
        ("urn:epc:id:sgtin:0614141.812345", "epc_urn"),
        ("urn:epc:id:sgtin:0614141.81234.6789", "epc_urn"),
        ("urn:epc:id:sgtin:06141.41812345.6789", "epc_urn"),
        ("urn:epc:id:sgtin:0614141.812345.", "epc_urn"),
        ("urn:epc:id:sgtin:0614141.812345.%2", "epc_urn"),
        ("urn:epc:id:sgtin:0614141.812345.A%20B", "characters"),
        ("urn:epc:id:giai:0614141.1", "epc_scheme"),
        ("urn:epc:idpat:sgtin:0614141.812345.5", "epc_urn"),
        ("urn:epc:tag:sgtin-96:9.0614141.812345.6789", "epc_filter"),
        ("urn:epc:raw:96.30", "epc_urn"),
    ],
)
def test_bad_urn_is_refused(urn, code):
    with pytest.raises(GS1Error) as raised:
        parse_urn(urn)
    assert raised.value.code == code


def test_urn_of_nothing_is_refused():
    with pytest.raises(GS1Error, match="needs AI"):
        to_urn(parse("(10)A"), 7)


SERIAL = st.text("AZaz09!\"%&'()*+,-./:;<=>?_", min_size=1, max_size=20)


@given(
    digits=st.from_regex(r"[0-9]{13}", fullmatch=True),
    serial=SERIAL,
    length=st.integers(6, 12),
    filter_value=st.integers(0, 7),
)
def test_sgtin_survives_every_form(digits, serial, length, filter_value):
    elements = from_pairs([("01", digits + check_digit(digits)), ("21", serial)])
    values = {"filter_value": filter_value, "company_prefix_length": length}
    for scheme in ("sgtin-198", "sgtin+"):
        epc = decode_tag(encode_tag(scheme, elements, **values))
        assert (epc.elements, epc.filter_value) == (elements, filter_value)
    assert parse_urn(to_urn(elements, length)).elements == elements


@given(st.text("0123456789ABCDEF", min_size=2, max_size=64))
def test_any_hexadecimal_is_read_or_refused(hexadecimal):
    try:
        epc = decode_tag(hexadecimal)
    except GS1Error:
        return
    assert epc.elements
