import logging

from odoo.api import Environment

_logger = logging.getLogger(__name__)


def post_init_hook(env: Environment) -> None:
    """Bring what the database already has up to what the module keeps of it."""
    env["stock.lot"]._release_unjudged()
    env["lot.genealogy.rebuild"]._rebuild_at_install()
    env["lot.audit.comparison"]._note_baseline()


def uninstall_hook(env: Environment) -> None:
    """Keep the audit log, which goes with its tables, and leave Odoo's own as they were."""
    path = env["lot.audit.log"]._export_whole()
    text = env._("The audit log was kept in %s, with the program that verifies it.", path)
    _logger.warning("%s", text)
    env.user._bus_send("simple_notification", {"type": "info", "message": text, "sticky": True})
    env["lot.audit.log"]._unwatch()
