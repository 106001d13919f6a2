from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

SIDES = [
    ("source", "Went into a suspect lot"),
    ("suspect", "Suspect"),
    ("made", "Made of it"),
]
DECISIONS = [("found", "Found"), ("added", "Added"), ("excluded", "Left out")]
# What a person decides; all else follows from the trace.
_DECIDED = {"decision", "reason"}


class LotRecallLot(models.Model):
    """A lot that a recall takes, or that somebody has left out of it for a reason."""

    _name = "lot.recall.lot"
    _description = "Lot of a recall"
    _order = "level, product_id, lot_name, id"
    _rec_name = "lot_id"

    scope_id = fields.Many2one("lot.recall.scope", required=True, ondelete="cascade")
    scope_state = fields.Selection(related="scope_id.state")
    recall_id = fields.Many2one(
        "lot.recall", related="scope_id.recall_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        "res.company", related="scope_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="restrict")
    lot_name = fields.Char("Lot number", readonly=True)
    product_id = fields.Many2one(
        "product.product", related="lot_id.product_id", store=True, precompute=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    status_id = fields.Many2one(related="lot_id.status_id")
    side = fields.Selection(SIDES, "Why", readonly=True)
    certainty = fields.Selection(
        [("recorded", "Recorded"), ("inferred", "Inferred")], default="recorded", readonly=True
    )
    level = fields.Integer("Generation", readonly=True)
    decision = fields.Selection(DECISIONS, default="added", required=True)
    reason = fields.Char(help="Why it was added or left out")
    on_hand = fields.Float("In stock", digits="Product Unit", readonly=True)
    shipped = fields.Float(digits="Product Unit", readonly=True)
    returned = fields.Float(digits="Product Unit", readonly=True)
    left_before = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Shipped before the suspect goods came into the lot: not affected",
    )
    net = fields.Float("With customers", digits="Product Unit", readonly=True)
    on_hand_value = fields.Monetary("Value in stock", readonly=True)
    shipped_value = fields.Monetary("Value with customers", readonly=True)

    _lot_unique = models.UniqueIndex("(scope_id, lot_id)", "This lot is in the scope already.")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["decision"] = "added"
            self._check_reason(vals.get("reason"))
            lot = self.env["stock.lot"].browse(vals.get("lot_id"))
            vals["lot_name"] = lot.name
            self._refuse_derived(vals.keys() - {"scope_id", "lot_id", "lot_name"})
        lines = super().create(vals_list)
        lines._check_draft()
        lines._measure()
        for line in lines:
            line._tell_decided()
        return lines

    def write(self, vals):
        self._check_draft()
        self._refuse_derived(vals.keys())
        if vals.get("decision") == "excluded" or any(
            line.decision != "found" for line in self if "reason" in vals
        ):
            self._check_reason(vals.get("reason") or all(line.reason for line in self))
        result = super().write(vals)
        for line in self:
            line._tell_decided()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_added_only(self):
        self._check_draft()
        if any(line.decision != "added" for line in self):
            raise UserError(
                self.env._("A lot that was found is not removed: leave it out and say why.")
            )

    def _check_draft(self) -> None:
        if not self.env.su and any(line.scope_id.state != "draft" for line in self):
            raise UserError(
                self.env._("A frozen scope does not change: make a new version of it instead.")
            )

    def _check_reason(self, given: Any) -> None:
        if isinstance(given, str):
            given = given.strip()
        if not given:
            raise UserError(
                self.env._("Say why: a lot is added or left out with a reason, for later readers.")
            )

    def _refuse_derived(self, names) -> None:
        wrong = set(names) & self._fields.keys() - _DECIDED
        if wrong and not self.env.su:
            raise UserError(
                self.env._(
                    "What a lot had in stock and who received it follows from the "
                    "records: find the lots again."
                )
            )

    def _tell_decided(self) -> None:
        done = {"added": "lot added", "excluded": "lot left out", "found": "lot taken again"}
        self.env["lot.audit.event"]._record(
            "recall",
            record=self.recall_id,
            lot=self.lot_id,
            company=self.company_id,
            document=self.recall_id,
            data={"step": done[self.decision], "version": self.scope_id.version},
            why=self.reason or "",
        )

    def _measure(self) -> None:
        """What was added by hand: how much of it there is and where it went."""
        for scope, lines in self.grouped("scope_id").items():
            scope.env["lot.trace.engine"]._prepare()
            found = scope._affected_alone(lines.lot_id.ids)
            self.env["lot.recall.delivery"]._add(scope, lines.lot_id.ids, found["deliveries"])
            by_lot = {row["lot"]: row for row in found["rows"]}
            for line in lines:
                row = by_lot.get(line.lot_id.id)
                if row:
                    # sudo: derived from the records, not typed
                    line.sudo().write(
                        {
                            "on_hand": row["on_hand"],
                            "shipped": row["shipped"],
                            "returned": row["returned"],
                            "net": row["shipped"] - row["returned"],
                            "on_hand_value": max(row["on_hand"], 0) * row["cost"],
                            "shipped_value": (row["shipped"] - row["returned"]) * row["cost"],
                        }
                    )

    def leave_out(self, reason: str) -> bool:
        """Leave these lots out of the recall.

        :param reason: why they are not affected
        :return: True
        :raise UserError: without a reason, or when the scope is frozen
        """
        self.write({"decision": "excluded", "reason": reason})
        return True

    def take_again(self) -> bool:
        """Take lots again that were left out.

        :return: True
        :raise UserError: when the scope is frozen
        """
        self.write({"decision": "found", "reason": False})
        return True
