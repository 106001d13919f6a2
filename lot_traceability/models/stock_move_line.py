from odoo import api, models

from .lot_columns import column, rows

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

    def _done(self) -> "StockMoveLine":
        """Those of these lines that have moved goods."""
        if not self:
            return self
        states = zip(self._ids, column(self, "state"), strict=True)
        done = [line_id for line_id, state in states if state == "done"]
        return self.browse(done).with_prefetch(self._prefetch_ids) if done else self.browse()

    def _by_way(self) -> dict[tuple, "StockMoveLine"]:
        """These lines by what the rules of a movement ask for.

        :return: {(move, source, target): lines}
        """
        found: dict[tuple, list] = {}
        ways = rows(self, "move_id", "location_id", "location_dest_id")
        for line_id, way in zip(self._ids, ways, strict=True):
            found.setdefault(way, []).append(line_id)
        result = {}
        for ids in found.values():
            lines = self.browse(ids).with_prefetch(self._prefetch_ids)
            first = lines[0]
            way = (first.move_id, first.location_id, first.location_dest_id)
            result[way] = lines
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines._done()
        if done:
            self.env["lot.genealogy.upkeep"]._mark_done(done.ids)
        return lines

    def write(self, vals):
        if READ_FROM_LINE & vals.keys():
            done = self._done()
            if done:
                self.env["lot.genealogy.upkeep"]._mark_changed(done.ids)
        return super().write(vals)

    def unlink(self):
        if not self:
            # Core does so often.
            return super().unlink()
        done = self._done()
        if done:
            self.env["lot.genealogy.upkeep"]._mark_changed(done.ids)
        self.env["lot.genealogy.upkeep"]._mark_gone()
        return super().unlink()
