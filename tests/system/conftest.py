"""The life of one database, step by step: used, upgraded, uninstalled, used without our modules,
installed again. Each step is done once; what it left is noted before the next one begins."""

import json
import subprocess
import sys
from pathlib import Path

import contents
import pytest
import version_before

SCRIPT = Path(__file__).with_name("uninstalling.py")


def _run(database: str, action: str) -> dict:
    """What the script has done, and what stood in the log meanwhile."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), database, action], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1]) | {"log": done.stderr}


@pytest.fixture(scope="session")
def plain_columns(apps_database) -> dict[str, set[str]]:
    """The columns that plain Odoo has of goods and documents."""
    return {
        table: names
        for table, names in contents.columns(apps_database).items()
        if table in contents.STOCK
    }


@pytest.fixture(scope="session")
def used(spare_database) -> dict:
    """The demo company, after some more work of any kind."""
    return _run(spare_database, "work") | {"database": spare_database}


@pytest.fixture(scope="session")
def upgraded(used) -> dict:
    """After an upgrade from the version before."""
    database = used["database"]
    version_before.restore(database)
    columns = contents.columns(database)
    before = contents.digests(database, contents.of_ours(columns))
    last = contents.last_event(database)
    log = contents.log(database, last)
    done = _run(database, "upgrade")
    return done | {
        "without": set(version_before.TABLES) - columns.keys(),
        "before": before | {"log": log},
        "after": contents.digests(database, contents.of_ours(columns))
        | {"log": contents.log(database, last)},
        "columns": contents.columns(database),
    }


@pytest.fixture(scope="session")
def uninstalled(used, upgraded, plain_columns) -> dict:
    """What was done before, and what the log said of the uninstallation."""
    database = used["database"]
    noted = {
        "stock": contents.digests(database, plain_columns),
        "links": contents.links(database),
        "lots": contents.lots(database),
    }
    done = _run(database, "uninstall")
    return (
        used
        | noted
        | {
            "log": done["log"],
            "left": contents.digests(database, plain_columns),
            "schema": contents.rows(database, contents.SCHEMA),
            "named": contents.rows(database, contents.NAMED),
        }
    )


@pytest.fixture(scope="session")
def continued(uninstalled) -> dict:
    """What went on in plain Odoo."""
    return _run(uninstalled["database"], "go_on")


@pytest.fixture(scope="session")
def installed_again(uninstalled, continued, plain_columns) -> dict:
    """What the modules found, and made of it."""
    database = uninstalled["database"]
    before = contents.digests(database, plain_columns)
    done = _run(database, "install")
    return done | {
        "before": before,
        "after": contents.digests(database, plain_columns),
        "links": contents.links(database),
        "lots": contents.lots(database),
        "made": continued["made"],
        "database": database,
    }
