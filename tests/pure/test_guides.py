"""What the guides name is there: menus, buttons, pictures. A renamed button shows here."""

import re

import pytest
from translation_places import ROOT, modules, terms

GUIDES = sorted((ROOT / "docs").glob("guide-*.md"))
# Of Odoo itself, or of a page that says so in a longer sentence.
CORE = {"Settings", "Users", "Apps", "Install", "Uninstall", "Languages", "Traceability"}
PICTURES = ROOT / "lot_traceability" / "static" / "description" / "pictures"
_PICTURE = re.compile(r"!\[[^]]*\]\(([^)]+)\)")


def _said() -> set[str]:
    """All that the screens say, in English; of texts with markup each line by itself."""
    texts = [entry.msgid for module in modules() for entry in terms(module)]
    lines = {line.strip() for text in texts for line in re.sub(r"<[^>]+>", "", text).splitlines()}
    return lines | {text.strip() for text in texts}


def _names(text: str) -> list[str]:
    """What a guide names: menus as *A → B*, and buttons in bold type."""
    plain = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    bold = re.findall(r"\*\*([^*]+)\*\*", plain)
    paths = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", plain)
    return bold + [name.strip() for path in paths for name in path.split("→")]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_menus_and_buttons_that_a_guide_names_are_on_the_screens(guide):
    said = _said() | CORE
    named = _names(guide.read_text(encoding="utf-8"))
    assert len(named) > 8
    assert [name for name in named if name not in said] == []


def test_there_is_a_guide_for_each_role():
    roles = ("administrator", "auditor", "operator", "quality", "recall")
    assert [guide.stem.removeprefix("guide-") for guide in GUIDES] == sorted(roles)


def test_each_module_says_in_the_apps_what_it_is_for():
    names = {entry.msgid for module in modules() for entry in terms(module)} | CORE
    for module in modules():
        folder = ROOT / module / "static" / "description"
        assert (folder / "icon.png").is_file()
        text = (folder / "index.html").read_text(encoding="utf-8")
        bold = re.findall(r"<b>(.*?)</b>", text)
        assert bold
        assert [one for path in bold for one in path.split(" → ") if one not in names] == []


def test_pictures_of_the_guides_are_there_and_small():
    shown = {
        (guide.parent / picture).resolve()
        for guide in GUIDES
        for picture in _PICTURE.findall(guide.read_text(encoding="utf-8"))
    }
    assert len(shown) > 8
    for picture in shown:
        assert picture.is_file(), f"./setup/pictures takes {picture.name}"
        assert picture.stat().st_size <= 120 * 1024, picture
    kept = set(PICTURES.resolve().glob("*.png"))
    assert kept == shown, "a picture that nobody shows, or that is missing"
    assert len(kept) <= 15
