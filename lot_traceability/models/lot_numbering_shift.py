from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LotNumberingShift(models.Model):
    """Which shift works at which hour, for numbers that name the shift."""

    _name = "lot.numbering.shift"
    _description = "Shift in lot numbers"
    _inherit = ["lot.audited"]
    _order = "hour_from, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="As it stands in lot numbers, for example N")
    hour_from = fields.Float("From", required=True)
    hour_to = fields.Float(
        "To", required=True, help="A shift that ends before it begins goes on over midnight."
    )
    company_id = fields.Many2one(
        "res.company", help="Empty: in all companies", default=lambda self: self.env.company
    )

    @api.constrains("hour_from", "hour_to")
    def _check_hours(self):
        for shift in self:
            if not (0 <= shift.hour_from < 24 and 0 <= shift.hour_to <= 24):
                raise ValidationError(
                    self.env._("Enter hours between 0:00 and 24:00 for shift %s.", shift.name)
                )

    def _code_at(self, moment, company) -> str:
        """Code of the shift that works then.

        :param moment: local datetime
        """
        hour = moment.hour + moment.minute / 60
        shifts = self.search([("company_id", "in", [False, company.id])])
        for shift in shifts.sorted(lambda shift: not shift.company_id):
            start, end = shift.hour_from, shift.hour_to
            if start <= hour < end if start < end else hour >= start or hour < end:
                return shift.code
        return ""
