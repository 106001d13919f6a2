"""The EPC encodings that carry a GS1 key as it is: SGTIN+, DSGTIN+, SSCC+ and SGLN+.

GS1 Tag Data Standard 2.3, sections 14.5 and 15.3: header, one bit that announces more data, a
filter value of three bits, then digits of four bits and serials in the shortest of some
alphabets.  Lot and dates may follow the EPC; those are read too.
"""

from __future__ import annotations

from collections.abc import Callable

from .bits import BitReader, BitWriter
from .checks import is_digits
from .elements import ElementString, from_pairs
from .epc import Epc
from .errors import GS1Error

HEADERS = {0xF7: "sgtin+", 0xFB: "dsgtin+", 0xF9: "sscc+", 0xF2: "sgln+"}
SCHEMES = {scheme: header for header, scheme in HEADERS.items()}

# What the date of a DSGTIN+ means, by its four-bit type.
_DATE_TYPES = ("11", "13", "15", "16", "17", "7006", "7007")
_BASE_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CODE_40 = " ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789"
_DATE_AIS = frozenset({"11", "12", "13", "15", "16", "17"})
# What may follow the EPC, in the order in which it is written: the lot first.
_MORE = ("10", "17", "15", "16", "11", "13", "12")

# Encoding indicators
_INTEGER, _UPPER_HEX, _LOWER_HEX, _FILE_SAFE, _ASCII, _URN_CODE_40 = range(6)
_LENGTH_BITS = 5


def _integer_bits(digits: int) -> int:
    """Bits of the largest number of so many digits.

    >>> _integer_bits(4), _integer_bits(20)
    (14, 67)
    """
    largest: int = 10**digits - 1
    return largest.bit_length()


def _read_integer(reader: BitReader, length: int) -> str:
    value = str(reader.number(_integer_bits(length))).zfill(length)
    if len(value) != length:
        raise reader.fail("a number has too many digits")
    return value


