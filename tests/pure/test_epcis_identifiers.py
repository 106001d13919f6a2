"""EPC URNs and Digital Links in one notation; the foundation's codec agrees."""

import pytest
from epcis_support import gs1_translation
from fsma_tools.epcis.errors import EpcisError
from fsma_tools.epcis.identifiers import FORMS, canonical, read_urn, wrong_check_digit
from hypothesis import given
from hypothesis import strategies as st
from tools.gs1 import from_pairs, to_urn
from tools.gs1.checks import check_digit

# Cases that other software is tested with.
KNOWN = """
urn:epc:id:sgtin:4012345.011111.98%22 01/04012345111118/21/98%22
urn:epc:id:sgtin:415056789012.0.987654 01/04150567890128/21/987654
urn:epc:id:sgtin:0614141.812345.6789%2F%26%25%22!%3F() 01/80614141123458/21/6789%2F%26%25%22%21%3F%28%29
urn:epc:id:sgln:4012345.00005.122 414/4012345000054/254/122
urn:epc:id:sgln:4012345.00005.0 414/4012345000054
https://example.com/414/4012345000054/254/0 414/4012345000054
urn:epc:id:grai:4012345.00022.334455 8003/04012345000221334455
urn:epc:id:giai:4012345.ABC345 8004/4012345ABC345
urn:epc:id:gsrn:4012345.0000006765 8018/401234500000067657
urn:epc:id:gsrnp:4012345.0000000007 8017/401234500000000074
urn:epc:id:gdti:4012345.00009.PO-4711 253/4012345000092PO-4711
urn:epc:id:gdti:987659999999..9 253/98765999999929
urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234 8010/061414111111111111111-A%23%2F/8011/1234
urn:epc:id:ginc:0614141.xyz47%2F11 401/0614141xyz47%2F11
urn:epc:id:gsin:4012345.222333444 402/40123452223334442
urn:epc:id:itip:4012345.011111.01.02.987 8006/040123451111180102/21/987
urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7SDB 01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7SDB
urn:epc:id:pgln:4000001.00000 417/4000001000005
urn:epc:id:pgln:999999999999. 417/9999999999994
urn:epc:class:lgtin:4012345.012345.Lot987 01/04012345123456/10/Lot987
urn:epc:idpat:sgtin:4012345.012345.* 01/04012345123456
urn:epc:idpat:grai:4012345.99999.* 8003/04012345999990
urn:epc:idpat:gdti:4012345.11111.* 253/4012345111118
urn:epc:idpat:sgcn:4012345.22222.* 255/4012345222227
urn:epc:idpat:cpi:4012345.AB12.* 8010/4012345AB12
urn:epc:idpat:itip:4012345.012345.01.02.* 8006/040123451234560102
urn:epc:idpat:upui:4012345.012345.* 01/04012345123456
https://id.gs1.org/gtin/09780345418913 01/09780345418913
https://example.com/gtin/09780345418913/21/765tz?abc=211121 01/09780345418913/21/765tz
http://example.de/gtin-8/01/97803111 01/00000097803111
http://us-company-with-UPC.com/01/001122334455/ser/GHB 01/00001122334455/21/GHB
https://ean-13.de/gtin/4012345123456/ser/ABC524 01/04012345123456/21/ABC524
https://id.gs1.org/gtin/9780345418913/cpv/344/lot/1223/ser/765tz 01/09780345418913/21/765tz
https://id.gs1.org/gtin/9780345418913/cpv/344 01/09780345418913
http://example.de/01/040123451234/cpv/344/lot/ABD 01/00040123451234/10/ABD
https://id.gs1.org/itip/123456789101100190/cpv/ABCD 8006/123456789101100190
https://fashion-corp.com/8006/040123451234560102/10/Lot-123/21/ser987 8006/040123451234560102/21/ser987
https://example.co.uk/party/4226350800008 417/4226350800008
https://id.gs1.org/8010/0628165987/8011/9876 8010/0628165987/8011/9876
https://id.gs1.org/253/4602443000331XYZ 253/4602443000331XYZ
""".split()  # noqa: E501
NONE = """
http://example.org/123/4012345ABC987/456/4711 http://id.gs1.org/99/9780345418913
http://id.gs1.org/01/9780345418913/99/utfgf http://example.de/abc/9780345418913
http://example.de/01/97803 https://id.gs1.org/8006/04012345123456/22/ABCD/10/XYZ 42
urn:epc:class:lgtin:4012345.12345.L1 urn:epc:id:sgtin:4012345.011111 urn:epc:id:nothing:1.2
urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8 geo:47.5,11.1
""".split()


@pytest.mark.parametrize(("written", "link"), list(zip(KNOWN[::2], KNOWN[1::2], strict=True)))
def test_identifier_has_one_notation(written, link):
    assert canonical(written) == f"https://id.gs1.org/{link}"


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_gs1_identifier_is_none(text):
    assert canonical(text) is None


@pytest.mark.parametrize(
    "urn",
    [
        "urn:epc:class:lgtin:4012345.12345.L1",  # one digit short
        "urn:epc:class:lgtin:4012345.012345",  # no lot
        "urn:epc:class:lgtin:4012345.012345.",  # an empty lot
        "urn:epc:class:lgtin:4012345.012345.A%2",  # a broken escape
        "urn:epc:class:lgtin:4012345.01234A.L1",
        "urn:epc:class:lgtin:40123.01234567.L1",  # no company prefix has five digits
        "urn:epc:class:sgtin:4012345.012345.L1",
        "urn:epc:idpat:sgtin:4012345.012345.5",
        "urn:epc:id:itip:4012345.012345.1.2.9",
        "urn:epc:id:cpi:4012345.abc.123",
        "urn:epc:id:cpi:4012345.ABC.X",
        "urn:epc:id:sgtin:４012345.012345.1",
    ],
)
def test_malformed_urn_is_told_its_form(urn):
    with pytest.raises(EpcisError, match=r"is no EPC URN of the form urn:epc:"):
        read_urn(urn)


def test_every_form_has_a_case():
    written = {":".join(text.split(":")[2:4]) for text in KNOWN if text.startswith("urn:")}
    assert set(FORMS) - written == {"id:sscc", "id:sgcn"}  # those are in the hash of all keys


@pytest.mark.parametrize(
    ("link", "right"),
    [
        ("https://id.gs1.org/01/04012345123456/10/L1", ""),
        ("https://id.gs1.org/01/04012345123457/10/L1", "6"),
        ("https://id.gs1.org/00/140123451122233341", ""),
        ("https://id.gs1.org/414/4012345000221", ""),
        ("https://id.gs1.org/414/4012345000222", "1"),
        ("https://id.gs1.org/253/4602443000331XYZ", ""),
        ("https://example.com/anything", ""),
    ],
)
def test_wrong_check_digit_is_seen(link, right):
    assert wrong_check_digit(link) == right


text_of_82 = st.text("AZaz09!\"%&'()*+,-./:;<=>?_", min_size=1, max_size=20)


@given(
    digits=st.text("0123456789", min_size=13, max_size=13),
    length=st.integers(6, 12),
    ai=st.sampled_from(["10", "21"]),
    value=text_of_82,
)
def test_the_codec_of_the_foundation_agrees(digits, length, ai, value):
    elements = from_pairs([("01", digits + check_digit(digits)), (ai, value)])
    urn = to_urn(elements, length)
    assert canonical(urn) == gs1_translation(urn)
    link = gs1_translation(urn)
    assert canonical(link) == link
