"""Runs the tests of Odoo's own modules with everything installed loaded; reports as JSON lines.

Runs inside Odoo's Python environment, as `odoo_report.py`, whose report it writes. Odoo runs a
test at_install while its module is loaded, when modules that build on it are not there yet: such
a run says nothing about them. Here these tests run when all is loaded, before those post_install.
"""

import threading

# First: it puts itself in place of parts of Odoo's test runner.
import odoo_report
from odoo import SUPERUSER_ID, api
from odoo.cli.command import main
from odoo.modules.registry import Registry
from odoo.tests import loader
from odoo.tests.suite import OdooSuite

# Debian's Odoo names this script in the bundle but does not ship it; the browser's error about
# it would fail every tour.
_NOT_SHIPPED = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
_make_suite, _run_suite = loader.make_suite, loader.run_suite


def _make_no_early_suite(module_names, position="at_install"):
    """The suites that Odoo asks for while it loads are empty; after it, tours are made to run."""
    if position == "at_install":
        return OdooSuite()
    with Registry(threading.current_thread().dbname).cursor() as cr:
        api.Environment(cr, SUPERUSER_ID, {})["ir.asset"].create(
            {
                "name": "Script that is not shipped",
                "bundle": "web.assets_backend",
                "directive": "remove",
                "path": _NOT_SHIPPED,
            }
        )
    return _make_suite(module_names, position)


def _run_both_suites(suite, global_report=None):
    """What Odoo runs at the end, after what it would have run in between."""
    registry = Registry(threading.current_thread().dbname)
    early = _make_suite(sorted(registry._init_modules), "at_install")
    # As Odoo's own runner in its shell does it: the tests were written for this state.
    registry.loaded = registry.ready = False
    try:
        result = _run_suite(early, global_report)
    finally:
        registry.loaded = registry.ready = True
    result.update(_run_suite(suite, global_report))
    odoo_report.write("end", "")
    return result


loader.make_suite, loader.run_suite = _make_no_early_suite, _run_both_suites
main()
