import json
import sys
from pathlib import Path

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config

from ..tools.audit_bundle import stand_alone
from ..tools.audit_verify import to_json, to_text


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


class LotAudit(Command):
    """Verify, seal or export the audit log of a database"""

    name = "lot_audit"

    def run(self, arguments: list[str]) -> None:
        """Run the command; the exit code is 0 when all is well, 1 with findings, 2 when the log
        cannot be read."""
        self.parser.add_argument("action", choices=("verify", "seal", "export"))
        self.parser.add_argument("-d", "--database", required=True)
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument("--records", action="store_true", help="compare the records too")
        self.parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
        self.parser.add_argument("--output", type=Path, help="export: the file to write")
        options = self.parser.parse_args(arguments)
        config.parse_config(
            [*(["-c", options.config] if options.config else []), "--log-level=error"],
            setup_logging=True,
        )
        with Registry(options.database).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            if "lot.audit.event" not in env:
                sys.exit(f"{options.database} has no audit log: install lot_traceability there.")
            getattr(self, f"_{options.action}")(env, options)

    def _verify(self, env, options) -> None:
        report, more = env["lot.audit.verification"]._outcome("all" if options.records else "log")
        if options.json:
            found = to_json(report)
            found["more"] = [finding._asdict() for finding in more]
            _say(json.dumps(found, indent=1))
        else:
            _say("\n".join(to_text(report)))
            _say("\n".join(finding.text for finding in more))
        sys.exit(0 if report.valid and not more else 1)

    def _seal(self, env, options) -> None:
        count = env["lot.audit.sealer"]._seal()
        env["lot.audit.receipt"]._hand_out()
        env.cr.commit()
        _say(f"{count} events sealed")

    def _export(self, env, options) -> None:
        if not options.output:
            sys.exit("export needs --output FILE: where the log is to be written.")
        with options.output.open("wb") as file:
            for line in env["lot.audit.log"]._export():
                file.write(line)
        program = options.output.with_name("audit_verify.py")
        program.write_text(stand_alone(), encoding="utf-8")
        _say(f"{options.output} written; verify it by: python {program} {options.output}")
