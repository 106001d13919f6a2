import json

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .label_common import LabelCommon


@tagged("post_install", "-at_install")
class TestLabelAuto(LabelCommon):
    """Labels that are printed by themselves on receipt and production."""

    def rule(self, operation_type, name="item", **values):
        return self.env["lot.label.rule"].create(
            {"picking_type_id": operation_type.id, "design_id": self.design(name).id, **values}
        )

    def jobs(self):
        return self.env["lot.label.job"].search([], order="id")

    def receipt(self, names, quantity=12):
        picking = self.picking(
            self.plant.in_type_id, {self.cheese: quantity}, source=self.suppliers
        )
        picking.move_ids.move_line_ids.unlink()
        for name in names:
            self.floor["stock.move.line"].create(
                {
                    "move_id": picking.move_ids.id,
                    "picking_id": picking.id,
                    "product_id": self.cheese.id,
                    "lot_name": name,
                    "quantity": quantity / len(names),
                    "picked": True,
                }
            )
        return picking

    def test_receipt_prints_a_label_for_each_lot_on_the_printer(self):
        printer = self.printer()
        self.rule(self.plant.in_type_id, printer_id=printer.id, copies=2)
        picking = self.receipt(["R1", "R2"])
        self.validate(picking)
        job = self.jobs()
        self.assertEqual((job.state, job.copies, job.printer_id), ("waiting", 4, printer))
        self.assertEqual(job.document, picking.name)
        self.assertEqual(sorted(job.line_ids.mapped("res_name")), ["R1", "R2"])
        event = self.printed(picking.move_line_ids.lot_id[:1])
        told = json.loads(event.body)
        self.assertEqual(told["document"]["name"], picking.name)
        self.assertIn("by itself", told["why"])
        self.assertEqual(told["data"]["printer"], "Dock")

    def test_one_label_for_each_unit(self):
        self.rule(self.plant.in_type_id, printer_id=self.printer().id, quantity="unit")
        self.validate(self.receipt(["R1", "R2"]))
        self.assertEqual(self.jobs().line_ids.mapped("copies"), [6, 6])

    def test_lot_that_comes_a_second_time_is_labelled_again(self):
        self.rule(self.plant.in_type_id, printer_id=self.printer().id)
        self.validate(self.receipt(["R1"]))
        self.validate(self.receipt(["R1"]))
        again = self.jobs()[-1]
        self.assertTrue(again.line_ids.again)
        self.assertIn("Printed by itself with", again.reason)

    def test_without_a_printer_the_browser_gets_a_report(self):
        self.rule(self.plant.in_type_id)
        picking = self.receipt(["R1"])
        result = picking.button_validate()
        self.assertEqual(picking.state, "done")
        report = next(
            each
            for each in result["params"]["reports"]
            if each["report_name"].endswith("label_pdf")
        )
        job = self.jobs()
        self.assertEqual(job.state, "download")
        content, kind = self.floor["ir.actions.report"]._render_qweb_pdf(
            report["report_name"], job.ids
        )
        self.assertEqual((content[:4], kind), (b"%PDF", "pdf"))

    def test_iot_box_gets_zpl_as_a_report(self):
        printer = self.printer(connection="report", host=False)
        self.rule(self.plant.in_type_id, printer_id=printer.id)
        picking = self.receipt(["R1"])
        result = picking.button_validate()
        names = [each["report_name"] for each in result["params"]["reports"]]
        self.assertIn("lot_traceability.lot_label_zpl", names)
        content, kind = self.floor["ir.actions.report"]._render_qweb_text(
            "lot_traceability.lot_label_zpl", self.jobs().ids
        )
        self.assertEqual((content[:3], kind), (b"^XA", "text"))

    def test_order_labels_the_lot_that_it_made(self):
        milk = self.product("Milk")
        raw = self.received(milk, "M1", 50)
        self.rule(self.plant.manu_type_id, "case", printer_id=self.printer().id)
        lot = self.lot(self.cheese, "MADE-1")
        self.make(lot, 10, {raw: 10})
        job = self.jobs()
        self.assertEqual((job.line_ids.res_id, job.state), (lot.id, "waiting"))

    def test_label_that_cannot_be_printed_undoes_nothing(self):
        small = self.design("case").copy({"width": 15, "height": 15, "symbol": "none"})
        small.field_ids.scale = "huge"
        rule = self.rule(self.plant.in_type_id, printer_id=self.printer().id)
        rule.design_id = small
        self.cheese.name = "A name that is far too long for this label " * 3
        picking = self.receipt(["R-WITH-A-LONG-NUMBER-1234567890"])
        self.validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.jobs())
        notes = picking.message_ids.mapped("body")
        self.assertTrue(any("No labels were printed. No label for" in note for note in notes))

    def test_receipt_without_rules_asks_nothing(self):
        picking = self.receipt(["R1"])
        self.env["lot.label.rule"]._types_with_rules()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertEqual(picking._print_by_itself(network=True), [])

    def test_only_administrators_set_rules_and_that_is_told(self):
        with self.assertRaises(AccessError):
            self.floor["lot.label.rule"].create(
                {
                    "picking_type_id": self.plant.in_type_id.id,
                    "design_id": self.design("item").id,
                }
            )

    # -- the dialog --------------------------------------------------------------------------

    def wizard(self, records, user=None):
        return Form(
            self.env["lot.label.wizard"]
            .with_user(user or self.operator)
            .with_context(active_model=records._name, active_ids=records.ids)
        )

    def test_dialog_shows_the_label_and_counts(self):
        form = self.wizard(self.camembert)
        self.assertIn("data:image/svg+xml;base64,", form.preview)
        self.assertEqual((form.label_count, form.is_again), (1, False))
        form.copies = 3
        self.assertEqual(form.label_count, 3)
        form.design_id = self.design("case")
        action = form.save().action_print()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertEqual(self.jobs().copies, 3)
        form = self.wizard(self.camembert)
        form.design_id = self.design("case")
        self.assertTrue(form.is_again)
        form.reason = "Torn"
        form.printer_id = self.printer()
        self.assertEqual(form.file_format, "zpl")
        self.assertEqual(form.save().action_print()["tag"], "display_notification")

    def test_dialog_says_what_is_wrong_before_anything_is_printed(self):
        bulk = self.lot(self.product("Bulk"), "B 7")
        self.assertIn("no GS1 code", self.wizard(bulk).warning)
        picking = self.picking(self.plant.in_type_id, {self.cheese: 1}, source=self.suppliers)
        self.assertIn("Nothing of what you have chosen", self.wizard(picking).problem)
        with self.assertRaises(AccessError):
            self.wizard(self.camembert, self.reader)
