from typing import Any

from odoo import api, fields, models
from odoo.fields import Command

from ..models.lot_recall import DEPTHS, FOUND_BY, GOODS
from ..models.lot_recall_scope import DIRECTIONS
from ..tools.recall_wording import CLASSES, REGIONS, classes

# What the person in charge of this company said the last time.
_REMEMBERED = ("goods", "region", "depth")
# So many lots are described; the rest is counted.
_DESCRIBED = 5


class LotRecallWizard(models.TransientModel):
    """Starts a recall: few questions, most of them answered already."""

    _name = "lot.recall.wizard"
    _description = "Start a recall"

    title = fields.Char("What is wrong?", required=True)
    kind = fields.Selection(
        [
            ("recall", "Recall: the goods may do harm"),
            ("withdrawal", "Withdrawal: a defect without danger"),
            ("mock", "Drill: nothing is touched and nobody is told"),
        ],
        "What is it?",
        default="recall",
        required=True,
    )
    lot_ids = fields.Many2many("stock.lot", string="Suspect lots")
    lots_text = fields.Text(compute="_compute_lots_text")
    direction = fields.Selection(
        DIRECTIONS, "What else may be affected?", default="downstream", required=True
    )
    hazard = fields.Char(help="E.g. Listeria monocytogenes, undeclared milk, burns")
    hazard_class = fields.Selection(CLASSES, "Class")
    class_text = fields.Char(compute="_compute_class_text")
    reason = fields.Text("What was found?", help="Where, when and by whom")
    found_by = fields.Selection(FOUND_BY, "How was it found?")
    partner_id = fields.Many2one("res.partner", "Reported by")
    measurement_id = fields.Many2one("lot.measurement", "Reading")
    goods = fields.Selection(GOODS, "Kind of goods", required=True, default="food")
    region = fields.Selection(REGIONS, required=True, default="us")
    depth = fields.Selection(DEPTHS, "Called back from", required=True, default="retail")
    started_on = fields.Datetime(
        "Since when is it known?", required=True, default=fields.Datetime.now
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        values.update(self._defaults_of_context(fields_list))
        last = self.env["lot.recall"].search(
            [("company_id", "=", self.env.company.id)], order="id desc", limit=1
        )
        for name in _REMEMBERED:
            if last and name in fields_list:
                values[name] = last[name]
        return values

    @api.model
    def _defaults_of_context(self, fields_list: list[str]) -> dict[str, Any]:
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids", [])
        values: dict[str, Any] = {}
        if model == "lot.measurement":
            reading = self.env[model].browse(ids[:1]).exists()
            values = {
                "measurement_id": reading.id,
                "found_by": "test",
                "title": reading.display_name,
                "lot_ids": [Command.set(reading.lot_id.ids)],
            }
        elif model and ids:
            lots = self.env["lot.status.wizard"]._lots_of_context()
            values = {"lot_ids": [Command.set(lots.ids)]} if lots else {}
        return {name: value for name, value in values.items() if name in fields_list}

    @api.depends("lot_ids")
    def _compute_lots_text(self):
        for wizard in self:
            lots = wizard.lot_ids[:_DESCRIBED]
            rows = [wizard._describe(lot) for lot in lots]
            if len(wizard.lot_ids) > _DESCRIBED:
                rows.append(self.env._("and %s more", len(wizard.lot_ids) - _DESCRIBED))
            wizard.lots_text = "\n".join(rows) or False

    @api.model
    def _describe(self, lot) -> str:
        """The lot as whoever reported it may know it: the product, the supplier and its number."""
        parts = [f"{lot.name}: {lot.product_id.display_name}"]
        if lot.supplier_lot:
            parts.append(self.env._("supplier lot %s", lot.supplier_lot))
        # sudo: the name of a supplier, for whoever may see the lot
        return ", ".join(filter(None, [*parts, lot.sudo().supplier_id.name]))

    @api.depends("region", "hazard_class")
    @api.depends_context("lang")
    def _compute_class_text(self):
        for wizard in self:
            known = classes(wizard.region).get(wizard.hazard_class)
            wizard.class_text = self.env._(known.meaning) if known else False

    def action_start(self) -> dict[str, Any]:
        """Start the recall.

        :return: a window action that opens it
        """
        self.ensure_one()
        names = ("title", "kind", "hazard", "hazard_class", "reason", "found_by")
        names += ("goods", "region", "depth", "started_on")
        values = {name: self[name] for name in names}
        values |= {"partner_id": self.partner_id.id, "measurement_id": self.measurement_id.id}
        started = self.env["lot.recall"].start(self.lot_ids.ids, values, self.direction)
        return {
            "type": "ir.actions.act_window",
            "res_model": "lot.recall",
            "res_id": started["id"],
            "views": [(False, "form")],
            "target": "current",
        }
