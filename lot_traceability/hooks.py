from odoo.api import Environment

MODULE = "lot_traceability"


def post_init_hook(env: Environment) -> None:
    """Bring what the database already has up to what the module keeps of it."""
    env["lot.audit.receipt.file"]._begin_log()
    env["lot.kept"]._take_back(MODULE)
    env["stock.lot"]._release_unjudged()
    env["lot.genealogy.rebuild"]._rebuild_at_install()
    env["lot.audit.comparison"]._note_baseline()


def uninstall_hook(env: Environment) -> None:
    """Keep the audit log and all other records, which go with their tables, and leave Odoo's own
    as they were."""
    log = env["lot.audit.log"]
    log._tell_kept(log._export_whole())
    env["lot.kept"]._write_out_and_tell(MODULE)
    log._unwatch()
    log._let_go(MODULE)
    # Set by the settings, so that no data file takes them along.
    env["ir.config_parameter"].search([("key", "=like", "lot_traceability.%")]).unlink()
