"""Uninstalling for good: the log stays, as a file that verifies, and nothing else of ours does."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import psycopg2
import pytest

SCRIPT = Path(__file__).with_name("uninstalling.py")
# What a database is made of. Sequences of single products and warehouses come with their records.
SCHEMA = """
SELECT 'relation ' || relkind::text || ' ' || relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')
   AND relname !~ '^ir_sequence_[0-9]'
UNION ALL SELECT 'index ' || indexname || ' ' || indexdef FROM pg_indexes
 WHERE schemaname = 'public'
UNION ALL SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
   FROM information_schema.columns
  WHERE table_schema = 'public' AND table_name !~ '^ir_sequence_[0-9]'
UNION ALL SELECT 'constraint ' || conrelid::regclass::text || ' ' || pg_get_constraintdef(oid)
   FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'scheduled action ' || cron_name FROM ir_cron
UNION ALL SELECT 'model ' || model FROM ir_model
UNION ALL SELECT 'field ' || model || '.' || name FROM ir_model_fields
UNION ALL SELECT 'group ' || (name ->> 'en_US') FROM res_groups
UNION ALL SELECT 'rule ' || name FROM ir_rule
UNION ALL SELECT 'menu ' || (name ->> 'en_US') FROM ir_ui_menu
UNION ALL SELECT 'view ' || name FROM ir_ui_view
UNION ALL SELECT 'action ' || (name ->> 'en_US') FROM ir_actions
UNION ALL SELECT 'kind of activity ' || (name ->> 'en_US') FROM mail_activity_type
"""
# Where names of ours could stand in tables of Odoo.
NAMED = """
SELECT 'record ' || name FROM ir_model_data WHERE module LIKE 'lot\\_trac%'
UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter WHERE key LIKE 'lot\\_trac%'
UNION ALL SELECT 'file ' || name FROM ir_attachment
 WHERE res_model LIKE 'lot.audit.%' OR res_model LIKE 'lot.signature%'
UNION ALL SELECT 'message ' || id FROM mail_message
 WHERE model LIKE 'lot.audit.%' OR model LIKE 'lot.signature%'
UNION ALL SELECT 'activity ' || id FROM mail_activity WHERE res_model LIKE 'lot.audit.%'
"""


def run(database: str, action: str) -> tuple[dict, str]:
    """What the script has done, and what stood in the log meanwhile."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), database, action], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def rows(database: str, query: str) -> set[str]:
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return {row[0] for row in cursor.fetchall()}
    finally:
        connection.close()


@pytest.fixture(scope="module")
def uninstalled(spare_database):
    """What was done before, and what the log said of the uninstallation."""
    before, _log = run(spare_database, "work")
    _done, log = run(spare_database, "uninstall")
    return before | {"database": spare_database, "log": log}


def test_it_ends_without_an_error(uninstalled):
    assert uninstalled["signatures"] == 1
    assert "Traceback" not in uninstalled["log"]
    assert " ERROR " not in uninstalled["log"]


def test_whole_log_is_kept_in_the_named_file_and_verifies_without_odoo(uninstalled):
    folder = Path(uninstalled["folder"])
    [log] = folder.glob("audit-log-*.jsonl.gz")
    assert f"The audit log was kept in {log}" in uninstalled["log"]
    command = [sys.executable, "-I", "-S", "audit_verify.py", log.name]
    command += ["--receipts", "receipts.jsonl"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("VALID")
    with gzip.open(log, "rt", encoding="utf-8") as lines:
        events = [line for line in lines if not line.startswith('{"type":')]
    assert len(events) == uninstalled["events"]
    assert "Last words" in events[-1]


def test_fsma_records_are_kept_in_the_named_file(uninstalled):
    [path] = Path(uninstalled["folder"]).glob("fsma-records-*.zip")
    assert f"The records of FSMA 204 were kept in {path}" in uninstalled["log"]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        [records] = [name for name in archive.namelist() if name.endswith("/records.xlsx")]
        book = openpyxl.load_workbook(io.BytesIO(archive.read(records)), read_only=True)
    assert {"Receiving", "Shipping", "Transformation"} <= set(book.sheetnames)
    assert sum(1 for _row in book["Receiving"].values) > 100


def test_database_is_as_if_it_had_never_been_installed(uninstalled, apps_database):
    left = rows(uninstalled["database"], SCHEMA) - rows(apps_database, SCHEMA)
    assert sorted(left) == []
    assert sorted(rows(uninstalled["database"], NAMED)) == []


def test_what_odoo_had_is_there_still(uninstalled, apps_database):
    gone = rows(apps_database, SCHEMA) - rows(uninstalled["database"], SCHEMA)
    assert sorted(gone) == []


def test_lots_go_on_as_in_plain_odoo(uninstalled):
    after, log = run(uninstalled["database"], "go_on")
    assert after["state"] == "uninstalled"
    assert after["ours"] == []
    assert after["left"] == 6
    assert after["changed"] == "Changed afterwards"
    assert " ERROR " not in log
