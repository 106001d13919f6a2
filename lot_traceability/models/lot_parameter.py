from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import lot_values

KINDS = [
    ("number", "Number"),
    ("yes_no", "Yes or no"),
    ("choice", "Choice"),
    ("text", "Text"),
]
PURPOSES = [("condition", "Condition"), ("test", "Quality test")]


class LotParameter(models.Model):
    """What can be measured or tested: a temperature, pH, Brix, a plate count, an appearance."""

    _name = "lot.parameter"
    _description = "Measured parameter"
    _inherit = ["lot.audited"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    purpose = fields.Selection(
        PURPOSES,
        default="condition",
        required=True,
        help="Conditions tell how a lot was made, kept or moved; a quality test gets a verdict.",
    )
    kind = fields.Selection(KINDS, "Value is a", default="number", required=True)
    unit = fields.Char(help="As in °C, % or CFU/g")
    decimals = fields.Integer(default=1, help="How many are shown at least")
    method = fields.Char(help="How it is measured or which standard the test follows")
    bounded = fields.Boolean(
        "Only between", help="Refuses values that cannot be, such as a pH of 70"
    )
    lowest = fields.Float(digits=False)
    highest = fields.Float(digits=False)
    choice_ids = fields.One2many("lot.parameter.choice", "parameter_id", "Choices", copy=True)
    limit_ids = fields.One2many("lot.parameter.limit", "parameter_id", "Limits")

    _name_unique = models.Constraint("UNIQUE(name)", "Another parameter has this name already.")

    @api.constrains("kind", "choice_ids", "bounded", "lowest", "highest", "decimals")
    def _check_sense(self):
        for parameter in self:
            if parameter.kind == "choice" and not parameter.choice_ids:
                raise ValidationError(
                    self.env._("Give “%s” the choices that people have.", parameter.name)
                )
            if parameter.bounded and parameter.lowest >= parameter.highest:
                raise ValidationError(
                    self.env._(
                        "The highest possible value of “%s” must be above the lowest.",
                        parameter.name,
                    )
                )
            if not 0 <= parameter.decimals <= 9:
                raise ValidationError(self.env._("Choose 0 to 9 decimals."))

    def write(self, vals):
        if "kind" in vals:
            self.filtered(lambda one: one.kind != vals["kind"])._check_not_measured()
        return super().write(vals)

    def _check_not_measured(self) -> None:
        """A temperature that becomes a choice would leave old readings without meaning."""
        # sudo: readings of other companies count as well
        readings = self.env["lot.measurement"].sudo().with_context(active_test=False)
        measured = readings.search(
            [("parameter_id", "in", self.ids), ("value", "!=", False)], limit=1
        ).parameter_id
        if measured:
            raise ValidationError(
                self.env._(
                    "“%s” has been measured already, so its values stay what they are. Make a "
                    "new parameter instead.",
                    measured.name,
                )
            )

    def _read(self, text: str) -> dict:
        """A typed value as the columns of a measurement.

        :raise ValidationError: says what may be entered
        """
        self.ensure_one()
        text = (text or "").strip()
        values = {"value": text or False, "value_number": 0, "value_choice_id": False}
        return values | getattr(self, f"_read_{self.kind}")(text) if text else values

    def _read_text(self, text: str) -> dict:
        return {}

    def _read_number(self, text: str) -> dict:
        unit = (self.unit or "").strip()
        number = lot_values.number(text.removesuffix(unit) if unit else text)
        if number is None:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is no number that %(parameter)s can have. Enter digits, such as "
                    "%(example)s.",
                    text=text[:40],
                    parameter=self.name,
                    example=lot_values.shown(4.2, self.decimals),
                )
            )
        shown = lot_values.shown(number, self.decimals)
        if self.bounded and lot_values.outside(number, self.lowest, self.highest):
            raise ValidationError(
                self.env._(
                    "%(parameter)s cannot be %(value)s: it lies between %(lowest)s and "
                    "%(highest)s. Check the value and its unit.",
                    parameter=self.name,
                    value=f"{shown} {unit}".strip(),
                    lowest=lot_values.shown(self.lowest, self.decimals),
                    highest=lot_values.shown(self.highest, self.decimals),
                )
            )
        return {"value": shown, "value_number": float(number)}

    def _read_yes_no(self, text: str) -> dict:
        answer = lot_values.yes_or_no(text, self.env._("Yes"), self.env._("No"))
        if answer is None:
            raise ValidationError(
                self.env._("Answer %(parameter)s with yes or no.", parameter=self.name)
            )
        return {"value": "Yes" if answer else "No", "value_number": float(answer)}

    def _read_choice(self, text: str) -> dict:
        choice = self.choice_ids.filtered(lambda one: one.name.lower() == text.lower())[:1]
        if not choice:
            raise ValidationError(
                self.env._(
                    "“%(text)s” is no choice of %(parameter)s. Enter one of: %(choices)s.",
                    text=text[:40],
                    parameter=self.name,
                    choices=", ".join(self.choice_ids.mapped("name")),
                )
            )
        return {"value": choice.name, "value_choice_id": choice.id}
