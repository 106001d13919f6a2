"""Uninstalling for good: the log stays, as a file that verifies, and nothing else of ours does."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import contents
import openpyxl


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
    left = uninstalled["schema"] - contents.rows(apps_database, contents.SCHEMA)
    assert sorted(left) == []
    assert sorted(uninstalled["named"]) == []


def test_what_odoo_had_is_there_still(uninstalled, apps_database):
    gone = contents.rows(apps_database, contents.SCHEMA) - uninstalled["schema"]
    assert sorted(gone) == []


def test_goods_and_documents_are_as_they_were(uninstalled):
    assert uninstalled["stock"]["stock_move_line"][0] > 1000
    assert contents.changed(uninstalled["stock"], uninstalled["left"]) == {}


def test_recalls_and_all_other_records_are_kept_in_named_files(uninstalled):
    folder = Path(uninstalled["folder"])
    for module in ("lot_traceability", "lot_traceability_recall", "lot_traceability_fsma"):
        [path] = folder.glob(f"{module}-[0-9]*.zip")
        assert f"The records of {module} were kept in {path}" in uninstalled["log"]
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            about = json.loads(archive.read("about.json"))
            tables = [name for name in archive.namelist() if name.startswith("tables/")]
            found = {name: archive.read(name).decode() for name in tables}
        assert about["module"] == module
        assert len(tables) > 10
        if module == "lot_traceability_recall":
            assert "Glass in jars" in found["tables/lot_recall.csv"]
        if module == "lot_traceability":
            assert "Results reviewed" in found["tables/lot_signature.csv"]


def test_lots_go_on_as_in_plain_odoo(continued):
    assert continued["state"] == "uninstalled"
    assert continued["ours"] == []
    assert continued["left"] == 6
    assert continued["changed"] == "Changed afterwards"
    assert " ERROR " not in continued["log"]
