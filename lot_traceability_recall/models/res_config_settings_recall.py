from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.recall_settings import DAYS, LIMITS, RATE, ROAD_DAYS, SMS

_BOUND = {
    "recall_answer_days": DAYS,
    "recall_answer_rate": RATE,
    "recall_road_days": ROAD_DAYS,
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recall_answer_days = fields.Integer(
        "Days that a link for answers works", default=LIMITS[DAYS].default, config_parameter=DAYS
    )
    recall_answer_rate = fields.Integer(
        "Requests a minute for the page", default=LIMITS[RATE].default, config_parameter=RATE
    )
    recall_road_days = fields.Integer(
        "Days that a delivery is on the road",
        default=LIMITS[ROAD_DAYS].default,
        config_parameter=ROAD_DAYS,
    )
    recall_sms = fields.Boolean("Text message besides the letter", config_parameter=SMS)

    @api.constrains(*_BOUND)
    def _check_recall_limits(self):
        for name, key in _BOUND.items():
            limit = LIMITS[key]
            if any(not limit.least <= settings[name] <= limit.most for settings in self):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” must be between %(least)s and %(most)s.",
                        name=self._fields[name]._description_string(self.env),
                        least=limit.least,
                        most=limit.most,
                    )
                )
