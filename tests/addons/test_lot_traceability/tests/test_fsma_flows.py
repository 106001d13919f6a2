from odoo.addons.lot_traceability_fsma.tests.common import FsmaCommon
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install", "fsma_core")
class TestFsmaOptionalFlows(FsmaCommon):
    """Subcontracting and drop shipments as the rule sees them."""

    def test_goods_at_a_subcontractor_are_shipped_and_received_and_he_transforms_them(self):
        packer = self.env["res.partner"].create(self.address("Packer Inc.", "6 Pack Lane"))
        cut = self.listed("Chopped romaine")
        self.bom(
            cut,
            {self.lettuce: 1},
            type="subcontract",
            subcontractor_ids=[Command.link(packer.id)],
        )
        lot = self.coded(self.lettuce, "L1", 20)
        there = packer.property_stock_subcontractor
        sent = self.transfer({lot: 10}, self.stock, there, partner=packer)
        shipped = self.events(sent)
        self.assertEqual((shipped.kind, shipped.tlc), ("shipping", "TLC-L1"))
        self.assertEqual(shipped.to_place_id.name, "Packer Inc.")
        picking = self.picking(
            self.plant.in_type_id, {cut: 10}, source=self.suppliers, partner=packer
        )
        order = picking._get_subcontract_production()
        made = self.lot(cut, "C1")
        self.fill(order.move_raw_ids, {lot: 10})
        picking.move_line_ids.write(
            {"lot_id": made.id, "fsma_code": "PACKER-1", "fsma_source_id": packer.id}
        )
        self.validate(picking)
        self.assertFalse(self.events(order))
        received = self.events(picking)
        self.assertEqual((received.kind, received.tlc), ("receiving", "PACKER-1"))
        self.assertEqual(received.from_place_id.name, "Packer Inc.")
        self.assertFalse(received.missing)

    def test_a_drop_shipment_is_not_in_our_hands(self):
        lot = self.lot(self.lettuce, "D1")
        operation = self.env["stock.picking.type"].search(
            [("code", "=", "dropship"), ("company_id", "=", self.env.company.id)], limit=1
        )
        picking = self.picking(
            operation, {lot: 5}, source=self.suppliers, target=self.customers, partner=self.market
        )
        self.assertFalse(self.events(self.validate(picking)))
