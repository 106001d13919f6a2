from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.lot_replica import LotReplica
from .audit_reading_common import AuditCommon

_SETTINGS = ("lot_traceability.replica_told_after", "lot_traceability.replica_limit")


@tagged("post_install", "-at_install")
class TestReplica(AuditCommon):
    """What is read from a replica says how old it is; one that is too far behind is not asked.

    A real replica is in `tests/system/test_replica.py`.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_lot = cls.received(cls.product("Milk"), "M-1", 100)

    def trace(self, age):
        """A trace by a reader of what is so many seconds old, and the cursor that it was read by:
        that of the replica or another one."""
        lots = self.env["lot.trace"].with_user(self.reader)
        cursors = []
        run = type(lots)._run

        def watch(records, *args):
            cursors.append(records.env.cr)
            return run(records, *args)

        def old(replica):
            # What is opened besides the replica's cursor is of the main server.
            return age if replica.env.cr is self.env.cr else 0.0

        with (
            self.enter_registry_test_mode(),
            patch.object(LotReplica, "_age", old),
            patch.object(type(lots), "_run", watch),
        ):
            trace = lots.trace(self.milk_lot.ids)
        (cursor,) = cursors
        return trace, cursor is self.env.cr

    def behind(self, trace):
        return [row for row in trace["warnings"] if row["code"] == "behind"]

    def test_trace_on_the_main_server_is_of_now(self):
        self.assertEqual(self.env["lot.replica"]._age(), 0.0)
        with self.assertQueryCount(0):
            self.env["lot.replica"]._age()

    def test_cursor_that_only_reads_the_main_server_is_of_now(self):
        with patch.object(type(self.env.cr), "readonly", True):
            self.assertEqual(self.env["lot.replica"]._age(), 0.0)

    def test_trace_of_a_moment_ago_is_not_spoken_of(self):
        trace, replica = self.trace(4.9)
        self.assertEqual((trace["data_age_s"], trace["complete"]), (4.9, True))
        self.assertTrue(replica)

    def test_older_trace_says_how_old_and_that_it_is_not_complete(self):
        trace, replica = self.trace(41.2)
        (warning,) = self.behind(trace)
        self.assertIn("42 seconds behind", warning["message"])
        self.assertEqual((trace["data_age_s"], trace["complete"]), (41.2, False))
        self.assertTrue(replica)

    def test_replica_too_far_behind_is_not_asked(self):
        trace, replica = self.trace(61)
        self.assertEqual((trace["data_age_s"], self.behind(trace)), (0.0, []))
        self.assertFalse(replica)

    def test_replica_of_unknown_age_is_not_asked(self):
        trace, replica = self.trace(False)
        self.assertEqual((trace["data_age_s"], self.behind(trace)), (0.0, []))
        self.assertFalse(replica)

    def test_both_limits_are_the_administrators(self):
        for name, value in zip(_SETTINGS, ("50", "100"), strict=True):
            self.env["ir.config_parameter"].set_param(name, value)
        trace, replica = self.trace(41)
        self.assertEqual((self.behind(trace), replica), ([], True))
        trace, replica = self.trace(99)
        self.assertEqual((len(self.behind(trace)), replica), (1, True))

    def test_limit_that_is_no_number_is_as_none(self):
        self.env["ir.config_parameter"].set_param(_SETTINGS[1], "soon")
        _trace, replica = self.trace(61)
        self.assertFalse(replica)

    def test_stranger_is_refused_on_the_main_server_as_well(self):
        stranger = self.env["res.users"].create({"name": "S", "login": "stranger"})
        lots = self.env["lot.trace"].with_user(stranger)
        with (
            self.enter_registry_test_mode(),
            patch.object(LotReplica, "_age", lambda _self: 1e6),
            self.assertRaises(AccessError),
        ):
            lots.trace(self.milk_lot.ids)
