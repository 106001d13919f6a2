"""What an RFID tag holds: EPC binary encodings of the GS1 Tag Data Standard 2.3.

The classic schemes (SGTIN-96/198, SSCC-96, SGLN-96/195) need the length of the company prefix;
the newer ones (SGTIN+, DSGTIN+, SSCC+, SGLN+) do not.

>>> decode("3066C4409047E140075BCD15").elements.to_hri()
'(01)09506000134352(21)123456789'
>>> decode("F73795211411234538566CB0AFC4").elements.to_hri()
'(01)79521141123453(21)32a/b'
"""

from __future__ import annotations

import re

from . import epc_plus
from .bits import BitReader, BitWriter
from .checks import is_digits
from .elements import ElementString, from_pairs
from .epc import Epc, number_of, split_number
from .errors import GS1Error, shown

_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{2,512}").fullmatch

# header -> scheme; the bits are filter, partition, company prefix, rest, serial, zeros.
_CLASSIC_HEADERS = {
    0x30: "sgtin-96",
    0x31: "sscc-96",
    0x32: "sgln-96",
    0x36: "sgtin-198",
    0x39: "sgln-195",
}
_CLASSIC_CODES = {scheme: header for header, scheme in _CLASSIC_HEADERS.items()}
# Bits of the company prefix by partition value; its digits are 12 minus that value.
_PREFIX_BITS = (40, 37, 34, 30, 27, 24, 20)
# Bits and digits of company prefix and rest together.
_BODY = {"sgtin": (44, 13), "sscc": (58, 17), "sgln": (41, 12)}
_SERIAL_BITS = {"sgtin-96": 38, "sgln-96": 41, "sgtin-198": 140, "sgln-195": 140, "sscc-96": 0}
_LONG_FORM = {"sgtin-96": "sgtin-198", "sgln-96": "sgln-195"}


def is_known_header(hexadecimal: str) -> bool:
    """Tell whether the first two hexadecimal digits announce an encoding read here."""
    header = int(hexadecimal[:2], 16)
    return header in _CLASSIC_HEADERS or header in epc_plus.HEADERS


def decode(hexadecimal: str) -> Epc:
    """Read the EPC bank of a tag, in hexadecimal; trailing zeros are taken as padding.

    Raises :class:`GS1Error` for another header, cut or damaged data.
    """
    if not _HEXADECIMAL(hexadecimal):
        raise GS1Error("epc_hex", shown=shown(hexadecimal))
    reader = BitReader(hexadecimal.upper())
    header = reader.number(8)
    if header in epc_plus.HEADERS:
        return epc_plus.decode(header, reader)
    scheme = _CLASSIC_HEADERS.get(header)
    if scheme is None:
        raise GS1Error("epc_header", header=f"{header:02X}")
    return _decode_classic(scheme, reader)


def _decode_classic(scheme: str, reader: BitReader) -> Epc:
    base = scheme.partition("-")[0]
    filter_value = reader.number(3)
    partition = reader.number(3)
    if partition > 6:
        raise reader.fail("partition 7 does not exist")
    body_bits, body_digits = _BODY[base]
    prefix_bits, prefix_digits = _PREFIX_BITS[partition], 12 - partition
    rest_digits = body_digits - prefix_digits
    company = str(reader.number(prefix_bits)).zfill(prefix_digits)
    rest = str(reader.number(body_bits - prefix_bits)).zfill(rest_digits)
    # A location reference may have no digits at all; then its one bit must be zero.
    if not rest_digits and rest == "0":
        rest = ""
    if len(company) > prefix_digits or len(rest) > rest_digits:
        raise reader.fail("a number has too many digits")
    number = number_of(base, company, rest)
    serial = _read_serial(scheme, reader)
    if not reader.rest_is_zero:
        raise reader.fail("there is data behind its end")
    if base == "sscc":
        pairs = [("00", number)]
    elif base == "sgtin":
        pairs = [("01", number), ("21", serial)]
    else:
        pairs = [("414", number)] + ([("254", serial)] if serial != "0" else [])
    return Epc(scheme, from_pairs(pairs), prefix_digits, filter_value)


