from odoo.addons.lot_traceability.tests.scan_transfer_common import ScanTransferCommon
from odoo.tests import tagged

from .common import FsmaCommon

GTIN = "09520123456795"
LABEL = f"]C101{GTIN}3712\x1d10A17"
CODE = f"(01){GTIN}(10)A17"
GLN = "9521321000018"
NOBODYS = "9521321000025"


@tagged("post_install", "-at_install", "fsma_core", "scan")
class TestFsmaLabel(ScanTransferCommon, FsmaCommon):
    """What a supplier's label tells of the code and of who gave it comes onto the receipt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lettuce.barcode = GTIN
        cls.grower.fsma_gln = GLN
        cls.arriving = cls.incoming({cls.lettuce: 12}, partner=cls.distributor)

    def take(self, text, picking=None, **data):
        data.setdefault("document", self.told(picking or self.arriving))
        return self.scan("receive", "take", text, **data)

    def line(self, picking=None):
        return (picking or self.arriving).move_line_ids.filtered("picked").with_env(self.env)

    def test_code_and_source_of_the_label_reach_the_event(self):
        self.assertDone(self.take(f"{LABEL}\x1d414{GLN}"))
        answer = self.scan("receive", "finish", document=self.told(self.arriving))
        self.assertDone(answer)
        event = self.events(self.arriving, "receiving")
        self.assertEqual((event.tlc, event.code_id.gtin, event.code_id.batch), (CODE, GTIN, "A17"))
        self.assertEqual(event.source_place_id.name, "Green Farm")
        self.assertEqual(event.lot_id.name, "A17")
        self.assertFalse(event.missing)

    def test_where_it_was_packed_goes_before_another_place_on_the_label(self):
        self.assertDone(self.take(f"{LABEL}\x1d414{NOBODYS}416{GLN}"))
        self.assertEqual(self.line().fsma_source_id, self.grower)

    def test_who_sold_it_or_is_paid_for_it_gave_no_code(self):
        self.distributor.fsma_gln = NOBODYS
        self.assertDone(self.take(f"{LABEL}\x1d412{NOBODYS}"))
        self.assertFalse(self.line().fsma_source_id)
        self.assertFalse(self.line().fsma_source_reference)

    def test_number_that_nobody_has_is_kept_and_told(self):
        answer = self.assertDone(self.take(f"{LABEL}\x1d414{NOBODYS}"))
        self.assertIn(NOBODYS, answer["message"])
        self.assertDone(self.scan("receive", "finish", document=self.told(self.arriving)))
        event = self.events(self.arriving, "receiving")
        self.assertEqual(event.source_reference, NOBODYS)
        self.assertEqual(event.code_id.reference_kind, "gln")
        self.assertFalse(event.missing)

    def test_number_of_two_firms_is_nobodys(self):
        self.market.fsma_gln = GLN
        answer = self.assertDone(self.take(f"{LABEL}\x1d414{GLN}"))
        self.assertIn(GLN, answer["message"])
        self.assertEqual(self.line().fsma_source_reference, GLN)

    def test_place_within_the_location_is_kept_beside_the_contact(self):
        answer = self.assertDone(self.take(f"{LABEL}\x1d414{GLN}254SHED2"))
        self.assertNotIn(GLN, answer["message"])
        line = self.line()
        self.assertEqual(line.fsma_source_id, self.grower)
        self.assertEqual(line.fsma_source_reference, f"(414){GLN}(254)SHED2")

    def test_number_of_our_own_plant_is_our_address(self):
        self.stock.gln = NOBODYS
        self.assertDone(self.take(f"{LABEL}\x1d414{NOBODYS}"))
        self.assertEqual(self.line().fsma_source_id, self.plant.partner_id)

    def test_label_without_an_item_tells_its_lot_as_the_code(self):
        self.assertDone(
            self.take(f"]C13712\x1d10A17\x1d414{GLN}", product_id=self.lettuce.id, quantity=12)
        )
        self.assertEqual(self.line().fsma_code, "A17")

    def test_goods_that_are_not_traced_or_not_packed_get_no_code(self):
        for values in ({"fsma_category_id": False}, {"fsma_stage": "raw"}):
            with self.subTest(values=values):
                product = self.listed("Other", barcode="09520123456801", **values)
                picking = self.incoming({product: 5}, partner=self.grower)
                self.assertDone(
                    self.take(f"]C101095201234568013705\x1d10B1\x1d414{GLN}", picking=picking)
                )
                line = self.line(picking)
                self.assertEqual((line.lot_name, line.fsma_code), ("B1", False))
                self.assertFalse(line.fsma_source_id)
                product.barcode = False

    def test_label_typed_where_the_lot_number_belongs_tells_it_as_well(self):
        picking = self.bought(self.lettuce, f"{LABEL}\x1d414{GLN}", 12)
        event = self.events(picking, "receiving")
        self.assertEqual((event.tlc, event.source_place_id.name), (CODE, "Green Farm"))

    def test_what_was_typed_goes_before_the_label(self):
        line_values = {"fsma_code": "TYPED", "fsma_source_id": self.market.id}
        picking = self.bought(self.lettuce, f"{LABEL}\x1d414{GLN}", 12, **line_values)
        event = self.events(picking, "receiving")
        self.assertEqual((event.tlc, event.source_place_id.name), ("TYPED", "Corner Market"))
