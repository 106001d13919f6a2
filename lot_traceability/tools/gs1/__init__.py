"""GS1 and EPC codec: element strings, GS1 Digital Link, EPC URNs and RFID tag encodings.

Pure Python without dependencies.  :func:`parse` reads any form or raises the one exception,
:func:`build` and :func:`to_digital_link` write:

>>> parse("https://id.example.com/01/09520123456788/10/LOT-A").to_hri()
'(01)09520123456788(10)LOT-A'
>>> parse("0109520123456788" + "1726")
Traceback (most recent call last):
    ...
tools.gs1.errors.GS1Error: AI (17) USE BY or EXPIRY at character 17 takes 6 digits, not 2: \
scan the code again.

One more call never raises, and says what any scanned or typed text is:

>>> found = interpret("(01)09520123456788(10)LOT-A/1(17)261231")
>>> found.kind, found.elements.gtin, found.elements.lot
('element_string', '09520123456788', 'LOT-A/1')
"""

from .associations import problems
from .checks import check_digit, has_check_digit, is_gtin
from .codec import build, parse, to_digital_link
from .digital_link import DigitalLink
from .digital_link import build as build_digital_link
from .digital_link import parse as parse_digital_link
from .element import Element
from .elements import GS, ElementString, Unknown, from_pairs
from .epc import Epc, parse_urn, to_tag_urn, to_urn
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
    "Unknown",
    "build",
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
    "to_digital_link",
    "to_tag_urn",
    "to_urn",
]
