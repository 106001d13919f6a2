"""Servers that are killed at random instants of a busy run."""

import json
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_killed_servers_lose_nothing_that_was_confirmed_and_leave_nothing_half_done(demo_server):
    command = [REPOSITORY / "setup" / "backup", "kills", "--times", "4", "--seed", "11", "--json"]
    command += ["--database", demo_server["db"]]
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["wrong"] == []
    figures = found["figures"]
    assert figures["kills of Odoo"] + figures["kills of PostgreSQL"] == 4
    assert min(figures["kills of Odoo"], figures["kills of PostgreSQL"]) >= 1
    assert figures["receipts confirmed"] >= 4
    assert figures["blocks"] > 1
    assert done.returncode == 0
