from odoo import models


class StockMoveLine(models.Model):
    """What is packed in an operation whose packages are numbered as SSCC gets such a number."""

    _inherit = "stock.move.line"

    def _put_in_pack(self, package_id=False, package_type_id=False, package_name=False):
        if not package_id and not package_name and self.picking_type_id[:1].sscc:
            company = self.company_id[:1] or self.env.company
            package_name = self.env["stock.package"]._next_sscc(company)[0]
        return super()._put_in_pack(package_id, package_type_id, package_name)
