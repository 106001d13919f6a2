"""Templates of lot numbers, such as ``{date:%Y%m%d}-{seq:03}``.

>>> template = Template.parse("{date:%Y%m%d}-{seq:03}")
>>> template.render({"date": date(2025, 1, 15)}, 1)
'20250115-001'
>>> template.sequence_in("20250115-017", {"date": date(2025, 1, 15)})
17
>>> Template.parse("{plant}{year_code}{month_code}{day}{seq:02}{check:mod37}").render(
...     {"date": date(2026, 11, 3), "plant": "WH"}, 7)
'WHTL0307H'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .check_characters import mod10, mod37

# Letters that nobody takes for a digit or for one another.
YEAR_CODES = "ABCDEFGHJKLMNPRSTUVWXYZ"
MONTH_CODES = "ABCDEFGHJKLM"
CODE_EPOCH = 2010

DATES = ("date", "receipt_date", "production_date", "expiry")
TEXTS = ("plant", "line", "shift", "product", "supplier_lot")
CHECKS: dict[str, Callable[[str], str]] = {"mod10": mod10, "mod37": mod37}
MAX_WIDTH = 12

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
# Not `strftime` itself, whose names of months and days follow the language of the server.
_DIRECTIVES: dict[str, Callable[[date], str]] = {
    **{letter: lambda day, form=f"%{letter}": day.strftime(form) for letter in "mdjVGuwUWHM"},
    "Y": lambda day: f"{day.year:04}",
    "y": lambda day: f"{day.year % 100:02}",
    "b": lambda day: _MONTHS[day.month - 1],
    "a": lambda day: _DAYS[day.weekday()],
    "%": lambda day: "%",
}
# Names of date parts, usable as a token of their own or as the form of a date.
_PARTS = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "day_of_year": "%j",
    "week": "%V",
    "week_year": "%G",
}
_CODES = ("year_code", "month_code")
_WITH_LETTERS = frozenset("ba")
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def _(text: str) -> str:
    """Mark a text for translators; who shows it to a person translates it."""
    return text


class NumberingError(ValueError):
    """A template or a value that cannot be used.

    :ivar text: what is wrong and what to do, with named places for `details`
    :ivar position: of the first wrong character, counted from 1, or 0
    """

    def __init__(self, text: str, position: int = 0, **details: object):
        self.text = text
        self.position = position
        self.details = {"position": position, **details}
        super().__init__(text % self.details)


class MissingValueError(NumberingError):
    """The template has a token for which nothing is known."""

    def __init__(self, token: str):
        super().__init__(_("Nothing is known for {%(token)s}."), token=token)
        self.token = token


@dataclass(frozen=True)
class Codes:
    """Letters for years and months: `years[0]` stands for 2010, and they start over at the end."""

    years: str = YEAR_CODES
    months: str = MONTH_CODES

    def year(self, day: date) -> str:
        return self.years[(day.year - CODE_EPOCH) % len(self.years)]

    def month(self, day: date) -> str:
        return self.months[day.month - 1]


@dataclass(frozen=True)
class Piece:
    """A literal text (`kind` "text"), a date part, a text value, the counter or the check."""

    kind: str
    name: str
    form: str = ""
    position: int = 0

    def render(self, values: Mapping[str, Any], codes: Codes) -> str:
        if self.kind == "text":
            return self.name
        value = values.get(self.name)
        if not value:
            raise MissingValueError(self.name)
        return _render_date(value, self.form, codes) if self.kind == "date" else str(value).strip()


@dataclass(frozen=True)
class Template:
    """A parsed template; `parse` makes one."""

    pieces: tuple[Piece, ...]
    codes: Codes = Codes()

    @classmethod
    def parse(cls, text: str, codes: Codes | None = None) -> Template:
        """Read a template.

        :raises NumberingError: with the position and what to do

        >>> Template.parse("{date:%Q}-{seq}")
        Traceback (most recent call last):
        ...
        tools.lot_numbering.NumberingError: Position 1: %Q is no part of a date. Use %Y %y %m %d \
