from typing import Any

from odoo import fields, models


class StockLot(models.Model):
    """What a recall of this lot would take now, in the company that the user works in."""

    _inherit = "stock.lot"

    exposure_ids = fields.One2many(
        "lot.exposure", "lot_id", "What a recall takes", groups="lot_traceability.group_reader"
    )
    exposure_lots = fields.Integer(
        "Lots of a recall now", compute="_compute_exposure", compute_sudo=False
    )
    exposure_text = fields.Char("A recall now", compute="_compute_exposure", compute_sudo=False)

    def unlink(self):
        # sudo: the rows are derived, nobody else takes them away
        self.env["lot.exposure"].sudo().search([("lot_id", "in", self.ids)]).unlink()
        return super().unlink()

    def _compute_exposure(self):
        rows = self.env["lot.exposure"]
        if rows.has_access("read"):
            rows = rows.search(
                [("lot_id", "in", self.ids), ("company_id", "=", self.env.company.id)]
            )
        by_lot = {row.lot_id.id: row for row in rows}
        for lot in self:
            row = by_lot.get(lot._origin.id)
            lot.exposure_lots = row.lots if row else 0
            lot.exposure_text = lot._exposure_text(row) if row else False

    def _exposure_text(self, row) -> str:
        """One line, as short as a button."""
        return self.env._(
            "%(about)s%(customers)s customers, %(value)s",
            about="≈ " if row.estimated else "",
            customers=row.customers,
            value=row.currency_id.format(row.value),
        )

    def action_exposure(self) -> dict[str, Any]:
        """Show what a recall of this lot would take now; where the nightly batch has not seen it
        yet, it is computed.

        :return: a window action
        :raise AccessError: without the right to read lots, or this one
        """
        self.ensure_one()
        company = self.env.company
        exposures = self.env["lot.exposure"]
        own = [("lot_id", "=", self.id), ("company_id", "=", company.id)]
        if not exposures.search_count(own, limit=1):
            exposures._keep_exact(company, self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("A recall of %s now", self.display_name),
            "res_model": "lot.exposure",
            "res_id": exposures.search(own, limit=1).id,
            "views": [(False, "form")],
            "target": "current",
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def unlink(self):
        # sudo: the rows are derived, nobody else changes them
        rows = self.env["lot.exposure"].sudo()
        rows.search([("supplier_id", "in", self.ids)]).supplier_id = False
        return super().unlink()
