from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .audit_reading_common import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditEvents(AuditCommon):
    """What people do with lots besides moving them: each act is told, by whom and why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk = cls.product("Milk")
        cls.milk_lot = cls.received(cls.milk, "M-1", 100)

    # -- traces --------------------------------------------------------------------------------

    def test_trace_is_told_with_who_ran_it_on_which_lot(self):
        self.env["lot.trace"].with_user(self.reader).trace(self.milk_lot.ids, "downstream")
        (event,) = self.told("traced")
        self.assertEqual(event["who"]["login"], "flow_reader")
        self.assertEqual(event["lot"]["name"], "M-1")
        self.assertEqual(event["data"]["direction"], "downstream")

    def test_trace_of_several_lots_names_them_in_one_event(self):
        second = self.received(self.milk, "M-2", 1)
        self.env["lot.trace"].with_user(self.reader).trace((self.milk_lot | second).ids)
        (event,) = self.told("traced")
        self.assertNotIn("lot", event)
        self.assertEqual([lot["name"] for lot in event["data"]["lots"]], ["M-1", "M-2"])

    def test_pages_of_a_trace_are_one_trace(self):
        trace = self.env["lot.trace"].with_user(self.reader)
        trace.rows(self.milk_lot.ids, "both", "lots", 0, 1)
        trace.rows(self.milk_lot.ids, "both", "lots", 1, 1)
        self.assertEqual(len(self.told("traced")), 1)

    def test_refused_trace_tells_nothing(self):
        stranger = self.env["res.users"].create({"name": "S", "login": "stranger"})
        with self.assertRaises(AccessError):
            self.env["lot.trace"].with_user(stranger).trace(self.milk_lot.ids)
        self.assertFalse(self.told("traced"))

    def test_trace_on_a_replica_is_told_apart_and_after_it_has_ended(self):
        with self.enter_registry_test_mode():
            with patch.object(type(self.env.cr), "readonly", True):
                self.env["lot.trace"].trace(self.milk_lot.ids)
                self.assertFalse(self.told("traced"))
                hooks = self.env.cr.postcommit
                hooks.run()
            self.env.cr.postrollback.clear()
        (event,) = self.told("traced")
        self.assertEqual(event["lot"]["name"], "M-1")

    def test_trace_does_not_fail_where_the_log_cannot_be_reached(self):
        logger = "odoo.addons.lot_traceability.models.lot_audit_event_apart"
        with (
            patch.object(type(self.env.cr), "readonly", True),
            patch.object(type(self.registry), "cursor", side_effect=OSError("gone")),
            self.assertLogs(logger, "ERROR"),
        ):
            trace = self.env["lot.trace"].trace(self.milk_lot.ids)
            self.env.cr.postcommit.run()
            self.env.cr.postrollback.clear()
        self.assertEqual(trace["origin"], self.milk_lot.ids)

    # -- labels --------------------------------------------------------------------------------

    def label(self, ids, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.operator)
        reports._render_qweb_text("stock.label_lot_template_view", ids)

    def test_first_label_is_printed_and_the_next_ones_printed_again(self):
        self.label([self.milk_lot.id] * 3)
        self.env.flush_all()
        self.label(self.milk_lot.ids, self.manager)
        (first,), (again,) = self.told("printed"), self.told("reprinted")
        self.assertEqual(first["data"], {"count": 3, "format": "ZPL"})
        self.assertEqual((first["who"]["login"], first["lot"]["name"]), ("flow_operator", "M-1"))
        self.assertEqual(again["data"]["count"], 1)
        self.assertEqual(again["who"]["login"], "flow_manager")

    def test_labels_of_the_layout_dialog_are_told_as_pdf(self):
        line = self.env["stock.move.line"].search([("lot_id", "=", self.milk_lot.id)])
        wizard = self.floor["lot.label.layout"].create({"move_line_ids": line.ids})
        action = wizard.process()
        self.floor["ir.actions.report"]._render_qweb_pdf(
            action["report_name"], action["context"]["active_ids"]
        )
        (event,) = self.told("printed")
        self.assertEqual(event["data"], {"count": 1, "format": "PDF"})

    # -- imports -------------------------------------------------------------------------------

    def load(self, text, dryrun=False):
        importer = self.office["base_import.import"].create(
            {
                "res_model": "stock.lot",
                "file": text.encode(),
                "file_name": "lots.csv",
                "file_type": "text/csv",
            }
        )
        options = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8"}
        return importer.execute_import(
            ["name", "product_id"], ["name", "product_id"], options, dryrun=dryrun
        )

    def test_import_is_one_event_besides_its_lots(self):
        result = self.load("name,product_id\nI-1,Milk\nI-2,Milk\n")
        self.assertFalse(result["messages"])
        (event,) = self.told("imported")
        self.assertEqual(event["data"]["count"], 2)
        self.assertEqual(event["data"]["file"], "lots.csv")
        self.assertEqual(event["who"]["login"], "flow_manager")
        names = [told["lot"]["name"] for told in self.told("created")]
        self.assertEqual(names[-2:], ["I-1", "I-2"])

    def test_import_that_was_only_tried_tells_nothing(self):
        self.load("name,product_id\nI-1,Milk\n", dryrun=True)
        self.assertFalse(self.told("imported"))
        self.assertNotIn("I-1", [told["lot"]["name"] for told in self.told("created")])

    # -- first expired, first out; the gate ----------------------------------------------------

    def fefo_lots(self):
        category = self.env["product.category"].create(
            {
                "name": "FEFO",
                "removal_strategy_id": self.env.ref("product_expiry.removal_fefo").id,
            }
        )
        cream = self.product("Cream", use_expiration_date=True, categ_id=category.id)
        early, late = (self.received(cream, name, 10) for name in ("C-1", "C-2"))
        early.write({"expiration_date": "2026-06-01", "removal_date": "2026-05-01"})
        late.write({"expiration_date": "2026-09-01", "removal_date": "2026-08-01"})
        return early, late

    def test_lot_taken_against_fefo_is_told_with_the_one_to_take(self):
        _early, late = self.fefo_lots()
        self.env.company.lot_fefo_ask = False
        picking = self.deliver({late: 2})
        (event,) = self.told("fefo")
        self.assertEqual(event["lot"]["name"], "C-2")
        self.assertEqual(event["data"]["proposed"]["name"], "C-1")
        self.assertEqual(event["data"]["days"], 92)
        self.assertEqual(event["document"]["name"], picking.name)

    def test_lot_reserved_by_hand_against_fefo_is_told_though_nothing_moves(self):
        early, late = self.fefo_lots()
        operation = self.plant.out_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create({"product_id": early.product_id.id, "product_uom_qty": 2})
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, early)
        self.assertFalse(self.told("fefo"), "what Odoo reserves by itself is no choice")
        operator = picking.move_line_ids.with_user(self.operator)
        operator.lot_id = late
        (event,) = self.told("fefo")
        self.assertEqual(event["data"]["step"], "reserved")
        self.assertEqual(event["lot"]["name"], "C-2")
        self.assertEqual(event["data"]["proposed"]["name"], "C-1")
        self.assertEqual(event["who"]["id"], self.operator.id)
        self.assertEqual(event["document"]["name"], picking.name)
        operator.lot_id = early
        self.assertEqual(len(self.told("fefo")), 1)

    def test_lot_let_pass_is_told_with_refusal_and_reason(self):
        self.milk_lot.with_user(self.quality).set_status("hold", "Suspicion")
        picking = self.picking(
            self.plant.out_type_id, {self.milk_lot: 2}, target=self.customers, partner=self.shop
        )
        self.laboratory["lot.gate"]._let_pass(picking.with_env(self.laboratory), "Retested, fine")
        (event,) = self.told("override")
        self.assertEqual(event["why"], "Retested, fine")
        self.assertIn("Suspicion", event["data"]["refused_for"])
        self.assertEqual(event["document"]["name"], picking.name)
        self.assertEqual(event["who"]["login"], "flow_quality")

    # -- split, merge, relabel -----------------------------------------------------------------

    def test_split_is_on_the_history_of_each_lot(self):
        self.operate("split", self.milk_lot, parts=[("M-1A", 30)])
        events = self.told("split")
        self.assertEqual({event["lot"]["name"] for event in events}, {"M-1", "M-1A"})
        self.assertEqual(events[0]["data"]["from"][0]["quantity"], "30 kg")
        self.assertEqual(events[0]["why"], "Relabelled by hand")

    def test_merge_and_relabel_are_told(self):
        other = self.received(self.milk, "M-2", 10)
        self.operate("merge", self.milk_lot | other, new_name="M-3")
        merged = self.env["stock.lot"].search([("name", "=", "M-3")])
        self.operate("relabel", merged, new_name="M-4")
        self.assertEqual(
            {event["lot"]["name"] for event in self.told("merged")}, {"M-1", "M-2", "M-3"}
        )
        self.assertEqual({e["lot"]["name"] for e in self.told("relabelled")}, {"M-3", "M-4"})

    # -- scans ---------------------------------------------------------------------------------

    def test_label_read_on_a_line_is_told_with_its_text(self):
        text = "]C10112345678901231" + "10S-77"
        picking = self.picking(
            self.plant.in_type_id, {self.milk: 5}, source=self.suppliers, partner=self.dairy
        )
        picking.move_line_ids.lot_name = text
        self.assertEqual(picking.move_line_ids.lot_name, "S-77")
        (event,) = self.told("scanned")
        self.assertEqual(event["data"], {"text": text, "lot": "S-77"})
        self.assertEqual(event["product"]["name"], "Milk")

    def test_label_read_as_the_number_of_a_lot_is_on_its_history(self):
        lot = self.lot(self.milk, "]C1" + "0112345678901231" + "10S-78")
        (event,) = self.told("scanned", lot_id=lot.id)
        self.assertEqual(event["lot"]["name"], "S-78")

    def test_typed_number_is_no_scan(self):
        self.received(self.milk, "T-1", 1)
        self.assertFalse(self.told("scanned"))


@tagged("post_install", "-at_install")
class TestAuditRefused(AuditCommon, HttpCase):
    def test_refused_deletion_is_told_although_it_is_rolled_back(self):
        lot = self.received(self.product("Milk"), "M-1", 10)
        self.operator.password = "flow_operator"
        self.authenticate("flow_operator", "flow_operator")
        call = {"model": "stock.lot", "method": "unlink", "args": [lot.ids], "kwargs": {}}
        with mute_logger("odoo.http"):
            answer = self.url_open("/web/dataset/call_kw", json={"params": call}).json()
        self.assertIn("cannot be deleted", answer["error"]["data"]["message"])
        self.assertTrue(lot.exists())
        (event,) = self.told("deletion_refused")
        self.assertEqual((event["lot"]["name"], event["who"]["login"]), ("M-1", "flow_operator"))
        self.assertIn("has been moved", event["data"]["refused_for"])
        self.assertEqual(event["from"]["via"], "web")

    def test_deletion_that_is_allowed_is_no_refusal(self):
        lot = self.lot(self.product("Milk"), "M-9")
        lot.with_user(self.operator).unlink()
        self.assertFalse(self.told("deletion_refused"))
        (event,) = self.told("deleted")
        self.assertEqual(event["lot"]["name"], "M-9")

    def test_refusal_is_raised_as_before(self):
        lot = self.received(self.product("Milk"), "M-1", 10)
        with self.assertRaises(UserError):
            lot.with_user(self.operator).unlink()
