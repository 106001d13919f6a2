from odoo import api, fields, models

from .lot_columns import column, rows


class StockMoveLine(models.Model):
    """Dates of lots on transfers, by the one rule of days."""

    _inherit = "stock.move.line"

    is_expired = fields.Boolean(compute="_compute_is_expired", related=None)
    lot_removal_over = fields.Boolean("Removal date is over", compute="_compute_is_expired")

    @api.depends("expiration_date", "removal_date", "lot_id.expiration_date", "lot_id.removal_date")
    def _compute_is_expired(self):
        """Of a lot that is only being typed as well."""
        for line, over in zip(self, self._days_over(), strict=True):
            line.is_expired, line.lot_removal_over = over

    def _days_over(self) -> list[tuple[bool, bool]]:
        """Of each of these lines: has its lot expired, and has it to be removed from stock?"""
        lots = self.lot_id
        dates = rows(lots, "expiration_date", "removal_date")
        of_lot = dict(zip(lots._ids, dates, strict=True)) | {
            None: (None, None),
            False: (None, None),
        }
        starts: dict = {}
        result = []
        for company_id, lot_id, *typed in rows(
            self, "company_id", "lot_id", "expiration_date", "removal_date"
        ):
            if company_id not in starts:
                company = self.env["res.company"].browse(company_id or [])
                starts[company_id] = self.env["lot.calendar"]._expired_before(company)
            pairs = zip(of_lot[lot_id], typed, strict=True)
            days = (known or told for known, told in pairs)
            result.append(tuple(bool(day and day < starts[company_id]) for day in days))
        return result

    def _lot_too_old(self):
        """Those of these lines whose lot has expired, or has to be removed from stock."""
        old = zip(self._ids, self._days_over(), strict=True)
        return self.browse(line_id for line_id, over in old if any(over)).with_prefetch(
            self._prefetch_ids
        )

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
        before = column(self, "expiration_date")
        result = super()._compute_expiration_date()
        after = column(self, "expiration_date")
        for line, old, new in zip(self, before, after, strict=True):
            if new and new != old and new != line.lot_id.expiration_date:
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
