from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class LotFinding(models.Model):
    """What is done about a fault: it is put right here, or the screen opens where that is done."""

    _inherit = "lot.finding"

    def action_fix(self) -> dict:
        """Put these faults right, or open the screen where a person does: dates are proposed,
        lots merged or opened, links of productions restored, stock counted or acted on.

        :return: a window action or a notification
        :raise UserError: when they are of several kinds, or none of them is open
        :raise AccessError: when the user is not of quality, or may not do what it takes
        """
        self.check_access("write")
        todo = self.filtered(lambda finding: finding.state == "open")
        if not todo:
            raise UserError(self.env._("Nothing of this is open. Choose findings that are to do."))
        kinds = set(todo.mapped("kind"))
        if len(kinds) > 1:
            raise UserError(self.env._("Choose findings of one kind: group the list by fault."))
        return getattr(todo, f"_fix_{kinds.pop()}")()

    def action_delete_lot(self) -> dict:
        """Delete lots that never moved.

        :return: a notification
        :raise UserError: when one of them may not be deleted: it has become part of a record
        :raise AccessError: when the user may not delete lots
        """
        self.check_access("write")
        idle = self.filtered(lambda one: one.kind == "no_movement" and one.state == "open")
        if not idle:
            raise UserError(self.env._("Only lots that never moved are deleted from here."))
        # Those that have moved by now are no longer among them.
        idle._look_again()
        idle = idle.filtered(lambda finding: finding.state == "open")
        count = len(idle.lot_id)
        idle.lot_id.unlink()
        idle._look_again()
        return self._notify(self.env._("%(count)s lots deleted.", count=count))

    # -- by kind -----------------------------------------------------------------------------

    def _fix_no_date(self) -> dict:
        return self.env["lot.finding.dates"]._open(self)

    def _fix_date_conflict(self) -> dict:
        return self._show(self.lot_id)

    def _fix_near_same(self) -> dict:
        """The dialog that merges them; where that cannot be, or nothing is in stock, the lots."""
        lots = self.lot_ids
        serial = "serial" in lots.product_id.mapped("tracking")
        merges = self.env["lot.operation.wizard"].has_access("create")
        if len(self) > 1 or serial or not merges:
            return self._show(lots)
        # Made here: values in the context would reach the moves that the dialog makes.
        wizard = self.env["lot.operation.wizard"].create(
            {
                "kind": "merge",
                "lot_ids": [Command.set(lots.ids)],
                "new_name": self.lot_id.name,
                "reason": self.env._("One lot, written in several ways"),
            }
        )
        if lots.product_id.uom_id.compare(wizard.available_quantity, 0) <= 0:
            return self._show(lots)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Lots"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _fix_same_number(self) -> dict:
        return self._show(self.lot_id)

    def _fix_no_movement(self) -> dict:
        return self._show(self.lot_id)

    def _fix_no_lot_move(self) -> dict:
        return self._show(self.move_line_id)

    def _fix_no_lot_stock(self) -> dict:
        return self._count()

    def _fix_negative(self) -> dict:
        return self._count()

    def _fix_expired(self) -> dict:
        """The board of what expires when, of these lots alone."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_expiry_report_action"
        )
        return action | {"domain": [("lot_id", "in", self.lot_id.ids)], "context": {}}

    def _fix_lost_link(self) -> dict:
        """Link all that an order consumed with all that it made, where one side has no link, and
        read the genealogy of these orders again."""
        orders = self.production_id
        for order in orders:
            order._link_lost_lines()
        self.env["lot.genealogy.upkeep"]._replace_edges({"mrp.production": set(orders.ids)}, set())
        gone = self._look_again()
        return self._notify(self.env._("Links of %(count)s orders restored.", count=gone))

    # -- screens -----------------------------------------------------------------------------

    def _show(self, records) -> dict:
        action = {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(records._name).name,
            "res_model": records._name,
            "domain": [("id", "in", records.ids)],
            "views": [[False, "list"], [False, "form"]],
        }
        if len(records) == 1:
            action |= {"views": [[False, "form"]], "res_id": records.id}
        return action

    def _count(self) -> dict:
        """Odoo's own screen for counts, of this stock alone."""
        action = self.env["stock.quant"].action_view_inventory()
        places, lots = self.location_id, self.lot_id
        domain = [
            ("product_id", "in", self.product_id.ids),
            ("location_id", "in", places.ids),
            ("lot_id", "in", lots.ids) if lots else ("lot_id", "=", False),
        ]
        # Counts of others, too: the fault is here, whoever is to count.
        context = {
            name: value
            for name, value in action["context"].items()
            if not name.startswith("search_default_")
        }
        return action | {"domain": domain, "context": context}
