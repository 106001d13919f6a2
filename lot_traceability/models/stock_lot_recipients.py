from odoo import api, fields, models

# More than that is read on the trace page.
MAX_SHOWN = 20


class StockLot(models.Model):
    """Who received a lot, for its form."""

    _inherit = "stock.lot"

    distribution = fields.Html(
        compute="_compute_distribution",
        sanitize=False,
        groups="lot_traceability.group_reader",
        help="Net of what came back",
    )

    @api.depends("product_id")
    def _compute_distribution(self):
        for lot in self:
            rows = lot._recipients() if lot._origin else []
            lot.distribution = rows and self.env["ir.qweb"]._render(
                "lot_traceability.lot_distribution",
                {
                    "rows": rows[:MAX_SHOWN],
                    "more": len(rows) - MAX_SHOWN,
                    "unit": lot.product_uom_id.name,
                },
            )

    def _recipients(self) -> list[dict]:
        """Who got this lot itself, the last first: [{"name", "sent", "returned", "net", "date"}]
        with quantities in the product's unit."""
        found: dict = {}
        for partner, kind, quantity, last in self.env["lot.genealogy.movement"]._read_group(
            [
                ("lot_id", "=", self._origin.id),
                ("kind", "in", ["delivery", "customer_return"]),
            ],
            ["partner_id", "kind"],
            ["quantity:sum", "date:max"],
        ):
            row = found.setdefault(
                partner,
                {
                    # sudo: a customer's name on a delivery that the user may read
                    "name": partner.sudo().display_name or self.env._("No customer named"),
                    "sent": 0.0,
                    "returned": 0.0,
                    "date": last,
                },
            )
            row["sent" if kind == "delivery" else "returned"] += abs(quantity)
            if kind == "delivery":
                row["date"] = last
        for row in found.values():
            row["net"] = row["sent"] - row["returned"]
        return sorted(found.values(), key=lambda row: row["date"], reverse=True)
