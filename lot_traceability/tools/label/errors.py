"""The one exception of this package."""

from __future__ import annotations


class LabelError(ValueError):
    """What was asked for cannot be printed.

    :ivar text: what is wrong and what to do, marked for translators, with named places
    :ivar details: what fills the places
    """

    def __init__(self, text: str, **details: object) -> None:
        self.text = text
        self.details = details
        super().__init__(text % details if details else text)


def mark(text: str) -> str:
    """Mark a text for translators; who shows it to a person translates it."""
    return text
