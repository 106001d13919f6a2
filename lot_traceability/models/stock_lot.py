from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLot(models.Model):
    _inherit = "stock.lot"

    name = fields.Char(tracking=True)
    supplier_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        prefetch="lot_details",
    )
    supplier_lot = fields.Char(
        "Supplier's lot number",
        index="trigram",
        tracking=True,
        help="As printed on their label",
        prefetch="lot_details",
    )
    upstream_count = fields.Integer(
        "Upstream lots", compute="_compute_trace_counts", help="Lots that went into this one"
    )
    downstream_count = fields.Integer(
        "Downstream lots", compute="_compute_trace_counts", help="Lots that this one went into"
    )
    customer_count = fields.Integer(
        "Customers reached", compute="_compute_trace_counts", help="Themselves or further on"
    )

    def _compute_trace_counts(self):
        for lot in self:
            counts = self.env["lot.trace"]._counts(lot.ids) if lot.ids else {}
            lot.upstream_count = counts.get("upstream", 0)
            lot.downstream_count = counts.get("downstream", 0)
            lot.customer_count = counts.get("customers", 0)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Whoever may only trace opens a lot as well. A smart button of another app that names no
        groups counts records that only stock users may read (repairs, say)."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            # sudo: what depends on what is no secret, and the view is made once for all users
            module = self.env["ir.module.module"].sudo()._get("lot_traceability")
            readable = {"stock", *(module | module.downstream_dependencies()).mapped("name")}
            for button in arch.xpath("//div[@name='button_box']//button[not(@groups)]"):
                counted = {self._fields[name]._module for name in button.xpath(".//field/@name")}
                if counted - readable:
                    button.set("groups", "stock.group_stock_user")
        return arch, view

    def write(self, vals):
        if "name" in vals:
            self.env["lot.genealogy.upkeep"]._mark_renamed(self.ids)
        return super().write(vals)

    def action_trace(self) -> dict:
        """Open the trace of these lots.

        :return: the client action of the trace page
        """
        return {
            "type": "ir.actions.client",
            "tag": "lot_traceability.trace",
            "params": {"lot_ids": self.ids, "direction": "both"},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        """Core lets a stock user delete a lot whose stock is zero, and done move lines forget
        it. A lot that ever moved is evidence: it stays."""
        # sudo: history in another company protects the lot as well
        lines = self.env["stock.move.line"].sudo()
        moved = lines.search([("lot_id", "in", self.ids), ("state", "=", "done")], limit=1).lot_id
        if moved:
            raise UserError(
                self.env._(
                    "Lot %(lot)s has been moved and is part of the traceability record, so it "
                    "cannot be deleted. Correct its number or its moves instead.",
                    lot=moved.name,
                )
            )
