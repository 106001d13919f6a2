from collections import defaultdict
from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.recall_balance import ANSWERS, Balance, after_return, percent, total, within

# Columns of a row that are quantities of the balance.
PARTS = tuple(Balance.__dataclass_fields__)
_DERIVED = ("with_customers", "unanswered", "difference", "gap")
_KINDS = {
    "receipt": ("made", 1),
    "produced": ("made", 1),
    "intercompany_in": ("made", 1),
    "adjustment_in": ("counted", 1),
    "adjustment_out": ("counted", 1),
    "consumed": ("used", -1),
    "scrap": ("scrapped", -1),
    "supplier_return": ("sent_back", -1),
    "delivery": ("shipped", -1),
    "intercompany_out": ("shipped", -1),
    "customer_return": ("returned", 1),
}


class LotRecallBalance(models.Model):
    """The mass balance of one affected lot, as it was when it was reconciled last."""

    _name = "lot.recall.balance"
    _description = "Mass balance of a recalled lot"
    _order = "gap desc, product_id, lot_name, id"
    _rec_name = "lot_id"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", related="recall_id.company_id", store=True, precompute=True
    )
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="restrict")
    lot_name = fields.Char("Lot number", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id")
    made = fields.Float("Made or received", digits="Product Unit", readonly=True)
    counted = fields.Float("Found by counts", digits="Product Unit", readonly=True)
    on_hand = fields.Float("In stock", digits="Product Unit", readonly=True)
    used = fields.Float("Used in production", digits="Product Unit", readonly=True)
    scrapped = fields.Float("Scrapped or destroyed", digits="Product Unit", readonly=True)
    sent_back = fields.Float("Back to the supplier", digits="Product Unit", readonly=True)
    shipped = fields.Float(digits="Product Unit", readonly=True)
    returned = fields.Float(digits="Product Unit", readonly=True)
    left_before = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="Shipped before the suspect goods came into the lot: not affected",
    )
    came_back = fields.Float("Came back since", digits="Product Unit", readonly=True)
    with_customers = fields.Float(digits="Product Unit", readonly=True)
    set_aside = fields.Float("Set aside there", digits="Product Unit", readonly=True)
    coming = fields.Float("On the way back", digits="Product Unit", readonly=True)
    destroyed = fields.Float("Destroyed there", digits="Product Unit", readonly=True)
    sold_on = fields.Float("Sold to businesses", digits="Product Unit", readonly=True)
    consumed = fields.Float("With consumers", digits="Product Unit", readonly=True)
    unanswered = fields.Float("Without an answer", digits="Product Unit", readonly=True)
    difference = fields.Float("Not in the records", digits="Product Unit", readonly=True)
    explained = fields.Float(digits="Product Unit")
    explanation = fields.Char(help="Where the rest is, and how that is known")
    gap = fields.Float("Not accounted for", digits="Product Unit", readonly=True)

    _lot_unique = models.UniqueIndex("(recall_id, lot_id)")

    def write(self, vals):
        wrong = vals.keys() & self._fields.keys() - {"explained", "explanation"}
        if wrong and not self.env.su:
            raise UserError(
                self.env._(
                    "The balance follows from the records and the answers: explain its gap, or "
                    "correct those."
                )
            )
        if vals.get("explained") and not (
            vals.get("explanation") or all(self.mapped("explanation"))
        ):
            raise UserError(self.env._("Say where the rest is, and how that is known."))
        result = super().write(vals)
        if not wrong and {"explained", "explanation"} & vals.keys():
            for row in self:
                row._after_explained()
        return result

    def _after_explained(self) -> None:
        if self.explained < 0:
            raise UserError(self.env._("Give the quantity that you can explain, not less than 0."))
        # sudo: follows from what was explained
        self.sudo().write({"gap": self._balance().gap})
        self.env["lot.audit.event"]._record(
            "recall",
            record=self.recall_id,
            lot=self.lot_id,
            company=self.company_id,
            document=self.recall_id,
            data={"step": "gap explained", "quantity": f"{self.explained:g}"},
            why=self.explanation or "",
        )

    def _balance(self) -> Balance:
        self.ensure_one()
        return Balance(**{name: self[name] for name in PARTS})

    def action_documents(self) -> dict[str, Any]:
        """Open the movements behind the figures of this lot.

        :return: a window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Movements of %s", self.lot_name),
            "res_model": "lot.genealogy.movement",
            "views": [(False, "list")],
            "domain": [("lot_id", "=", self.lot_id.id)],
        }


class LotRecall(models.Model):
    """The reconciliation of a recall."""

    _inherit = "lot.recall"

    balance_ids = fields.One2many("lot.recall.balance", "recall_id", "Mass balance")
    reconciled_on = fields.Datetime("Reconciled on", readonly=True, copy=False)
    accounted_percent = fields.Float("% accounted for", digits=(5, 2), readonly=True, copy=False)
    recovered_percent = fields.Float("% recovered", digits=(5, 2), readonly=True, copy=False)
    gap_count = fields.Integer("Lots with a gap", compute="_compute_gap_count")

    def _compute_gap_count(self):
        counts = dict(
            self.env["lot.recall.balance"]._read_group(
                [("recall_id", "in", self.ids), ("gap", ">", 0)], ["recall_id"], ["__count"]
            )
        )
        for recall in self:
            recall.gap_count = counts.get(recall, 0)

    def reconcile(self) -> dict[str, Any]:
        """The mass balance of all lots of the frozen scope, from the stock records and what the
        consignees have answered: made or received = in stock + used + scrapped or destroyed + back
        to the supplier + shipped; shipped = returned + what consignees have set aside, sent,
        destroyed, sold on or sold to consumers + what nobody has answered for.

        :return: {"lots": number, "accounted_percent", "recovered_percent" (of what
            customers had when the scope was frozen: came back, set aside or destroyed),
            "units": [{"uom", and each quantity of a row}],
            "gaps": [{"lot_id", "lot", "product", "uom", "gap"}] (at most 100, the largest first),
            "closed": whether nothing is missing}; the percentages are those of the unit that has
            the lowest; quantities in the product's unit
        :raise AccessError: without the right to work on recalls
        :raise UserError: before a scope is frozen
        """
        self.ensure_one()
        self.check_access("read")
        if not self.scope_id:
            raise UserError(
                self.env._("Freeze the scope first: it says which lots are reconciled.")
            )
        self.env["lot.trace.engine"]._prepare()
        balances = self._balances()
        # sudo: derived from the records, not typed
        self.sudo()._keep_balances(balances)
        result = self._balance_result(balances)
        self._note(
            {
                "reconciled_on": fields.Datetime.now(),
                "accounted_percent": result["accounted_percent"],
                "recovered_percent": result["recovered_percent"],
            }
        )
        self._tell_step(
            "reconciled",
            lots=result["lots"],
            accounted=result["accounted_percent"],
            recovered=result["recovered_percent"],
        )
        return result

    def action_reconcile(self) -> dict[str, Any]:
        """Reconcile, and open the balance of each lot.

        :return: a window action
        """
        self.reconcile()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lot_traceability_recall.lot_recall_balance_action"
            ),
            "domain": [("recall_id", "=", self.id)],
        }

    # -- where everything is -------------------------------------------------------------------

    def _balances(self) -> dict[int, Balance]:
        engine = self.env["lot.trace.engine"]
        lots = self._taken_lots().ids
        result = {lot: Balance() for lot in lots}
        for lot, kind, quantity in engine._balance(lots):
            if kind in _KINDS:
                name, sign = _KINDS[kind]
                setattr(result[lot], name, getattr(result[lot], name) + sign * quantity)
        for lot, _place, _package, quantity, _reserved, _company in engine._stock(lots):
            result[lot].on_hand += quantity
        # What was shipped before the suspect goods came in is in other hands, and is not asked for.
        for line in self.scope_id.line_ids.filtered("left_before"):
            if line.lot_id.id in result:
                result[line.lot_id.id].left_before = line.left_before
        self._add_answers(result)
        for lot, explained in self._explained().items():
            if lot in result:
                result[lot].explained = explained
        return result

    def _explained(self) -> dict[int, float]:
        rows = self.env["lot.recall.balance"].search(
            [("recall_id", "=", self.id), ("explained", ">", 0)]
        )
        return {row.lot_id.id: row.explained for row in rows}

    def _add_answers(self, balances: dict[int, Balance]) -> None:
        """What consignees have said, less what has come back since; what went to nobody who is
        known (over the counter) is with consumers."""
        returned = self._returned_since(list(balances))
        known = self.env["lot.recall.consignee.lot"].search_fetch(
            [("recall_id", "=", self.id), ("lot_id", "!=", False)],
            [*ANSWERS, "lot_id", "consignee_id"],
        )
        partners = {one: (one.partner_id.id, bool(one.parent_id)) for one in known.consignee_id}
        # Those who bought of a consignee come after it: what they have is part of its answer.
        for row in known.sorted(lambda row: (partners[row.consignee_id][1], row.id)):
            balance = balances.get(row.lot_id.id)
            if balance is None:
                continue
            partner, bought = partners[row.consignee_id]
            came = returned.get((row.lot_id.id, partner), 0.0)
            left = after_return({name: row[name] for name in ANSWERS}, came)
            if bought:
                left = within(left, balance.sold_on)
                balance.sold_on -= sum(left.values())
            balance.coming += left["sent_back"]
            balance.set_aside += left["quarantined"]
            balance.sold_on += left["sold_on"]
            balance.consumed += left["consumed"]
            balance.destroyed += left["destroyed"]
        for (lot, _partner), quantity in returned.items():
            balances[lot].came_back += quantity
        for lot, quantity in self._over_the_counter():
            if lot in balances:
                balances[lot].consumed += max(quantity - returned.get((lot, None), 0.0), 0.0)

    def _returned_since(self, lots: list[int]) -> dict[tuple[int, int], float]:
        """{(lot, partner): quantity} of what came back since the scope was frozen."""
        since = self.scope_id.frozen_on.timestamp() if self.scope_id.frozen_on else 0
        found: dict[tuple[int, int], float] = defaultdict(float)
        rows = self.env["lot.trace.engine"]._movements(lots, ("customer_return",))
        for lot, _kind, quantity, partner, _picking, _move, _of, when, _company in rows:
            if when >= since:
                found[lot, partner] += quantity
        return found

    def _over_the_counter(self) -> list[tuple[int, float]]:
        """(lot, quantity) of deliveries behind which nobody stands."""
        rows = self.env["lot.recall.delivery"]._read_group(
            [
                ("scope_id", "=", self.scope_id.id),
                ("partner_id", "=", False),
                ("lot_id", "!=", False),
            ],
            ["lot_id"],
            ["net:sum"],
        )
        return [(lot.id, quantity) for lot, quantity in rows]

    def _keep_balances(self, balances: dict[int, Balance]) -> None:
        rows = self.env["lot.recall.balance"]
        rows.flush_model()
        columns = (*PARTS, *_DERIVED)
        names = [name for name in columns if name != "explained"]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lot_recall_balance (recall_id, company_id, lot_id, lot_name, product_id,
                       %(names)s)
                SELECT %(recall)s, %(company)s, lot.id, lot.name, lot.product_id, %(values)s
                  FROM UNNEST(%(lots)s, %(arrays)s) AS row(lot_id, %(names)s)
                  JOIN stock_lot lot ON lot.id = row.lot_id
                    ON CONFLICT (recall_id, lot_id) DO UPDATE SET %(updates)s
                """,
                recall=self.id,
                company=self.company_id.id,
                names=SQL(", ").join(map(SQL.identifier, names)),
                values=SQL(", ").join(SQL.identifier("row", name) for name in names),
                lots=list(balances),
                arrays=SQL(", ").join(
                    SQL("%s::numeric[]", [getattr(one, name) for one in balances.values()])
                    for name in names
                ),
                updates=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in names
                ),
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM lot_recall_balance WHERE recall_id = %s AND lot_id <> ALL(%s)",
                self.id,
                list(balances),
            )
        )
        rows.invalidate_model()

    def _balance_result(self, balances: dict[int, Balance]) -> dict[str, Any]:
        lots = self.env["stock.lot"].browse(balances)
        by_unit: dict[Any, list[Balance]] = defaultdict(list)
        for lot in lots:
            by_unit[lot.product_id.uom_id].append(balances[lot.id])
        units, accounted, recovered = [], [100.0], [100.0]
        for uom, parts in by_unit.items():
            whole, gap = total(parts), sum(part.gap for part in parts)
            units.append(
                {
                    "uom": uom.name,
                    **{name: round(getattr(whole, name), 6) for name in (*PARTS, "with_customers")},
                    "gap": round(gap, 6),
                }
            )
            accounted.append(percent(whole.made - gap, whole.made))
            recovered.append(percent(whole.recovered, whole.recoverable))
        worst = sorted(
            (lot for lot in balances if balances[lot].gap), key=lambda lot: -balances[lot].gap
        )
        names = self.env["stock.lot"].browse(worst[:100])
        return {
            "lots": len(balances),
            "accounted_percent": min(accounted),
            "recovered_percent": min(recovered),
            "units": units,
            "gaps": [
                {
                    "lot_id": lot.id,
                    "lot": lot.name,
                    "product": lot.product_id.display_name,
                    "uom": lot.product_id.uom_id.name,
                    "gap": balances[lot.id].gap,
                }
                for lot in names
            ],
            "closed": not worst,
        }
