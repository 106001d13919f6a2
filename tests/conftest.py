"""Fixtures of the tests against a running server, which `./setup/test` starts."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

# Core logs these for each call by the interfaces that most integrations still use.
_DEPRECATED = "The /xmlrpc, /xmlrpc/2 and /jsonrpc endpoints are deprecated"


def _named(variable: str) -> str:
    if variable not in os.environ:
        pytest.fail("these tests need a running server: start them by ./setup/test --only WORD")
    return os.environ[variable]


def _access(variable: str) -> dict:
    return json.loads(_named(variable))


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
def spare_database() -> str:
    """The name of a database with the demo company that nobody serves: one test may ruin it."""
    return _named("LOT_TRACEABILITY_SPARE_DATABASE")


@pytest.fixture(scope="session")
def apps_database() -> str:
    """The name of a database with Odoo's required apps and nothing of ours; only to be read."""
    return _named("LOT_TRACEABILITY_APPS_DATABASE")


@pytest.fixture(scope="session")
def demo_server() -> dict:
    """The same of a server with the demo company, as `./setup/demo` gives it."""
    return _access("LOT_TRACEABILITY_DEMO_SERVER")


@pytest.fixture(scope="session")
def recall_server() -> dict:
    """The same with another copy of the demo company, for the test that recalls its contaminated
    lot in the browser."""
    return _access("LOT_TRACEABILITY_RECALL_SERVER")
