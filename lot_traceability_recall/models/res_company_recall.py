from odoo import fields, models
from odoo.tools import SQL


class ResCompany(models.Model):
    """Where goods go that a recall brings back."""

    _inherit = "res.company"

    recall_location_id = fields.Many2one(
        "stock.location",
        "Place for recalled goods",
        domain="[('usage', '=', 'internal'), ('company_id', '=', id)]",
        ondelete="restrict",
        help="Goods that come back wait here for their disposition. Made when first needed.",
    )

    def _recall_place(self):
        """The place for goods that come back; made when there is none. It lies in the warehouse
        and outside of its stock, so that nothing is reserved from it, and is a quarantine place."""
        self.ensure_one()
        # sudo: whoever brings goods back need not be allowed to set up places
        company = self.sudo()
        if not company.recall_location_id:
            # Two people bring goods back at once: one place comes of it.
            self.env.cr.execute(
                SQL("SELECT id FROM res_company WHERE id = %s FOR NO KEY UPDATE", company.id)
            )
            company.invalidate_recordset(["recall_location_id"])
        if not company.recall_location_id:
            # sudo: the place is made when it is needed, whoever needs it first
            warehouse = self.env["stock.warehouse"].sudo()
            warehouse = warehouse.search([("company_id", "=", company.id)], limit=1)
            if not warehouse:
                self.env["stock.warehouse"]._warehouse_redirect_warning()
            # sudo: as above
            company.recall_location_id = (
                self.env["stock.location"]
                .sudo()
                .create(
                    {
                        "name": self.env._("Recall"),
                        "usage": "internal",
                        "location_id": warehouse.view_location_id.id,
                        "company_id": company.id,
                        "lot_quarantine": True,
                    }
                )
            )
        return company.recall_location_id.with_env(self.env)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recall_location_id = fields.Many2one(related="company_id.recall_location_id", readonly=False)
