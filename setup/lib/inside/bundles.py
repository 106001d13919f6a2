"""Which of Odoo's bundles of browser files are made before anybody asks for them.

Odoo makes all of them before the first test: two thirds of that time go into its own tests of
the web client, dark colours and pages of apps that none of ours has a hand in. What is asked for
all the same is made then.
"""

from odoo.addons.base.models.ir_qweb import IrQweb

_LEFT_OUT = {
    "api_doc.assets",
    "mail.assets_discuss_public_test_tours",
    "mail.assets_public",
    "mrp_subcontracting.webclient",
    "point_of_sale.assets_debug",
    "point_of_sale.assets_prod_dark",
    "point_of_sale.customer_display_assets",
    "point_of_sale.customer_display_assets_test",
    "spreadsheet.public_spreadsheet",
    "web.assets_unit_tests",
    "web.assets_unit_tests_setup",
    "web.assets_web_dark",
    "web.qunit_suite_tests",
    "web.tests_assets",
}
_all = IrQweb._get_bundles_to_pregenarate


def _asked_for(self) -> tuple[set[str], set[str]]:
    scripts, styles = _all(self)
    return scripts - _LEFT_OUT, styles - _LEFT_OUT


def lessen() -> None:
    """Leave out what nobody asks for, in this process."""
    IrQweb._get_bundles_to_pregenarate = _asked_for
