"""Numbers that stand for a place."""

from odoo.addons.lot_traceability.tools.gs1.checks import has_check_digit

from ..tools.places import is_facility_number, is_ggn, is_web_address

_GLN_LENGTH = 13


def is_gln(number: str) -> bool:
    """A global location number: thirteen digits, the last of them the right check digit."""
    return len(number) == _GLN_LENGTH and has_check_digit(number)


def reference_kind(reference: str) -> str:
    """What kind of reference to the source of a code this is: gln, ffrn, ggn, url or other."""
    for kind, fits in (
        ("gln", is_gln),
        ("ffrn", is_facility_number),
        ("ggn", is_ggn),
        ("url", is_web_address),
    ):
        if fits(reference):
            return kind
    return "other"
