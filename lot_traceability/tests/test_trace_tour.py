from odoo.tests import HttpCase, tagged

from .common import LotTraceabilityCommon


def _hoot_id(name: str) -> str:
    """The id that the unit test page gives to a suite, as `web.tests.test_js` computes it."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"


class TraceTourCommon(HttpCase, LotTraceabilityCommon):
    """Milk of one dairy became two cheeses; two customers got of them, one gave some back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        milk, cheese = cls.product("Milk"), cls.product("Soft cheese")
        cls.milk_lot = cls.received(milk, "MILK-7701", 100, cls.dairy)
        cls.milk_lot.supplier_lot = "DAIRY-55-A"
        cls.first = cls.lot(cheese, "CHS-1001")
        cls.second = cls.lot(cheese, "CHS-1002")
        cls.make(cls.first, 10, {cls.milk_lot: 60})
        cls.make(cls.second, 5, {cls.milk_lot: 30})
        cls.deliver({cls.first: 6}, cls.shop)
        delivery = cls.deliver({cls.first: 3, cls.second: 4}, cls.cafe)
        cls.give_back(delivery, {cls.second: 1})


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestTraceTour(TraceTourCommon):
    def test_reader_traces_a_supplier_lot_to_its_customers(self):
        self.start_tour("/odoo/traceability", "lot_trace_supplier_lot", login="flow_reader")

    def test_scanner_finds_a_lot_wherever_the_focus_is(self):
        self.start_tour("/odoo/traceability", "lot_trace_scan", login="flow_reader")

    def test_shared_link_opens_the_trace_and_a_foreign_one_explains(self):
        self.start_tour(
            f"/odoo/traceability?lot_ids={self.first.id}&direction=upstream",
            "lot_trace_link",
            login="flow_reader",
        )
        # Odoo logs the refusal that the user is shown.
        with self.assertLogs("odoo.http", "WARNING"):
            self.start_tour(
                "/odoo/traceability?lot_ids=999999999", "lot_trace_unknown", login="flow_reader"
            )

    def test_row_opens_the_lot_of_an_operator(self):
        self.start_tour(
            f"/odoo/traceability?lot_ids={self.milk_lot.id}",
            "lot_trace_row",
            login="flow_operator",
        )

    def test_lot_form_opens_the_trace_and_back_returns(self):
        self.start_tour(
            f"/odoo/stock.lot/{self.first.id}", "lot_trace_from_form", login="flow_manager"
        )


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestTraceTourPhone(TraceTourCommon):
    browser_size = "360x740"
    touch_enabled = True

    def test_phone_shows_all_without_scrolling_sideways(self):
        self.start_tour("/odoo/traceability", "lot_trace_phone", login="flow_reader")


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestTraceUnits(HttpCase):
    def test_unit_tests_of_the_screens_pass(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&id={_hoot_id('@lot_traceability')}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