%j %V %G %u %w %U %W %H %M %b or %a.
        """
        codes = codes or Codes()
        _check_codes(codes)
        pieces: list[Piece] = []
        at = 0
        for match in _TOKEN.finditer(text):
            if match.start() > at:
                pieces.append(Piece("text", text[at : match.start()], position=at + 1))
            at = match.end()
            position = match.start() + 1
            if match[0] in ("{{", "}}"):
                pieces.append(Piece("text", match[0][0], position=position))
            elif match[1] is None:
                raise NumberingError(
                    _("Position %(position)s: a brace has no counterpart. Write {{ or }} for one."),
                    position,
                )
            else:
                pieces.append(_piece(match[1].strip(), position))
        if at < len(text):
            pieces.append(Piece("text", text[at:], position=at + 1))
        _check_whole(pieces)
        return cls(tuple(pieces), codes)

    @property
    def tokens(self) -> set[str]:
        """Names of what the template needs, such as "date" or "plant".

        >>> sorted(Template.parse("{plant}{production_date:%j}{seq}").tokens)
        ['plant', 'production_date']
        """
        return {piece.name for piece in self.pieces if piece.kind in ("date", "value")}

    def render(self, values: Mapping[str, Any], sequence: int) -> str:
        """Return the number.

        :param values: {token: date or text}
        :raises NumberingError: when a value is missing, or has no place in the check
        """
        result = ""
        for piece in self.pieces:
            if piece.kind == "seq":
                result += str(sequence).zfill(int(piece.form))
            elif piece.kind == "check":
                result += _check_character(piece, result)
            else:
                result += piece.render(values, self.codes)
        return result

    def render_dates(self, name: str, day: date) -> tuple[str, ...]:
        """What the number shows of one date.

        >>> template = Template.parse("{year}/{month}-{expiry:%d}-{seq}")
        >>> template.render_dates("date", date(2025, 1, 2))
        ('2025', '01')
        """
        return tuple(
            piece.render({name: day}, self.codes)
            for piece in self.pieces
            if piece.kind == "date" and piece.name == name
        )

    def sequence_in(self, number: str, values: Mapping[str, Any]) -> int | None:
        """Return the counter's value in a number of this template and these values, or None."""
        before = ""
        for piece in self.pieces:
            if piece.kind == "seq":
                width = int(piece.form)
                break
            before += piece.render(values, self.codes)
        digits = re.match(r"[0-9]*", number[len(before) :])[0]
        for length in range(width, len(digits) + 1):
            sequence = int(digits[:length])
            if self.render(values, sequence) == number:
                return sequence
        return None

    def may_have_made(self, number: str) -> bool:
        """Tell whether the number has the form of this template, whatever the values.

        >>> template = Template.parse("{line}-{date:%j}-{seq:02}{check:mod10}")
        >>> template.may_have_made("8-015-017"), template.may_have_made("8-O15-017")
        (True, False)
        """
        pattern = "".join(_pattern(piece, self.codes) for piece in self.pieces)
        return bool(re.fullmatch(pattern, number))


def _render_date(value: date, form: str, codes: Codes) -> str:
    if form == "year_code":
        return codes.year(value)
    if form == "month_code":
        return codes.month(value)
    return re.sub(r"%(.)", lambda match: _DIRECTIVES[match[1]](value), form)


def _piece(token: str, position: int) -> Piece:
    name, _colon, form = token.partition(":")
    if name == "seq":
        width = form or "1"
        if not re.fullmatch(r"[0-9]{1,2}", width) or not 1 <= int(width) <= MAX_WIDTH:
            raise NumberingError(
                _("Position %(position)s: write the width of {seq} as {seq:03}, up to %(most)s."),
                position,
                most=MAX_WIDTH,
            )
        return Piece("seq", "seq", str(int(width)), position)
    if name == "check":
        if form not in CHECKS:
            raise NumberingError(
                _("Position %(position)s: write the check as {check:mod10} or {check:mod37}."),
                position,
            )
        return Piece("check", "check", form, position)
    if name in TEXTS and not form:
        return Piece("value", name, position=position)
    if name in (*_PARTS, *_CODES) and not form:
        return Piece("date", "date", _PARTS.get(name, name), position)
    if name in DATES:
        form = _PARTS.get(form, form) or "%Y%m%d"
        if form not in _CODES:
            _check_directives(form, position)
        return Piece("date", "date" if name == "receipt_date" else name, form, position)
    raise NumberingError(
        _("Position %(position)s: {%(token)s} is unknown. Take one of the list below the form."),
        position,
        token=token,
    )


