"""Masks of lot numbers: which form a number must have.

`A` is a letter, `9` a digit, `X` a letter or a digit, `*` any character; `{3}` or `{2,5}` behind
one says how often. Text in quotes and all other characters stand for themselves.

>>> mask = Mask.parse("AA-9999")
>>> mask.fits("AB-1234"), mask.fits("AB1234"), mask.example
(True, False, 'AB-1234')
>>> Mask.parse("'A'9{4,6}").fits("A12345"), Mask.parse("'A'9{4,6}").example
(True, 'A1234')
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_KINDS = {"A": "[A-Za-z]", "9": "[0-9]", "X": "[0-9A-Za-z]", "*": "."}
_SAMPLES = {"A": "ABCDEFGHJKLM", "9": "1234567890", "X": "A1B2C3D4E5F6", "*": "A1B2C3D4E5F6"}
_PART = re.compile(r"""(?P<text>'[^']+'|"[^"]+"|[^'"{}])(?:\{(?P<low>\d+)(?:,(?P<high>\d+))?\})?""")
_MOST = 99


class MaskError(ValueError):
    """A mask that cannot be read.

    :ivar position: of the first wrong character, counted from 1
    """

    def __init__(self, position: int):
        self.position = position
        super().__init__(f"position {position}")


@dataclass(frozen=True)
class Mask:
    """A parsed mask."""

    pattern: re.Pattern[str]
    example: str

    @classmethod
    def parse(cls, text: str) -> Mask:
        """Read a mask.

        :raises MaskError: with the position that cannot be read

        >>> Mask.parse("AA{x}")
        Traceback (most recent call last):
        ...
        tools.lot_mask.MaskError: position 3
        """
        pattern = example = ""
        counts = dict.fromkeys(_SAMPLES, 0)
        at = 0
        while at < len(text):
            part = _PART.match(text, at)
            low, high = (int(part[name] or 1) if part else 1 for name in ("low", "high"))
            high = max(low, high) if part and not part["high"] else high
            if not part or not 1 <= low <= high <= _MOST:
                raise MaskError(at + 1)
            sign = part["text"]
            if sign in _KINDS:
                pattern += _KINDS[sign]
                for _turn in range(low):
                    example += _SAMPLES[sign][counts[sign] % len(_SAMPLES[sign])]
                    counts[sign] += 1
            else:
                literal = sign[1:-1] if len(sign) > 1 else sign
                pattern += f"(?:{re.escape(literal)})"
                example += literal * low
            pattern += f"{{{low},{high}}}"
            at = part.end()
        return cls(re.compile(pattern), example)

    def fits(self, number: str) -> bool:
        """Tell whether the number has this form."""
        return bool(self.pattern.fullmatch(number))
