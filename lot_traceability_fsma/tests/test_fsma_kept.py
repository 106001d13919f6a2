from odoo.exceptions import UserError
from odoo.tests import tagged

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
