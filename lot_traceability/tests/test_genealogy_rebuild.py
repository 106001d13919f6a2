from unittest.mock import patch

from odoo.addons.lot_traceability.models import lot_genealogy_rebuild
from odoo.exceptions import AccessError, UserError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install")
class TestGenealogyRebuild(LotTraceabilityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk_a = cls.received(cls.product("Milk"), "MILK-A", 100)
        cls.cheese = cls.lot(cls.product("Cheese"), "CHEESE-1")
        cls.make(cls.cheese, 10, {cls.milk_a: 60})
        cls.pack = cls.lot(cls.product("Pack"), "PACK-1")
        cls.make(cls.pack, 10, {cls.cheese: 10})
        cls.deliver({cls.pack: 4}, cls.shop)

    def rows(self):
        """All derived rows, without their ids."""
        found = {}
        for model in ("lot.genealogy.edge", "lot.genealogy.movement"):
            columns = SQL(", ").join(map(SQL.identifier, self.env[model]._columns()))
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(SQL("SELECT %s FROM %s", columns, table))
            found[model] = sorted(self.env.cr.fetchall(), key=repr)
        return found

    def forget(self):
        self.env.cr.execute("DELETE FROM lot_genealogy_edge")
        self.env.cr.execute("DELETE FROM lot_genealogy_movement")

    def test_rebuild_from_nothing_gives_what_the_upkeep_wrote(self):
        before = self.rows()
        self.assertTrue(before["lot.genealogy.edge"])
        self.forget()
        self.env["lot.genealogy.rebuild"]._rebuild_at_install()
        self.assertEqual(self.rows(), before)

    def test_long_history_is_read_on_in_the_background_after_the_installation(self):
        before = self.rows()
        self.forget()
        rebuilds = self.env["lot.genealogy.rebuild"]
        cron = self.env.ref("lot_traceability.ir_cron_rebuild")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        with (
            patch.object(lot_genealogy_rebuild, "BATCH", 2),
            patch.object(lot_genealogy_rebuild, "AT_INSTALL", -1),
        ):
            rebuilds._rebuild_at_install()
        running = rebuilds.search([("state", "=", "running")])
        self.assertEqual((len(running), running.last_id > 0), (1, True))
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers + 1
        )
        checks = self.env["lot.genealogy.check"].search_count([])
        rebuilds._cron_check()
        self.assertEqual(self.env["lot.genealogy.check"].search_count([]), checks, "no drift")
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60):
            rebuilds._cron_rebuild()
        self.assertEqual(running.state, "done")
        self.assertEqual(self.rows(), before)

    def test_running_rebuild_says_in_words_what_it_reads(self):
        rebuild = self.office["lot.genealogy.rebuild"].create({})
        self.assertEqual(rebuild.phase_name, "Stock moves")
        rebuild.phase = "mrp.production"
        self.assertEqual(rebuild.phase_name, "Manufacturing Order")
        rebuild.state = "done"
        self.assertFalse(rebuild.phase_name)

    def test_rebuild_that_was_interrupted_goes_on_where_it_stopped(self):
        before = self.rows()
        self.forget()
        rebuild = self.office["lot.genealogy.rebuild"].create({})
        with patch.object(lot_genealogy_rebuild, "BATCH", 2):
            for _batch in range(3):
                self.assertTrue(rebuild.sudo()._step())
            self.assertEqual(rebuild.state, "running")
            self.assertGreater(rebuild.last_id, 0)
            self.assertTrue(0 < rebuild.progress <= 100)
            steps = []
            step = type(rebuild)._step

            def counted(record):
                steps.append((record.phase, record.last_id))
                return step(record)

            # Committing is what a test may not do: that each batch may is what counts here.
            cron = type(self.env["ir.cron"])
            with (
                patch.object(type(rebuild), "_step", counted),
                patch.object(cron, "_commit_progress", lambda *_args, **_kw: 1.0),
            ):
                self.env["lot.genealogy.rebuild"]._cron_rebuild()
        self.assertEqual(rebuild.state, "done")
        self.assertGreater(steps[0][1], 0, "it started from the beginning again")
        self.assertEqual(self.rows(), before)

    def test_rebuild_removes_what_no_stock_record_tells_any_more(self):
        before = self.rows()
        self.env.cr.execute(
            SQL(
                """INSERT INTO lot_genealogy_edge
                       (parent_lot_id, child_lot_id, kind, certainty, res_model, res_id, date,
                        date_out, company_id)
                   SELECT %s, %s, 'production', 'recorded', model, 999999, now(), now(), %s
                     FROM UNNEST(ARRAY['mrp.production', 'gone.app']) AS model""",
                self.pack.id,
                self.milk_a.id,
                self.env.company.id,
            )
        )
        self.assertNotEqual(self.rows(), before)
        self.env["lot.genealogy.rebuild"]._rebuild_at_install()
        self.assertEqual(self.rows(), before)

    def test_trace_says_that_a_rebuild_is_running(self):
        rebuild = self.office["lot.genealogy.rebuild"].create({})
        trace = self.env["lot.trace"].with_user(self.reader).trace(self.milk_a.ids)
        self.assertIn("rebuild", [warning["code"] for warning in trace["warnings"]])
        self.assertFalse(trace["complete"])
        rebuild.action_cancel()
        trace = self.env["lot.trace"].with_user(self.reader).trace(self.milk_a.ids)
        self.assertTrue(trace["complete"])

    def test_cancelled_rebuild_cannot_be_cancelled_again(self):
        rebuild = self.office["lot.genealogy.rebuild"].create({})
        rebuild.action_cancel()
        with self.assertRaisesRegex(UserError, "Only a running rebuild"):
            rebuild.action_cancel()

    def test_start_twice_shows_the_one_that_runs(self):
        first = self.office["lot.genealogy.rebuild"].action_start()
        second = self.office["lot.genealogy.rebuild"].action_start()
        self.assertEqual(first["res_id"], second["res_id"])

    def test_operator_may_not_start_a_rebuild(self):
        with self.assertRaises(AccessError):
            self.floor["lot.genealogy.rebuild"].action_start()

    def test_check_mends_a_change_made_behind_the_orm_and_tells_the_managers(self):
        before = self.rows()
        self.env.cr.execute("UPDATE lot_genealogy_edge SET parent_quantity = 1")
        self.env.cr.execute(
            SQL("DELETE FROM lot_genealogy_movement WHERE lot_id = %s", self.pack.id)
        )
        self.env["lot.genealogy.rebuild"]._cron_check()
        self.assertEqual(self.rows(), before)
        activities = self.env["mail.activity"].search(
            [("user_id", "=", self.manager.id), ("res_model", "=", "stock.lot")]
        )
        self.assertEqual(activities.mapped("summary"), ["Genealogy drift"])
        self.assertIn("2 genealogy links and 2 movements", activities.note)

    def test_check_tells_of_an_order_without_lots_on_that_order(self):
        soup = self.make(self.product("Soup", tracking="none"), 10, {self.milk_a: 10})
        kept = self.env["lot.genealogy.unlabelled"].search([])
        self.assertEqual(kept.production_id, soup)
        self.env.cr.execute("DELETE FROM lot_genealogy_unlabelled")
        self.env["lot.genealogy.rebuild"]._cron_check()
        self.assertEqual(self.env["lot.genealogy.unlabelled"].search([]).production_id, soup)
        activity = self.env["mail.activity"].search([("user_id", "=", self.manager.id)])
        self.assertEqual((activity.res_model, activity.res_id), ("mrp.production", soup.id))
        self.assertIn("1 orders", activity.note)

    def test_update_from_the_version_before_reads_the_history_again(self):
        before = self.rows()
        soup = self.make(self.product("Soup", tracking="none"), 10, {self.milk_a: 10})
        self.env["lot.genealogy.edge"].search([])
        self.env.cr.execute("DELETE FROM lot_genealogy_unlabelled")
        self.env.cr.execute("DELETE FROM lot_genealogy_edge")
        path = file_path("lot_traceability/migrations/19.0.1.1.0/post-migration.py")
        load_script(path, "lot_traceability_post").migrate(self.env.cr, "19.0.1.0.0")
        self.assertEqual(self.rows()["lot.genealogy.edge"], before["lot.genealogy.edge"])
        self.assertEqual(self.env["lot.genealogy.unlabelled"].search([]).production_id, soup)

    def test_check_without_drift_tells_nobody(self):
        self.env["lot.genealogy.rebuild"]._cron_check()
        self.assertFalse(
            self.env["mail.activity"].search_count([("summary", "=", "Genealogy drift")])
        )

    def test_drift_names_what_is_missing_and_what_is_surplus(self):
        edge = self.env["lot.genealogy.edge"].search([("parent_lot_id", "=", self.milk_a.id)])
        self.env.cr.execute(
            SQL("UPDATE lot_genealogy_edge SET kind = 'split' WHERE id = %s", edge.id)
        )
        orders = self.env["mrp.production"].search([]).ids
        drift = self.env["lot.genealogy.rebuild"]._drift({"mrp.production": orders}, [])
        self.assertEqual(
            sorted((row[0], row[3]) for row in drift["edges"]),
            [("missing", "production"), ("surplus", "split")],
        )
