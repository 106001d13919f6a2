from odoo.api import Environment


def post_init_hook(env: Environment) -> None:
    """Read the stock history that the database already has into the genealogy."""
    env["lot.genealogy.rebuild"]._rebuild_at_install()
