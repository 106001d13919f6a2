"""Lots are numbered by many at once: real processes, real transactions, no number twice."""

import multiprocessing
import time
import uuid
import xmlrpc.client

import pytest
import remote

PROCESSES = 8
BATCH = 100


@pytest.fixture(scope="module")
def connection(server):
    return remote.Connection(server)


def make_product(connection, name: str) -> int:
    values = {"name": name, "is_storable": True, "tracking": "lot"}
    return connection("product.product", "create", values)


def make_scheme(connection, product: int, **values) -> int:
    template = connection("product.product", "read", [product], ["product_tmpl_id"])[0]
    return connection(
        "lot.numbering.scheme",
        "create",
        {
            "name": f"Scheme {product}",
            "template": "{year}-{seq:05}",
            "reset": "year",
            "product_ids": [(6, 0, [template["product_tmpl_id"][0]])],
            **values,
        },
    )


def create_lots(server: dict, product: int, batches: int, size: int, start) -> None:
    connection = remote.Connection(server)
    assert connection.uid
    start.wait()
    for _batch in range(batches):
        connection("stock.lot", "create", [{"product_id": product}] * size)


def at_once(server: dict, product: int, *, batches: int, size: int) -> tuple[list[str], float]:
    """What lots there are after eight processes have made theirs, and the seconds it took."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(PROCESSES + 1)
    workers = [
        context.Process(target=create_lots, args=(server, product, batches, size, start))
        for _number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    start.wait(60)
    began = time.monotonic()
    for worker in workers:
        worker.join(500)
    seconds = time.monotonic() - began
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    connection = remote.Connection(server)
    lots = connection("stock.lot", "search_read", [("product_id", "=", product)], ["name"])
    return sorted(lot["name"] for lot in lots), seconds


def test_eight_processes_make_a_thousand_lots_each_without_a_duplicate(server, connection):
    product = make_product(connection, f"Busy {uuid.uuid4().hex[:8]}")
    make_scheme(connection, product)
    names, seconds = at_once(server, product, batches=1000 // BATCH, size=BATCH)
    print(f"8 x 1000 lots in {seconds:.1f} s")  # noqa: T201 (a figure for whoever measures)
    assert len(names) == len(set(names)) == PROCESSES * 1000
    # Nothing was rolled back, so nothing is missing either.
    assert [int(name[5:]) for name in names] == list(range(1, PROCESSES * 1000 + 1))


def test_counter_without_gaps_misses_no_number_and_gives_none_twice(server, connection):
    product = make_product(connection, f"Exact {uuid.uuid4().hex[:8]}")
    make_scheme(connection, product, gap_free=True)
    # Whoever comes too late begins anew, as with each document that Odoo numbers so.
    names, _seconds = at_once(server, product, batches=1, size=5)
    assert [int(name[5:]) for name in names] == list(range(1, PROCESSES * 5 + 1))


def test_rolled_back_work_loses_its_number_unless_none_may_be_missing(
    server, connection, expect_warning
):
    expect_warning("stock_lot_supplier_id_fkey")
    expect_warning("Another model is using the record")
    for gap_free, expected in ((False, ["00001", "00004"]), (True, ["00001", "00002"])):
        product = make_product(connection, f"Undone {uuid.uuid4().hex[:8]}")
        make_scheme(connection, product, gap_free=gap_free)
        lots = [connection("stock.lot", "create", {"product_id": product})]
        unknown = {"product_id": product, "supplier_id": 2**31 - 1}
        with pytest.raises(xmlrpc.client.Fault):
            connection("stock.lot", "create", [{"product_id": product}, unknown])
        lots.append(connection("stock.lot", "create", {"product_id": product}))
        names = [lot["name"] for lot in connection("stock.lot", "read", lots, ["name"])]
        assert [name[5:] for name in names] == expected


def test_number_typed_by_two_at_once_is_refused_for_all_but_one(server, connection, expect_warning):
    expect_warning("stock_lot_number_unique")
    expect_warning("must be unique within a company")
    product = make_product(connection, f"Typed {uuid.uuid4().hex[:8]}")
    context = multiprocessing.get_context("spawn")
    start, outcome = context.Barrier(PROCESSES), context.Queue()
    workers = [
        context.Process(target=type_number, args=(server, product, start, outcome))
        for _number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    answers = [outcome.get(timeout=120) for _worker in workers]
    for worker in workers:
        worker.join(60)
    assert answers.count("made") == 1, answers
    refused = [answer for answer in answers if answer != "made"]
    assert all("must be unique within a company" in answer for answer in refused), refused


def type_number(server: dict, product: int, start, outcome) -> None:
    connection = remote.Connection(server)
    assert connection.uid
    start.wait()
    try:
        connection("stock.lot", "create", {"product_id": product, "name": "SAME-1"})
        outcome.put("made")
    except xmlrpc.client.Fault as fault:
        outcome.put(fault.faultString)
