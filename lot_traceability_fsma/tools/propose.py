"""Which category of the Food Traceability List a product may belong to, told from its name.

>>> rule = Rule(6, frozenset({"cucumber", "cucumbers"}), frozenset({"pickled", "frozen"}))
>>> propose("Mini cucumbers, 1 lb", "Vegetables", [rule])
Proposal(rule=6, word='cucumbers', where='name')
>>> propose("Cucumbers, pickled", "Vegetables", [rule]) is None
True
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A category, the words that speak for it, and those that speak against it."""

    id: int
    words: frozenset[str]
    against: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Proposal:
    rule: int
    word: str
    where: str


def plain(text: str) -> str:
    """Lower case, without accents, single blanks between words.

    >>> plain("Crème-fraîche  2L")
    'creme fraiche 2l'
    """
    stripped = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(sign for sign in stripped if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def words(text: str) -> frozenset[str]:
    """The words or phrases of a list with commas.

    >>> sorted(words("Egg, shell eggs,, "))
    ['egg', 'shell eggs']
    """
    return frozenset(filter(None, map(plain, text.split(","))))


def propose(name: str, group: str, rules: Iterable[Rule]) -> Proposal | None:
    """The category that the name of a product, or of its group, speaks for; None for none.

    The longest word that fits wins: it says most. A name says more than a group.
    """
    rules = list(rules)
    both = f" {plain(name)} {plain(group)} "
    for where, text in (("name", name), ("group", group)):
        padded = f" {plain(text)} "
        found = [
            (len(word), -index, Proposal(rule.id, word, where))
            for index, rule in enumerate(rules)
            for word in rule.words
            if f" {word} " in padded and not any(f" {other} " in both for other in rule.against)
        ]
        if found:
            return max(found, key=lambda one: one[:2])[2]
    return None
