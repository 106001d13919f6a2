"""What the GS1 tests share."""

import os
from pathlib import Path

from hypothesis import strategies as st
from tools.gs1 import from_pairs
from tools.gs1.ai import IDENTIFIERS
from tools.gs1.checks import check_digit

ROOT = Path(__file__).resolve().parents[2]

# GS1's own cases; not part of the repository, so they need not be there.
CONFORMANCE = Path(os.environ.get("GS1_CONFORMANCE") or ROOT.parent / "shared" / "gs1")


def _value(component, draw):
    alphabet = {
        "N": "0123456789",
        "X": "AZaz09!\"%&'()*+,-./:;<=>?_",
        "Y": "AZ09#-/",
        "Z": "AZaz09-_",
    }[component.character_set]
    size = draw(st.integers(component.minimum, component.maximum))
    return draw(st.text(alphabet, min_size=size, max_size=size))


# Identifiers whose content is free, but for a check digit.
FREE = sorted(
    ai.code
    for ai in IDENTIFIERS.values()
    if all(set(c.rules) <= {"check_digit"} and not c.optional for c in ai.components)
)


@st.composite
def element_strings(draw):
    """Draw valid element strings of one to six different free identifiers."""
    pairs = []
    for code in draw(st.lists(st.sampled_from(FREE), min_size=1, max_size=6, unique=True)):
        value = ""
        for component in IDENTIFIERS[code].components:
            part = _value(component, draw)
            if "check_digit" in component.rules:
                part = part[:-1] + check_digit(part[:-1])
            value += part
        pairs.append((code, value))
    return from_pairs(pairs)
