from odoo import fields, models

from .lot_fsma_event import DOCUMENTS


class StockPicking(models.Model):
    """The paper that goes with the goods, and the events that a transfer has recorded."""

    _inherit = "stock.picking"

    fsma_document_type = fields.Selection(DOCUMENTS, "Reference document", copy=False)
    fsma_document_number = fields.Char(
        "Number of the reference document",
        copy=False,
        help="Bill of lading, invoice, … Empty: the number of this transfer",
    )
    fsma_donation = fields.Boolean(
        "Donation of surplus food", copy=False, help="No shipping under FSMA 204"
    )
    fsma_event_ids = fields.One2many(
        "lot.fsma.event", "picking_id", "Critical tracking events", readonly=True
    )
    fsma_event_count = fields.Integer(compute="_compute_fsma_event_count", string="Events")

    def _compute_fsma_event_count(self):
        counts = dict(
            self.env["lot.fsma.event"]._read_group(
                [("picking_id", "in", self.ids), ("replaced_by_id", "=", False)],
                ["picking_id"],
                ["__count"],
            )
        )
        for picking in self:
            picking.fsma_event_count = counts.get(picking, 0)

    def _fsma_document(self) -> tuple[str, str]:
        """(kind, number) of the document that the events of this transfer refer to."""
        self.ensure_one()
        if self.fsma_document_number:
            return self.fsma_document_type or "other", self.fsma_document_number
        return "record", self.name or ""

    def action_fsma_events(self) -> dict:
        """Show the events that this transfer has recorded.

        :return: the action of their list
        """
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lot_traceability_fsma.lot_fsma_event_action"
            ),
            "domain": [("picking_id", "=", self.id)],
        }

    def _action_done(self):
        result = super()._action_done()
        self.env["lot.fsma.asn"]._make_due(self)
        return result

    def action_fsma_asn(self) -> dict:
        """Make the ship notice of this delivery, and give it to the user as a file.

        :return: the action that downloads it
        :raise UserError: the customer's format is not chosen, or the delivery lacks what it needs
        """
        self.ensure_one()
        self.check_access("write")
        file = self.env["lot.fsma.asn"]._make(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{file.id}?download=true",
            "target": "self",
        }


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    fsma_event_ids = fields.One2many(
        "lot.fsma.event", "production_id", "Critical tracking events", readonly=True
    )
    fsma_event_count = fields.Integer(compute="_compute_fsma_event_count", string="Events")

    def _compute_fsma_event_count(self):
        counts = dict(
            self.env["lot.fsma.event"]._read_group(
                [("production_id", "in", self.ids), ("replaced_by_id", "=", False)],
                ["production_id"],
                ["__count"],
            )
        )
        for order in self:
            order.fsma_event_count = counts.get(order, 0)

    def action_fsma_events(self) -> dict:
        """Show the events that this order has recorded.

        :return: the action of their list
        """
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lot_traceability_fsma.lot_fsma_event_action"
            ),
            "domain": [("production_id", "=", self.id)],
        }
