from odoo import fields, models


class LotRecall(models.Model):
    """What reports to an authority ask for besides."""

    _inherit = "lot.recall"

    publicity = fields.Text("Warning to the public", help="Whether and how the public was told")
    authority_id = fields.Many2one("res.partner", "Authority told", ondelete="restrict")
    authority_reference = fields.Char("Their reference")
    authority_told_on = fields.Datetime("Authority told on")
    body_told_on = fields.Date(
        "Certification body told on", help="BRCGS: within three working days."
    )
    expected_end = fields.Date("Expected to be complete on")
    intended_use = fields.Char(help="Of a device or a medicine, as labelled")
    marketing_status = fields.Char(
        "Authorisation", help="E.g. the 510(k), PMA, NDA or marketing authorisation number"
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    recall_registration = fields.Char(
        "Registration with the authority",
        prefetch="lot_settings",
        help="Number of the food facility or of the device establishment; goes on reports.",
    )
