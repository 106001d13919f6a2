"""`./setup/pictures`: takes the pictures of the guides from a demo of its own, and makes the pages
of the guides that Odoo shows.

    ./setup/pictures [--pages]

Pictures are never made by hand: what they show is what the demo looks like now.
"""

import argparse
import json
from pathlib import Path

from . import browser, demo, environment, paths, process, python_env, server
from .databases import database_name
from .environment import Environment
from .progress import say, step

DATABASE = database_name("demo", "pictures")
_TAKE = paths.SETUP / "lib" / "inside" / "pictures.py"
_PAGES = paths.SETUP / "lib" / "inside" / "guide_pages.py"
_FOLDER = paths.REPOSITORY / "lot_traceability" / "static" / "description" / "pictures"
_MARK = "PICTURES "
# A recall of the contaminated lot, as far as its consignees may answer.
_PREPARE = f"""
import json
env = env(user=env.ref("base.user_admin").id)
lots = env["lot.trace"].find("GV-2291-B")["lot_ids"]
started = env["lot.recall"].start(lots, {{
    "title": "Listeria in romaine", "hazard": "Listeria monocytogenes", "hazard_class": "1"}})
env["lot.recall.scope"].browse(started["scope_id"]).freeze()
recall = env["lot.recall"].browse(started["id"])
recall.stop()
recall.write_letters()
consignee = recall.consignee_ids.sorted("id")[:1]
lot = env["stock.lot"].browse(lots[0])
print("{_MARK}" + json.dumps({{
    "lot": lot.id, "number": lot.name, "recall": recall.id, "answer": consignee._answer_url()}}))
env.cr.commit()
"""


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="setup/pictures", description=__doc__.splitlines()[0])
    parser.add_argument("--pages", action="store_true", help="only the pages, no pictures")
    if parser.parse_args(arguments).pages:
        _make_pages(python_env.ensure(development=True))
        return 0
    chromium = browser.ensure()
    with environment.ready(development=True) as env:
        _make_pages(env.odoo.python)
        demo.make_template(env)
        with step("Copy of the demo"):
            env.databases.clone(demo.TEMPLATE, DATABASE)
        try:
            told = _prepare(env)
            with server.serving(env, [DATABASE], label="pictures", crons=False) as running:
                _take(env, {**told, "url": running.url, "chromium": chromium})
        finally:
            env.databases.drop(DATABASE)
    for picture in sorted(_FOLDER.glob("*.png")):
        say(f"  {picture.relative_to(paths.REPOSITORY)} {picture.stat().st_size // 1024} KB")
    return 0


def _make_pages(python: Path) -> None:
    with step("Pages of the guides"):
        process.run(
            [python, _PAGES, paths.REPOSITORY], log="guide-pages", what="make the guides' pages"
        )


def _prepare(env: Environment) -> dict:
    told: list[str] = []

    def keep(line: str) -> None:
        if line.startswith(_MARK):
            told.append(line.removeprefix(_MARK))

    with step("A recall in it"):
        env.odoo.shell(
            DATABASE, _PREPARE, log="pictures", what="recall the demo's lot", on_line=keep
        )
    return json.loads(told[0])


def _take(env: Environment, told: dict) -> None:
    _FOLDER.mkdir(exist_ok=True)
    with step("Pictures"):
        process.run(
            [env.odoo.python, _TAKE, _FOLDER, json.dumps(told)],
            log="pictures-taken",
            what="take the pictures",
        )
