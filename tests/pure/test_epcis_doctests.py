"""The examples in the docstrings of the EPCIS and ASN rooms are true; the rooms stand alone."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import fsma_tools
import pytest
from fsma_tools import asn, epcis

MODULES = ["fsma_tools.check_digits"] + [
    name
    for package in (epcis, asn)
    for name in (
        package.__name__,
        *(f"{package.__name__}.{m.name}" for m in pkgutil.iter_modules(package.__path__)),
    )
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_rooms_import_nothing_of_odoo_nor_of_other_modules():
    folder = Path(fsma_tools.__path__[0])
    wrong = [
        path.name
        for path in folder.rglob("*.py")
        if re.search(r"^\s*(?:from|import) (?:odoo|tools|lot_)", path.read_text("utf-8"), re.M)
    ]
    assert wrong == []


def test_most_modules_have_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    without = [
        name
        for name in MODULES
        if not any(test.examples for test in finder.find(importlib.import_module(name)))
    ]
    # Tables alone have none; those of the writers and readers of messages stand in their package.
    assert without == [
        f"fsma_tools.{name}"
        for name in (
            "epcis.shapes", "epcis.xml_events",
            "asn.desadv", "asn.desadv_reader", "asn.x12_856", "asn.x12_856_reader",
        )
    ]  # fmt: skip
