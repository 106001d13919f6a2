from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.lot_done_answers import ANSWERS


class LotDoneWizard(models.TransientModel):
    """What has to be asked before transfers or orders are validated, in one dialog: why another lot
    is taken than the one that expires first, and whether lots may come together."""

    _name = "lot.done.wizard"
    _description = "Questions before validation"

    picking_ids = fields.Many2many("stock.picking", readonly=True)
    production_ids = fields.Many2many("mrp.production", readonly=True)
    separation = fields.Text("Lots that should be kept apart", readonly=True)
    line_ids = fields.One2many("lot.done.wizard.line", "wizard_id", "Other lots than proposed")
    reason_id = fields.Many2one("lot.fefo.reason", help="For all products without their own.")
    note = fields.Char("Explanation")
    single = fields.Boolean(compute="_compute_single")

    @api.depends("line_ids")
    def _compute_single(self):
        for wizard in self:
            wizard.single = len(wizard.line_ids) < 2

    @api.model
    def _ask(self, documents, moves) -> dict | None:
        """The dialog that validation of these documents has to show first; None when there is
        nothing to ask, or nobody to be asked."""
        if self.env.su or ANSWERS in self.env.context:
            return None
        moves = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        picked = moves.move_line_ids.filtered("picked")
        separation = self.env["lot.separation"]._warnings(picked)
        asking = moves.filtered("company_id.lot_fefo_ask")
        deviations = self.env["lot.fefo"]._deviations(asking)
        # What was told with the lines is not asked again.
        told = picked._fefo_told() if deviations else {}
        deviations = [
            taking
            for taking in deviations
            if (taking.move.product_id.id, taking.lot.id) not in told
        ]
        if not separation and not deviations:
            return None
        field = "picking_ids" if documents._name == "stock.picking" else "production_ids"
        wizard = self.create(
            {
                field: [Command.set(documents.ids)],
                "separation": separation,
                "line_ids": [Command.create(vals) for vals in self._lines_of(deviations)],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Before you validate"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
            "context": dict(self.env.context),
        }

    @api.model
    def _lines_of(self, deviations: list[tuple]) -> list[dict]:
        """One question a product."""
        by_product = {}
        for taking in deviations:
            by_product.setdefault(taking.move.product_id, []).append(taking)
        return [
            {
                "product_id": product.id,
                "taken": self._dated(taking.lot for taking in takings),
                "proposed": self._dated(taking.proposed for taking in takings),
            }
            for product, takings in by_product.items()
        ]

    @api.model
    def _dated(self, lots) -> str:
        calendar = self.env["lot.calendar"]
        rows = {
            lot: f"{lot.name} ({calendar._day(lot.removal_date)})" if lot.removal_date else lot.name
            for lot in lots
        }
        return ", ".join(rows.values())

    def action_confirm(self) -> dict | bool:
        """Go on with the validation, with the reasons given.

        :return: what the validation returns: True, or the next dialog
        :raise UserError: when a reason or its explanation is missing
        """
        self.ensure_one()
        missing = self.line_ids.filtered(lambda line: not line._is_answered())
        if missing:
            raise UserError(
                self.env._(
                    "Say why another lot is taken: %s. Where the reason is not enough, add a few "
                    "words.",
                    ", ".join(missing.product_id.mapped("display_name")),
                )
            )
        answers = [line._answer() for line in self.line_ids]
        context = {
            key: value for key, value in self.env.context.items() if not key.startswith("default_")
        }
        documents = (self.picking_ids or self.production_ids).with_context(
            context, **{ANSWERS: {"fefo": answers}}
        )
        if self.picking_ids:
            return documents.button_validate()
        return documents.button_mark_done()


class LotDoneWizardLine(models.TransientModel):
    _name = "lot.done.wizard.line"
    _description = "Why another lot is taken"

    wizard_id = fields.Many2one("lot.done.wizard", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    proposed = fields.Char("To take first", readonly=True)
    taken = fields.Char("Taken instead", readonly=True)
    reason_id = fields.Many2one("lot.fefo.reason")
    note = fields.Char("Explanation")

    def _answer(self) -> list:
        """[product, reason, explanation]: this product's own, else those given for all."""
        self.ensure_one()
        given = self if self.reason_id else self.wizard_id
        note = (self.note or self.wizard_id.note or "").strip()
        return [self.product_id.id, given.reason_id.id, note]

    def _is_answered(self) -> bool:
        _product, reason, note = self._answer()
        found = self.reason_id.browse(reason)
        return bool(found and (note or not found.note_required))
