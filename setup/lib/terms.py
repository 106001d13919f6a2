"""Writes each module's list of translatable terms, `i18n/MODULE.pot`, and brings the translations
beside it, `i18n/LANGUAGE.po`, up to it: what is new stands there untranslated, what is gone goes.

    setup/lib/with-python terms

A test fails when a list lacks a term, others when the handheld or a letter lacks a translation;
this makes the files anew.
"""

import tempfile
from pathlib import Path

from . import environment, paths, process, python_env
from .environment import Environment
from .progress import say, step

_MERGE = Path(__file__).parent / "inside" / "merge_terms.py"
# Odoo writes the time of the export, which would change the file without need.
_DATES = ('"POT-Creation-Date:', '"PO-Revision-Date:')


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    modules = paths.modules()
    with environment.ready() as env:
        database = env.modules_template("terms", modules)
        for module in modules:
            target = paths.REPOSITORY / module / "i18n" / f"{module}.pot"
            with step(f"Terms of {module}"):
                text = without_dates(_export(env, database, module))
            changed = not target.exists() or text != target.read_text(encoding="utf-8")
            if changed:
                target.parent.mkdir(exist_ok=True)
                target.write_text(text, encoding="utf-8")
            name = target.relative_to(paths.REPOSITORY)
            say(f"  {name} {'written' if changed else 'is up to date'}")
    merge()
    return 0


def merge() -> None:
    """Bring each translation up to the list of terms of its module."""
    folders = [paths.REPOSITORY / module / "i18n" for module in paths.modules()]
    command = [python_env.ensure(), _MERGE, *folders]
    process.run(command, log="terms-merge", what="merge the translations", on_line=say)


def _export(env: Environment, database: str, module: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{module}.pot"
        command = env.odoo.command("export", "-d", database, "-o", str(file), module, action="i18n")
        process.run(command, log="terms", what=f"export the terms of {module}", env=env.odoo.env)
        return file.read_text(encoding="utf-8")


def without_dates(text: str) -> str:
    r"""The file without the header lines that tell when it was made.

    >>> without_dates('"Language-Team: \\n"\n"POT-Creation-Date: 2026-01-01 10:00+0000\\n"\n')
    '"Language-Team: \\n"\n'
    """
    return "".join(line for line in text.splitlines(True) if not line.startswith(_DATES))
