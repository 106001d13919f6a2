from odoo import models


class StockForecasted(models.AbstractModel):
    """The forecast, by the one rule of days: what has to be removed today may be used today."""

    _inherit = "stock.forecasted_product_product"

    def _get_quant_domain(self, location_ids, products):
        return self._by_lot_day(super()._get_quant_domain(location_ids, products))

    def _get_expired_quant_domain(self, location_ids, products):
        return self._by_lot_day(super()._get_expired_quant_domain(location_ids, products))

    def _by_lot_day(self, domain: list) -> list:
        """Core compares removal dates with midnight in UTC, the present day being over."""
        start = self.env["lot.calendar"]._expired_before()
        rule = {">": ">=", "<=": "<"}
        return [
            ("removal_date", rule[term[1]], start)
            if term[0] == "removal_date" and term[1] in rule
            else term
            for term in domain
        ]

    def _free_stock_lines(self, product, free_stock, moves_data, wh_location_ids, read):
        # Removal dates are grouped by day: by the company's.
        zoned = self.with_context(tz=self.env["lot.calendar"]._zone())
        return super(StockForecasted, zoned)._free_stock_lines(
            product, free_stock, moves_data, wh_location_ids, read
        )
