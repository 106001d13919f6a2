from odoo.api import Environment

MODULE = "lot_traceability_fsma"


def post_init_hook(env: Environment) -> None:
    """Take back what was kept when the module was uninstalled before."""
    env["lot.kept"]._take_back(MODULE)


def uninstall_hook(env: Environment) -> None:
    """Keep the records, which the rule wants for two years and which go with their tables."""
    log = env["lot.audit.log"]
    path = env["lot.fsma.kept"]._write_out()
    if path:
        log._tell_administrator(env._("The records of FSMA 204 were kept in %s.", path))
    env["lot.kept"]._write_out_and_tell(MODULE)
    log._let_go(MODULE)
