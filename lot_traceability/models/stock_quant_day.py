from odoo import api, fields, models
from odoo.fields import Domain


class StockQuant(models.Model):
    """Dates of the lots on hand, by the one rule of days."""

    _inherit = "stock.quant"

    lot_expired = fields.Boolean(
        "Expired", compute="_compute_lot_expired", search="_search_lot_expired"
    )
    lot_removal_over = fields.Boolean("Removal date is over", compute="_compute_lot_expired")

    @api.depends("expiration_date", "removal_date", "company_id")
    @api.depends_context("company")
    def _compute_lot_expired(self):
        for company, quants in self.grouped(StockQuant._lot_company).items():
            start = self.env["lot.calendar"]._expired_before(company)
            for quant in quants:
                quant.lot_expired = bool(quant.expiration_date and quant.expiration_date < start)
                quant.lot_removal_over = bool(quant.removal_date and quant.removal_date < start)

    def _search_lot_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        over = self.env["lot.calendar"]._over("expiration_date")
        domain = over if True in value else Domain.FALSE
        return domain | ~over | Domain("expiration_date", "=", False) if False in value else domain

    def _lot_company(self):
        return self.company_id or self.env.company

    def _get_gs1_barcode(self, gs1_quantity_rules_ai_by_uom=False):
        """Core takes the day in UTC."""
        barcode = super()._get_gs1_barcode(gs1_quantity_rules_ai_by_uom)
        if self.use_expiration_date:
            for name, identifier in (("use_date", "15"), ("expiration_date", "17")):
                instant, day = self.lot_id[name], self.lot_id._lot_day(name)
                if instant:
                    barcode = barcode.replace(
                        f"{identifier}{instant:%y%m%d}", f"{identifier}{day:%y%m%d}", 1
                    )
        return barcode
