"""GS1 Digital Link URIs."""

import pytest
from gs1_support import element_strings
from hypothesis import given
from tools.gs1 import GS1Error, build_digital_link, parse, parse_digital_link
from tools.gs1.ai import IDENTIFIERS

ITEM = "https://example.com/01/09520123456788"


@pytest.mark.parametrize(
    ("uri", "hri"),
    [
        (ITEM, "(01)09520123456788"),
        ("HTTPS://EXAMPLE.COM/01/09520123456788", "(01)09520123456788"),
        ("http://[2001:db8::1]:8069/01/9520123456788", "(01)09520123456788"),
        ("https://example.com/some/path/01/09520123456788/10/A", "(01)09520123456788(10)A"),
        (ITEM + "/22/V/10/L/21/S", "(01)09520123456788(22)V(10)L(21)S"),
        (ITEM + "/10/A%2Fb%2B(1)", "(01)09520123456788(10)A/b+(1)"),
        (ITEM + "/10/A+B", "(01)09520123456788(10)A+B"),
        (ITEM + "?17=261231&&x&3103=001250#top", "(01)09520123456788(17)261231(3103)001250"),
        (ITEM + "/235/T?10=A", "(01)09520123456788(235)T(10)A"),
        ("https://a.b/8004/95201234567?01=02345673", "(8004)95201234567(01)00000002345673"),
        ("https://a.b/414/9521141123454/254/32a%2Fb", "(414)9521141123454(254)32a/b"),
        ("https://a.b/01/10/01/09520123456788", "(01)09520123456788"),
    ],
)
def test_link_is_read(uri, hri):
    assert parse_digital_link(uri).elements.to_hri() == hri


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("", "link_syntax"),
        ("ftp://example.com/01/09520123456788", "link_syntax"),
        ("https://$a/01/09520123456788", "link_syntax"),
        (ITEM + "<bad", "link_syntax"),
        (ITEM + "\n", "link_syntax"),
        ("https://example.com", "link_no_key"),
        ("https://example.com/shop/lot/5", "link_no_key"),
        ("https://example.com/10/A", "link_no_key"),
        (ITEM + "/21/S/10/L", "link_qualifiers"),
        (ITEM + "/235/T/10/L", "link_qualifiers"),
        (ITEM + "/10/A%2", "link_percent"),
        (ITEM + "/10/A%00", "characters"),
        (ITEM + "/10/", "missing_value"),
        (ITEM + "?99=", "missing_value"),
        (ITEM + "?99=A+B", "characters"),
        (ITEM + "?10=A", "link_ai"),
        (ITEM + "?21=A", "link_ai"),
        (ITEM + "?89=A", "link_ai"),
        (ITEM + "?99=A&99=A", "link_ai"),
        ("https://example.com/01/09520123456789", "check_digit"),
    ],
)
def test_bad_link_is_refused(uri, code):
    with pytest.raises(GS1Error) as raised:
        parse_digital_link(uri)
    assert raised.value.code == code


def test_lot_in_the_query_is_forgiven():
    link = parse_digital_link(ITEM + "?10=A&89=new", strict=False)
    assert link.elements.lot == "A"
    assert link.parameters == (("89", "new"),)


def test_other_parameters_are_kept_apart():
    link = parse_digital_link(ITEM + "?linkType=gs1:recallStatus&17=261231")
    assert link.parameters == (("linkType", "gs1:recallStatus"),)
    assert link.domain == "https://example.com"


@pytest.mark.parametrize(
    ("hri", "uri"),
    [
        ("(21)S(01)09520123456788(10)L(99)X", "/01/09520123456788/10/L/21/S?99=X"),
        ("(01)09520123456788(10)A+B/c(99)X+Y", "/01/09520123456788/10/A%2BB%2Fc?99=X%2BY"),
        ("(01)09520123456788(99)X(17)261231", "/01/09520123456788?17=261231&99=X"),
        ("(00)095201234567891235(02)09520123456788(37)2(10)A",
         "/00/095201234567891235?02=09520123456788&37=2&10=A"),
    ],
)  # fmt: skip
def test_link_is_built_in_canonical_order(hri, uri):
    assert parse(hri).to_digital_link("https://example.com/") == "https://example.com" + uri


@pytest.mark.parametrize(
    ("domain", "start"),
    [
        ("id.example.com", "https://id.example.com/01/"),
        ("http://localhost:8069/dl", "http://localhost:8069/dl/01/"),
        ("https://id.gs1.org", "https://id.gs1.org/01/"),
    ],
)
def test_domain_forms(domain, start):
    assert build_digital_link(parse("(01)09520123456788"), domain).startswith(start)


@pytest.mark.parametrize(
    ("hri", "domain", "code"),
    [
        ("(10)A", "a.b", "link_build"),
        ("(01)09520123456788(235)T(10)A", "a.b", "link_qualifiers"),
        ("(00)095201234567891235(21)A", "a.b", "link_ai"),
        ("(01)09520123456788", "a b", "link_domain"),
        ("(01)09520123456788", "", "link_domain"),
        ("(01)09520123456788", "a.b?x=1", "link_domain"),
    ],
)
def test_link_that_cannot_be_built_is_refused(hri, domain, code):
    with pytest.raises(GS1Error) as raised:
        build_digital_link(parse(hri), domain)
    assert raised.value.code == code


def test_key_can_be_chosen():
    elements = parse("(00)095201234567891235(01)09520123456788")
    assert build_digital_link(elements, "a.b", key="01") == (
        "https://a.b/01/09520123456788?00=095201234567891235"
    )


@given(element_strings())
def test_built_link_reads_back_to_the_same_elements(label):
    try:
        uri = label.to_digital_link("id.example.com")
    except GS1Error as error:
        assert error.code in ("link_build", "link_qualifiers", "link_ai")
        return
    link = parse_digital_link(uri)
    assert set(link.elements) == set(label)
    assert IDENTIFIERS[link.elements.elements[0].ai].is_key
