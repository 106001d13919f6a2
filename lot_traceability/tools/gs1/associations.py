"""Which application identifiers must or must not stand together on one item.

A reader has no use for these rules: a label may be spread over several symbols.  Who prints a
label checks them first.

>>> from .element_string import parse
>>> problems(parse("(01)09520123456788(10)A"))
()
>>> problems(parse("(10)A"))
('AI (10) BATCH/LOT needs one of 01, 02, 03, 8006, 8026: add it.',)
"""

from __future__ import annotations

from .ai import IDENTIFIERS
from .elements import ElementString

# A digital signature needs a key with its serial component: key -> length without it.
_WITHOUT_SERIAL = {"253": 13, "255": 13, "8003": 14}


def _matches(pattern: str, code: str) -> bool:
    fixed = pattern.rstrip("n")
    return len(pattern) == len(code) and code.startswith(fixed)


def problems(elements: ElementString) -> tuple[str, ...]:
    """Return one sentence for every association rule that ``elements`` break."""
    codes = [element.ai for element in elements]
    found = []
    for element in elements:
        identifier = IDENTIFIERS[element.ai]
        name = f"AI ({element.ai}) {element.title}"
        if identifier.needs and not any(
            all(any(_matches(pattern, code) for code in codes) for pattern in group)
            for group in identifier.needs
        ):
            wanted = ", ".join("+".join(group) for group in identifier.needs)
            found.append(f"{name} needs one of {wanted}: add it.")
        found += [
            f"{name} cannot stand beside AI ({code}): leave one out."
            for pattern in identifier.excludes
            for code in codes
            if code != element.ai and _matches(pattern, code)
        ]
        unserialised = _WITHOUT_SERIAL.get(element.ai) == len(element.value)
        if unserialised and "8030" in codes:
            found.append(f"{name} needs its serial component beside AI (8030): add it.")
    return tuple(found)
