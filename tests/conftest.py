"""Fixtures of the tests against a running server, which `./setup/test` starts."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

# Core logs these for each call by the interfaces that most integrations still use.
_DEPRECATED = "The /xmlrpc, /xmlrpc/2 and /jsonrpc endpoints are deprecated"


def _access(variable: str) -> dict:
    if variable not in os.environ:
        pytest.fail("these tests need a running server: start them by ./setup/test --only WORD")
    return json.loads(os.environ[variable])


def _expect_warning(part: str) -> None:
    with Path(os.environ["LOT_TRACEABILITY_REPORT"]).open("a") as report:
        report.write(json.dumps({"event": "expect", "test": "", "text": part}) + "\n")


@pytest.fixture
def expect_warning() -> Callable[[str], None]:
    """`expect_warning("part of it")`: a warning with these words in the server's log is right."""
    return _expect_warning


@pytest.fixture(scope="session", autouse=True)
def _old_interfaces() -> None:
    if "LOT_TRACEABILITY_REPORT" in os.environ:
        _expect_warning(_DEPRECATED)


@pytest.fixture(scope="session")
def server() -> dict:
    """A running server's {"url", "db", "login", "password"}: all optional apps, no demo data."""
    return _access("LOT_TRACEABILITY_TEST_SERVER")


@pytest.fixture(scope="session")
def demo_server() -> dict:
    """The same of a server with the demo company, as `./setup/demo` gives it."""
    return _access("LOT_TRACEABILITY_DEMO_SERVER")
