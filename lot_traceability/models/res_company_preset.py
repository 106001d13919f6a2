from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lot_preset_id = fields.Many2one(
        "lot.preset",
        "Industry of lot traceability",
        readonly=True,
        copy=False,
        ondelete="set null",
        prefetch="lot_settings",
    )
    lot_preset_declined = fields.Boolean(
        "No industry for lot traceability",
        readonly=True,
        copy=False,
        help="Nobody is asked any more to choose one.",
        prefetch="lot_settings",
    )
    lot_preset_category_ids = fields.Many2many(
        "product.category",
        "res_company_lot_preset_category_rel",
        string="Categories of lot traceability",
        readonly=True,
        copy=False,
    )
