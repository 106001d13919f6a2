from odoo.api import Environment

MODULE = "lot_traceability_recall"


def post_init_hook(env: Environment) -> None:
    """Take back what was kept when the module was uninstalled before."""
    env["lot.kept"]._take_back(MODULE)


def uninstall_hook(env: Environment) -> None:
    """Keep the cases with their letters, answers and reports, which go with their tables."""
    env["lot.kept"]._write_out_and_tell(MODULE)
    env["lot.audit.log"]._let_go(MODULE)
