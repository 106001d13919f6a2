from odoo.tests import HttpCase, tagged

from .common import LotTraceabilityCommon


@tagged("post_install", "-at_install", "lot_traceability_tour")
class TestLotNumberTour(HttpCase, LotTraceabilityCommon):
    def test_operator_generates_lots_from_the_number_that_is_offered(self):
        self.env.company.lot_timezone = "UTC"
        self.number_by_day()
        # With the delivery app Odoo shows a transfer only to who may read its zip codes.
        self.operator.group_ids |= self.env.ref("base.group_partner_manager")
        milk = self.product("Milk")
        picking = self.picking(
            self.plant.in_type_id, {milk: 10}, source=self.suppliers, partner=self.dairy
        )
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_incoming/{picking.id}",
            "lot_number_dialog",
            login="flow_operator",
            timeout=180,
        )
        lots = self.env["stock.lot"].search([("product_id", "=", milk.id)], order="name")
        self.assertEqual(
            [(lot.name, lot.product_qty) for lot in lots],
            [("20260302-001", 4), ("20260302-002", 4), ("20260302-003", 2)],
        )
