"""Runs pytest: the pure tests, and those against a running server."""

import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

from . import paths, process
from .errors import SetupError
from .progress import step
from .tally import Tally


def run(
    python: Path, label: str, arguments: Sequence[str], env: dict[str, str] | None = None
) -> Tally:
    """Run pytest with `arguments` in the repository; its failures go to the tally."""
    # Of this run alone: another one may be under way.
    result = paths.folder("run") / f"pytest-{label}-{os.getpid()}.xml"
    command = [
        python,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junitxml={result}",
        "--durations=40",
        *arguments,
    ]
    merged = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})}
    tally = Tally()
    with step(f"Python tests, {label}"):
        try:
            process.run(
                command, log=f"pytest-{label}", what="run pytest", env=merged, cwd=paths.REPOSITORY
            )
        except SetupError as error:
            if not result.exists():
                tally.fail(
                    f"pytest ({label})",
                    process.log_path(f"pytest-{label}").read_text()[-4000:] or str(error),
                )
                return tally
    cases = list(ElementTree.parse(result).getroot().iter("testcase"))  # noqa: S314
    result.unlink()
    for case in cases:
        bad = case.find("failure") if case.find("failure") is not None else case.find("error")
        if bad is not None:
            tally.fail(
                f"{case.get('classname')}::{case.get('name')}",
                (bad.text or bad.get("message") or "")[-4000:],
            )
        elif case.find("skipped") is not None:
            tally.skipped += 1
        else:
            tally.passed += 1
    return tally
