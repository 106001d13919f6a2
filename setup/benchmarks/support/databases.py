"""Scratch databases of the benchmarks, and Odoo environments on them.

The launcher sets the usual `PG*` variables, puts Odoo on the Python path and gives Odoo's own
options (configuration, addons path, data folder) in `BENCH_ODOO_OPTIONS`, as on a command line.
`BENCH_TEMPLATE` may name a database that has the dependencies but none of our modules; without
it one is made once and kept.
"""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config

MODULE = "lot_traceability"
# What our module depends on: core is measured with the same apps.
DEPENDENCIES = (
    "product_expiry",
    "mrp",
    "mrp_product_expiry",
    "purchase_stock",
    "sale_stock",
    "stock_account",
    "barcodes_gs1_nomenclature",
    "portal",
)
WITHOUT = "bench_without"
WITH = "bench_with"
ADMIN = 2


def configure() -> None:
    """Read Odoo's options; only errors are logged, to stderr: stdout is for the results."""
    options = shlex.split(os.environ.get("BENCH_ODOO_OPTIONS", ""))
    config.parse_config([*options, "--log-level=error"], setup_logging=True)
    logging.getLogger("odoo").setLevel(logging.ERROR)


@contextmanager
def _maintenance() -> Iterator:
    with closing(db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        yield cr


def exists(name: str) -> bool:
    with _maintenance() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cr.fetchone())


def comment(name: str) -> str | None:
    """What was noted about a database."""
    with _maintenance() as cr:
        cr.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        row = cr.fetchone()
    return row and row[0]


def set_comment(name: str, text: str) -> None:
    """Note something about a database: that it is complete, and what it holds."""
    with _maintenance() as cr:
        cr.execute(SQL("COMMENT ON DATABASE %s IS %s", SQL.identifier(name), text))


def drop(name: str) -> None:
    Registry.delete(name)
    close_db(name)
    with _maintenance() as cr:
        cr.execute(SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(name)))
    # The next database of this name is not the continuation of this one.
    for folder in ("filestore", "lot_audit"):
        shutil.rmtree(Path(config["data_dir"]) / folder / name, ignore_errors=True)


def clone(template: str, name: str) -> None:
    """A fresh copy of a database; an older one of that name is dropped."""
    drop(name)
    Registry.delete(template)
    close_db(template)
    with _maintenance() as cr:
        cr.execute(
            SQL("CREATE DATABASE %s TEMPLATE %s", SQL.identifier(name), SQL.identifier(template))
        )


def template_without() -> str:
    """The database with the dependencies and none of our modules."""
    given = os.environ.get("BENCH_TEMPLATE")
    if given:
        return given
    if not exists(WITHOUT):
        with _maintenance() as cr:
            cr.execute(SQL("CREATE DATABASE %s ENCODING 'unicode'", SQL.identifier(WITHOUT)))
        with psycopg2.connect(dbname=WITHOUT) as connection, connection.cursor() as cr:
            cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        Registry.new(WITHOUT, update_module=True, install_modules=DEPENDENCIES, new_db_demo=False)
    return WITHOUT


def template_with() -> str:
    """The same with our module, installed from the sources as they are now."""
    clone(template_without(), WITH)
    Registry.new(WITH, update_module=True, install_modules=[MODULE])
    return WITH


@contextmanager
def environment(name: str) -> Iterator[Environment]:
    """An environment of the administrator, with rights checked as for any user."""
    with Registry(name).cursor() as cr:
        yield Environment(cr, ADMIN, {"lang": "en_US", "tz": "UTC"})


class Progress:
    """Steps with their seconds on stderr; stdout is for the results."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def __call__(self, message: str) -> float:
        """Say that a step is done, and return the seconds that it took."""
        now = time.perf_counter()
        seconds, self._since = now - self._since, now
        print(f"  {message}: {seconds:.1f} s", file=sys.stderr, flush=True)
        return seconds
