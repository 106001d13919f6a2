"""The drill: the latest copy is restored beside the running server, and everything that can be
proved of it is proved."""

import configparser
import json
import shutil
import time
from pathlib import Path

from . import (
    backup_files,
    backup_report,
    backup_restore,
    backup_server,
    backup_settings,
    environment,
)
from .backup_restore import Target
from .backup_server import Instance
from .backup_settings import Settings
from .cluster import Postgres
from .environment import Environment
from .errors import SetupError
from .progress import say, step

_RECEIPTS = "receipts.jsonl"


def run(
    settings: Settings,
    server: Postgres,
    python: Path,
    *,
    keep: bool = False,
    as_json: bool = False,
) -> int:
    """Make a drill, tell Odoo, and say what came of it.

    :param keep: leave the restored server running
    :return: 0 when everything was proved
    """
    started = time.time()
    database = _next_database(settings)
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(started))
    report = {"kind": "drill", "key": f"drill-{stamp}", "started": started, "ok": False}
    try:
        with environment.ready() as env:
            report |= _drill(settings, server, python, env, database, stamp, keep=keep)
    except (SetupError, OSError) as error:
        report |= {"text": str(error), "ended": time.time()}
        backup_report.tell(settings, python, server, [report])
        raise
    backup_report.tell(settings, python, server, [report])
    _show(report, as_json=as_json)
    return 0 if report["ok"] else 1


def _next_database(settings: Settings) -> str:
    """Each database in turn."""
    state = backup_settings.state(settings)
    number = state.get("drills", 0)
    backup_settings.keep(settings, {**state, "drills": number + 1})
    return settings.databases[number % len(settings.databases)]


def _drill(
    settings: Settings,
    server: Postgres,
    python: Path,
    env: Environment,
    database: str,
    stamp: str,
    *,
    keep: bool,
) -> dict:
    if not backup_report.has_module(server, database):
        raise SetupError(f"{database} has no Lot Traceability, which a drill is proved by.")
    folder = settings.scratch / stamp
    _check_room(settings, server)
    rpo = at_risk(server)
    unsaved = backup_files.age(settings)
    point = f"drill {stamp}"
    with step("What the live database says"):
        live = backup_report.ask_odoo(
            env, "facts", database, "--point", point, what="read the live database"
        )
        backup_server.archived_up_to(server, f"after {point}")
        new = backup_files.copy(settings)["new"]
        backup_files.note_new(settings, new)
    rpo = max(rpo, unsaved if new else 0.0)
    user = server.env.get("PGUSER") or server.query("SELECT current_user")[0][0]
    instance = Instance(folder, backup_server.programs_for(server), user)
    try:
        with step("Restoring"):
            began = time.monotonic()
            backup, took = backup_restore.restore(settings, instance, python, Target(point=point))
            rto = backup_report.seconds(began)
        with step("Proving"):
            began = time.monotonic()
            proofs = _prove(settings, env, instance, database, live)
            took["proofs"] = backup_report.seconds(began)
    finally:
        if not keep:
            backup_restore.remove(instance)
    ok = all(proof["passed"] for proof in proofs)
    if ok:
        backup.note(drilled=time.time())
        state = backup_settings.state(settings)
        backup_settings.keep(settings, {**state, "drilled": time.time()})
    return {
        "ok": ok,
        "ended": time.time(),
        "backup": backup.id,
        "files": int(took["file_count"]),
        "rpo": rpo,
        "rto": rto,
        "proofs": proofs,
        "took": took,
        "text": f"{database}, up to {live['location']}. Seconds: "
        + ", ".join(f"{name} {value:g}" for name, value in took.items() if name != "file_count"),
    }


def _check_room(settings: Settings, server: Postgres) -> None:
    settings.scratch.mkdir(parents=True, exist_ok=True)
    ((size,),) = server.query("SELECT sum(pg_database_size(oid))::bigint FROM pg_database")
    free = shutil.disk_usage(settings.scratch).free
    if free < 1.3 * int(size) + 500_000_000:
        raise SetupError(
            f"{settings.scratch} has {free // 1_000_000} MB free, and restoring needs about "
            f"{int(1.3 * int(size)) // 1_000_000 + 500} MB. init --scratch FOLDER takes another."
        )


def at_risk(server: Postgres) -> float:
    """Seconds of work that a disaster would cost now: how old the archive's newest segment is,
    unless nothing was written since."""
    ((age, idle),) = server.query(
        "SELECT coalesce(extract(epoch FROM clock_timestamp() - last_archived_time), 1e9), "
        # A segment begins with a header alone: then nothing waits to be archived.
        "pg_current_wal_insert_lsn() - '0/0' = (pg_current_wal_insert_lsn() - '0/0')::bigint "
        "/ s.size * s.size + 40 AND left(last_archived_wal, 24) IS NOT NULL "
        "FROM pg_stat_archiver, (SELECT setting::bigint AS size FROM pg_settings "
        "WHERE name = 'wal_segment_size') s"
    )
    return 0.0 if idle == "t" else round(float(age), 1)


def _prove(
    settings: Settings, env: Environment, instance: Instance, database: str, live: dict
) -> list[dict]:
    odoo = instance.folder / "odoo"
    conf = configparser.RawConfigParser()
    conf.read(env.odoo.config(), encoding="utf-8")
    kept = Path(conf.get("options", "lot_audit_folder", fallback=str(settings.data / "lot_audit")))
    _give_receipts(kept / database / _RECEIPTS, odoo / "lot_audit" / database, live["receipt"])
    conf.remove_option("options", "lot_audit_folder")
    conf.set("options", "data_dir", str(odoo))
    with (instance.folder / "odoo.conf").open("w", encoding="utf-8") as file:
        conf.write(file)
    facts = instance.folder / "facts.json"
    facts.write_text(json.dumps(live), encoding="utf-8")
    names = ("PGHOST", "PGPORT", "PGUSER")
    return backup_report.ask_odoo(
        env,
        *("prove", database, "--facts", str(facts)),
        what="prove the restored copy",
        variables={
            **{name: instance.env[name] for name in names},
            "ODOO_RC": str(instance.folder / "odoo.conf"),
        },
    )["proofs"]


def _give_receipts(source: Path, target: Path, until: dict) -> None:
    """The receipts that were kept outside the database, up to the one that was taken before: they
    were in no copy, and those after it know of what is not restored."""
    target.mkdir(parents=True, exist_ok=True)
    lines = source.read_text(encoding="utf-8").splitlines() if source.exists() else []
    kept = []
    for line in lines:
        try:
            known = json.loads(line)
        except ValueError:
            continue  # the server may be writing it
        if known.get("number", 0) <= until.get("number", 0):
            kept.append(line)
    (target / _RECEIPTS).write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def _show(report: dict, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report), flush=True)
        return
    for proof in report["proofs"]:
        mark = "proved " if proof["passed"] else "FAILED "
        first = proof["text"].splitlines()[0] if proof["text"] else ""
        print(f"  {mark} {proof['name']}: {first[:160]}")
    print(
        f"  Work at risk (RPO): {report['rpo']:.1f} s. Back after (RTO): {report['rto']:.1f} s.",
        flush=True,
    )
    if not report["ok"]:
        say("The drill failed: do not rely on this copy.")
