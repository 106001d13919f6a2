from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .lot_audit_event import KINDS

ACTIVITY = "lot_traceability.activity_audit_review"
VERDICTS = [
    ("ok", "Nothing to object to"),
    ("remarks", "Remarks"),
    ("deviation", "Deviation: something has to be done"),
]
# What a person says of a review; all else is worked out when it is finished.
_SAID = {"since", "until", "kind", "lot_ids", "product_ids", "findings", "verdict", "company_id"}


class LotAuditReview(models.Model):
    """A person has looked at a part of the audit log: what, and what was found. EU GMP Annex 11,
    section 9, asks that audit trails are reviewed regularly. Finished, it is evidence."""

    _name = "lot.audit.review"
    _description = "Review of the audit log"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    state = fields.Selection(
        [("draft", "To do"), ("done", "Done")], default="draft", required=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    since = fields.Datetime("From", help="Empty: from the beginning of the log")
    until = fields.Datetime("To", required=True, default=fields.Datetime.now)
    kind = fields.Selection(KINDS, "Kind of events", help="Empty: all kinds")
    lot_ids = fields.Many2many("stock.lot", string="Lots", help="Empty: all lots")
    product_ids = fields.Many2many("product.product", string="Products", help="Empty: all")
    event_count = fields.Integer("Events", compute="_compute_event_count")
    reviewed_count = fields.Integer("Events reviewed", readonly=True)
    reviewed_kinds = fields.Text("Events by kind", readonly=True)
    last_event_id = fields.Integer("Up to event", readonly=True)
    block_number = fields.Integer("Sealed up to block", readonly=True)
    block_digest = fields.Char("Digest of that block", readonly=True)
    findings = fields.Text()
    verdict = fields.Selection(VERDICTS)
    user_id = fields.Many2one("res.users", "Reviewed by", readonly=True, ondelete="restrict")
    date = fields.Datetime("Reviewed on", readonly=True)
    next_due = fields.Date("Next review due", readonly=True)

    @api.depends("since", "until", "state")
    def _compute_name(self):
        for review in self:
            calendar = self.env["lot.calendar"]
            since, until = (
                moment and fields.Date.to_string(calendar._day(moment, review.company_id))
                for moment in (review.since, review.until)
            )
            review.name = self.env._(
                "Review %(since)s to %(until)s",
                since=since or self.env._("from the beginning"),
                until=until or "",
            )

    @api.depends("since", "until", "kind", "lot_ids", "product_ids", "state")
    def _compute_event_count(self):
        for review in self:
            review.event_count = (
                review.reviewed_count
                if review.state == "done"
                else self.env["lot.audit.event"].search_count(review._events())
            )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        before = self.search(
            [("state", "=", "done"), ("company_id", "=", self.env.company.id)], limit=1
        )
        if "since" in fields_list and before:
            values["since"] = before.until
        return values

    def _events(self) -> Domain:
        """Which events are reviewed."""
        self.ensure_one()
        domain = Domain("company_id", "in", [self.company_id.id, False])
        if self.since:
            domain &= Domain("at", ">=", self.since)
        if self.until:
            domain &= Domain("at", "<", self.until)
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        if self.lot_ids:
            domain &= Domain("lot_id", "in", self.lot_ids.ids)
        if self.product_ids:
            domain &= Domain("product_id", "in", self.product_ids.ids)
        return domain

    # -- evidence ------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # What the review found is worked out by it.
        own = [{name: vals[name] for name in _SAID & vals.keys()} for vals in vals_list]
        return super().create(own)

    def write(self, vals):
        evidence = {
            name
            for name in vals
            if name in self._fields and self._fields[name]._module == self._module
        }
        if evidence and any(review.state == "done" for review in self):
            raise UserError(
                self.env._("A finished review is evidence and cannot be changed. Make a new one.")
            )
        if evidence - _SAID:
            raise UserError(self.env._("Finish the review: what it found is worked out then."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if any(review.state == "done" for review in self):
            raise UserError(self.env._("A finished review is evidence and cannot be deleted."))

    # -- steps ---------------------------------------------------------------------------------

    def action_events(self) -> dict:
        """Open the events that are reviewed.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability.lot_audit_event_action"
        )
        domain = self._events()
        if self.state == "done":
            domain &= Domain("id", "<=", self.last_event_id)
        return action | {"domain": list(domain), "context": {}}

    def action_finish(self) -> bool:
        """Finish the review: what was looked at and what was found stays.

        :return: True
        :raise UserError: without a verdict, or without the findings that it rests on
        """
        for review in self:
            review._check_finished()
            values = review._prepare_result()
            super(LotAuditReview, review).write(values)  # pylint: disable=super-method-mismatch
            review.activity_unlink([ACTIVITY])
            self.env["lot.audit.event"]._record(
                "reviewed",
                record=review,
                company=review.company_id,
                data={
                    "count": review.reviewed_count,
                    "last_event": review.last_event_id,
                    "block": review.block_number,
                    "verdict": dict(VERDICTS)[review.verdict],
                },
                why=review.findings,
            )
        return True

    def _check_finished(self) -> None:
        _ = self.env._
        self.check_access("write")
        if self.state == "done":
            raise UserError(_("This review is finished already."))
        if not self.verdict:
            raise UserError(_("Say what the review came to: choose a verdict."))
        if self.verdict != "ok" and not (self.findings or "").strip():
            raise UserError(_("Write down what was found: the verdict rests on it."))
        if self.until > fields.Datetime.now():
            raise UserError(_("The period ends in the future. Choose an end that has been."))
        if self.since and self.since >= self.until:
            raise UserError(_("The period ends before it begins. Change one of the days."))

    def _prepare_result(self) -> dict:
        events = self.env["lot.audit.event"]
        domain = self._events()
        groups = events._read_group(domain, ["kind"], ["__count", "id:max"])
        labels = dict(events._fields["kind"]._description_selection(self.env))
        receipt = self.env["lot.audit.block"]._receipt()
        days = self.company_id.lot_audit_review_days
        return {
            "state": "done",
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "reviewed_count": sum(count for _kind, count, _last in groups),
            "reviewed_kinds": "\n".join(
                f"{labels.get(kind, kind)}: {count}" for kind, count, _last in groups
            ),
            "last_event_id": max((last for _kind, _count, last in groups), default=0),
            "block_number": receipt.number if receipt else 0,
            "block_digest": receipt.digest if receipt else False,
            "next_due": days and self.env["lot.calendar"]._today() + timedelta(days=days),
        }

    # -- reminder ------------------------------------------------------------------------------

    @api.model
    def _cron_remind(self) -> None:
        """Where a company's review is overdue, remind those who review."""
        for company in self.env["res.company"].search([("lot_audit_review_days", ">", 0)]):
            self.with_company(company)._remind(company)

    @api.model
    def _remind(self, company) -> None:
        today = self.env["lot.calendar"]._today(company)
        if self._due(company) > today:
            return
        mine = Domain("company_id", "=", company.id)
        review = self.search(mine & Domain("state", "=", "draft"), limit=1) or self.create(
            {**self.default_get(["since"]), "company_id": company.id}
        )
        told = review.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)
        ).user_id
        roles = ("lot_traceability.group_quality", "lot_traceability.group_auditor")
        users = self.env["res.users"].union(*(self.env.ref(role).all_user_ids for role in roles))
        for user in users - told:
            if user.active and not user.share and company in user.company_ids:
                review.activity_schedule(
                    ACTIVITY,
                    date_deadline=today,
                    summary=self.env._("The audit log waits to be reviewed"),
                    user_id=user.id,
                )

    @api.model
    def _due(self, company):
        """The day on which the next review of a company is due."""
        mine = Domain("company_id", "=", company.id)
        before = self.search(mine & Domain("state", "=", "done"), limit=1)
        calendar = self.env["lot.calendar"]
        first = self.env["lot.audit.event"].search(mine, order="id", limit=1)
        began = before.date or first.at or fields.Datetime.now()
        return calendar._day(began, company) + timedelta(days=company.lot_audit_review_days)