def _read_code_40(reader: BitReader, length: int) -> str:
    text = ""
    for _ in range((length + 2) // 3):
        word = reader.number(16) - 1
        if not 0 <= word < 64000:
            raise reader.fail("three characters are unknown")
        text += _CODE_40[word // 1600] + _CODE_40[word // 40 % 40] + _CODE_40[word % 40]
    if text[length:].strip(" ") or " " in text[:length]:
        raise reader.fail("three characters are unknown")
    return text[:length]


_READERS: dict[int, Callable[[BitReader, int], str]] = {
    _INTEGER: _read_integer,
    _UPPER_HEX: lambda reader, n: "".join(f"{reader.number(4):X}" for _ in range(n)),
    _LOWER_HEX: lambda reader, n: "".join(f"{reader.number(4):x}" for _ in range(n)),
    _FILE_SAFE: lambda reader, n: "".join(_BASE_64[reader.number(6)] for _ in range(n)),
    _ASCII: lambda reader, n: "".join(chr(reader.number(7)) for _ in range(n)),
    _URN_CODE_40: _read_code_40,
}


def _read_text(reader: BitReader) -> str:
    indicator, length = reader.number(3), reader.number(_LENGTH_BITS)
    if indicator not in _READERS or not length:
        raise reader.fail("its text has no known encoding")
    return _READERS[indicator](reader, length)


def _write_text(writer: BitWriter, text: str) -> None:
    """Write ``text`` as a number, in base 64 or in ASCII, whichever comes first that can."""
    if is_digits(text):
        writer.number(_INTEGER, 3)
        writer.number(len(text), _LENGTH_BITS)
        writer.number(int(text), _integer_bits(len(text)))
        return
    is_file_safe = all(character in _BASE_64 for character in text)
    writer.number(_FILE_SAFE if is_file_safe else _ASCII, 3)
    writer.number(len(text), _LENGTH_BITS)
    for character in text:
        if is_file_safe:
            writer.number(_BASE_64.index(character), 6)
        else:
            writer.number(ord(character), 7)


def _write_date(writer: BitWriter, value: str) -> None:
    for part, width in zip((value[:2], value[2:4], value[4:6]), (7, 4, 5), strict=True):
        writer.number(int(part), width)


def _read_date(reader: BitReader) -> str:
    return f"{reader.number(7):02}{reader.number(4):02}{reader.number(5):02}"


def _read_more(reader: BitReader) -> tuple[list[tuple[str, str]], bool]:
    """Read what follows the EPC; false when there is something that is not understood."""
    pairs: list[tuple[str, str]] = []
    while reader.left >= 8 and not reader.rest_is_zero:
        code = f"{reader.peek(8):02X}"
        if code == "10":
            reader.number(8)
            pairs.append((code, _read_text(reader)))
        elif code in _DATE_AIS:
            reader.number(8)
            pairs.append((code, _read_date(reader)))
        else:
            return pairs, False
    return pairs, reader.rest_is_zero


def decode(header: int, reader: BitReader) -> Epc:
    """Read the fields behind ``header``; raises :class:`GS1Error`."""
    scheme = HEADERS[header]
    reader.number(1)  # announces more data, but more data may follow without it
    filter_value = reader.number(3)
    pairs: list[tuple[str, str]] = []
    dated: tuple[str, str] | None = None
    if scheme == "dsgtin+":
        kind = reader.number(4)
        if kind >= len(_DATE_TYPES):
            raise reader.fail("the meaning of its date is unknown")
        dated = (_DATE_TYPES[kind], _read_date(reader))
    if scheme == "sscc+":
        pairs.append(("00", reader.decimal(18)))
    elif scheme == "sgln+":
        pairs.append(("414", reader.decimal(13)))
        extension = _read_text(reader)
        # Extension 0 means the location itself.
        if extension != "0":
            pairs.append(("254", extension))
    else:
        pairs += [("01", reader.decimal(14)), ("21", _read_text(reader))]
    if dated:
        pairs.append(dated)
    more, complete = _read_more(reader)
    return Epc(scheme, from_pairs(pairs + more), 0, filter_value, complete)


def _required(scheme: str, elements: ElementString, ai: str) -> str:
    value = elements.value(ai)
    if value is None:
        raise GS1Error("epc_needs", scheme=scheme.upper(), ai=ai)
    return value


def encode(scheme: str, elements: ElementString, filter_value: int, *, data: bool = False) -> str:
    """Return the EPC in hexadecimal digits; with ``data``, lot and dates behind it.

    >>> from .element_string import parse
    >>> encode("sgtin+", parse("(01)79521141123453(21)32a/b"), 3)
    'F73795211411234538566CB0AFC4'
    >>> encode("sscc+", parse("(00)095201234567891235(10)L9"), 0, data=True)
    'F9809520123456789123510622FD'
    """
    dated = _dated(scheme, elements)
    more = [ai for ai in _MORE if ai in elements and ai != dated] if data else []
    writer = BitWriter()
    writer.number(SCHEMES[scheme], 8)
    writer.number(bool(more), 1)
    writer.number(filter_value, 3)
    if scheme == "sscc+":
        writer.decimal(_required(scheme, elements, "00"))
    elif scheme == "sgln+":
        writer.decimal(_required(scheme, elements, "414"))
        _write_text(writer, elements.gln_extension or "0")
    else:
        if dated:
            value = _required(scheme, elements, dated)
            writer.number(_DATE_TYPES.index(dated), 4)
            _write_date(writer, value)
        writer.decimal(_required(scheme, elements, "01"))
        _write_text(writer, _required(scheme, elements, "21"))
    for ai in more:
        writer.decimal(ai)
        if ai == "10":
            _write_text(writer, _required(scheme, elements, ai))
        else:
            _write_date(writer, _required(scheme, elements, ai))
    return writer.hexadecimal()


def _dated(scheme: str, elements: ElementString) -> str:
    """The date inside a DSGTIN+: the one that matters most for the goods, expiry before others."""
    if scheme != "dsgtin+":
        return ""
    order = ("17", "15", "16", "11", "13", "7006", "7007")
    return next((ai for ai in order if ai in elements), "17")
