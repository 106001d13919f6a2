from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user

START = "2026-03-02 08:00:00"
HOUR = timedelta(hours=1)


class GenealogyMixin:
    """What the tests read back: links and movements as plain tuples, and no drift."""

    def edges(self, document=None):
        """{(kind, parent's name, child's name): (parent quantity, child quantity, certainty)} of
        one document, or of everything in the database."""
        domain = []
        if document:
            domain = [("res_model", "=", document._name), ("res_id", "in", document.ids)]
        return {
            (edge.kind, edge.parent_lot_id.name, edge.child_lot_id.name): (
                round(edge.parent_quantity, 4),
                round(edge.child_quantity, 4),
                edge.certainty,
            )
            for edge in self.env["lot.genealogy.edge"].search(domain)
        }

    def movements(self, lot):
        """[(kind, signed quantity, partner's name or False)] of a lot, oldest first."""
        movements = self.env["lot.genealogy.movement"]
        rows = movements.search([("lot_id", "=", lot.id)], order="date, id")
        return [(row.kind, row.quantity, row.partner_id.name) for row in rows]

    def assert_no_drift(self):
        """Both tables are what a rebuild of every document and every move line would write."""
        edge_model = self.env["lot.genealogy.edge"]
        documents = {
            model: self.env[model].with_context(active_test=False).search([]).ids
            for model in edge_model._documents_of_moves()
        }
        lines = self.env["stock.move.line"].search([]).ids
        drift = self.env["lot.genealogy.rebuild"]._drift(documents, lines)
        self.assertEqual(drift, {"edges": [], "movements": [], "unlabelled": []})

    def assert_balanced(self, lots):
        """Every unit of these lots is accounted for."""
        unbalanced = [
            row for row in self.env["lot.trace"].mass_balance(lots.ids) if row["difference"]
        ]
        self.assertEqual(unbalanced, [])


class GateMixin:
    """Lots that may not be used."""

    def hold(self, lot):
        lot.set_status("hold", "Listeria suspected")

    def recall(self, lot):
        """A recall of this lot alone, stopped by the one who may do so with the lowest rights."""
        company = self.env.company
        recaller = new_test_user(
            self.env,
            login="flow_recaller",
            groups="lot_traceability.group_recall_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        recalls = self.env(user=recaller)["lot.recall"]
        started = recalls.start(lot.ids, {"title": "Listeria in cheese", "hazard_class": "1"})
        recall = recalls.browse(started["id"])
        recall.draft_scope_id.freeze()
        self.assertEqual(recall.stop()["lots"], 1)
        return recall

    def assert_stopped(self, flow, *args):
        with self.assertRaisesRegex(UserError, "Listeria suspected"), self.env.cr.savepoint():
            flow(*args)
        self.env.invalidate_all()


class OptionalAppsCase(GateMixin, GenealogyMixin, TransactionCase):
    """A company with one warehouse, a vendor and a customer, where an hour passes with each
    operation, so that the order of events is never in doubt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, skip_sms=True, skip_backorder=True)
        )
        cls.clock = cls.enterClassContext(freeze_time(START))
        cls.company = cls.env.company
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.customer = cls.env["res.partner"].create({"name": "Customer"})

    @classmethod
    def product(cls, name, tracking="lot", **values):
        """A storable product."""
        return cls.env["product.product"].create(
            {"name": name, "is_storable": True, "tracking": tracking, **values}
        )

    @classmethod
    def lot(cls, product, name):
        return cls.env["stock.lot"].create({"name": name, "product_id": product.id})

    @classmethod
    def bom(cls, product, components, **values):
        """A bill of materials; `components` as [(product, quantity for one)]."""
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": quantity})
                    for component, quantity in components
                ],
                **values,
            }
        )

    def later(self):
        self.clock.tick(HOUR)

    def transfer(self, picking_type, source, destination, contents, partner=None, **values):
        """A validated transfer of `contents`, [(product, lot or None, quantity)]."""
        self.later()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "partner_id": partner and partner.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom": product.uom_id.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                            **values,
                        },
                    )
                    for product, _lot, quantity in contents
                ],
            }
        )
        picking.action_confirm()
        for move, (_product, lot, quantity) in zip(picking.move_ids, contents, strict=True):
            self.pick(move, [(lot, quantity)])
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def pick(self, move, lots):
        """Pick exactly these lots, [(lot or None, quantity)], whatever was reserved."""
        move.move_line_ids.unlink()
        move.move_line_ids = [
            (
                0,
                0,
                {
                    "product_id": move.product_id.id,
                    "product_uom_id": move.product_uom.id,
                    "lot_id": lot and lot.id,
                    "quantity": quantity,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "picking_id": move.picking_id.id,
                },
            )
            for lot, quantity in lots
        ]
        move.picked = True

    def receive(self, lot, quantity, partner=None):
        return self.transfer(
            self.warehouse.in_type_id,
            self.suppliers,
            self.stock,
            [(lot.product_id, lot, quantity)],
            partner or self.vendor,
        )

    def deliver(self, lot, quantity, partner=None):
        return self.transfer(
            self.warehouse.out_type_id,
            self.stock,
            self.customers,
            [(lot.product_id, lot, quantity)],
            partner or self.customer,
        )

    def return_of(self, picking, quantity):
        """A validated return of so much of each line of a transfer."""
        self.later()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        for move in back.move_ids:
            lot = move.origin_returned_move_id.move_line_ids.lot_id
            self.pick(move, [(lot[:1], quantity)])
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back
