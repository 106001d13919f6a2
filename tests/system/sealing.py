"""Seals the audit log of a database in a process of its own.

`python sealing.py DATABASE seal` seals once for each line that it reads, `verify` verifies.

Prints one JSON line: how many events were sealed, or what a verification found.
"""

import json
import sys

from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config


def main(database: str, action: str) -> None:
    config.parse_config(["--log-level=error"], setup_logging=True)
    with Registry(database).cursor() as cr:
        env = Environment(cr, 1, {})
        if action == "seal":
            say({"ready": True})
            while sys.stdin.readline():
                env["lot.audit.sealer"]._cron_seal()
                cr.commit()
            return
        report = env["lot.audit.verification"]._report()
        found = [*report.findings, *env["lot.audit.verification"]._strays()]
        cr.execute("SELECT count(*) FROM lot_audit_event")
        events = cr.fetchone()[0]
        say(
            {
                "findings": [finding.text for finding in found],
                "blocks": report.summary.blocks,
                "sealed": report.summary.events,
                "unsealed": report.summary.unsealed,
                "receipts": report.summary.receipts,
                "events": events,
            }
        )


def say(values: dict) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
