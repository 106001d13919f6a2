"""Brings the translations of modules up to their lists of terms; runs where polib is.

    merge_terms.py MODULE/i18n…

Each `LANGUAGE.po` of a folder gets the terms of the `.pot` beside it, in its order: those that it
had keep their translation, new ones have none, gone ones go.
"""

import sys
from pathlib import Path

import polib


def merge(terms: polib.POFile, known: dict[str, str], language: str) -> polib.POFile:
    """The translations of one language.

    :param terms: what there is to translate
    :param known: what was translated, {term: translation}
    """
    merged = polib.POFile(wrapwidth=78)
    merged.header = terms.header
    merged.metadata = {
        **terms.metadata,
        "Language": language,
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals=2; plural={'n > 1' if language == 'fr' else 'n != 1'};",
    }
    for term in terms:
        merged.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=known.get(term.msgid, ""),
                occurrences=term.occurrences,
                comment=term.comment,
                flags=term.flags,
            )
        )
    return merged


def main(folders: list[str]) -> None:
    for folder in map(Path, folders):
        for target in sorted(folder.glob("*.po")):
            terms = polib.pofile(str(next(folder.glob("*.pot"))))
            known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(target))}
            merged = merge(terms, known, target.stem)
            target.write_text(f"{merged}\n".replace("\n\n\n", "\n\n"), encoding="utf-8")
            print(f"{folder.parent.name}/i18n/{target.name}: {merged.percent_translated()} %")


if __name__ == "__main__":
    main(sys.argv[1:])
