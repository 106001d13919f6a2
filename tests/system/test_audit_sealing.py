"""The audit log while many write and while its sealer dies: real processes, real transactions."""

import contextlib
import json
import multiprocessing
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
import remote

PROCESSES = 8
SCRIPT = Path(__file__).with_name("sealing.py")


@pytest.fixture(scope="module")
def connection(server):
    return remote.Connection(server)


def make_product(connection) -> int:
    values = {"name": f"Told {uuid.uuid4().hex[:8]}", "is_storable": True, "tracking": "lot"}
    return connection("product.product", "create", values)


def verified(server) -> dict:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), server["db"], "verify"],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


@contextlib.contextmanager
def sealer(server):
    """A process that seals once for each line that it is given."""
    child = subprocess.Popen(
        [sys.executable, str(SCRIPT), server["db"], "seal"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert json.loads(child.stdout.readline())["ready"]
    try:
        yield child
    finally:
        if child.poll() is None:
            child.stdin.close()
            child.wait(60)


def write_lots(server: dict, product: int, number: int, rounds: int, answers) -> None:
    connection = remote.Connection(server)
    try:
        for turn in range(rounds):
            lot = connection(
                "stock.lot", "create", {"name": f"P{number}-{turn:03}", "product_id": product}
            )
            connection("stock.lot", "write", [lot], {"supplier_lot": f"S{turn}"})
        answers.put("")
    except Exception as error:
        answers.put(repr(error))


@contextlib.contextmanager
def writers(server, product: int, rounds: int):
    """Eight processes that make lots and change them meanwhile."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    workers = [
        context.Process(target=write_lots, args=(server, product, number, rounds, answers))
        for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    yield workers
    assert [answers.get(timeout=300) for _worker in workers] == [""] * PROCESSES
    for worker in workers:
        worker.join(60)


def test_eight_processes_write_while_two_sealers_run_and_no_error_reaches_them(server, connection):
    product = make_product(connection)
    with sealer(server) as one, sealer(server) as two, writers(server, product, 25) as workers:
        while any(worker.is_alive() for worker in workers):
            for child in (one, two):
                child.stdin.write("\n")
                child.stdin.flush()
            time.sleep(0.2)
        for child in (one, two):
            child.stdin.write("\n")
            child.stdin.flush()
    found = verified(server)
    assert found["findings"] == []
    assert found["sealed"] + found["unsealed"] == found["events"]
    assert found["receipts"] > 0
    lots = connection("stock.lot", "search", [("product_id", "=", product)])
    kinds = connection("lot.audit.event", "search_read", [("lot_id", "in", lots)], ["kind"])
    told = [event["kind"] for event in kinds]
    assert len(lots) == told.count("created") == told.count("changed") == PROCESSES * 25


def test_sealer_killed_at_any_instant_loses_and_doubles_nothing(server, connection):
    product = make_product(connection)
    dice = random.Random(7)
    for turn in range(12):
        connection(
            "stock.lot",
            "create",
            [{"name": f"K{turn}-{number:03}", "product_id": product} for number in range(200)],
        )
        with sealer(server) as child:
            child.stdin.write("\n")
            child.stdin.flush()
            time.sleep(dice.random() * 0.15)
            child.send_signal(signal.SIGKILL)
            child.wait(60)
        if turn % 4 == 3:
            found = verified(server)
            assert found["findings"] == [], f"after being killed {turn + 1} times"
            assert found["sealed"] + found["unsealed"] == found["events"]
    with sealer(server) as child:
        child.stdin.write("\n")
        child.stdin.flush()
    found = verified(server)
    assert found["findings"] == []
    # Also the receipts that a kill kept from the file.
    assert found["receipts"] >= found["blocks"]
