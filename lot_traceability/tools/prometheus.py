r"""Prometheus' text exposition format 0.0.4.

>>> print(exposition([Family("lots", "Lots on hold", [({"company": 'A "B"'}, 3)])]), end="")
# HELP lots Lots on hold
# TYPE lots gauge
lots{company="A \"B\""} 3
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# From here on not every whole number is one of the floats.
_EXACT = 2**53
_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*").fullmatch
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*").fullmatch


class Family(NamedTuple):
    """One metric: its name, what it says, and (labels, value) of each sample."""

    name: str
    text: str
    samples: Sequence[tuple[dict[str, str], float]]
    kind: str = "gauge"


def exposition(families: Iterable[Family]) -> str:
    """All of them as text; a metric without samples is left out.

    :raise ValueError: for a name that the format does not know, or one that comes twice
    """
    lines: list[str] = []
    seen: set[str] = set()
    for family in families:
        if not _NAME(family.name) or family.name in seen:
            raise ValueError(family.name)
        seen.add(family.name)
        if family.samples:
            lines.append(f"# HELP {family.name} {_help(family.text)}")
            lines.append(f"# TYPE {family.name} {family.kind}")
        lines.extend(
            f"{family.name}{_labels(labels)} {_value(value)}" for labels, value in family.samples
        )
    return "".join(f"{line}\n" for line in lines)


def _help(text: str) -> str:
    r"""
    >>> _help("a\\b\nc")
    'a\\\\b\\nc'
    """
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    for name in labels:
        if not _LABEL(name) or name.startswith("__"):
            raise ValueError(name)
    inside = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items())
    return f"{{{inside}}}"


def _quoted(value: str) -> str:
    return _help(value).replace('"', '\\"')


def _value(value: float) -> str:
    """
    >>> _value(3.0), _value(0.25), _value(float("nan")), _value(float("-inf")), _value(True)
    ('3', '0.25', 'NaN', '-Inf', '1')
    """
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    return str(int(number)) if number == int(number) and abs(number) < _EXACT else repr(number)
