from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Read the history again: links between companies and orders that made a product without a
    lot are kept from this version on, and a trace must not miss those from before."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["lot.genealogy.rebuild"]._rebuild_at_install()
