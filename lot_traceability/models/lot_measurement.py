from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .lot_parameter_limit import STEPS

CONFORMITIES = [
    ("pending", "Pending"),
    ("in", "Within limits"),
    ("out", "Out of limits"),
    ("none", "No limits"),
]
VERDICTS = [("pending", "Pending"), ("pass", "Pass"), ("fail", "Fail")]

# What is worked out, or noted by a judgement or when a reading is struck out: never typed in.
_EVIDENCE = {
    "value_number",
    "value_choice_id",
    "limit_id",
    "limit_text",
    "critical",
    "conformity",
    "verdict",
    "judged_by",
    "judged_on",
    "active",
    "struck_by",
    "struck_on",
    "struck_reason",
}
_FIXED = {"lot_id", "parameter_id", "company_id"}


class LotMeasurement(models.Model):
    """A reading of a lot: a condition under which it was made, kept or moved, or the result of a
    quality test. Its limits are kept as they stood. Readings are struck out, never deleted."""

    _name = "lot.measurement"
    _description = "Reading of a lot"
    _order = "measured_on desc, id desc"
    _check_company_auto = True

    lot_id = fields.Many2one(
        "stock.lot", required=True, index=True, ondelete="restrict", check_company=True
    )
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    parameter_id = fields.Many2one("lot.parameter", required=True, index=True, ondelete="restrict")
    kind = fields.Selection(related="parameter_id.kind")
    purpose = fields.Selection(related="parameter_id.purpose", store=True)
    unit = fields.Char(related="parameter_id.unit")
    step = fields.Selection(STEPS)
    value = fields.Char(help="Empty: still to be measured")
    value_number = fields.Float("Numeric value", digits=False, readonly=True, aggregator="avg")
    value_choice_id = fields.Many2one(
        "lot.parameter.choice", "Choice", readonly=True, ondelete="restrict"
    )
    shown = fields.Char("Result", compute="_compute_shown")
    limit_id = fields.Many2one(
        "lot.parameter.limit", "Rule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    limit_text = fields.Char("Limits", readonly=True, help="As they stood at the reading")
    critical = fields.Boolean("Critical control point", readonly=True)
    conformity = fields.Selection(
        CONFORMITIES, "Limits kept", default="pending", required=True, readonly=True
    )
    verdict = fields.Selection(
        VERDICTS, readonly=True, help="Follows the limits until quality judges it"
    )
    judged_by = fields.Many2one("res.users", "Judged by", readonly=True, ondelete="restrict")
    judged_on = fields.Datetime("Judged on", readonly=True)
    measured_on = fields.Datetime("Measured on", default=fields.Datetime.now, required=True)
    user_id = fields.Many2one(
        "res.users",
        "Measured by",
        default=lambda self: self.env.user,
        required=True,
        index=True,
        ondelete="restrict",
    )
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing order",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter", "Work centre", ondelete="restrict", check_company=True
    )
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", index="btree_not_null", ondelete="restrict", check_company=True
    )
    method = fields.Char()
    note = fields.Char("Remark")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Documents", help="Such as the certificate of analysis"
    )
    action_ids = fields.One2many("lot.corrective.action", "measurement_id", "Corrective actions")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True, readonly=True)
    struck_by = fields.Many2one("res.users", "Struck out by", readonly=True, ondelete="restrict")
    struck_on = fields.Datetime("Struck out on", readonly=True)
    struck_reason = fields.Char("Why it was struck out", readonly=True)

    _broken = models.Index("(lot_id) WHERE conformity = 'out' AND active")

    @api.depends("value", "kind", "unit")
    def _compute_shown(self):
        answers = {"Yes": self.env._("Yes"), "No": self.env._("No")}
        for reading in self:
            shown = reading.value or ""
            if reading.kind == "yes_no":
                shown = answers.get(shown, shown)
            elif shown and reading.kind == "number" and reading.unit:
                shown = f"{shown} {reading.unit}"
            reading.shown = shown

    @api.depends("parameter_id", "shown")
    def _compute_display_name(self):
        for reading in self:
            reading.display_name = f"{reading.parameter_id.name or ''} {reading.shown}".strip()

    @api.constrains("measured_on")
    def _check_not_ahead(self):
        if any(reading.measured_on > fields.Datetime.now() for reading in self):
            raise ValidationError(
                self.env._("A reading cannot lie in the future: correct its date and time.")
            )

    @api.onchange("parameter_id", "value", "step", "lot_id")
    def _onchange_reading(self):
        """Show at once what the reading means; saving works it out again."""
        if not self.parameter_id:
            return None
        self.method = self.method or self.parameter_id.method
        try:
            self.update(self.parameter_id._read(self.value))
        except ValidationError as error:
            self.conformity = "pending"
            return {"warning": {"title": self.env._("Check the value"), "message": str(error)}}
        self.update(self._judgement_by(self._limits()))
        return None

    # -- writing -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        parameters = self.env["lot.parameter"]
        for vals in vals_list:
            self._refuse_evidence(vals)
            parameter = parameters.browse(vals.get("parameter_id"))
            lot = self.env["stock.lot"].browse(vals.get("lot_id"))
            if lot.company_id:
                vals.setdefault("company_id", lot.company_id.id)
            if parameter:
                vals.update(parameter._read(self._text(vals.get("value"))))
                vals.setdefault("method", parameter.method)
        readings = super().create(vals_list)
        readings._adopt_attachments()
        readings._evaluate()
        readings._note(self.env._("New reading"))
        readings._stop_lots()
        return readings

    def write(self, vals):
        self._refuse_evidence(vals)
        if _FIXED & vals.keys() and any(
            reading[name].id != vals[name] for reading in self for name in _FIXED & vals.keys()
        ):
            raise UserError(
                self.env._(
                    "A reading keeps its lot and parameter. Strike it out and enter a new one."
                )
            )
        self._check_may_change()
        before = {reading: (reading.shown, reading.verdict) for reading in self}
        judged = {reading: reading.judged_by for reading in self if reading.judged_by}
        result = super().write({key: vals[key] for key in vals.keys() - {"value"}})
        if "value" in vals:
            for reading in self:
                super(LotMeasurement, reading).write(
                    reading.parameter_id._read(self._text(vals["value"]))
                    | {"judged_by": False, "judged_on": False}
                )
        if "attachment_ids" in vals:
            self._adopt_attachments()
        if vals.keys() & {"value", "step"}:
            self._evaluate()
            self._note_changes(before, judged)
            self._stop_lots()
        return result

    def _text(self, value) -> str:
        """Programs may give a number or a boolean as it is; nothing measured is empty."""
        if value is None or value is False:
            return ""
        return "yes" if value is True else str(value)

    def _refuse_evidence(self, vals: dict) -> None:
        if _EVIDENCE & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "Limits and verdict of a reading are worked out. To judge a reading or to "
                    "strike it out, use the buttons."
                )
            )

    def _is_quality(self) -> bool:
        return self.env.su or self.env.user.has_group("lot_traceability.group_quality")

    def _check_may_change(self) -> None:
        closed = self.filtered(lambda reading: reading.judged_by or not reading.active)
        if closed and not self._is_quality():
            raise AccessError(
                self.env._(
                    "%s has been judged and stays as it is. Ask quality to change it.",
                    closed[0].display_name,
                )
            )

    def _adopt_attachments(self) -> None:
        """Whoever may read the reading may read its documents."""
        for reading in self.filtered("attachment_ids"):
            own = reading.attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            own.write({"res_model": self._name, "res_id": reading.id})

    # -- limits ------------------------------------------------------------------------------

    def _limits(self):
        return self.env["lot.parameter.limit"]._for(
            self.parameter_id, self.lot_id.product_id, self.company_id
        )

    def _judgement_by(self, limits) -> dict:
        """What the limits that concern this reading make of it."""
        limit = limits._choose(
            self.parameter_id, self.lot_id.product_id, self.step, self.company_id
        )
        if not self.value:
            conformity = "pending"
        elif not limit:
            conformity = "none"
        else:
            conformity = "out" if limit._is_broken_by(self) else "in"
        verdict = {"in": "pass", "out": "fail"}.get(conformity, "pending")
        if conformity == "none" and self.purpose == "condition":
            verdict = False
        return {
            "limit_id": limit.id,
            "limit_text": limit.text,
            "critical": limit.critical,
            "conformity": conformity,
            "verdict": verdict,
        }

    def _evaluate(self) -> None:
        limits = self._limits()
        for reading in self:
            # sudo: what is worked out is written by the model alone
            reading.sudo().write(reading._judgement_by(limits))

    def _stop_lots(self) -> None:
        """A critical control point was missed: nothing of the lot moves, and somebody sees to
        what went wrong."""
        missed = self.filtered(lambda one: one.critical and one.conformity == "out")
        for reading in missed.filtered(lambda one: not one.action_ids):
            reading._hold()
            # sudo: the firm's limits demand it, whoever took the reading
            self.env["lot.corrective.action"].sudo()._open_for(reading)

    def _hold(self) -> None:
        # sudo: the firm's limits demand it, whoever took the reading
        lot = self.lot_id.sudo()
        if not lot.status_id or lot.status_id.usable or lot.status_id.code == "quarantine":
            lot.set_status("hold", self._sentence())

    def _sentence(self) -> str:
        """The reading in one line, as a reason and for the chatter."""
        steps = dict(self._fields["step"]._description_selection(self.env))
        parts = [self.display_name]
        if self.conformity == "out":
            parts.append(self.env._("out of limits (%s)", self.limit_text))
        elif self.limit_text:
            parts.append(self.env._("limits %s", self.limit_text))
        if self.step:
            parts.append(self.env._("step: %s", steps[self.step]))
        return ", ".join(parts)

    # -- judging and striking out ------------------------------------------------------------

    def judge(self, verdict: str, note: str = "") -> bool:
        """Give the verdict of quality on these readings.

        :param verdict: "pass" or "fail"
        :param note: why; needed when the verdict is against the limits and the reading has no
            remark that says so
        :return: True
        :raise AccessError: when the user is not of quality
        :raise UserError: when nothing was measured, or the reason is missing
        """
        if verdict not in ("pass", "fail"):
            raise UserError(self.env._("A verdict is pass or fail."))
        self.check_access("write")
        if not self._is_quality():
            raise AccessError(self.env._("Only quality judges readings. Ask a colleague there."))
        for reading in self:
            reading._check_can_be_judged(verdict, note)
        values = {"verdict": verdict, "judged_by": self.env.uid, "judged_on": fields.Datetime.now()}
        # sudo: who judged is written by the model alone; the right was checked above
        self.sudo().write(values | ({"note": note} if note else {}))
        words = dict(self._fields["verdict"]._description_selection(self.env))
        self._note(self.env._("Judged: %s", words[verdict]))
        return True

    def _check_can_be_judged(self, verdict: str, note: str) -> None:
        if not self.value:
            raise UserError(
                self.env._("Enter the result of %s before you judge it.", self.parameter_id.name)
            )
        against = {"pass": "out", "fail": "in"}[verdict] == self.conformity
        if against and not (note or self.note):
            raise UserError(
                self.env._(
                    "This verdict on %s is against its limits: say why in the remark first.",
                    self.display_name,
                )
            )

    def action_pass(self) -> bool:
        """Judge these readings as passed; see `judge`."""
        return self.judge("pass")

    def action_fail(self) -> bool:
        """Judge these readings as failed; see `judge`."""
        return self.judge("fail")

    def strike_out(self, reason: str) -> bool:
        """Take readings out of account. They stay on record, with who did it, when and why.

        :param reason: why they do not count
        :return: True
        :raise AccessError: when the user is not of quality
        :raise UserError: without a reason
        """
        self.check_access("write")
        if not self._is_quality():
            raise AccessError(
                self.env._("Only quality strikes out readings. Ask a colleague there.")
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the reading does not count."))
        # sudo: as for a judgement
        self.sudo().write(
            {
                "active": False,
                "struck_by": self.env.uid,
                "struck_on": fields.Datetime.now(),
                "struck_reason": reason.strip(),
            }
        )
        self._note(self.env._("Reading struck out (%s)", reason.strip()))
        return True

    # -- chatter -----------------------------------------------------------------------------

    def _note(self, what: str) -> None:
        for lot, readings in self.grouped("lot_id").items():
            lines = [
                self.env._("%(what)s: %(reading)s", what=what, reading=one._sentence())
                for one in readings
            ]
            lot._post_lines(lines)

    def _note_changes(self, before: dict, judged: dict) -> None:
        for lot, readings in self.grouped("lot_id").items():
            lines = []
            for reading in readings:
                old, verdict = before[reading]
                if old == reading.shown:
                    continue
                line = self.env._(
                    "Reading changed from %(old)s to %(new)s",
                    old=old or "–",
                    new=reading._sentence(),
                )
                if reading in judged:
                    line = self.env._(
                        "%(change)s, after %(user)s had judged it (%(verdict)s)",
                        change=line,
                        user=judged[reading].name,
                        verdict=verdict,
                    )
                lines.append(line)
            lot._post_lines(lines)
