from typing import Any

from odoo import api, fields, models
from odoo.addons.lot_traceability.models.lot_genealogy_link import GenealogyLink


class LotExposure(models.Model):
    """What a recall of a lot would take now, before anything happens: the lot itself and all that
    was made of it, who has it, and what it is worth.

    One narrow row per lot that is in stock, was sent or is linked with another, and company.
    Derived by the nightly batch (`_refresh`) and never typed: it can be emptied at any time. What
    is few is exact; the rest is estimated, and says so. `exact` walks one lot in full.
    """

    _name = "lot.exposure"
    _description = "Exposure of a lot"
    # Worst first.
    _order = "value desc, customers desc, lots desc, id"
    _rec_name = "lot_id"
    _log_access = False

    # Each key that is checked costs more than its row: half of the time in which a million rows
    # are written. Who deletes a lot or a supplier takes it out of here as well.
    lot_id = GenealogyLink("stock.lot", required=True, readonly=True)
    supplier_id = GenealogyLink("res.partner", readonly=True, index="btree_not_null")
    # The keys of the lot and its stock keep these two there.
    company_id = GenealogyLink("res.company", required=True, readonly=True)
    product_id = GenealogyLink("product.product", required=True, readonly=True)
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        "Line",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        groups="mrp.group_mrp_user",
        help="Where it was made; the first, where several worked on it",
    )
    # Lots of one supplier or line meet in the same goods: their figures are not added up.
    lots = fields.Integer(
        readonly=True, aggregator="max", help="The lot itself and all that was made of it"
    )
    customers = fields.Integer(
        readonly=True, aggregator="max", help="Who received any of these lots"
    )
    units = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator="max",
        help="Of all these lots, each in its product's unit, in stock and with customers",
    )
    on_hand_value = fields.Monetary("Value in stock", readonly=True, aggregator="max")
    shipped_value = fields.Monetary(
        "Value with customers", readonly=True, aggregator="max", help="At cost, net of returns"
    )
    value = fields.Monetary("Total value", readonly=True, aggregator="max")
    estimated = fields.Boolean(
        readonly=True,
        help="The lot reaches so many others that they are estimated: two of three figures within "
        "6 % of the truth, rarely one more than 15 % off. They may also be too high, where goods "
        "left a lot before the suspect ones came into it. “Exact Now” looks at each.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    computed_on = fields.Datetime(related="company_id.lot_exposure_on", string="Batch of")

    _lot = models.UniqueIndex("(lot_id, company_id)")
    _worst = models.Index("(company_id, value DESC, customers DESC, lots DESC, id)")

    def action_exact(self) -> bool:
        """Compute the figures of these lots in full, as of now.

        :return: True
        :raise AccessError: without the right to read the lots
        """
        for company, rows in self.grouped("company_id").items():
            self._keep_exact(company, rows.lot_id)
        return True

    def action_open_lot(self) -> dict[str, Any]:
        """Open the lot.

        :return: a window action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": self.lot_id.id,
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model
    def _keep_exact(self, company, lots) -> None:
        """Put the exact figures of these lots into their rows."""
        exact = self.with_context(allowed_company_ids=company.ids).exact(lots.ids)
        # sudo: the rows are derived, nobody writes them; whether the lots may be read was asked
        rows = self.sudo().search([("lot_id", "in", lots.ids), ("company_id", "=", company.id)])
        by_lot = {row.lot_id.id: row for row in rows}
        for found in exact:
            values = {
                name: found[name]
                for name in ("lots", "customers", "units", "on_hand_value", "shipped_value")
            } | {"value": found["value"], "estimated": False}
            lot = self.env["stock.lot"].browse(found["lot_id"])
            row = by_lot.get(lot.id)
            if row:
                row.write(values)
                continue
            # sudo: as above
            self.sudo().create(
                {
                    **values,
                    "lot_id": lot.id,
                    "company_id": company.id,
                    "product_id": lot.product_id.id,
                    "supplier_id": lot.supplier_id.id,
                    # sudo: who made a lot is read from it, whoever may read work centres
                    "workcenter_id": lot.sudo().made_workcenter_ids[:1].id,
                }
            )


class ResCompany(models.Model):
    _inherit = "res.company"

    lot_exposure_on = fields.Datetime("Exposure of lots computed on", readonly=True, copy=False)
