"""What the tests of a replica share: a main server, its replica, an Odoo that knows of both, and
what each of the two was asked."""

import contextlib
import json
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import psycopg2
from passlib.context import CryptContext

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "setup"))

from lib import cluster, odoo_source, playground, replica  # noqa: E402  made importable above
from lib.cluster import Postgres  # noqa: E402
from lib.databases import Databases, data_folder  # noqa: E402
from lib.environment import Environment  # noqa: E402
from lib.odoo_process import Odoo  # noqa: E402

# Each statement with the database in which it ran.
_LOGGED = {"log_statement": "all", "log_line_prefix": "%d "}
_LIMIT = "lot_traceability.replica_limit"
_KEY = "replica-0123456789abcdef0123456789abcdef"


class Pair:
    """An Odoo with a replica: {"url", "db", "login", "password"} in `access`."""

    def __init__(self, place, second):
        self.place = place
        self.second = second
        self.access = {
            "url": place.url,
            "db": place.database,
            "login": "admin",
            "password": "admin",
        }
        self._browser = None

    # -- what Odoo is asked ----------------------------------------------------------------------

    def json2(self, method: str, **arguments):
        """What `lot.trace.find`, for one, answers over JSON-2."""
        model, _dot, name = method.rpartition(".")
        headers = {"Authorization": f"bearer {_KEY}", "X-Odoo-Database": self.place.database}
        return json.loads(self._post(f"/json/2/{model}/{name}", arguments, headers))

    def screen(self, model: str, method: str, *args):
        """What a screen gets of the same."""
        call = {"model": model, "method": method, "args": args, "kwargs": {}}
        answer = json.loads(self._post("/web/dataset/call_kw", {"params": call}))
        assert "error" not in answer, answer["error"]["data"]["message"]
        return answer["result"]

    def file(self, address: str) -> bytes:
        """A file that somebody downloads."""
        return self._opener().open(self.place.url + address, timeout=120).read()

    def _opener(self):
        if not self._browser:
            cookies = urllib.request.HTTPCookieProcessor(CookieJar())
            self._browser = urllib.request.build_opener(cookies)
            login = {name: self.access[name] for name in ("db", "login", "password")}
            self._post("/web/session/authenticate", {"params": login})
        return self._browser

    def _post(self, path: str, body: dict, headers: dict | None = None) -> bytes:
        content = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.place.url + path, json.dumps(body).encode(), content)
        return self._opener().open(request, timeout=120).read()

    # -- what the servers are asked --------------------------------------------------------------

    @contextlib.contextmanager
    def asked(self) -> Iterator[dict[str, str]]:
        """{"main", "second"}: the statements that each server ran for the block."""
        logs = {"main": self.place.instance.log, "second": self.second.log}
        starts = {name: log.stat().st_size for name, log in logs.items()}
        told: dict[str, str] = {}
        yield told
        for name, log in logs.items():
            with log.open("rb") as file:
                file.seek(starts[name])
                told[name] = file.read().decode(errors="replace")

    def query(self, sql: str) -> list[list[str]]:
        """Rows of the main server."""
        return self.place.instance.server.query(sql, self.place.database)

    def traces_told(self, lot: int) -> int:
        """How many traces of a lot the audit log tells of."""
        ((count,),) = self.query(
            f"SELECT count(*) FROM lot_audit_event WHERE kind = 'traced' AND lot_id = {lot}"
        )
        return int(count)

    def level(self) -> None:
        """Wait until the replica has everything."""
        replica.wait_until_level(self.second, self.place.instance.server)

    # -- what goes wrong -------------------------------------------------------------------------

    @contextlib.contextmanager
    def behind(self, limit: float) -> Iterator[None]:
        """For the block the replica replays nothing; Odoo goes to the main server after `limit`
        seconds."""
        self.query(
            f"INSERT INTO ir_config_parameter (key, value) VALUES ('{_LIMIT}', '{limit}') "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        )
        self.query("INSERT INTO orm_signaling_stable DEFAULT VALUES")
        self.query("INSERT INTO orm_signaling_default DEFAULT VALUES")
        self.level()
        self.second.server.query("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.second.server.query("SELECT pg_wal_replay_resume()")
            self.level()

    def kill_replica(self) -> None:
        """kill -9 of the replica's postmaster."""
        pid = self.second.pid()
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 60
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.05)


@contextlib.contextmanager
def pair(database: str) -> Iterator[Pair]:
    """A main server with a copy of `database`, its replica, and an Odoo before both."""
    python = Path(sys.executable)
    source = Postgres(dict(os.environ), cluster.programs(python), embedded=False)
    addons = (REPOSITORY, REPOSITORY / "tests" / "addons")
    env = Environment(
        Odoo(python, odoo_source.ensure(), source, addons), Databases(source, data_folder())
    )
    settings = {"wal_level": "replica", "max_wal_senders": "4", **_LOGGED}
    with playground.playground(env, database, "replica", settings) as place:
        _make_key(place)
        folder = place.instance.folder / "second"
        with replica.running(place.instance.server, folder) as second:
            place.start_odoo(replica.variables(second))
            try:
                yield Pair(place, second)
            finally:
                place.kill_odoo()


def _make_key(place) -> None:
    """A key of the administrator, made as Odoo does it in the preferences."""
    crypt = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=6000)
    address = {"host": str(place.instance.socket_folder), "user": place.instance.user}
    with psycopg2.connect(dbname=place.database, **address) as database, database.cursor() as cr:
        cr.execute(
            "INSERT INTO res_users_apikeys (name, user_id, scope, key, index) "
            "VALUES ('Replica', 2, NULL, %s, %s)",
            [crypt.hash(_KEY), _KEY[:8]],
        )
