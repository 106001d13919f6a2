"""GS1 element strings: what a GS1 barcode carries, and the text printed below it.

>>> label = parse("]d20109520123456788" + "10LOT-A/1" + GS + "17261231")
>>> label.gtin, label.lot, label.expiry
('09520123456788', 'LOT-A/1', datetime.date(2026, 12, 31))
>>> label.to_hri()
'(01)09520123456788(10)LOT-A/1(17)261231'
>>> label.to_element_string()
'010952012345678810LOT-A/1\\x1d17261231'
>>> parse("(01)09520123456788(10)LOT(1)").lot
'LOT(1)'

Nothing in the data tells that a separator was lost on the way (``10LOT121SER1`` is the good lot
``LOT121SER1``): show the fields before acting on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .ai import IDENTIFIERS, code_at, could_be_code
from .elements import GS, ElementString, Piece, Unknown, collect
from .errors import GS1Error, shown

# Symbology identifiers of symbols that carry GS1 element strings: GS1-128, GS1 DataMatrix,
# GS1 QR Code, GS1 DataBar and composites, GS1 DotCode.
GS1_SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]e0", "]J1")

# Keyboard wedges type the separator as Alt+029 or Ctrl+], or write its name; U+241D is its visible
# picture.
_SEPARATORS = re.compile("Alt0?029|Control\\]|\u241d|<GS>|\\{GS\\}|\\[GS\\]|\\^\\]")
# str.strip() would take the separator as white space.
_MARGIN = " \t\r\n\v\f\0\u00a0"
# Invisible marks that come along when text is copied from documents of mixed direction.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c]")
_BRACKETS = re.compile(r"\\[()\\]|\(([0-9]{2,4})\)")
_ESCAPED = re.compile(r"\\([()\\])")
_TWO_DIGITS = re.compile(r"[0-9]{2}", re.ASCII).match

# Length of identifier and value together by the first two digits, where it is predefined; the
# General Specifications (figure 7.8.5-2) set some apart for identifiers yet to come.
_PREDEFINED = {"04": 18, "14": 8, "18": 8, "19": 8} | {
    code[:2]: len(code) + identifier.fixed_length
    for code, identifier in IDENTIFIERS.items()
    if identifier.predefined
}


def trim(text: str) -> str:
    """Return ``text`` without margins and invisible marks.

    >>> trim(" \u200e10A\\r\\n")
    '10A'
    """
    text = text.strip(_MARGIN)
    return text if text.isascii() else _INVISIBLE.sub("", text).strip(_MARGIN)


def clean(text: str) -> str:
    """Return ``text`` trimmed, with every known separator as :data:`GS`.

    >>> clean("10AAlt02921B")
    '10A\\x1d21B'
    """
    text = trim(text)
    # A scanner sends one kind of separator: beside a real one, and where brackets do its work,
    # "Alt029" is part of a lot.
    if GS in text or text[:1] == "(":
        return text
    return _SEPARATORS.sub(GS, text)


def _place(text: str, index: int) -> int:
    """Return the place in ``text`` of the character ``index`` of :func:`clean`.

    >>> _place("\u200e 10AAlt02921B", 4), _place("10A\u200e", 3)
    (11, 4)
    """
    places = [i for i, c in enumerate(text) if not _INVISIBLE.match(c)]
    data = "".join(text[i] for i in places)
    start = len(data) - len(data.lstrip(_MARGIN))
    places, data = places[start:], data[start:].rstrip(_MARGIN)
    if GS not in data and data[:1] != "(":
        spelt = {i for m in _SEPARATORS.finditer(data) for i in range(m.start() + 1, m.end())}
        places = [place for i, place in enumerate(places) if i not in spelt]
    return places[index] if index < len(places) else len(text)


def _pieces_of_data(data: str, position: int, strict: bool) -> Iterator[Piece]:
    size = len(data)
    while position < size:
        if data[position] == GS:
            # Superfluous separators are harmless.
            position += 1
            continue
        start = position
        code = code_at(data, position)
        if code is None and (strict or not _TWO_DIGITS(data, position)):
            raise GS1Error("unknown_ai", position=start, shown=shown(data[start:]))
        end = data.find(GS, position)
        if end < 0:
            end = size
        # The first two digits of an identifier tell whether the length is predefined.
        length = _PREDEFINED.get(data[position : position + 2])
        if length:
            end = min(end, position + length)
        if code is None:
            yield Piece("", data[start:end], start)
        else:
            yield Piece(code, data[start + len(code) : end], start)
        position = end


def _pieces_of_brackets(text: str, position: int, strict: bool) -> list[Piece]:
    """Cut bracketed text at every bracket that holds an assigned identifier.

    Other brackets belong to values, unless their number has the shape of an identifier: such a
    text can be read in two ways.  Only at its beginning is there no value that it could belong to.
    """
    marks: list[tuple[str, int, int]] = []
    for match in _BRACKETS.finditer(text):
        code = match.group(1)
        if code is None:
            continue
        if code in IDENTIFIERS or (not strict and match.start() == 0):
            marks.append((code, match.start(), match.end()))
        elif marks and could_be_code(code):
            raise GS1Error("brackets", position=position + match.start(), shown=shown(text))
    if not marks or marks[0][1] != 0:
        raise GS1Error("unknown_ai", position=position, shown=shown(text))
    ends = [start for _code, start, _end in marks[1:]] + [len(text)]
    pieces = []
    for (code, start, end), stop in zip(marks, ends, strict=True):
        value = _ESCAPED.sub(r"\1", text[end:stop].strip(_MARGIN))
        if code in IDENTIFIERS:
            pieces.append(Piece(code, value, position + start))
        else:
            pieces.append(Piece("", code + value, position + start))
    return pieces


def _read_brackets(text: str, position: int, today: date | None, strict: bool) -> ElementString:
    pieces = _pieces_of_brackets(text, position, strict)
    try:
        return collect(pieces, today=today, strict=strict)
    except GS1Error as error:
        # "(10)LOT(11)A": the bracket after a text value may belong to that value.
        ambiguous = error.code in ("missing_value", "length", "digits", "date", "repeated_ai")
        wrong = next((i for i, piece in enumerate(pieces) if piece.position == error.position), 0)
        if ambiguous and wrong and _may_hold_brackets(pieces[wrong - 1].ai):
            raise GS1Error("brackets", position=error.position, shown=shown(text)) from None
        raise


def _may_hold_brackets(code: str) -> bool:
    if code not in IDENTIFIERS:
        return True
    last = IDENTIFIERS[code].components[-1]
    return last.character_set == "X" and last.maximum > 2


def parse(text: str, *, today: date | None = None, strict: bool = True) -> ElementString:
    """Read an element string as scanned, or as printed in brackets.

    Accepted in front: a symbology identifier (``]C1 ]d2 ]Q3 ]e0 ]J1``), then separators.
    Accepted as separator: 0x1D and what keyboard wedges make of it (``Alt029``, ``Alt0029``,
    ``Control]``, ``<GS>``, ``{GS}``, ``[GS]``, ``^]``).  In bracketed text, brackets around all
    but an identifier belong to the value; where that cannot be told, the text is refused rather
    than cut short.

    ``today`` decides the century of dates (default: the system's date).  ``strict=False``
    forgives rules without weight for identity (see :attr:`ElementString.warnings`) and keeps what
    stands under unknown identifiers beside the known elements (:attr:`ElementString.unknown`).
    Raises :class:`GS1Error` with one sentence that says what is wrong and what to do.

    >>> parse("(10)LOT(89)X")
    Traceback (most recent call last):
        ...
    tools.gs1.errors.GS1Error: The brackets in '(10)LOT(89)X' can be read in more than one way: \
scan the code, or write \\( for a bracket that belongs to a value.
    >>> label = parse("10LOT" + GS + "89NEW" + GS + "21S", strict=False)
    >>> label.to_hri(), label.complete, label.unknown
    ('(10)LOT(21)S', False, (Unknown(text='89NEW', position=6),))
    """
    if not isinstance(text, str):
        raise GS1Error("not_text", kind=type(text).__name__)
    data = clean(text)
    start = 3 if data.startswith(GS1_SYMBOLOGIES) else 0
    start += len(data) - start - len(data[start:].lstrip(GS))
    if start == len(data):
        raise GS1Error("empty")
    try:
        if data[start] == "(":
            found = _read_brackets(data[start:].rstrip(GS), start, today, strict)
        else:
            found = collect(_pieces_of_data(data, start, strict), today=today, strict=strict)
    except GS1Error as error:
        # Places are in the cleaned text so far.
        place = None if error.position is None else _place(text, error.position)
        raise error.at(place) from None
    if found.complete:
        return found
    unknown = (Unknown(one.text, _place(text, one.position or 0)) for one in found.unknown)
    return ElementString(found.elements, tuple(unknown))
