from odoo import models
from odoo.fields import Command


class MrpProduction(models.Model):
    """Links between what an order consumed and what it made, where Odoo lost them."""

    _inherit = "mrp.production"

    def _link_lost_lines(self) -> None:
        """Link each line consumed with each line made where Odoo has lost the links of either.
        What lines with links of their own say stays."""
        self.ensure_one()
        done = self.move_raw_ids.move_line_ids.filtered(
            lambda line: line.state == "done" and line.lot_id and line.quantity > 0
        )
        made = self.move_finished_ids.move_line_ids.filtered(
            lambda line: line.state == "done" and line.lot_id and line.quantity > 0
        )
        alone = done.filtered(lambda line: not line.produce_line_ids)
        for line in made:
            wanted = alone if line.consume_line_ids else done
            missing = wanted - line.consume_line_ids
            if missing:
                line.consume_line_ids = [Command.link(part.id) for part in missing]
