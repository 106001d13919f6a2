import tempfile
from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config
from openpyxl import load_workbook

from .common import FsmaCommon


@tagged("post_install", "-at_install")
class TestFsmaKept(FsmaCommon):
    """What records tell of cannot be removed before the records are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bulk = cls.coded(cls.lettuce, "B1", 10)
        cls.env.flush_all()

    def test_a_lot_in_events_is_kept(self):
        # Not moved yet: harvesting is told before anything arrives.
        lot = self.lot(self.lettuce, "H1")
        self.env["lot.fsma.event"]._add(
            [
                {
                    "kind": "harvesting",
                    "company_id": self.env.company.id,
                    "lot_id": lot.id,
                    "product_id": self.lettuce.id,
                }
            ]
        )
        with self.assertRaisesRegex(UserError, "Lot H1 is told of by critical tracking events"):
            lot.unlink()
        with self.assertRaises(UserError):
            self.bulk.unlink()

    def test_a_lot_without_events_is_not(self):
        lot = self.lot(self.lettuce, "N1")
        lot.unlink()
        self.assertFalse(lot.exists())

    def test_a_code_of_goods_is_kept(self):
        with self.assertRaisesRegex(UserError, "TLC-B1 belongs to goods"):
            self.bulk.fsma_code_id.unlink()

    def test_a_contact_whose_address_was_told_is_kept(self):
        with self.assertRaisesRegex(UserError, "Green Farm is a location in critical"):
            self.grower.unlink()
        self.grower.active = False
        unused = self.env["res.partner"].create({"name": "Unused"})
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_a_product_in_events_is_kept(self):
        with self.assertRaisesRegex(UserError, "Archive the product instead"):
            self.lettuce.unlink()

    def test_an_answer_is_kept(self):
        request = self.env["lot.fsma.request"].create({"asked_by": "FDA", "codes": "TLC-B1"})
        request.action_prepare()
        with self.assertRaisesRegex(UserError, "record under FSMA 204"):
            request.attachment_id.unlink()
        other = self.env["ir.attachment"].create({"name": "other", "raw": b"1"})
        other.unlink()
        self.assertFalse(other.exists())

    def test_before_the_module_goes_its_records_are_written_to_a_file(self):
        events = self.env["lot.fsma.event"].search([("company_id", "=", self.env.company.id)])
        self.assertTrue(events)
        with (
            tempfile.TemporaryDirectory() as folder,
            patch.dict(config.options, {"lot_audit_folder": folder}),
        ):
            path = self.env["lot.fsma.kept"]._write_out()
            with ZipFile(path) as archive:
                [name] = [
                    name
                    for name in archive.namelist()
                    if name.startswith(f"{self.env.company.id}-") and name.endswith("/records.xlsx")
                ]
                book = load_workbook(BytesIO(archive.read(name)), read_only=True)
        told = [str(cell) for sheet in book for row in sheet.values for cell in row if cell]
        self.assertIn("TLC-B1", told)

    def test_records_that_cannot_be_written_stop_the_uninstallation(self):
        with (
            tempfile.NamedTemporaryFile() as file,
            patch.dict(config.options, {"lot_audit_folder": file.name}),
            self.assertRaisesRegex(UserError, "uninstall again"),
        ):
            self.env["lot.fsma.kept"]._write_out()
