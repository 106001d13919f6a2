from collections import defaultdict
from typing import Any

from odoo import api, models
from odoo.addons.lot_traceability.models.lot_replica import recent
from odoo.addons.lot_traceability.tools.trace_returns import net_deliveries

_OUT = ("delivery", "customer_return", "intercompany_out")


class LotExposure(models.Model):
    """The exposure of a few lots, by the trace engine: true to time, nothing estimated."""

    _inherit = "lot.exposure"

    @api.model
    @api.readonly
    @recent
    def exact(self, lot_ids: list[int]) -> list[dict[str, Any]]:
        """What a recall of each of these lots would take now: the lot itself and all that was
        made of it after the suspect goods had come in, as `lot.trace.trace` finds it, within the
        companies that the caller works in.

        :param lot_ids: ids of `stock.lot`, at most 5,000
        :return: [{"lot_id", "lots": number of lots with the lot itself, "customers": number of
            contacts that received any of them, "units": in stock and with customers net of
            returns, each lot in its product's unit, "on_hand_value", "shipped_value", "value":
            their sum, at cost in the currency of each lot's company}]
        :raise AccessError: without the right to read lots, or one of these
        :raise ValidationError: for an unknown id
        """
        self.check_access("read")
        trace = self.env["lot.trace"]
        return [self._exact_of(lot) for lot in trace._check_lots(lot_ids)]

    @api.model
    def _exact_of(self, lot: int) -> dict[str, Any]:
        trace, engine = self.env["lot.trace"], self.env["lot.trace.engine"]
        walk = trace._walk_one([lot], False, 0)
        known = engine._readable({lot, *walk["arrival"]})
        # sudo: what a recall takes is told to whoever runs it, in money too
        costs = trace.sudo()._costs({row[1] for row in known.values()}, set(known))
        on_hand: dict[tuple[int, int], float] = defaultdict(float)
        for found, _place, _package, quantity, _reserved, company in engine._stock(known):
            on_hand[found, company] += quantity
        sent, customers = self._sent(walk, engine._movements(known, _OUT))
        there, gone = (
            sum(
                quantity * costs.get(("lot", found), costs.get((known[found][1], company), 0.0))
                for (found, company), quantity in quantities.items()
                if quantity > 0
            )
            for quantities in (on_hand, sent)
        )
        units = sum(q for part in (on_hand, sent) for q in part.values() if q > 0)
        return {
            "lot_id": lot,
            "lots": len(known),
            "customers": len(customers),
            "units": round(units, 4),
            "on_hand_value": round(there, 2),
            "shipped_value": round(gone, 2),
            "value": round(there + gone, 2),
        }

    @api.model
    def _sent(self, walk: dict, movements: list[tuple]) -> tuple[dict, set[int]]:
        """What went out of each lot after the suspect goods had come in, net of returns, by lot
        and company; and who received it."""
        arrival = walk["arrival"]
        early = {row[0] for row in movements if row[2] < 0 and row[7] < arrival[row[0]]}
        untimed = walk["untimed"]
        if early:
            untimed = self.env["lot.trace"]._with_short_lots(untimed, early)
        sent: dict[tuple[int, int], float] = defaultdict(float)
        customers: set[int] = set()
        for row, returned in net_deliveries(movements):
            lot, _kind, quantity, partner, *_documents, when, company = row
            if when < arrival[lot] and lot not in untimed:
                continue
            sent[lot, company] += -quantity - returned
            if partner:
                customers.add(partner)
        return sent, customers
