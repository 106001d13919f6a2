"""Runs the functions of JavaScript modules that need no browser and nothing of Odoo."""

import json
import subprocess
import sys
from pathlib import Path

from gs1_support import ROOT

sys.path.append(str(ROOT / "setup"))

from lib import node, odoo_source

CAPTURE = ROOT / "lot_traceability" / "static" / "src" / "scan" / "capture"

# Each line in is [module, function, arguments]; each line out the result or the error.
_SERVE = """
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
    const [module, name, args] = JSON.parse(line);
    let answer;
    try {
        const value = await (await import(module))[name](...args);
        answer = { value: value === undefined ? null : value };
    } catch (error) {
        answer = { error: String(error.stack) };
    }
    process.stdout.write(JSON.stringify(answer) + "\\n");
}
"""


def of_odoo(path):
    """The file of Odoo at this path below its add-ons."""
    return next(str(root / path) for root in odoo_source.ensure().addons if (root / path).exists())


class Node:
    """A running Node.js; ``call`` a function of a module, which stands in ``scan/capture`` or is
    given as a path."""

    def __init__(self):
        self._process = subprocess.Popen(
            ["node", "--input-type=module", "-e", _SERVE],  # noqa: S607
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=node.environment(),
            encoding="utf-8",
        )

    def call(self, module, function, *arguments):
        """Return what the function returns, as JSON carries it."""
        address = Path(CAPTURE / module).as_uri()
        self._process.stdin.write(json.dumps([address, function, arguments]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["value"]

    def close(self):
        """End the process."""
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
