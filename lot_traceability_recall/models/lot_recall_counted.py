from typing import Any

from markupsafe import escape
from odoo import api, models

ACTIVITY = "lot_traceability_recall.activity_recall_counted"


class LotRecall(models.Model):
    """Affected goods that are missing after a count: nobody has scrapped or destroyed them, and
    nobody knows where they are. They are a gap in the balance until somebody explains it; the one
    in charge is called, and the call goes when a further count has found them."""

    _inherit = "lot.recall"

    @api.model
    def _take_counted(self, lines) -> None:
        """These lines have just booked a count: those of lots of open recalls belong to them."""
        taken = self.env["lot.recall.lot"].search(self._open_lots(lines.lot_id))
        recalls = taken.recall_id.filtered(lambda one: one.company_id in lines.company_id)
        recalls._ask_for_counted(lines)

    @api.model
    def _open_lots(self, lots) -> list:
        """Lines of frozen scopes of open recalls, no drills, that take these lots."""
        return [
            ("lot_id", "in", lots.ids),
            ("decision", "!=", "excluded"),
            ("scope_id.state", "=", "frozen"),
            ("recall_id.state", "=", "decided"),
            ("recall_id.kind", "!=", "mock"),
        ]

    def _ask_for_counted(self, lines=()) -> None:
        """Call the one in charge for what is missing now.

        :param lines: as in `_missing_in_counts`
        """
        for one in self:
            recall = one.sudo()  # sudo: the one in charge is called, whoever counted
            missing = recall._missing_in_counts(lines)
            note = escape(recall._missing_text(missing)) if missing else ""
            asked = recall.activity_search([ACTIVITY])
            if not missing and asked:
                asked.action_feedback(feedback=recall.env._("Found again in a count"))
            elif missing and asked:
                asked.write({"note": note})
            elif missing:
                recall.activity_schedule(
                    ACTIVITY,
                    summary=recall.env._("Recalled goods are missing after a count"),
                    note=note,
                    user_id=recall.manager_id.id,
                )
            recall._tell_step(
                "counted",
                missing=[
                    {"id": lot.id, "name": lot.name, "quantity": f"{quantity:.10g}"}
                    for lot, quantity in missing.items()
                ],
            )

    def _missing_in_counts(self, lines=()) -> dict[Any, float]:
        """{lot: how much less was counted since the recall began than the records had}

        :param lines: move lines that are being booked; their moves are not done yet
        """
        self.ensure_one()
        counted = [
            ("lot_id", "in", self._taken_lots().ids),
            "|",
            ("state", "=", "done"),
            ("id", "in", [line.id for line in lines]),
            ("date", ">=", self.started_on),
            ("move_id.is_inventory", "=", True),
            ("company_id", "=", self.company_id.id),
        ]
        found: dict = {}
        for side, sign in (("location_dest_id", 1), ("location_id", -1)):
            rows = self.env["stock.move.line"]._read_group(
                [*counted, (f"{side}.usage", "=", "inventory")],
                ["lot_id"],
                ["quantity_product_uom:sum"],
            )
            for lot, quantity in rows:
                found[lot] = found.get(lot, 0.0) + sign * quantity
        return {
            lot: quantity
            for lot, quantity in sorted(found.items(), key=lambda row: row[0].name)
            if lot.product_id.uom_id.compare(quantity, 0) > 0
        }

    def _missing_text(self, missing: dict[Any, float]) -> str:
        rows = ", ".join(
            f"{lot.name}: {quantity:g} {lot.product_id.uom_id.name}"
            for lot, quantity in missing.items()
        )
        return self.env._(
            "%s less than the records had. Find out where it is: count again, scrap what was "
            "thrown away, or explain the gap in the balance.",
            rows,
        )

    def _after_freeze(self) -> None:
        """What was counted away before the scope was frozen is missing as well."""
        result = super()._after_freeze()
        found = self.filtered(lambda one: one.kind != "mock")
        # sudo: what was counted, whoever may read stock moves
        found.filtered(lambda one: one.sudo()._missing_in_counts())._ask_for_counted()
        return result
