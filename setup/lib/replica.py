"""A streaming replica of a PostgreSQL server, for as long as it is needed.

Odoo reads from it what only reads (`db_replica_host`); what writes goes to the main server.
"""

import contextlib
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from . import cluster, process
from .backup_server import Instance
from .cluster import Postgres
from .errors import SetupError
from .progress import step

# It is made anew at each start, so a power cut may cost all of it.
_SETTINGS = {
    "fsync": "off",
    "hot_standby": "on",
    # The main server keeps the rows that a long trace still reads, and replay waits for the trace.
    "hot_standby_feedback": "on",
    "max_standby_streaming_delay": "30s",
}
_PATIENCE = 120


@contextlib.contextmanager
def running(
    main: Postgres, folder: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Instance]:
    """A replica of `main` in `folder` for the block; the folder goes with it.

    :param settings: more settings of the replica
    :raises SetupError: when it cannot be made, or does not catch up
    """
    made = Instance(folder, main.programs)
    discard(made)
    try:
        with step("Replica"):
            make(made, main, settings or {})
        yield made
    finally:
        discard(made)


def make(made: Instance, main: Postgres, settings: Mapping[str, str]) -> None:
    """Copy `main` and follow it."""
    made.folder.mkdir(parents=True, exist_ok=True)
    cluster.give(made.folder)
    # It keeps its place in the main server's log only while it is connected: one that is gone
    # never fills the main server's disk.
    copy = [main.programs / "pg_basebackup", "-D", made.data, "-R", "-X", "stream"]
    process.run(
        cluster.as_server_user([*copy, "-c", "fast", "--no-sync"]),
        log="replica",
        what="copy the PostgreSQL server for a replica",
        env=main.env,
    )
    made.settings({**_SETTINGS, "jit": "off", "log_min_messages": "warning", **settings})
    made.start()
    wait_until_level(made, main)


def wait_until_level(made: Instance, main: Postgres, patience: float = _PATIENCE) -> None:
    """Wait until the replica has all that the main server has now.

    :raises SetupError: when it does not come in time
    """
    ((position,),) = main.query("SELECT pg_current_wal_flush_lsn()")
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with contextlib.suppress(SetupError):
            asked = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
            if made.server.query(asked) == [["t"]]:
                return
        time.sleep(0.1)
    raise SetupError(f"the replica does not follow the main server. Details: {made.log}")


def variables(made: Instance) -> dict[str, str]:
    """What tells Odoo where to read."""
    return {"PGHOST_REPLICA": str(made.socket_folder), "PGPORT_REPLICA": "5432"}


def discard(made: Instance) -> None:
    """End it, and delete its folder."""
    made.stop()
    shutil.rmtree(made.folder, ignore_errors=True)
