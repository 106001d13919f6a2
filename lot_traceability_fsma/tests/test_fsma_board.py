from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import FsmaCommon


@tagged("post_install", "-at_install", "fsma_board")
class TestFsmaBoard(FsmaCommon):
    """What is missing is a list of work, and several events are completed at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coded(cls.lettuce, "FULL", 10)
        cls.first = cls.events(cls.bought(cls.lettuce, "L1", 10, fsma_code="T1"))
        cls.second = cls.events(cls.bought(cls.lettuce, "L2", 10, fsma_code="T2"))
        cls.reader = new_test_user(cls.env, "fsma_look", "lot_traceability.group_reader")
        cls.hand = new_test_user(cls.env, "fsma_fill", "lot_traceability.group_operator")

    def gaps(self, user=None):
        return (
            self.env["lot.fsma.gap"]
            .with_user(user or self.reader)
            .search([("event_id", "in", (self.first | self.second).ids)])
        )

    def filling(self, events, **values):
        action = events.with_user(self.hand).action_fill_in()
        return (
            self.env["lot.fsma.fill"]
            .with_user(self.hand)
            .with_context(**action["context"])
            .create(values)
        )

    def test_each_missing_element_is_a_row(self):
        gaps = self.gaps()
        self.assertEqual(set(gaps.element_id.mapped("code")), {"tlc_source"})
        self.assertEqual(len(gaps), 2)
        self.assertEqual(len(set(gaps.ids)), 2)
        self.assertEqual(gaps.partner_id, self.distributor)

    def test_board_counts_events_and_elements(self):
        rows = (
            self.env["lot.fsma.completeness"]
            .with_user(self.reader)
            ._read_group(
                [("company_id", "=", self.env.company.id), ("kind", "=", "receiving")],
                ["partner_id", "warehouse_id"],
                ["__count", "complete:avg", "completeness:avg", "missing_count:sum"],
            )
        )
        self.assertEqual(len(rows), 1)
        partner, warehouse, count, complete, known, missing = rows[0]
        self.assertEqual((partner, warehouse), (self.distributor, self.plant))
        self.assertEqual((count, missing), (3, 2))
        self.assertAlmostEqual(complete, 1 / 3)
        self.assertAlmostEqual(known, (1 + 2 * 7 / 8) / 3)

    def test_board_is_of_ones_companies(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "fsma_else",
            "lot_traceability.group_reader",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("lot.fsma.gap", "lot.fsma.completeness"):
            self.assertTrue(self.env[model].with_user(self.reader).search_count([]))
            self.assertFalse(self.env[model].with_user(stranger).search_count([]))

    def test_several_are_filled_in_at_once(self):
        fill = self.filling(self.first | self.second, reason="By phone", source_id=self.grower.id)
        self.assertEqual(fill.codes, ",tlc_source,")
        fill.action_save()
        for event, code in ((self.first, "T1"), (self.second, "T2")):
            latest = event._latest()
            self.assertEqual((latest.version, latest.reason), (2, "By phone"))
            self.assertEqual((latest.tlc, latest.missing), (code, False))
            self.assertEqual(latest.source_place_id.partner_id, self.grower)
            self.assertEqual(event.version, 1)
        self.assertFalse(self.gaps())

    def test_what_is_known_is_not_overwritten(self):
        known = self.events(self.env["stock.lot"].search([("name", "=", "FULL")]))
        fill = self.filling(known | self.first, reason="By phone", source_id=self.market.id)
        fill.action_save()
        self.assertEqual(known._latest(), known)
        self.assertEqual(self.first._latest().source_place_id.partner_id, self.market)

    def test_nothing_filled_in_is_refused(self):
        with self.assertRaisesRegex(UserError, "Source of the traceability lot code"):
            self.filling(self.first, reason="By phone").action_save()

    def test_addresses_are_read_anew(self):
        self.distributor.street = False
        event = self.events(self.bought(self.lettuce, "L3", 1, fsma_code="T3"))
        self.assertIn(",from_location,", event.missing)
        self.distributor.street = "2 Dock Street"
        self.filling(event, reason="Address completed").action_save()
        self.assertNotIn(",from_location,", event._latest().missing)

    def test_origin_goes_to_events_that_lack_it(self):
        raw = self.listed("Lettuce heads", fsma_stage="raw")
        lot = self.bought(raw, "RAW1", 10).move_line_ids.lot_id.with_env(self.env)
        order = self.make(self.lot(self.lettuce, "PACKED"), 5, {lot: 5})
        event = self.events(order)
        self.assertIn(",farm,", event.missing)
        self.filling(
            event,
            reason="Field tag",
            farm_id=self.grower.id,
            harvester_id=self.grower.id,
            field_name="North 4",
            harvest_date="2026-03-02",
        ).action_save()
        latest = event._latest()
        self.assertFalse(latest.missing)
        self.assertEqual(latest.input_ids.field_name, "North 4")
        self.assertEqual(lot.fsma_farm_id, self.grower)

    def test_version_says_what_is_otherwise(self):
        self.assertFalse(self.first.changes_text)
        self.filling(self.first, reason="By phone", source_id=self.grower.id).action_save()
        latest = self.first._latest().with_user(self.reader)
        self.assertRegex(latest.changes_text, "^Source of the code: – → Green Farm")
        self.assertEqual(len(latest.changes_text.splitlines()), 1)

    def test_a_reader_fills_in_nothing(self):
        with self.assertRaises(AccessError):
            self.env["lot.fsma.fill"].with_user(self.reader).create(
                {"event_ids": self.first.ids, "reason": "x"}
            )

    def test_key_data_elements_known_are_a_figure_of_the_day(self):
        company = self.env.company
        events = self.env["lot.fsma.event"].search(
            [("company_id", "=", company.id), ("replaced_by_id", "=", False), ("void", "!=", True)]
        )
        day = self.first.date
        wanted = events.filtered(lambda event: event.date == day).mapped("completeness")
        self.env["lot.figure"]._measure(company, day, day)
        figure = self.env["lot.figure"].search(
            [
                ("kind_id.code", "=", "key_data"),
                ("company_id", "=", company.id),
                ("day", "=", day),
            ]
        )
        self.assertEqual(figure.count, len(wanted))
        self.assertAlmostEqual(figure.value, 100 * sum(wanted) / len(wanted), places=4)
        self.assertLess(figure.value, 100)
