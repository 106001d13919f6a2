"""`./setup/backup kills`: a busy server is killed at random instants, again and again; what was
confirmed must be there afterwards, and nothing by halves."""

import json
import random
import subprocess
import time
from pathlib import Path

from . import demo, environment, paths, process
from .errors import SetupError
from .kills_work import Client, Work, prepare
from .playground import Playground, playground
from .progress import say, step

_CHECK = Path(__file__).parent / "inside" / "kills_check.py"
_PATIENCE = 90


def command(times: int, seed: int, database: str = "", *, as_json: bool = False) -> int:
    """Run it, and print the figures; returns 0 when nothing was lost.

    :param database: a database with the modules to take a copy of; empty: the demo company
    """
    if times < 1:
        raise SetupError("--times N: at least one kill.")
    with environment.ready(development=True, test_addons=True) as env:
        if not database:
            demo.make_template(env)
            database = demo.TEMPLATE
        with step("A server of its own"):
            opened = playground(env, database, "kills")
            place = opened.__enter__()
        try:
            found = _kill(place, times, random.Random(seed))
        finally:
            opened.__exit__(None, None, None)
    found["figures"] = {"seed": seed, **found["figures"]}
    if as_json:
        print(json.dumps(found), flush=True)
    else:
        for name, value in found["figures"].items():
            print(f"  {name:<32} {value}")
        for text in found["wrong"]:
            say(f"WRONG: {text}")
        print("Nothing was lost." if not found["wrong"] else "Something was lost.", flush=True)
    return 1 if found["wrong"] else 0


def _kill(place: Playground, times: int, dice: random.Random) -> dict:
    place.start_odoo()

    def client(who: dict | None = None) -> Client:
        return Client(place.url, place.database, **(who or {}))

    work = Work(client, prepare(client()))
    killed = {"Odoo": 0, "PostgreSQL": 0}
    back: list[float] = []
    restarts = 0
    work.start()
    with step("Killing") as current:
        for turn in range(times):
            # At least something was confirmed since the last one.
            _wait_for_more(work, place)
            time.sleep(dice.random() * 4)
            victim = dice.choice(list(killed))
            killed[victim] += 1
            began = time.monotonic()
            if victim == "Odoo":
                place.kill_odoo()
                place.start_odoo()
            else:
                place.kill_postgres()
                place.instance.start()
                restarts += _revive(work, place)
            _forgive(place)
            back.append(time.monotonic() - began)
            current.update(turn + 1, times, "kills")
        _wait_for_more(work, place)
    work.stop()
    with step("Looking"):
        found = _look(place, work)
    ledger = work.ledger
    found["figures"] = {
        "kills of Odoo": killed["Odoo"],
        "kills of PostgreSQL": killed["PostgreSQL"],
        "Odoo started anew by hand": restarts,
        "seconds until back (median)": round(sorted(back)[len(back) // 2], 1),
        "receipts confirmed": len(ledger.received),
        "deliveries confirmed": len(ledger.delivered),
        "steps of recalls confirmed": sum(len(one) for one in ledger.recalls.values()),
        "seals confirmed": ledger.seals,
        "calls not confirmed": sum(ledger.causes.values()),
        **found["figures"],
    }
    found["wrong"] += ledger.broken
    found["causes"] = dict(ledger.causes.most_common(30))
    return found


def _wait_for_more(work: Work, place: Playground, more: int = 3) -> None:
    before, end = work.ledger.confirmed(), time.monotonic() + _PATIENCE
    while work.ledger.confirmed() < before + more:
        if time.monotonic() > end:
            raise SetupError(
                f"nobody gets on with their work any more: {work.ledger.causes.most_common(3)}. "
                f"Details: {place.instance.folder / 'odoo.log'}"
            )
        time.sleep(0.05)


def _forgive(place: Playground) -> None:
    """A job that was killed three times in a row is put off to its next time by the scheduler,
    which then begins anew; who runs it by hand, as it is done here, gets an error for ever (Odoo's
    `ir.cron.method_direct_trigger`). So what the scheduler would do in five minutes is done now."""
    place.instance.server.query(
        "UPDATE ir_cron_progress SET timed_out_counter = 0 WHERE timed_out_counter > 2",
        place.database,
    )


def _revive(work: Work, place: Playground) -> int:
    """Odoo finds its way back to a server that was killed; 1 when it had to be started anew."""
    before, end = work.ledger.confirmed(), time.monotonic() + 30
    while time.monotonic() < end:
        if work.ledger.confirmed() > before:
            return 0
        time.sleep(0.05)
    place.kill_odoo()
    place.start_odoo()
    return 1


def _look(place: Playground, work: Work) -> dict:
    ledger = work.ledger
    told = {
        "begun": ledger.begun,
        "received": ledger.received,
        "delivered": ledger.delivered,
        "recalls": ledger.recalls,
    }
    place.kill_odoo()
    done = subprocess.run(
        [str(place.odoo.python), str(_CHECK), place.database],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        env=place.env,
        cwd=paths.folder("run"),
        check=False,
    )
    if done.returncode:
        log = process.log_path("kills-check")
        log.write_text(done.stderr, encoding="utf-8")
        raise SetupError(f"what is there could not be looked at. Details: {log}")
    return json.loads(done.stdout.splitlines()[-1])
