from odoo.api import Environment


def uninstall_hook(env: Environment) -> None:
    """Keep the records, which the rule wants for two years and which go with their tables."""
    log = env["lot.audit.log"]
    path = env["lot.fsma.kept"]._write_out()
    if path:
        log._tell_uninstaller(env._("The records of FSMA 204 were kept in %s.", path))
    log._let_go("lot_traceability_fsma")
