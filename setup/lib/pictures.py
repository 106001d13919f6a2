"""`./setup/pictures`: takes the pictures of the guides from a demo of its own.

    ./setup/pictures

They are never made by hand: what they show is what the demo looks like now.
"""

import json

from . import browser, demo, environment, paths, process, server
from .databases import database_name
from .environment import Environment
from .progress import say, step

DATABASE = database_name("demo", "pictures")
_TAKE = paths.SETUP / "lib" / "inside" / "pictures.py"
_FOLDER = paths.REPOSITORY / "docs" / "pictures"
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
    chromium = browser.ensure()
    with environment.ready() as env:
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
