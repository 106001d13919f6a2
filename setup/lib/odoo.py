"""`./setup/odoo ARGS...`: Odoo's own command line in the same environment."""

from . import environment

_ACTIONS = {
    "shell",
    "server",
    "db",
    "populate",
    "cloc",
    "deploy",
    "neutralize",
    "i18n",
    "module",
    "lot_audit",
    "lot_backup",
}


def main(arguments: list[str]) -> int:
    """Run Odoo with `arguments`; the first may name Odoo's command (server, shell, db, ...)."""
    action = "server"
    if arguments and arguments[0] in _ACTIONS:
        action, *arguments = arguments
    with environment.ready(development=True, test_addons=True) as env:
        return env.odoo.exec(arguments, action)
