import tempfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo.addons.lot_traceability_fsma.models.lot_fsma_asn_folder import PARAMETER
from odoo.addons.lot_traceability_fsma.tools import asn
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .epcis_common import GTIN, OURS, THEIRS, EpcisCommon

PALLET = "040123450000003338"


@tagged("post_install", "-at_install", "epcis_rest")
class TestShipNotices(EpcisCommon):
    """What we send makes a file; what we get fills in a receipt."""

    def setUp(self):
        super().setUp()
        self.lots = {}

    def delivered(self, kind):
        self.distributor.fsma_asn = kind
        lot = self.lots.get(self.lettuce) or self.coded(self.lettuce, "L1", 10)
        self.lots[self.lettuce] = lot
        picking = self.picking(
            self.plant.out_type_id, {lot: 4}, target=self.customers, partner=self.distributor
        )
        packages = self.env["stock.package"]
        package = packages.search([("name", "=", PALLET)]) or packages.create({"name": PALLET})
        picking.move_line_ids.result_package_id = package
        return self.validate(picking)

    def files(self, picking):
        return self.env["ir.attachment"].search(
            [("res_model", "=", "stock.picking"), ("res_id", "=", picking.id)]
        )

    def opened(self, picking):
        (file,) = self.files(picking)
        text = file.raw.decode("latin-1")
        return asn.read_856(text) if file.name.endswith("856") else asn.read_desadv(text)

    def check_told(self, picking):
        envelope, (shipment,) = self.opened(picking)
        self.assertEqual((envelope.sender, envelope.receiver), (OURS, THEIRS))
        self.assertEqual(shipment.number, picking.name)
        (order,) = shipment.orders
        (pallet,) = order.pallets
        (line,) = pallet.lines
        self.assertEqual(pallet.sscc, PALLET)
        self.assertEqual((line.gtin, line.lot, line.quantity), (GTIN, "TLC-L1", 4))
        self.assertEqual(line.tlc_source.name, "Green Farm")

    def test_a_delivery_makes_an_856_for_a_customer_that_wants_it(self):
        self.check_told(self.delivered("x12"))

    def test_a_delivery_makes_a_desadv_for_a_customer_that_wants_it(self):
        self.check_told(self.delivered("edifact"))

    def test_who_wants_none_gets_none(self):
        self.assertFalse(self.files(self.delivered(False)))

    def test_what_lacks_for_a_notice_is_told_and_the_delivery_is_done(self):
        self.company.partner_id.fsma_gln = False
        picking = self.delivered("x12")
        self.assertEqual(picking.state, "done")
        self.assertFalse(self.files(picking))
        self.assertIn("has no GLN", picking.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "has no GLN"):
            picking.action_fsma_asn()

    def mails(self):
        return self.env["mail.mail"].search([("subject", "=like", "Ship notice %")])

    def test_a_customer_that_wants_it_by_mail_gets_the_file(self):
        self.distributor.fsma_asn_email = "edi@fresh.example.com"
        picking = self.delivered("x12")
        (mail,) = self.mails()
        self.assertEqual(mail.email_to, "edi@fresh.example.com")
        self.assertEqual(mail.subject, f"Ship notice {picking.name}")
        self.assertEqual(mail.attachment_ids, self.files(picking))
        self.check_told(picking)
        self.assertIn("edi@fresh.example.com", str(picking.message_ids.mapped("body")))

    def test_who_wants_no_mail_gets_none_and_what_cannot_be_made_is_not_sent(self):
        self.delivered("x12")
        self.assertFalse(self.mails())
        self.distributor.fsma_asn_email = "edi@fresh.example.com"
        self.company.partner_id.fsma_gln = False
        self.assertEqual(self.delivered("edifact").state, "done")
        self.assertFalse(self.mails())

    def test_an_address_that_is_none_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "one mail address"):
            self.distributor.fsma_asn_email = "somewhere"

    def notice(self, number="ASN1"):
        picking = self.picking(
            self.plant.in_type_id,
            {self.lettuce: 10},
            source=self.suppliers,
            partner=self.distributor,
        )
        picking.move_line_ids.picked = False
        line = asn.Line(GTIN, "T9", Decimal(8), "KGM", tlc_source=asn.Party(gln=THEIRS))
        shipment = asn.Shipment(
            number,
            datetime(2026, 3, 1, 10),
            supplier=asn.Party("Fresh", THEIRS),
            orders=(asn.Order("", pallets=(asn.Pallet(PALLET, (line,)),)),),
        )
        created = datetime(2026, 3, 1, 11)
        return picking, {
            "x12": asn.write_856([shipment], asn.Interchange(THEIRS, OURS, 1, created)),
            "edifact": asn.write_desadv([shipment], asn.Envelope(THEIRS, OURS, "1", created)),
        }

    def take(self, text, user=None):
        return self.env["lot.fsma.asn"].with_user(user or self.operator).take(text)

    def test_a_notice_fills_in_the_receipt_pallet_and_all(self):
        for kind in ("x12", "edifact"):
            with self.subTest(kind):
                picking, texts = self.notice(f"ASN-{kind}")
                ids = self.take(texts[kind])
                line = picking.move_line_ids
                self.assertEqual((line.lot_name, line.quantity), ("T9", 8))
                self.assertEqual(line.result_package_id.name, PALLET)
                self.assertEqual(line.fsma_source_id, self.distributor)
                self.assertEqual(picking.fsma_document_number, f"ASN-{kind}")
                self.assertEqual(self.take(texts[kind]), ids)
                self.assertEqual(len(picking.move_line_ids), 1)
                picking.action_cancel()

    def test_a_folder_is_where_the_gateway_finds_and_leaves_them(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.env["ir.config_parameter"].set_param(PARAMETER, name)
            sent = self.delivered("x12")
            self.assertFalse((folder / "out").exists())
            self.env.cr.postcommit.run()
            (file,) = (folder / "out").iterdir()
            self.assertEqual(file.read_bytes(), self.files(sent).raw)
            picking, texts = self.notice()
            (folder / "in").mkdir()
            (folder / "in" / "good.856").write_text(texts["x12"])
            (folder / "in" / "bad.856").write_text("hello")
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0):
                self.env["lot.fsma.asn"]._cron_folder()
            self.assertEqual(picking.move_line_ids.lot_name, "T9")
            self.assertTrue((folder / "in" / "done" / "good.856").exists())
            reason = (folder / "in" / "failed" / "bad.856.txt").read_text()
            self.assertIn("cannot be read", reason)
            self.assertFalse([one for one in (folder / "in").iterdir() if one.is_file()])

    def test_broken_notices_and_strangers_are_refused(self):
        _picking, texts = self.notice()
        for text in ("", "hello", texts["x12"][:200], texts["edifact"].replace("T9", "T9" * 20)):
            with self.assertRaises(UserError):
                self.take(text)
        self.assertFalse(self.env["lot.fsma.notice"].search([]))
        reader = new_test_user(self.env, login="asn_r", groups="lot_traceability.group_auditor")
        reader.group_ids -= self.env.ref("stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.take(texts["x12"], reader)
