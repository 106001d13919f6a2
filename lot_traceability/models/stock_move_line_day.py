from odoo import api, fields, models


class StockMoveLine(models.Model):
    """Dates of lots on transfers, by the one rule of days."""

    _inherit = "stock.move.line"

    is_expired = fields.Boolean(compute="_compute_is_expired", related=None)
    lot_removal_over = fields.Boolean("Removal date is over", compute="_compute_is_expired")

    @api.depends("expiration_date", "removal_date", "lot_id.expiration_date", "lot_id.removal_date")
    def _compute_is_expired(self):
        """Of a lot that is only being typed as well."""
        for company, lines in self.grouped("company_id").items():
            start = self.env["lot.calendar"]._expired_before(company)
            for line in lines:
                expiry = line.lot_id.expiration_date or line.expiration_date
                removal = line.lot_id.removal_date or line.removal_date
                line.is_expired = bool(expiry and expiry < start)
                line.lot_removal_over = bool(removal and removal < start)

    def _lot_too_old(self):
        """Those of these lines whose lot has expired, or has to be removed from stock."""
        return self.filtered(lambda line: line.is_expired or line.lot_removal_over)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._read_typed_day(vals)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("expiration_date"):
            vals = dict(vals)
            self._read_typed_day(vals)
        return super().write(vals)

    def _read_typed_day(self, vals: dict) -> None:
        if vals.get("expiration_date"):
            company = self.company_id[:1] or self.env["res.company"].browse(vals.get("company_id"))
            vals["expiration_date"] = self.env["lot.calendar"]._typed(
                vals["expiration_date"], company
            )

    @api.depends("product_id", "lot_id.expiration_date", "picking_id.scheduled_date")
    def _compute_expiration_date(self):
        before = {line: line.expiration_date for line in self}
        result = super()._compute_expiration_date()
        for line in self.filtered("expiration_date"):
            if line.expiration_date not in (before[line], line.lot_id.expiration_date):
                line.expiration_date = line.move_id._expiry_of_new_lot(
                    line.expiration_date, line.picking_id, line.product_id
                )
        return result

    def _too_old_text(self) -> str:
        """The lot of this line and its day, for a question to people."""
        name = self.lot_id.name or self.lot_name or self.product_id.display_name
        expiry = self.lot_id.expiration_date or self.expiration_date
        if not self.is_expired:
            return self.env._("%s is past its removal date", name)
        day = self.env["lot.calendar"]._day(expiry, self.company_id)
        return self.env._("%(lot)s expired on %(day)s", lot=name, day=fields.Date.to_string(day))
