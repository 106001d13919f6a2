"""The examples in the docstrings are true: of the set-up, and of the modules' pure tools."""

import doctest
import importlib
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SETUP = [p.stem for p in (REPOSITORY / "setup" / "lib").glob("[a-z]*.py")]
TOOLS = sorted(
    (module.parent, module)
    for root in REPOSITORY.glob("lot_traceability*/tools")
    for module in root.rglob("[a-z]*.py")
)


@pytest.mark.parametrize("name", SETUP)
def test_examples_of_the_setup_hold(name):
    results = doctest.testmod(importlib.import_module(f"lib.{name}"))
    assert results.failed == 0


@pytest.mark.parametrize("path", [module for _, module in TOOLS], ids=lambda path: path.stem)
def test_examples_of_the_tools_hold_without_odoo(path):
    tools = next(parent for parent in path.parents if parent.name == "tools")
    # Each module has a package of this name.
    for name in [name for name in sys.modules if name.split(".")[0] == "tools"]:
        del sys.modules[name]
    sys.path.insert(0, str(tools.parent))
    try:
        name = ".".join(path.relative_to(tools.parent).with_suffix("").parts)
        results = doctest.testmod(importlib.import_module(name))
    finally:
        sys.path.remove(str(tools.parent))
    assert results.failed == 0
    assert "odoo" not in sys.modules
