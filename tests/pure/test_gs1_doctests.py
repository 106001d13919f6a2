"""The examples in the docstrings of the GS1 codec are true."""

import doctest
import importlib
import pkgutil
import sys

import pytest
from tools import gs1

MODULES = ["tools.gs1", *(f"tools.gs1.{m.name}" for m in pkgutil.iter_modules(gs1.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.failed == 0


def test_codec_imports_nothing_of_odoo():
    assert not [name for name in sys.modules if name.split(".")[0] == "odoo"]


def test_most_modules_have_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    without = [
        name
        for name in MODULES
        if not any(test.examples for test in finder.find(importlib.import_module(name)))
    ]
    # Data alone has no examples.
    assert without == ["tools.gs1.ai_table", "tools.gs1.code_lists"]
