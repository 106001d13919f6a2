import json
import socket
import threading
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import new_test_user
from .label_common import GTIN, LabelCommon


class Listener:
    """A printer that keeps what it is sent."""

    def __init__(self):
        self._received = []
        self._news = threading.Condition()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with connection:
                parts = []
                while part := connection.recv(65536):
                    parts.append(part)
            with self._news:
                self._received.append(b"".join(parts))
                self._news.notify_all()

    def received(self, count):
        """What was sent, once there is as much."""
        with self._news:
            self._news.wait_for(lambda: len(self._received) >= count, timeout=10)
            return list(self._received)

    def close(self):
        if self._socket.fileno() >= 0:
            # That wakes whoever waits for a connection.
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        self._thread.join(5)


@tagged("post_install", "-at_install")
class TestLabelPrint(LabelCommon):
    """Printing, once and again, to a file or a printer, and what is told of it."""

    def listener(self):
        listener = Listener()
        self.addCleanup(listener.close)
        return listener

    def send(self):
        """As the scheduled action does, which ends transactions that a test has to keep."""
        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", return_value=60.0):
            self.env["lot.label.job"]._cron_send()

    def print_(self, records=None, name="item", **values):
        records = (self.camembert if records is None else records).with_user(self.operator)
        return self.designs._print(records, self.design(name).with_user(self.operator), **values)

    def test_download_is_kept_and_told(self):
        answer = self.print_(copies=3)
        self.assertEqual(answer["state"], "download")
        self.assertEqual(answer["url"], f"/lot_traceability/label/{answer['job_id']}")
        self.assertEqual(answer["message"], "3 labels are ready.")
        self.assertTrue(self.content(answer).startswith(b"%PDF"))
        event = self.printed(self.camembert)
        self.assertEqual(event.kind, "printed")
        told = json.loads(event.body)
        self.assertEqual(told["data"]["count"], 3)
        self.assertEqual(told["data"]["design"], "Item, 50 × 30 mm")
        self.assertEqual(told["who"]["login"], "flow_operator")
        self.assertEqual(self.camembert.with_user(self.reader).label_count, 3)

    def test_printed_again_only_for_a_reason(self):
        self.print_()
        with self.assertRaisesRegex(UserError, "has had a label already. Say why"):
            self.print_()
        self.print_(reason="Label was torn")
        first, again = self.printed(self.camembert)
        self.assertEqual((first.kind, again.kind), ("printed", "reprinted"))
        self.assertEqual(json.loads(again.body)["why"], "Label was torn")
        # A case label of the lot is another thing.
        self.print_(name="case")

    def test_who_may_print(self):
        for user in (
            self.reader,
            new_test_user(self.env, login="nobody", groups="base.group_user"),
        ):
            with self.assertRaises(AccessError):
                self.env["lot.label.design"].with_user(user)._print(
                    self.camembert.with_user(user), self.design("item")
                )
        job = self.env["lot.label.job"].browse(self.print_()["job_id"])
        for values in ({"state": "sent"}, {"copies": 1}):
            with self.assertRaises(AccessError):
                job.with_user(self.administrator).write(values)

    def test_nothing_to_print_and_too_much_are_refused(self):
        with self.assertRaisesRegex(UserError, "nothing here that"):
            self.print_(self.env["stock.lot"])
        with self.assertRaisesRegex(UserError, "between 1 and"):
            self.print_(copies=-1)
        with self.assertRaisesRegex(UserError, "no labels for what you have chosen"):
            self.print_(self.shop)

    def test_lots_of_a_receipt_with_their_quantities(self):
        lot = self.received(self.cheese, "R1", 12)
        picking = (
            lot.quant_ids
            and self.env["stock.move.line"].search([("lot_id", "=", lot.id)]).picking_id
        )
        answer = self.print_(picking, name="case")
        job = self.env["lot.label.job"].browse(answer["job_id"])
        self.assertEqual((job.line_ids.res_id, job.copies), (lot.id, 1))
        self.assertEqual(job.document, picking.name)
        one_each = self.print_(picking, copies=0, reason="One for each piece")
        self.assertEqual(self.env["lot.label.job"].browse(one_each["job_id"]).copies, 12)

    # -- printers ----------------------------------------------------------------------------

    def test_printer_gets_what_was_printed(self):
        listener = self.listener()
        printer = self.printer(port=listener.port)
        answer = self.print_(printer=printer.with_user(self.operator), copies=2)
        self.assertEqual((answer["state"], answer["message"]), ("queued", "2 labels go to Dock."))
        job = self.env["lot.label.job"].browse(answer["job_id"])
        self.assertEqual(job.state, "waiting")
        self.send()
        self.assertEqual((job.state, job.tries), ("sent", 0))
        received = listener.received(1)
        self.assertEqual(len(received), 1)
        text = received[0].decode()
        self.assertIn(f"^FD_101{GTIN}17261231" + "10LOT(1)/A^FS", text)
        self.assertIn("^PQ2", text)

    def test_printer_that_is_off_loses_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        printer = self.printer(port=port)
        jobs = self.env["lot.label.job"]
        for name in ("A1", "A2"):
            answer = self.print_(self.lot(self.cheese, name), printer=printer)
            jobs |= jobs.browse(answer["job_id"])
        before = fields.Datetime.now()
        self.send()
        # The second is not even tried: it would wait for the printer just as long.
        self.assertEqual(jobs.mapped("tries"), [1, 0])
        self.assertEqual(jobs.mapped("state"), ["waiting", "waiting"])
        self.assertIn("Dock cannot be reached", jobs[0].problem)
        self.assertGreater(jobs[0].next_try, before)
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.env.ref("lot_traceability.ir_cron_label_jobs").id)]
        )
        self.assertIn(jobs[0].next_try, triggers.mapped("call_at"))
        listener = self.listener()
        printer.port = listener.port
        self.wait(minutes=2)
        self.send()
        self.assertEqual(jobs.mapped("state"), ["sent", "sent"])
        first, second = listener.received(2)
        self.assertIn(b"10A1", first)
        self.assertIn(b"10A2", second)
        self.assertFalse(jobs[0].problem)

    def test_printer_that_stays_silent_is_left_alone_and_other_printers_serve(self):
        silent = self.printer(name="Silent", port=9100)
        listener = self.listener()
        well = self.printer(name="Well", port=listener.port)
        first = self.print_(self.lot(self.cheese, "A1"), printer=silent)
        second = self.print_(self.lot(self.cheese, "A2"), printer=well)
        send = type(silent)._send

        def hang(printer, content):
            if printer.name == "Silent":
                raise TimeoutError("timed out")
            return send(printer, content)

        with patch.object(type(silent), "_send", hang):
            self.send()
        jobs = self.env["lot.label.job"].browse([first["job_id"], second["job_id"]])
        self.assertEqual(jobs.mapped("state"), ["waiting", "sent"])

    def test_given_up_is_sent_by_hand(self):
        listener = self.listener()
        job = self.env["lot.label.job"].browse(
            self.print_(printer=self.printer(port=listener.port))["job_id"]
        )
        job.write({"state": "failed", "tries": 50})
        with self.assertRaises(AccessError):
            job.with_user(self.reader).action_send()
        job.with_user(self.operator).action_send()
        self.assertEqual(job.state, "sent")
        with self.assertRaisesRegex(UserError, "sent already"):
            job.with_user(self.operator).action_send()

    def test_cancelled_is_not_sent(self):
        job = self.env["lot.label.job"].browse(self.print_(printer=self.printer())["job_id"])
        job.with_user(self.operator).action_cancel()
        self.assertEqual(job.state, "cancelled")
        with patch.object(type(job.printer_id), "_send") as send:
            self.send()
        send.assert_not_called()

    def test_only_administrators_say_where_a_printer_is(self):
        printer = self.printer()
        with self.assertRaises(AccessError):
            printer.with_user(self.quality).host = "10.0.0.1"
        with self.assertRaises(AccessError):
            printer.with_user(self.quality).read(["host"])
        printer.with_user(self.administrator).host = "10.0.0.1"
        for values in ({"host": "http://x"}, {"host": "a b"}, {"host": "x:9100"}, {"host": False}):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "without http"):
                printer.write(values)
        for port in (22, 0, 70000):
            with self.subTest(port), self.assertRaisesRegex(ValidationError, "listen at port 9100"):
                printer.write({"host": "10.0.0.1", "port": port})

    def test_test_label_says_whether_the_printer_is_there(self):
        listener = self.listener()
        printer = self.printer(port=listener.port).with_user(self.administrator)
        self.assertEqual(printer.action_test()["params"]["type"], "success")
        self.assertTrue(listener.received(1)[0].startswith(b"^XA"))
        listener.close()
        with self.assertRaisesRegex(UserError, "cannot be reached"):
            printer.action_test()
        with self.assertRaises(AccessError):
            printer.with_user(self.operator).action_test()

    def test_files_are_forgotten_and_prints_are_not(self):
        job = self.env["lot.label.job"].browse(self.print_()["job_id"])
        # The database itself says when a record was made.
        self.env.cr.execute(
            "UPDATE lot_label_job SET create_date = %s",
            [fields.Datetime.now() - timedelta(days=91)],
        )
        job.invalidate_recordset()
        job._forget_files()
        self.assertFalse(job.content)
        self.assertEqual(self.camembert.label_count, 1)
