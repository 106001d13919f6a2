from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    fsma_record_all = fields.Boolean(
        "Record events of all foods",
        help="Retailers ask for it: not only for foods on the list. Exemptions are still minded.",
    )
    fsma_retail = fields.Boolean(
        "Retail food establishment or restaurant",
        help="Gives no traceability lot codes: 21 CFR 1.1345(b)(1), 1.1350(c)",
    )
    fsma_lot_name_is_code = fields.Boolean(
        "Lot numbers typed at receipts are the supplier's codes",
        help="Where the number on the label is typed as the number of the lot, it is the "
        "traceability lot code as well, unless another is told.",
    )
    fsma_ask = fields.Selection(
        [
            ("later", "Nothing: it waits under Missing Data"),
            ("ask", "It is asked, and may wait"),
            ("refuse", "It is asked, and has to be told"),
        ],
        "What is missing when lots are received or packed",
        default="ask",
        required=True,
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    fsma_record_all = fields.Boolean(related="company_id.fsma_record_all", readonly=False)
    fsma_ask = fields.Selection(related="company_id.fsma_ask", readonly=False)
    fsma_retail = fields.Boolean(related="company_id.fsma_retail", readonly=False)
    fsma_lot_name_is_code = fields.Boolean(
        related="company_id.fsma_lot_name_is_code", readonly=False
    )
