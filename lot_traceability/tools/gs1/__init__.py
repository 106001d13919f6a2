"""GS1 and EPC codec: element strings, GS1 Digital Link, EPC URNs and RFID tag encodings.

Pure Python without dependencies.  One call says what any scanned or typed text is:

>>> found = interpret("(01)09520123456788(10)LOT-A/1(17)261231")
>>> found.kind, found.elements.gtin, found.elements.lot
('element_string', '09520123456788', 'LOT-A/1')
"""

from .associations import problems
from .checks import check_digit, has_check_digit, is_gtin
from .digital_link import DigitalLink
from .digital_link import build as build_digital_link
from .digital_link import parse as parse_digital_link
from .element import Element
from .element_string import GS, ElementString, from_pairs, parse
from .epc import Epc, parse_urn, to_urn
from .epc_tag import decode as decode_tag
from .epc_tag import encode as encode_tag
from .errors import GS1Error
from .interpretation import Interpretation, interpret

__all__ = [
    "GS",
    "DigitalLink",
    "Element",
    "ElementString",
    "Epc",
    "GS1Error",
    "Interpretation",
    "build_digital_link",
    "check_digit",
    "decode_tag",
    "encode_tag",
    "from_pairs",
    "has_check_digit",
    "interpret",
    "is_gtin",
    "parse",
    "parse_digital_link",
    "parse_urn",
    "problems",
    "to_urn",
]
