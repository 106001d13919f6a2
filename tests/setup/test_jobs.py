"""Parts of a whole run: which wait for which, and how many run at the same time."""

import contextlib
import threading
import time

import pytest
from lib import process
from lib import test as run_all
from lib.errors import SetupError
from lib.process import Job


def test_a_job_waits_for_those_that_it_needs_and_takes_nobody_elses_place():
    done = []

    def job(name, *after):
        return Job(lambda: done.append(name), after)

    process.run_jobs(
        {"tests": job("tests", "database"), "lint": job("lint"), "database": job("database")}, 1
    )
    assert done == ["lint", "database", "tests"]


def test_no_more_run_at_the_same_time_than_allowed():
    lock, now, most = threading.Lock(), 0, 0

    def work():
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1

    process.run_jobs({str(number): Job(work) for number in range(6)}, 2)
    assert most == 2


def test_a_job_that_fails_ends_the_programs_of_the_others_and_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("LOT_TRACEABILITY_HOME", str(tmp_path))
    started = threading.Event()

    def sleep():
        started.set()
        for _again in range(2):
            with contextlib.suppress(SetupError):
                process.run(["sleep", "60"], log="sleep", what="sleep")

    def fail():
        started.wait(5)
        time.sleep(0.1)
        raise SetupError("the disk is full")

    began = time.monotonic()
    with pytest.raises(SetupError, match="the disk is full"):
        process.run_jobs(
            {"sleep": Job(sleep), "fail": Job(fail), "after": Job(sleep, ("fail",))}, 2
        )
    assert time.monotonic() - began < 30


def test_every_system_test_is_in_one_part():
    parts = run_all._system_parts()
    files = sorted(str(file) for file in run_all.SYSTEM.glob("test_*.py"))
    assert sorted(file for part in parts.values() for file in part) == files
    # Databases are called by them.
    assert all(label.isidentifier() for label in parts)
