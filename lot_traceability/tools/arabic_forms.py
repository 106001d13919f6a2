"""Arabic letters in the form that their neighbours ask for.

A PDF and a picture draw each letter as it is; Arabic ones are joined, which Unicode has letters
of their own for (presentation forms). Where a letter has none, it stays as it is.

>>> [hex(ord(letter)) for letter in joined("\\u0628\\u0628\\u0628")]
['0xfe91', '0xfe92', '0xfe90']
>>> len(joined("\\u0644\\u0627"))
1
>>> joined("Lot 12")
'Lot 12'
"""

from __future__ import annotations

import unicodedata

_KINDS = {"<isolated>": 0, "<final>": 1, "<initial>": 2, "<medial>": 3}
_TATWEEL = "\u0640"
_LAM = "\u0644"


def _tables() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """{letter: its four forms}, {lam with an alef: its forms}, empty where there is none."""
    single: dict[str, list[str]] = {}
    pairs: dict[str, list[str]] = {}
    for code in (*range(0xFB50, 0xFBD0), *range(0xFE70, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind not in _KINDS:
            continue
        base = "".join(chr(int(letter, 16)) for letter in letters)
        if base[0] == " ":
            continue
        table = single if len(base) == 1 else pairs
        if len(base) == 1 or (len(base) == 2 and base[0] == _LAM):
            table.setdefault(base, [""] * 4)[_KINDS[kind]] = chr(code)
    return single, pairs


_SINGLE, _PAIRS = _tables()


def _joins_next(letter: str) -> bool:
    forms = _SINGLE.get(letter)
    return letter == _TATWEEL or bool(forms and forms[2])


def _joins_previous(letter: str) -> bool:
    forms = _SINGLE.get(letter)
    return letter == _TATWEEL or bool(forms and forms[1])


def joined(text: str) -> str:
    """The text with joined letters, in the order in which it is read."""
    if text.isascii() or not any("\u0600" <= letter <= "\u06ff" for letter in text):
        return text
    found: list[str] = []
    before = ""
    place = 0
    while place < len(text):
        letter = text[place]
        if unicodedata.category(letter) == "Mn":
            found.append(letter)
            place += 1
            continue
        taken = text[place : place + 2]
        forms = _PAIRS.get(taken) or _SINGLE.get(letter)
        taken = taken if taken in _PAIRS else letter
        place += len(taken)
        after = _next_letter(text, place)
        if forms:
            to_previous = _joins_next(before) and _joins_previous(taken[0])
            to_next = _joins_next(taken[-1]) and _joins_previous(after)
            found.append(forms[to_previous + 2 * to_next] or taken)
        else:
            found.append(taken)
        before = taken[-1]
    return "".join(found)


def _next_letter(text: str, place: int) -> str:
    """The next letter that is no mark upon another."""
    while place < len(text) and unicodedata.category(text[place]) == "Mn":
        place += 1
    return text[place : place + 1]
