from odoo import models
from odoo.fields import Command


class MrpProduction(models.Model):
    """What a manufacturing order tells of the lots that it makes."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "lot.reading.document"]

    def _reading_link(self) -> str:
        return "production_id"

    def _reading_lots(self):
        return self.lot_producing_ids | self.move_finished_ids.move_line_ids.lot_id

    def _reading_step(self) -> str:
        return "production"

    def _fill_made_lots(self, lots) -> None:
        """Day, work centres and operators of an order that is being closed, and the allergens of
        what went in."""
        self.ensure_one()
        # sudo: work orders and lots are written by whoever closes the order
        lots, order = lots.sudo(), self.sudo()
        operators = order.workorder_ids.time_ids.user_id or self.env.user
        day = self.env["lot.calendar"]._today(order.company_id)
        centres = order.workorder_ids.filtered(lambda work: work.state != "cancel").workcenter_id
        # Nothing to post on a lot that comes into being: its order says it, and the audit log.
        lots = lots.with_context(tracking_disable=True)
        values = {"made_order_id": order.id}
        for dated, same in lots.grouped(lambda lot: bool(lot.production_date)).items():
            same.write(values if dated else {**values, "production_date": day})
        lots._link_makers("made_user_ids", operators.ids)
        lots._link_makers("made_workcenter_ids", centres.ids)
        order._pass_on_allergens(lots)

    def _pass_on_allergens(self, lots=None, lines=None) -> None:
        """A lot contains whatever its components contain.

        :param lots: made just now; those made before unless given
        :param lines: used just now, besides those used before
        """
        if not self:
            return
        # sudo: what went in is in it, whoever closes the order
        for order in self.sudo():
            made = lots or order.move_finished_ids.move_line_ids._done().lot_id
            if not made:
                continue
            using = order.move_raw_ids.move_line_ids
            used = using._done()
            if lines:
                used |= using & lines
            known = (made | used.lot_id)._known_allergens()
            found = set(used.filtered(lambda line: not line.lot_id).product_id._allergens().ids)
            found.update(*(known[lot.id] for lot in used.lot_id))
            for missing, same in made.grouped(
                lambda lot, known=known, found=found: frozenset(
                    found.union(lot.product_id._allergens().ids) - known[lot.id]
                )
            ).items():
                if missing:
                    same.write({"allergen_ids": [Command.link(one) for one in sorted(missing)]})
