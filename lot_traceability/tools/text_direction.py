"""Right-to-left text in the order in which it is drawn.

A PDF draws letters from left to right, so a Hebrew or Arabic name has to be turned
round first. This is the plain part of the Unicode bidirectional algorithm: one level,
no embeddings, which is what a name of a product or a partner needs.

>>> visual_order("Lot 12")
'Lot 12'
>>> visual_order("\u05d0\u05d1 12 (\u05d2)") == "(\u05d2) 12 \u05d1\u05d0"
True
>>> visual_order("Lot \u05d0\u05d1 12") == "Lot \u05d1\u05d0 12"
True
"""

from __future__ import annotations

from itertools import groupby
from unicodedata import bidirectional, mirrored

MIRRORS = str.maketrans("()[]{}<>«»", ")(][}{><»«")
RIGHT_TO_LEFT = frozenset({"R", "AL"})
LEFT_TO_RIGHT = frozenset({"L", "EN", "AN"})


def visual_order(text: str) -> str:
    """The text in the order of drawing from left to right; unchanged without such letters."""
    if text.isascii():
        return text
    kinds = [bidirectional(letter) for letter in text]
    if not RIGHT_TO_LEFT.intersection(kinds):
        return text
    strong = [kind for kind in kinds if kind == "L" or kind in RIGHT_TO_LEFT]
    base_right = strong[0] in RIGHT_TO_LEFT
    rights = _directions(kinds, base_right)
    runs = [
        (right, "".join(letter for _right, letter in group))
        for right, group in groupby(zip(rights, text, strict=True), key=lambda pair: pair[0])
    ]
    drawn = [_turned(run) if right else run for right, run in runs]
    return "".join(reversed(drawn) if base_right else drawn)


def _directions(kinds: list[str], base_right: bool) -> list[bool]:
    """For each letter whether it reads from right to left; what has no direction of its own
    takes that of both its neighbours, or of the whole text where they differ."""
    known = [
        True if kind in RIGHT_TO_LEFT else False if kind in LEFT_TO_RIGHT else None
        for kind in kinds
    ]
    after: list[bool] = []
    following = base_right
    for right in reversed(known):
        following = following if right is None else right
        after.append(following)
    after.reverse()
    result: list[bool] = []
    previous = base_right
    for right, following in zip(known, after, strict=True):
        previous = previous if right is None else right
        if right is None:
            right = previous if previous == following else base_right
        result.append(right)
    return result


def _turned(run: str) -> str:
    return "".join(
        letter.translate(MIRRORS) if mirrored(letter) else letter for letter in reversed(run)
    )
