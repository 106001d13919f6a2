from odoo import api, fields, models
from odoo.tools import format_amount, formatLang

from ..tools.figure_values import decimals, duration, is_met

UNITS = [
    ("percent", "Per cent"),
    ("milliseconds", "Milliseconds"),
    ("seconds", "Seconds"),
    ("days", "Days"),
    ("count", "How many"),
    ("money", "Money"),
    ("points", "Points"),
]
DIRECTIONS = [
    ("higher", "The more the better"),
    ("lower", "The less the better"),
    ("none", "Neither"),
]
OVER_DAYS = [("mean", "Mean"), ("sum", "Sum"), ("last", "Latest")]
AREAS = [
    ("trace", "Tracing"),
    ("floor", "On the floor"),
    ("stock", "Stock"),
    ("records", "Records"),
]


class LotFigureKind(models.Model):
    """What is measured each day: its unit, which way is better, and the firm's own target."""

    _name = "lot.figure.kind"
    _description = "Kind of figure"
    _inherit = ["lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, help="How programs name it")
    text = fields.Text("What it says", translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True, help="Not measured and not shown when it is off.")
    area = fields.Selection(AREAS, required=True, readonly=True)
    unit = fields.Selection(UNITS, required=True, readonly=True)
    direction = fields.Selection(DIRECTIONS, "Better", required=True, readonly=True)
    target = fields.Float(help="In the unit of the figure")
    over_days = fields.Selection(
        OVER_DAYS, "Over several days", required=True, readonly=True, default="mean"
    )
    as_it_stands = fields.Boolean(
        "As it stands", readonly=True, help="Told of the moment: not worked out for a past day."
    )

    _code_unique = models.Constraint("UNIQUE(code)", "There is a figure with this code already.")

    @api.model
    def _every(self) -> "LotFigureKind":
        """All that are measured, in the order of the board."""
        return self.search([])  # pylint: disable=no-search-all  # some twenty

    def _shown(self, value: float, company) -> str:
        """A value as people read it, with its unit."""
        self.ensure_one()
        _ = self.env._
        if self.unit == "money":
            return format_amount(self.env, value, company.currency_id)
        if self.unit in ("milliseconds", "seconds"):
            amount, unit = duration(value / 1000 if self.unit == "milliseconds" else value)
            amount = self._number(round(amount) if unit == "ms" else amount)
            units = {
                "ms": _("%s ms", amount),
                "s": _("%s s", amount),
                "min": _("%s min", amount),
                "h": _("%s h", amount),
            }
            return units[unit]
        shown = self._number(value)
        if self.unit == "percent":
            return _("%s %%", shown)
        if self.unit == "days":
            return _("%s days", shown) if round(value, 1) != 1 else _("1 day")
        return shown

    @api.model
    def _number(self, value: float) -> str:
        # Without a minus before a zero.
        return formatLang(self.env, round(value, 1) + 0.0, digits=decimals(value))

    def _target_text(self, company) -> str:
        """The target as a sentence's part; empty where there is none."""
        self.ensure_one()
        if self.direction == "none":
            return ""
        shown = self._shown(self.target, company)
        if self.direction == "higher":
            return self.env._("at least %s", shown)
        return self.env._("at most %s", shown) if self.target else shown

    def _state(self, value: float) -> str:
        """:return: "good", "bad", or "none" where there is no target"""
        self.ensure_one()
        if self.direction == "none":
            return "none"
        return "good" if is_met(value, self.target, self.direction) else "bad"

    @api.model
    def _state_text(self, state: str) -> str:
        texts = {"good": self.env._("On target"), "bad": self.env._("Off target"), "none": ""}
        return texts[state]
