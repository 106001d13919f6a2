"""The inside of North American coupons: AI 8110 (on paper) and AI 8112 (of a positive offer file).

GS1 US, North American coupon application guideline: digits only, fields in a fixed order, most of
which say first how long they are.

>>> is_coupon("012345612345611110123"), is_coupon("01234561234561111012")
(True, False)
>>> is_offer_coupon("001234561234560123456"), is_offer_coupon("001234561234560123")
(True, False)
"""

from __future__ import annotations

from datetime import date

_ONE_TO_FIVE = "12345"
_PREFIX_LENGTHS = "0123456"
_REQUIREMENT_CODES = "012349"
_ANY = "0123456789"


class _WrongError(Exception):
    """The digits do not follow the rules."""


class _Fields:
    """Takes fields from a run of digits."""

    def __init__(self, text: str) -> None:
        if not (text.isascii() and text.isdigit()):
            raise _WrongError
        self._text = text
        self._position = 0

    def take(self, size: int) -> str:
        end = self._position + size
        if end > len(self._text):
            raise _WrongError
        found = self._text[self._position : end]
        self._position = end
        return found

    def digit(self, allowed: str) -> int:
        found = self.take(1)
        if found not in allowed:
            raise _WrongError
        return int(found)

    def counted(self, allowed: str, more: int = 0) -> str:
        """Take a digit that tells the length of what follows, less ``more``, and that."""
        return self.take(self.digit(allowed) + more)

    def begins_with(self, digit: str) -> bool:
        """Take ``digit`` if it is next: each optional field begins with a digit of its own."""
        if self._text[self._position : self._position + 1] != digit:
            return False
        self._position += 1
        return True

    def day(self) -> str:
        text = self.take(6)
        try:
            date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
        except ValueError:
            raise _WrongError from None
        return text

    def end(self) -> None:
        if self._position != len(self._text):
            raise _WrongError


def _requirement(fields: _Fields) -> None:
    """What must be bought: how much of it, counted how, of which family of products."""
    fields.counted(_ONE_TO_FIVE)
    fields.digit(_REQUIREMENT_CODES)
    fields.take(3)


def _further_requirement(fields: _Fields) -> None:
    _requirement(fields)
    length = fields.digit(_PREFIX_LENGTHS + "9")
    # 9: the company prefix is that of the coupon.
    if length != 9:
        fields.take(length + 6)


def _read_coupon(fields: _Fields) -> None:
    fields.counted(_PREFIX_LENGTHS, 6)
    fields.take(6)  # the offer
    fields.counted(_ONE_TO_FIVE)  # what is saved
    _requirement(fields)
    if fields.begins_with("1"):
        fields.digit("0123")  # how the two requirements belong together
        _further_requirement(fields)
    if fields.begins_with("2"):
        _further_requirement(fields)
    expiry = fields.day() if fields.begins_with("3") else ""
    start = fields.day() if fields.begins_with("4") else ""
    if start and expiry and expiry < start:
        raise _WrongError
    if fields.begins_with("5"):
        fields.counted(_ANY, 6)  # serial number
    if fields.begins_with("6"):
        fields.counted("1234567", 6)  # the retailer
    if fields.begins_with("9"):
        fields.digit("01256")  # what is saved, counted how
        fields.digit("012")  # on which of the items
        fields.digit(_ANY)  # for one shop only
        fields.digit("01")  # not to be multiplied
    fields.end()


def _read_offer_coupon(fields: _Fields) -> None:
    fields.digit("01")  # the form
    fields.counted(_PREFIX_LENGTHS, 6)  # who pays
    fields.take(6)  # the offer
    fields.counted(_ANY, 6)  # serial number
    fields.end()


def is_coupon(value: str) -> bool:
    """Tell whether ``value`` is the content of AI 8110."""
    try:
        _read_coupon(_Fields(value))
    except _WrongError:
        return False
    return True


def is_offer_coupon(value: str) -> bool:
    """Tell whether ``value`` is the content of AI 8112."""
    try:
        _read_offer_coupon(_Fields(value))
    except _WrongError:
        return False
    return True
