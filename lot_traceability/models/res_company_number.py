from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    lot_lookalike = fields.Selection(
        [
            ("off", "Allow"),
            ("warn", "Warn"),
            ("refuse", "Refuse"),
        ],
        "Lot numbers that look alike",
        default="warn",
        help="A new lot number that the eye takes for an existing one of the same product, such "
        "as L0T-1 and LOT-I. Warn: whoever types it is asked whether the other one is meant, and "
        "another spelling of the same number (lot-1 for LOT-1) is refused. Refuse: both are "
        "refused. Lots that exist already stay as they are.",
        prefetch="lot_settings",
    )
