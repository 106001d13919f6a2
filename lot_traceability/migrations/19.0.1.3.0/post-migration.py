from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The audit log begins with this version."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["lot.audit.comparison"]._note_baseline()
