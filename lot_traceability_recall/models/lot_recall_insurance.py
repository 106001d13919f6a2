from typing import Any

from odoo import models

from .account_analytic_line import COST_KINDS


class LotRecall(models.Model):
    """What the insurer reads: the goods, and the costs by kind."""

    _inherit = "lot.recall"

    def _insurance_rows(self) -> list[dict[str, Any]]:
        """One row a lot of the frozen scope: how much there was and what came of it."""
        self.ensure_one()
        back: dict = {}
        for line in self.consignee_ids.line_ids:
            back[line.lot_id] = back.get(line.lot_id, 0.0) + line.came_back
        gone: dict = {}
        for disposition in self.disposition_ids:
            if disposition.state == "done" and disposition.kind in ("destroy", "outside"):
                lot = disposition.lot_id
                gone[lot] = gone.get(lot, 0.0) + disposition.quantity
        return [
            {
                "product": line.product_id.display_name,
                "lot": line.lot_name,
                "unit": line.uom_id.name,
                "on_hand": line.on_hand,
                "shipped": line.shipped,
                "back": back.get(line.lot_id, 0.0),
                "destroyed": gone.get(line.lot_id, 0.0),
            }
            for line in self.scope_id.line_ids
            if line.decision != "excluded"
        ]

    def _insurance_steps(self) -> list[tuple[str, Any]]:
        """[(step, when)] of those that were done."""
        _ = self.env._
        steps = [
            (_("Suspected"), self.started_on),
            (_("Decided"), self.decided_on),
            (_("Stopped"), self.stopped_on),
            (_("Consignees first told"), self.told_on),
            (_("Closed"), self.closed_on),
        ]
        return [(name, when) for name, when in steps if when]

    def _insurance_kinds(self) -> list[dict[str, Any]]:
        """Costs by kind, those that there are."""
        names = dict(self.env["lot.recall.cost"]._fields["kind"]._description_selection(self.env))
        amounts = self.costs()["kinds"]
        return [
            {"name": names[kind], "amount": amounts[kind]}
            for kind, _label in COST_KINDS
            if amounts[kind]
        ]

    def _insurance_costs(self):
        """The bookings, in the order of time."""
        return self.env["lot.recall.cost"].search([("recall_id", "=", self.id)], order="date, id")
