from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..models.lot_columns import column, distinct, rows
from .common import LotTraceabilityCommon

NAMES = ("product_id", "name", "expiration_date", "status_id", "production_date")


@tagged("post_install", "-at_install")
class TestColumns(LotTraceabilityCommon):
    """Reading many records at once says the same as reading each of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cream = cls.product("Cream", use_expiration_date=True, expiration_time=10)
        cls.lots = cls.env["stock.lot"].union(
            cls.lot(cls.cream, "A", production_date="2026-01-02"),
            cls.lot(cls.cream, "B", production_date="2026-01-02"),
            cls.lot(cls.product("Salt"), "C"),
        )

    def assertSame(self, lots):
        found = [tuple(value or None for value in row) for row in rows(lots, *NAMES)]
        for lot, row in zip(lots, found, strict=True):
            values = [lot[name] for name in NAMES]
            ids = [getattr(value, "id", value) or None for value in values]
            self.assertEqual(row, tuple(ids))

    def test_saved_records_say_the_same_whether_in_the_cache_or_not(self):
        self.assertSame(self.lots)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertSame(self.lots)

    def test_values_not_yet_written_or_computed_are_read(self):
        self.env.flush_all()
        self.lots[0].product_id.expiration_time = 20
        self.lots[0].production_date = "2026-01-03"
        self.lots[2].name = "D"
        self.assertSame(self.lots)

    def test_records_of_a_form_that_are_not_saved(self):
        draft = self.env["stock.lot"].new({"product_id": self.cream.id, "name": "X"})
        edited = self.env["stock.lot"].new({"name": "Y"}, origin=self.lots[0])
        self.assertSame(draft + edited)

    def test_of_lots_with_the_same_dates_the_first_stands_for_all(self):
        same = distinct(self.lots, "expiration_date", "production_date")
        self.assertEqual(same.mapped("name"), ["A", "C"])
        self.assertFalse(distinct(self.lots.browse(), "name"))

    def test_who_may_not_read_a_field_or_a_record_is_refused(self):
        self.assertEqual(len(column(self.lots.with_user(self.operator), "name")), 3)
        self.env.flush_all()
        self.env.invalidate_all()
        stranger = new_test_user(self.env, login="columns_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            column(self.lots.with_user(stranger), "name")
