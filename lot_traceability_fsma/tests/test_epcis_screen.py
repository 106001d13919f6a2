from odoo.tests import HttpCase, tagged

from .epcis_common import GTIN, EpcisCommon

_LOOK = """
const looking = setInterval(() => {
    const told = document.querySelector(".o_lot_trace_beyond")?.innerText || "";
    if (told.includes("(01)04012345123456 (10)H1") && told.includes("Fresh Distribution")) {
        clearInterval(looking);
        console.log("test successful");
    }
}, 100);
"""


@tagged("post_install", "-at_install", "epcis_rest")
class TestEpcisScreen(EpcisCommon, HttpCase):
    def test_the_trace_shows_what_partners_tell_below_our_own_records(self):
        lot = self.coded(self.lettuce, "L1", 10)
        self.capture(self.made(("H1", "04012345123456"), ("TLC-L1", GTIN)))
        self.browser_js(
            f"/odoo/traceability?lot_ids={lot.id}",
            _LOOK,
            "!!document.querySelector('.o_action_manager')",
            login="flow_reader",
            timeout=60,
        )
