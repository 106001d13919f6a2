from odoo.api import Environment


def post_init_hook(env: Environment) -> None:
    """Bring what the database already has up to what the module keeps of it."""
    env["stock.lot"]._release_unjudged()
    env["lot.genealogy.rebuild"]._rebuild_at_install()