def _read_serial(scheme: str, reader: BitReader) -> str:
    if scheme == "sscc-96":
        if reader.number(24):
            raise reader.fail("its reserved bits are not zero")
        return ""
    width = _SERIAL_BITS[scheme]
    if width != 140:
        return str(reader.number(width))
    text = "".join(chr(reader.number(7)) for _ in range(20)).rstrip("\0")
    if not text or "\0" in text:
        raise reader.fail("its serial number is empty or broken")
    return text


def encode(
    scheme: str,
    elements: ElementString,
    *,
    filter_value: int = 0,
    company_prefix_length: int = 0,
    data: bool = False,
) -> str:
    """Return the EPC in upper case hexadecimal digits, not padded beyond its last digit.

    ``scheme`` is one of sgtin-96, sgtin-198, sscc-96, sgln-96, sgln-195 (these need
    ``company_prefix_length``), sgtin+, dsgtin+, sscc+, sgln+.  With ``data``, the newer schemes
    carry lot and dates (AIs 10, 11, 12, 13, 15, 16, 17) behind the EPC, as far as there are any;
    the older ones cannot.  Nothing is rounded or cut: what does not fit raises
    :class:`GS1Error`.

    >>> from .element_string import parse
    >>> encode("sscc-96", parse("(00)095201234567891235"), company_prefix_length=6)
    '311BA1B300CE0A6A83000000'
    """
    scheme = scheme.lower()
    if isinstance(filter_value, bool) or filter_value not in range(8):
        raise GS1Error("epc_filter", shown=str(filter_value))
    if scheme in epc_plus.SCHEMES:
        return epc_plus.encode(scheme, elements, filter_value, data=data)
    if scheme not in _CLASSIC_CODES:
        raise GS1Error("epc_scheme", scheme=shown(scheme))
    if data:
        raise GS1Error("epc_data", scheme=scheme.upper())
    base = scheme.partition("-")[0]
    key = {"sgtin": "01", "sscc": "00", "sgln": "414"}[base]
    number = elements.value(key)
    if number is None:
        raise GS1Error("epc_needs", scheme=scheme.upper(), ai=key)
    company, rest = split_number(base, number, company_prefix_length)
    partition = 12 - company_prefix_length
    writer = BitWriter()
    writer.number(_CLASSIC_CODES[scheme], 8)
    writer.number(filter_value, 3)
    writer.number(partition, 3)
    writer.number(int(company), _PREFIX_BITS[partition])
    writer.number(int(rest or "0"), _BODY[base][0] - _PREFIX_BITS[partition])
    if base == "sscc":
        writer.number(0, 24)
        return writer.hexadecimal()
    serial = elements.serial if base == "sgtin" else elements.gln_extension or "0"
    if serial is None:
        raise GS1Error("epc_needs", scheme=scheme.upper(), ai="21")
    _write_serial(writer, scheme, serial)
    # Tags are written in words of 16 bits.
    return writer.hexadecimal(208 if _SERIAL_BITS[scheme] == 140 else 96)


def _write_serial(writer: BitWriter, scheme: str, serial: str) -> None:
    width = _SERIAL_BITS[scheme]
    if width == 140:
        for character in serial.ljust(20, "\0"):
            writer.number(ord(character), 7)
        return
    # A number has no leading zeros: 0678 and 678 would become the same tag.
    is_number = is_digits(serial) and (serial == "0" or serial[0] != "0")
    if not is_number or int(serial) >= 1 << width:
        raise GS1Error(
            "epc_serial",
            scheme=scheme.upper(),
            shown=shown(serial),
            instead=_LONG_FORM[scheme].upper(),
        )
    writer.number(int(serial), width)
