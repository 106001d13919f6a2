"""Right-to-left text in the order in which it is drawn.

A PDF draws letters from left to right, so a Hebrew or Arabic name has to be turned
round first. This is the Unicode bidirectional algorithm (UAX #9) without embeddings,
isolates and bracket pairs, which a name of a product or a partner hardly has.

>>> visual_order("Lot 12")
'Lot 12'
>>> visual_order("\u05d0\u05d1 12 (\u05d2)") == "(\u05d2) 12 \u05d1\u05d0"
True
>>> visual_order("Lot \u05d0\u05d1 1.5% L") == "Lot 1.5% \u05d1\u05d0 L"
True
"""

from __future__ import annotations

from unicodedata import bidirectional, mirrored

MIRRORS = str.maketrans("()[]{}<>«»", ")(][}{><»«")
RIGHT_TO_LEFT = frozenset({"R", "AL"})
NUMBERS = frozenset({"EN", "AN"})


def visual_order(text: str) -> str:
    """The text in the order of drawing from left to right; unchanged without such letters."""
    if text.isascii():
        return text
    kinds = [bidirectional(letter) for letter in text]
    if not RIGHT_TO_LEFT.intersection(kinds):
        return text
    levels = _levels(_with_number_signs(kinds))
    letters = [
        letter.translate(MIRRORS) if level == 1 and mirrored(letter) else letter
        for letter, level in zip(text, levels, strict=True)
    ]
    # Rule L2: what is nested deeper is turned first, and then again with what surrounds it.
    for lowest in (2, 1):
        start = 0
        while start < len(levels):
            end = start
            while end < len(levels) and levels[end] >= lowest:
                end += 1
            letters[start:end] = reversed(letters[start:end])
            levels[start:end] = reversed(levels[start:end])
            start = end + 1
    return "".join(letters)


def _with_number_signs(kinds: list[str]) -> list[str]:
    """Rules W4 and W5: a sign between digits, and a currency or per cent sign beside them,
    belongs to the number."""
    result = kinds[:]
    for place in range(1, len(kinds) - 1):
        if kinds[place] in ("CS", "ES") and kinds[place - 1] == kinds[place + 1] == "EN":
            result[place] = "EN"
    for places in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        for place in places:
            beside = place - 1 if places.step > 0 else place + 1
            if result[place] == "ET" and result[beside] == "EN":
                result[place] = "EN"
    return result


def _levels(kinds: list[str]) -> list[int]:
    """0 for left to right, 1 for right to left, 2 for left to right within that."""
    base = next(int(kind != "L") for kind in kinds if kind == "L" or kind in RIGHT_TO_LEFT)
    left = 2 * base
    # What each letter is drawn at, and what it makes of the neutral ones beside it (rule N1:
    # numbers after right-to-left letters count as such).
    drawn: list[int | None] = []
    sides: list[int | None] = []
    strong = base
    for kind in kinds:
        if kind == "L" or kind in RIGHT_TO_LEFT:
            strong = int(kind != "L")
            drawn.append(1 if strong else left)
            sides.append(strong)
        elif kind in NUMBERS:
            drawn.append(2 if strong else left)
            sides.append(strong)
        else:
            drawn.append(None)
            sides.append(None)
    following = base
    after: list[int] = []
    for side in reversed(sides):
        following = following if side is None else side
        after.append(following)
    after.reverse()
    previous = base
    levels = []
    for level, side, following in zip(drawn, sides, after, strict=True):
        previous = previous if side is None else side
        neutral = previous if previous == following else base
        levels.append(level if level is not None else 1 if neutral else left)
    return levels
