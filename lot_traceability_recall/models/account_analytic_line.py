from odoo import api, fields, models

COST_KINDS = [
    ("product", "Goods"),
    ("freight", "Freight"),
    ("credit", "Credit notes"),
    ("labour", "Labour"),
    ("destruction", "Destruction"),
    ("other", "Other"),
]
PLAN = "lot_traceability_recall.analytic_plan_recalls"


class AccountAnalyticLine(models.Model):
    """Which recall a cost belongs to, and of what kind it is."""

    _inherit = "account.analytic.line"

    recall_id = fields.Many2one(
        "lot.recall",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="Follows from the analytic account",
    )
    recall_cost_kind = fields.Selection(COST_KINDS, "Kind of recall cost")

    @api.model
    def _recall_column(self) -> str | None:
        """The field that names the account of the plan for recalls."""
        plan = self.env.ref(PLAN, raise_if_not_found=False)
        # sudo: every bill is booked whoever may read plans
        name = plan and plan.sudo()._column_name()
        return name if name in self._fields else None

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        name = self._recall_column()
        if name and any(vals.get(name) for vals in vals_list):
            lines._take_recall(name)
        return lines

    def write(self, vals):
        result = super().write(vals)
        name = self._recall_column()
        if name and name in vals:
            self._take_recall(name)
        if "recall_cost_kind" in vals:
            for line in self.filtered("recall_id"):
                line._keep_recall_cost()
        return result

    def _take_recall(self, name: str) -> None:
        """The recall of the account on each line, and what kind of cost it is unless said."""
        # sudo: who books a cost need not be allowed to read recalls
        found = self.env["lot.recall"].sudo()
        found = found.search([("analytic_account_id", "in", self[name].ids)])
        recalls = {recall.analytic_account_id.id: recall.id for recall in found}
        for line in self:
            recall = recalls.get(line[name].id, False)
            values = {"recall_id": recall}
            if recall and not line.recall_cost_kind:
                # sudo: who books a cost need not be allowed to read bills
                kept = line.sudo().move_line_id.recall_cost_kinds or {}
                guess = line._guess_recall_cost()
                values["recall_cost_kind"] = kept.get(str(recall)) or guess
            if line.recall_id.id != recall or len(values) > 1:
                line.write(values)

    def _keep_recall_cost(self) -> None:
        """Keep the kind that somebody has chosen with the line of the bill: this line is gone when
        the bill is reset to draft, and made anew when it is posted again."""
        item = self.sudo().move_line_id  # sudo: who says what a cost is need not write bills
        if not item:
            return
        kept = dict(item.recall_cost_kinds or {})
        kept.pop(str(self.recall_id.id), None)
        if self.recall_cost_kind and self.recall_cost_kind != self._guess_recall_cost():
            kept[str(self.recall_id.id)] = self.recall_cost_kind
        if kept != (item.recall_cost_kinds or {}):
            item.recall_cost_kinds = kept

    def _guess_recall_cost(self) -> str:
        """What kind of cost a booking is: a credit note tells by itself, a bill by the category of
        its product."""
        move = self.move_line_id.move_id
        if move.is_sale_document():
            return "credit"
        category = self.product_id.categ_id
        while category and not category.recall_cost_kind:
            category = category.parent_id
        return category.recall_cost_kind or "other"


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    recall_cost_kinds = fields.Json(
        "Kinds of recall cost",
        copy=False,
        help="{recall: kind}: chosen by somebody, other than what the line itself tells",
    )
