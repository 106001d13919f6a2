"""The verifier as an auditor runs it: one file, a plain Python, and nothing else."""

import ast
import gzip
import json
import os
import subprocess
import sys

import pytest
from audit_support import KEYS, Log, place_of
from tools import audit_bundle
from tools.audit_proof import receipt_line

KEY_TEXT = "# the server's\n" + ",\n".join(f"{name}:{key.hex()}" for name, key in KEYS.items())
RUN = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("verifier") / "audit_verify.py"
    path.write_text(audit_bundle.stand_alone(), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    log = Log()
    (tmp_path / "log").write_bytes(b"".join(log.lines()))
    (tmp_path / "receipts").write_bytes(b"\n".join(map(receipt_line, log.receipts())))
    (tmp_path / "keys").write_text(KEY_TEXT)
    return tmp_path


@pytest.fixture
def run(program, folder):
    def run(*arguments, **options):
        environment = {"PYTHONIOENCODING": "ascii:strict", **options.pop("env", {})}
        result = subprocess.run(
            [sys.executable, "-S", str(program), *map(str, arguments)],
            cwd=folder,
            env=environment,
            capture_output=True,
            **options,
        )
        assert b"Traceback" not in result.stderr
        return result.returncode, result.stdout.decode(), result.stderr.decode()

    return run


def test_valid_log(run):
    code, out, err = run("log", "--receipts", "receipts", "--keys", "keys")
    assert (code, err) == (0, "")
    assert out.startswith("VALID: ")
    assert "4 seals with a key: right" in out and "4 receipts kept elsewhere" in out
    assert "Not checked" not in out


def test_without_key_and_receipts_it_says_what_that_leaves_open(run):
    code, out, _err = run("log")
    assert code == 0
    assert "no key was given" in out and "no receipt" in out


def test_key_of_the_environment(run):
    env = {"LOT_TRACEABILITY_AUDIT_KEYS": KEY_TEXT.split("\n", 1)[1]}
    assert "4 seals" in run("log", env=env)[1]


def test_finding_is_named_with_what_it_means_and_what_to_do(run, folder):
    lines = Log().lines()
    place = place_of(lines, 8)
    lines[place] = lines[place].replace(b'"quantity": 5', b'"quantity": 6')
    (folder / "log").write_bytes(b"".join(lines))
    code, out, _err = run("log")
    assert code == 1
    assert out.startswith("NOT VALID: 1 finding.")
    assert "1. [changed] Event 8 was changed after it was sealed. (block 2)" in out
    assert "Compare the entry with a backup" in out


def test_json_has_findings_and_summary(run, folder):
    lines = Log().lines()
    del lines[place_of(lines, 8)]
    (folder / "log").write_bytes(b"".join(lines))
    code, out, _err = run("log", "--json", "--receipts", "receipts", "--keys", "keys")
    answer = json.loads(out)
    assert code == 1 and answer["valid"] is False
    assert answer["findings"][0]["code"] == "missing" and answer["findings"][0]["event"] == 8
    assert answer["summary"]["receipts"] == 4


def test_compressed_log_and_standard_input(run, folder):
    data = gzip.compress((folder / "log").read_bytes())
    (folder / "log.gz").write_bytes(data)
    assert run("log.gz")[0] == 0
    assert run("-", input=data)[0] == 0


def test_compressed_log_that_was_cut(run, folder):
    data = gzip.compress(b"".join(Log((500,) * 4).lines()))
    (folder / "log.gz").write_bytes(data[: len(data) // 2])
    code, out, _err = run("log.gz")
    assert code == 1 and "[truncated] The compressed file is incomplete" in out


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"\n\n", "no export of the audit log"),
        (b"garbage", "no export of the audit log"),
        (bytes(range(256)) * 50, "no export of the audit log"),
        (b"[" * 50_000, "no export of the audit log"),
        (b'{"type":"log"}\n', "no export of the audit log"),
        (b'{"type":"log","v":9,"log":"a"}\n', "version 9"),
        (b'{"type":"log","v":1,"log":"a","after":{}}\n', "where the log stood"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"\x1f\x8bgarbage", "cannot be read"),
        (b"\x1f\x8b", "cannot be read"),
        (b"%PDF-1.7\n", "no export of the audit log"),
    ],
)
def test_what_is_no_log_is_refused_in_one_sentence(run, folder, data, why):
    (folder / "log").write_bytes(data)
    code, out, err = run("log")
    assert (code, out) == (2, "")
    assert err.startswith("log cannot be read: ") and why in err
    assert err.count("\n") == 1 and err.endswith(".\n")
    assert json.loads(run("log", "--json")[1])["valid"] is None


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("none",), "none cannot be read: No such file"),
        ((".",), ". cannot be read: Is a directory"),
        (("log", "--receipts", "none"), "none cannot be read"),
        (("log", "--receipts", "log"), "log cannot be read: line 1 is no receipt"),
        (("log", "--keys", "none"), "none cannot be read"),
        (("log", "--keys", "log"), "keys of log cannot be used"),
        (("log", "--keys", "/dev/null"), "There is no key in /dev/null"),
        (("log", "--receipts", "/dev/null"), "there is no receipt in it"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_sentence(run, arguments, why):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and why in err and err.count("\n") == 1


def test_wrong_arguments(run):
    assert run()[0] == 2
    assert run("--help")[1].startswith("usage: audit_verify.py")


def test_names_cannot_steer_the_terminal(run, folder):
    log = Log(log="\x1b[2Jé")
    (folder / "log").write_bytes(b"".join(log.lines()))
    code, out, _err = run("log")
    assert code == 0 and "\x1b" not in out and "\\x1b[2J" in out


def test_reader_that_goes_away_is_no_fault(program, folder):
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-S", str(program), "log"]
    result = subprocess.run(command, cwd=folder, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (result.returncode, result.stderr) == (0, b"")


def test_needs_nothing_but_the_standard_library(program):
    tree = ast.parse(program.read_text(encoding="utf-8"))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert names <= sys.stdlib_module_names


def test_language_is_that_of_python_3_9(program):
    ast.parse(program.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_parts_have_no_name_twice():
    names = []
    for node in ast.parse(audit_bundle.stand_alone()).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name)]
    assert len(names) == len(set(names))


def test_memory_is_flat(program, tmp_path):
    peaks = []
    for count in (4, 40):
        log = Log((1000,) * count)
        (tmp_path / "log").write_bytes(b"".join(log.lines()))
        (tmp_path / "receipts").write_bytes(b"".join(map(receipt_line, log.receipts())))
        command = [sys.executable, "-S", "-c", RUN, str(program), "log", "--receipts", "receipts"]
        # From a shell: a process begins with the memory of the one that starts it.
        result = subprocess.run(
            ["/bin/sh", "-c", '"$@"; exit $?', "sh", *command],
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        peaks.append(int(result.stderr) / 1024)
    assert peaks[1] - peaks[0] < 3, peaks
