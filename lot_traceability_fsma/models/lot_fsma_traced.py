from odoo import models
from odoo.addons.lot_traceability.models.lot_columns import rows


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _fsma_traced(self) -> "StockMoveLine":
        """Those of these lines that move a lot of a food that the rule, or the firm, wants traced.
        Most firms have few: nothing else is asked of the others."""
        products: dict[tuple, bool] = {}
        found = []
        columns = rows(self, "lot_id", "product_id", "company_id")
        for line_id, (lot_id, product_id, company_id) in zip(self._ids, columns, strict=True):
            if not lot_id:
                continue
            key = (product_id, company_id)
            if key not in products:
                line = self.browse(line_id)
                products[key] = line.product_id.fsma_listed or line.company_id.fsma_record_all
            if products[key]:
                found.append(line_id)
        return self.browse(found).with_prefetch(self._prefetch_ids)
