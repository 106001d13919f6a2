import json
import sys
from pathlib import Path

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class LotBackup(Command):
    """What backups ask of a database: facts, proofs, and to be told"""

    name = "lot_backup"

    def run(self, arguments: list[str]) -> None:
        """Run the command; its answer is one line of JSON."""
        self.parser.add_argument("action", choices=("note", "facts", "prove"))
        self.parser.add_argument("-d", "--database", required=True)
        self.parser.add_argument("-c", "--config", help="Odoo's configuration file")
        self.parser.add_argument("--point", help="facts: name of the point in PostgreSQL's log")
        self.parser.add_argument("--facts", type=Path, help="prove: file with what `facts` said")
        options = self.parser.parse_args(arguments)
        config.parse_config(
            [*(["-c", options.config] if options.config else []), "--log-level=error"],
            setup_logging=True,
        )
        with Registry(options.database).cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            if "lot.backup.place" not in env:
                sys.exit(f"{options.database} has no Lot Traceability: install it there.")
            # All companies: a copy is of all of them.
            companies = env["res.company"].search([]).ids
            env = Environment(cr, SUPERUSER_ID, {"allowed_company_ids": companies})
            answer = getattr(self, f"_{options.action}")(env, options)
            sys.stdout.write(json.dumps(answer) + "\n")

    def _note(self, env, options) -> dict:
        answer = env["lot.backup.place"].note(json.load(sys.stdin))
        env.cr.commit()
        return answer

    def _facts(self, env, options) -> dict:
        if not options.point:
            sys.exit("facts needs --point NAME: what the point in PostgreSQL's log is called.")
        with env["lot.backup.facts"]._standing_still(options.point) as (facts, location):
            return {**facts._facts(), "point": options.point, "location": location}

    def _prove(self, env, options) -> dict:
        if not options.facts:
            sys.exit("prove needs --facts FILE: what the live database said.")
        live = json.loads(options.facts.read_text(encoding="utf-8"))
        proofs = env["lot.backup.facts"]._prove(live)
        # A proof changes nothing.
        env.cr.rollback()
        return {"proofs": proofs}
