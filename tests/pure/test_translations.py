"""German, French and Spanish are complete where operators and customers read, and say nothing that
the code cannot fill in."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from translation_places import LANGUAGES, PLACES, modules, terms, translations, wanted

# As Python and JavaScript fill them in; and what QWeb fills in.
_HELD = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\{.*?\}\}")
# The words that stand on a key or a tile of the handheld have this many characters at most.
_TILE = 14
_TILES = ("Receive", "Pick", "Produce", "Move", "Count", "Hold", "Return", "Scrap", "Label")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_everything_read_at_a_place_is_translated(place, language):
    counted, lacking = 0, []
    for module in modules():
        known = {entry.msgid: entry.msgstr for entry in translations(module, language)}
        needed = wanted(module, place)
        counted += len(needed)
        lacking += sorted(term for term in needed if not known.get(term))
    assert counted > 15, "the list of places finds nothing"
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_know_the_terms_of_today_and_no_others(language):
    for module in modules():
        given = [entry.msgid for entry in terms(module)]
        assert [entry.msgid for entry in translations(module, language)] == given, (
            f"{module}: setup/lib/with-python terms merges them"
        )
        assert not any(entry.fuzzy or entry.obsolete for entry in translations(module, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_places_to_fill_in(language):
    wrong = [
        (entry.msgid, entry.msgstr)
        for entry in _translated(language)
        if Counter(_HELD.findall(entry.msgid)) != Counter(_HELD.findall(entry.msgstr))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_markup(language):
    wrong = [
        (entry.msgid, entry.msgstr)
        for entry in _translated(language)
        if _Markup.of(entry.msgid) != _Markup.of(entry.msgstr)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_begin_and_end_as_the_term(language):
    """Spaces and line breaks around a term hold it apart from what stands beside it."""
    wrong = [
        entry.msgid
        for entry in _translated(language)
        if _around(entry.msgid) != _around(entry.msgstr)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_on_the_tiles_of_the_handheld_are_short(language):
    known = {entry.msgid: entry.msgstr for entry in translations("lot_traceability", language)}
    assert {word: known[word] for word in _TILES if len(known[word]) > _TILE} == {}


def test_a_term_that_lacks_a_place_or_a_tag_would_be_noticed():
    assert Counter(_HELD.findall("%(a)s of %s")) != Counter(_HELD.findall("%(b)s von %s"))
    assert _Markup.of("<b>a</b> <br/>b") != _Markup.of("<b>a <br/>b")
    assert _Markup.of('<a href="x">a</a>') != _Markup.of('<a href="y">a</a>')


def _translated(language: str) -> list:
    return [
        entry for module in modules() for entry in translations(module, language) if entry.msgstr
    ]


def _around(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


class _Markup(HTMLParser):
    """The tags of a text, in order, with all that stands in them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: list[tuple] = []

    @classmethod
    def of(cls, text: str) -> list[tuple]:
        parser = cls()
        parser.feed(text)
        parser.close()
        return parser.tags

    def handle_starttag(self, tag, attrs):
        self.tags.append(("begin", tag, tuple(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.tags.append(("both", tag, tuple(attrs)))

    def handle_endtag(self, tag):
        self.tags.append(("end", tag))
