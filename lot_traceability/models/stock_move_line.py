from odoo import api, models

# What the genealogy reads from a done move line.
READ_FROM_LINE = {
    "lot_id",
    "quantity",
    "product_uom_id",
    "date",
    "location_id",
    "location_dest_id",
    "move_id",
    "picking_id",
    "company_id",
    "state",
    "consume_line_ids",
    "produce_line_ids",
    "quant_id",
}


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # Core has no index on the lot: each step of any trace would read the whole table.
    _lot_state = models.Index("(lot_id, state) WHERE lot_id IS NOT NULL")
    # Sums up and reads by time how much of an untracked product lay where, for the genealogy.
    _untracked_balance = models.Index(
        "(product_id, company_id, date) INCLUDE (quantity_product_uom, location_id, "
        "location_dest_id) WHERE lot_id IS NULL AND state = 'done'"
    )

    def _action_done(self):
        # Core deletes lines that move nothing; where there is none, nobody need ask which are left.
        whole = all(
            line.quantity >= 1 or not line.product_uom_id.is_zero(line.quantity) for line in self
        )
        result = super()._action_done()
        done = self if whole else self.exists()
        if done:
            done._after_done()
        return result

    def _after_done(self) -> None:
        """What is checked and noted of lines that have just moved goods: only now each of them has
        its lot, and those without a quantity are gone. Others add to it; what is refused rolls all
        of it back."""

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines.filtered(lambda line: line.state == "done")
        if done:
            self.env["lot.genealogy.upkeep"]._mark_done(done.ids)
        return lines

    def write(self, vals):
        if READ_FROM_LINE & vals.keys():
            done = self.filtered(lambda line: line.state == "done")
            if done:
                self.env["lot.genealogy.upkeep"]._mark_changed(done.ids)
        return super().write(vals)

    def unlink(self):
        if not self:
            # Core does so often.
            return super().unlink()
        done = self.filtered(lambda line: line.state == "done")
        if done:
            self.env["lot.genealogy.upkeep"]._mark_changed(done.ids)
        self.env["lot.genealogy.upkeep"]._mark_gone()
        return super().unlink()