def _check_directives(form: str, position: int) -> None:
    for sign in re.findall(r"%(.|$)", form):
        if sign not in _DIRECTIVES:
            raise NumberingError(
                _(
                    "Position %(position)s: %%%(sign)s is no part of a date. Use %%Y %%y %%m %%d "
                    "%%j %%V %%G %%u %%w %%U %%W %%H %%M %%b or %%a."
                ),
                position,
                sign=sign,
            )
    if "%" not in form:
        raise NumberingError(
            _("Position %(position)s: “%(form)s” has no part of a date. Write %%Y%%m%%d, say."),
            position,
            form=form,
        )


def _check_codes(codes: Codes) -> None:
    if len(codes.months) != 12 or len(set(codes.months)) != 12:
        raise NumberingError(_("Enter 12 different characters for the months."))
    if len(codes.years) < 10 or len(set(codes.years)) != len(codes.years):
        raise NumberingError(_("Enter at least 10 different characters for the years."))


def _check_whole(pieces: list[Piece]) -> None:
    counters = [piece for piece in pieces if piece.kind == "seq"]
    if not counters:
        raise NumberingError(
            _("There is no {seq} in the template, so it would give the same number twice. Add it.")
        )
    if len(counters) > 1:
        raise NumberingError(
            _("Position %(position)s: {seq} may stand once only."), counters[1].position
        )
    checks = [piece for piece in pieces if piece.kind == "check"]
    if len(checks) > 1:
        raise NumberingError(
            _("Position %(position)s: {check} may stand once only."), checks[1].position
        )
    if checks:
        _check_before(checks[0], pieces[: pieces.index(checks[0])])


def _check_before(check: Piece, before: list[Piece]) -> None:
    """The check is worked out over what stands before it: that has to suit it."""
    if "seq" not in {piece.kind for piece in before}:
        raise NumberingError(
            _("Position %(position)s: put {check} behind {seq}, which it has to cover."),
            check.position,
        )
    for piece in before:
        letters = piece.form in _CODES or bool(_WITH_LETTERS & set(re.findall("%(.)", piece.form)))
        try:
            if piece.kind == "text" or (letters and check.form == "mod10"):
                CHECKS[check.form](piece.name if piece.kind == "text" else "A")
        except ValueError as error:
            raise NumberingError(
                _("Position %(position)s: the check cannot cover “%(sign)s”. Digits only go with "
                  "mod10, digits and letters with mod37."),
                piece.position,
                sign=error.args[0] if piece.kind == "text" else piece.form,
            ) from None  # fmt: skip


def _check_character(piece: Piece, before: str) -> str:
    try:
        return CHECKS[piece.form](before)
    except ValueError as error:
        raise NumberingError(
            _("The check %(check)s cannot cover “%(sign)s” in %(before)s. Change the code that it "
              "comes from, or the check."),
            check=piece.form,
            sign=error.args[0],
            before=before,
        ) from None  # fmt: skip


def _pattern(piece: Piece, codes: Codes) -> str:
    if piece.kind == "text":
        return re.escape(piece.name)
    if piece.kind == "seq":
        return f"[0-9]{{{piece.form},}}"
    if piece.kind == "check":
        return "[0-9]" if piece.form == "mod10" else "[0-9A-Z*]"
    if piece.kind == "value":
        return ".+"
    if piece.form in _CODES:
        return f"[{re.escape(codes.years if piece.form == 'year_code' else codes.months)}]"
    lengths = {"Y": "4", "G": "4", "j": "3", "u": "1", "w": "1"}
    return re.sub(
        r"%(.)|(.)",
        lambda match: (
            re.escape(match[2])
            if match[2]
            else ("%" if match[1] == "%" else "[A-Za-z]{3}")
            if match[1] in "%ba"
            else f"[0-9]{{{lengths.get(match[1], '2')}}}"
        ),
        piece.form,
    )
