from typing import Any

from odoo import api, models

# Places that a device shows; the page shows them all.
_PLACES = 20


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "lookup"]


class LotScanFlowLookup(models.AbstractModel):
    """What is this? `lot.scan.identify` says it; here is where it came from and went."""

    _name = "lot.scan.flow.lookup"
    _description = "Look up"
    _inherit = "lot.scan.flow"
    _sequence = 10

    @api.model
    def _label(self):
        return self.env._("Look up")

    @api.model
    def _do_trace(self, command) -> dict[str, Any]:
        """{"lot_id": id, or the text of the command} → "trace": {"upstream": lots that went into
        it, "downstream": lots that it went into, "customers", "suppliers": how many, "on_hand":
        [{"lot_id", "lot", "product", "location", "quantity", "uom"}] of it and of what was made of
        it, the largest first, "places": in how many, "complete": bool, "warnings": [sentence],
        "url": of the page that shows all}."""
        lot = self._lot(command)
        found = self.env["lot.trace"].trace(lot.ids)
        trace = self._told_trace(lot, found)
        return {
            "message": self.env._(
                "%(lot)s: made of %(upstream)s lots, went into %(downstream)s, to %(customers)s "
                "customers.",
                lot=lot.name,
                **{name: trace[name] for name in ("upstream", "downstream", "customers")},
            ),
            "lot": self.env["lot.scan.card"]._lot(lot),
            "trace": trace,
        }

    @api.model
    def _told_trace(self, lot, found: dict[str, Any]) -> dict[str, Any]:
        lots = {row["id"]: row for row in found["lots"]}
        sides = [row["side"] for row in found["lots"] if not row["before"]]
        roles = [row["role"] for row in found["partners"]]
        stock = [
            row
            for row in found["on_hand"]
            if lots[row["lot_id"]]["side"] != "upstream" and row["quantity"] > 0
        ]
        stock.sort(key=lambda row: (row["lot_id"] != lot.id, -row["quantity"]))
        return {
            "upstream": sum(side in ("upstream", "both") for side in sides),
            "downstream": sum(side in ("downstream", "both") for side in sides),
            "customers": roles.count("customer"),
            "suppliers": roles.count("supplier"),
            "on_hand": [
                {
                    "lot_id": row["lot_id"],
                    "lot": lots[row["lot_id"]]["name"],
                    "product": lots[row["lot_id"]]["product"],
                    "location": row["location"],
                    "quantity": row["quantity"],
                    "uom": lots[row["lot_id"]]["uom"],
                }
                for row in stock[:_PLACES]
            ],
            "places": len(stock),
            "complete": found["complete"],
            "warnings": [warning["message"] for warning in found["warnings"]],
            "url": f"/odoo/traceability?lot_ids={lot.id}",
        }
