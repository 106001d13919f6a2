from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.recall_wording import CLASSES, REGIONS, classes

KINDS = [("recall", "Recall"), ("withdrawal", "Withdrawal"), ("mock", "Mock recall")]
STATES = [
    ("suspected", "Suspected"),
    ("decided", "Scope frozen"),
    ("closed", "Closed"),
    ("cancelled", "Called off"),
]
FOUND_BY = [
    ("complaint", "A complaint"),
    ("test", "An own test"),
    ("supplier", "A supplier's notice"),
    ("audit", "An audit or inspection"),
    ("authority", "An authority"),
    ("other", "Something else"),
]
DEPTHS = [("wholesale", "Wholesale"), ("retail", "Retail"), ("consumer", "Consumer")]
GOODS = [
    ("food", "Food"),
    ("drug", "Medicine"),
    ("device", "Medical device"),
    ("vehicle", "Vehicle part"),
    ("aircraft", "Aircraft part"),
    ("product", "Other goods"),
]
# Noted by the steps themselves.
_EVIDENCE = {"state", "decided_on", "stopped_on", "told_on", "closed_on", "name"}


class LotRecall(models.Model):
    """A recall, a withdrawal or a drill of one, from the first suspicion to its closure."""

    _name = "lot.recall"
    _description = "Recall"
    _inherit = ["mail.thread", "mail.activity.mixin", "lot.signable"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    title = fields.Char("What is wrong", required=True, tracking=True)
    kind = fields.Selection(KINDS, default="recall", required=True, tracking=True)
    state = fields.Selection(
        STATES, default="suspected", required=True, readonly=True, tracking=True, copy=False
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    goods = fields.Selection(GOODS, "Kind of goods", default="food", required=True)
    region = fields.Selection(REGIONS, default="us", required=True)
    hazard_class = fields.Selection(
        CLASSES, "Class", tracking=True, help="How bad it may be; the authority may set another."
    )
    class_name = fields.Char(compute="_compute_class_text")
    class_text = fields.Char("Meaning of the class", compute="_compute_class_text")
    hazard = fields.Char(tracking=True, help="E.g. Listeria monocytogenes, undeclared milk, burns")
    reason = fields.Text(
        tracking=True, help="What was found, where and when; letters and reports say it."
    )
    found_by = fields.Selection(FOUND_BY, "Found by", tracking=True)
    partner_id = fields.Many2one(
        "res.partner", "Reported by", index="btree_not_null", ondelete="restrict"
    )
    measurement_id = fields.Many2one(
        "lot.measurement", "Reading", index="btree_not_null", ondelete="restrict"
    )
    depth = fields.Selection(
        DEPTHS,
        default="retail",
        required=True,
        tracking=True,
        help="How far along the chain the goods are called back; 21 CFR 7.42(b)(1).",
    )
    manager_id = fields.Many2one(
        "res.users",
        "In charge",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    started_on = fields.Datetime(
        "Suspected on",
        required=True,
        default=lambda self: fields.Datetime.now(),
        help="From here on the clock runs.",
    )
    decided_on = fields.Datetime("Decided on", readonly=True, copy=False)
    stopped_on = fields.Datetime("Stopped on", readonly=True, copy=False)
    told_on = fields.Datetime("First told on", readonly=True, copy=False)
    closed_on = fields.Datetime("Closed on", readonly=True, copy=False)
    minutes_open = fields.Integer("Minutes since start", compute="_compute_minutes_open")

    _open = models.Index("(company_id) WHERE state IN ('suspected', 'decided')")

    @api.depends("region", "hazard_class")
    @api.depends_context("lang")
    def _compute_class_text(self):
        _ = self.env._
        for recall in self:
            known = classes(recall.region).get(recall.hazard_class)
            recall.class_name = _(known.name) if known else False
            source = f" ({known.source})" if known and known.source else ""
            recall.class_text = _(known.meaning) + source if known else False

    @api.depends("started_on", "closed_on")
    def _compute_minutes_open(self):
        now = fields.Datetime.now()
        for recall in self:
            spent = (recall.closed_on or now) - (recall.started_on or now)
            recall.minutes_open = max(0, spent.total_seconds() // 60)

    @api.depends("name", "title")
    def _compute_display_name(self):
        for recall in self:
            recall.display_name = f"{recall.name or ''} {recall.title or ''}".strip()

    # -- what may be written ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_evidence(vals)
            code = "lot.recall.mock" if vals.get("kind") == "mock" else "lot.recall"
            # sudo: numbers are counted whoever starts a recall
            vals["name"] = self.env["ir.sequence"].sudo().next_by_code(code)
        recalls = super().create(vals_list)
        for recall in recalls:
            recall._tell_step("started")
        return recalls

    def write(self, vals):
        self._refuse_evidence(vals)
        if "kind" in vals and any(
            (recall.kind == "mock") != (vals["kind"] == "mock") for recall in self
        ):
            raise UserError(
                self.env._(
                    "A drill stays a drill and a recall a recall: start the other one by itself."
                )
            )
        if any(recall.state in ("closed", "cancelled") for recall in self) and not self.env.su:
            changing = vals.keys() & self._fields.keys() - self._kept_open()
            if changing:
                raise UserError(
                    self.env._(
                        "This recall is closed: nothing of it changes any more. Start a "
                        "new one where it goes on."
                    )
                )
        return super().write(vals)

    @api.model
    def _kept_open(self) -> set[str]:
        """Fields that say nothing of the recall itself: they may change after it was closed."""
        return {name for name in self._fields if name.startswith(("message_", "activity_"))}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._("A recall is evidence and is not deleted: call it off and say why.")
        )

    def _refuse_evidence(self, vals: dict[str, Any]) -> None:
        if _EVIDENCE & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "The number of a recall and the times of its steps are noted by "
                    "itself: use its buttons."
                )
            )

    def _note(self, values: dict[str, Any]) -> None:
        """Write what a step notes of itself."""
        # sudo: nobody types it; whoever may do the step has been asked
        self.sudo().write(values)

    # -- evidence --------------------------------------------------------------------------------

    def _tell_step(self, step: str, why: str = "", **data) -> None:
        """A step of the recall, in the audit log.

        :param data: what else is to be known, as JSON values
        """
        for recall in self:
            self.env["lot.audit.event"]._record(
                "recall",
                record=recall,
                company=recall.company_id,
                document=recall,
                data={"step": step, "kind": recall.kind, **data},
                why=why,
            )

    def _check_state(self, *states: str) -> None:
        """:raise UserError: unless each of these recalls is in one of the states"""
        for recall in self:
            if recall.state not in states:
                known = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(recall)s is in the state “%(state)s”: this is for the state "
                        "“%(wanted)s”. %(advice)s",
                        recall=recall.name,
                        state=known[recall.state],
                        wanted=", ".join(known[one] for one in states),
                        advice=recall._state_advice(),
                    ).strip()
                )

    def _state_advice(self) -> str:
        """What to do first where a step is not for the present state."""
        if self.state == "suspected":
            return self.env._("Freeze its scope first.")
        if self.state in ("closed", "cancelled"):
            return self.env._("Start a new one where it goes on.")
        return ""

    def _signature_place(self):
        return {"document": self, "company": self.company_id}

    def _signature_facts(self):
        return super()._signature_facts() | {
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "hazard_class": self.hazard_class or "",
            "reason": self.reason or "",
        }

    # -- ends that are no closure ----------------------------------------------------------------

    def action_cancel(self, reason: str = "") -> bool:
        """Call a recall off that turned out to be none. Lots that it has stopped keep their
        status: quality releases them.

        :param reason: why
        :return: True
        :raise UserError: without a reason, or after the recall was closed
        """
        self.check_access("write")
        self._check_state("suspected", "decided")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this recall is called off."))
        self._note({"state": "cancelled", "closed_on": fields.Datetime.now()})
        for recall in self:
            recall._tell_step("cancelled", why=reason)
            recall.message_post(body=self.env._("Called off: %s", reason))
        return True
