"""Fixtures of the tests against a running server, which `./setup/test` starts."""

import json
import os

import pytest


def _access(variable: str) -> dict:
    if variable not in os.environ:
        pytest.fail("these tests need a running server: start them by ./setup/test --only WORD")
    return json.loads(os.environ[variable])


@pytest.fixture(scope="session")
def server() -> dict:
    """A running server's {"url", "db", "login", "password"}: all optional apps, no demo data."""
    return _access("LOT_TRACEABILITY_TEST_SERVER")


@pytest.fixture(scope="session")
def demo_server() -> dict:
    """The same of a server with the demo company, as `./setup/demo` gives it."""
    return _access("LOT_TRACEABILITY_DEMO_SERVER")
