"""Writes the tables of `docs/set-up.md` from the data of the industry presets.

    setup/lib/with-python preset-tables

A test fails when the document is not what this makes of the data.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from . import paths
from .progress import say

DOCUMENT = paths.REPOSITORY / "docs" / "set-up.md"
MARK = "<!-- From here on written by: setup/lib/with-python preset-tables -->\n"
_MODULE = "lot_traceability"


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    text = DOCUMENT.read_text(encoding="utf-8")
    new = written(text)
    if new != text:
        DOCUMENT.write_text(new, encoding="utf-8")
    name = DOCUMENT.relative_to(paths.REPOSITORY)
    say(f"  {name} {'is up to date' if new == text else 'written'}")
    return 0


def written(document: str) -> str:
    """The document with the tables as the data are now."""
    head, _mark, _tables = document.partition(MARK)
    return head + MARK + tables()


def tables() -> str:
    """One table an industry: what is set, why, and by which rule."""
    presets: dict[str, dict[str, str]] = {}
    lines: dict[str, list[dict[str, str]]] = {}
    for module, file in _files():
        for record in ElementTree.parse(file).iter("record"):  # noqa: S314 - our own files
            values = {field.get("name", ""): field for field in record.iter("field")}
            told = {name: _plain(field.text) for name, field in values.items()}
            if record.get("model") == "lot.preset":
                presets[f"{module}.{record.get('id')}"] = told
            elif record.get("model") == "lot.preset.line":
                ref = values["preset_id"].get("ref", "")
                owner = ref if "." in ref else f"{module}.{ref}"
                added = "" if module == _MODULE else f" (`{module}`)"
                lines.setdefault(owner, []).append(told | {"added": added})
    parts = []
    for name, preset in presets.items():
        parts += ["", f"## {preset['name']}", "", preset["description"], ""]
        parts += ["| What is set | Why | Rule |", "|---|---|---|"]
        parts += [
            f"| {line['name']}{line['added']} | {line['why']} | {line['rule']} |"
            for line in lines[name]
        ]
    return "\n".join(parts) + "\n"


def _files() -> Iterator[tuple[str, Path]]:
    """The data files of each module in the order in which Odoo loads them."""
    others = [module for module in paths.modules() if module != _MODULE]
    for module in (_MODULE, *others):
        manifest = (paths.REPOSITORY / module / "__manifest__.py").read_text(encoding="utf-8")
        folder = paths.REPOSITORY / module
        found = folder.glob("data/lot_preset*.xml")
        yield from (
            (module, file) for file in sorted(found, key=lambda one: manifest.find(one.name))
        )


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")
