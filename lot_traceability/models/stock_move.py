from odoo import fields, models

# What the genealogy reads from a move, besides its lines.
READ_FROM_MOVE = {
    "partner_id",
    "production_id",
    "raw_material_production_id",
    "unbuild_id",
    "repair_id",
    "repair_line_type",
    "lot_operation_id",
    "origin_returned_move_id",
    "sale_line_id",
    "purchase_line_id",
    "move_orig_ids",
    "move_dest_ids",
    "product_id",
    "cost_share",
    "location_id",
}


class StockMove(models.Model):
    _inherit = "stock.move"

    lot_operation_id = fields.Many2one(
        "lot.operation", "Lot operation", index="btree_not_null", copy=False, check_company=True
    )

    # Orders that make a product: asked for each untracked component, at each closing.
    _genealogy_made = models.Index("(product_id) WHERE production_id IS NOT NULL")

    def write(self, vals):
        becomes_done = vals.get("state") == "done"
        if becomes_done:
            # Said before as well: core writes on the lines meanwhile, and there is nothing
            # older to note of a line that was not done.
            lines = self.filtered(lambda move: move.state != "done").move_line_ids
            self.env["lot.genealogy.upkeep"]._mark_done(lines.ids)
        elif READ_FROM_MOVE & vals.keys():
            self._about_to_change(vals)._mark_genealogy()
        result = super().write(vals)
        if becomes_done:
            self.env["lot.genealogy.upkeep"]._mark_done(self.move_line_ids.ids)
        return result

    def _about_to_change(self, vals: dict) -> "StockMove":
        """Those of these moves of which the genealogy reads something that these values change:
        Odoo often writes what stands there already."""

        def changes(move, name):
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                return vals[name] != []
            new = field.convert_to_cache(vals[name], move)
            return field.convert_to_cache(move[name], move) != new

        names = READ_FROM_MOVE & vals.keys()
        return self.filtered(lambda move: any(changes(move, name) for name in names))

    def _mark_genealogy(self) -> None:
        """What the genealogy reads from these moves, or from their documents, is changing. A
        return belongs to the partner of what it returns."""
        done = self.filtered(lambda move: move.state == "done")
        if done:
            done |= done.returned_move_ids.filtered(lambda move: move.state == "done")
            self.env["lot.genealogy.upkeep"]._mark_changed(done.move_line_ids.ids)

    def _get_value_from_production(self, quantity, at_date=None):
        """What enters a lot in a lot operation is worth what left the other lots."""
        if not self.lot_operation_id:
            return super()._get_value_from_production(quantity, at_date)
        out = self.lot_operation_id.move_ids.filtered("is_out")
        total = out._get_valued_qty() if out else 0
        value = out.value * quantity / total if total else 0
        return {
            "value": value,
            "quantity": quantity if total else 0,
            "description": self.env._("Value of %s", self.lot_operation_id.name),
        }
