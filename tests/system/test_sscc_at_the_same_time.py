"""Pallets are numbered by many at once: real processes, real transactions, no number twice."""

import multiprocessing
import uuid

import remote

PROCESSES = 6
PACKAGES = 25


def make_packages(server: dict, kind: int, start) -> None:
    connection = remote.Connection(server)
    assert connection.uid
    start.wait()
    connection("stock.package", "create", [{"package_type_id": kind}] * PACKAGES)


def test_pallets_of_six_at_once_have_a_number_each(server):
    connection = remote.Connection(server)
    company = connection.one("res.company", [])
    connection("res.company", "write", [company], {"gs1_prefix": "4012345"})
    values = {"name": f"Pallet {uuid.uuid4().hex[:8]}", "sscc": True, "company_id": company}
    kind = connection("stock.package.type", "create", values)
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(PROCESSES)
    workers = [
        context.Process(target=make_packages, args=(server, kind, start))
        for _number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    found = connection(
        "stock.package", "search_read", [("package_type_id", "=", kind)], ["name", "valid_sscc"]
    )
    names = [package["name"] for package in found]
    assert len(names) == len(set(names)) == PROCESSES * PACKAGES
    assert all(package["valid_sscc"] for package in found)
    assert {name[1:8] for name in names} == {"4012345"}
