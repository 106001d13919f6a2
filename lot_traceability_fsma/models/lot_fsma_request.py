from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .lot_fsma_event_values import PLACES

_HOURS = 24
# What was asked; it stays as it is once it was answered.
_ASKED = {
    "asked_by",
    "asked_how",
    "asked_at",
    "agreed_at",
    "threat",
    "date_from",
    "date_until",
    "category_ids",
    "product_ids",
    "partner_ids",
    "codes",
    "follow",
    "company_id",
}


class LotFsmaRequest(models.Model):
    """A request of the FDA for records (21 CFR 1.1455(c)): what was asked for, until when it is
    due, what was sent. What is sent is one file, written from the records as they are then."""

    _name = "lot.fsma.request"
    _description = "Request for traceability records"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "due_at desc, id desc"

    asked_by = fields.Char(required=True, help="Name and office of the person who asks")
    asked_how = fields.Selection(
        [("phone", "By phone"), ("writing", "In writing"), ("person", "In person")],
        "How",
        required=True,
        default="phone",
        help="The FDA confirms in writing what it asked for by phone, when it is asked to",
    )
    asked_at = fields.Datetime("Asked", required=True, default=fields.Datetime.now)
    agreed_at = fields.Datetime("Agreed time", help="When another time was agreed with the FDA")
    due_at = fields.Datetime("Due", compute="_compute_due_at", store=True)
    time_left = fields.Char(compute="_compute_time_left")
    late = fields.Boolean(compute="_compute_time_left")
    threat = fields.Boolean(
        "Outbreak, recall or threat to public health",
        default=True,
        help="Then an electronic sortable spreadsheet is due",
    )
    date_from = fields.Date("From")
    date_until = fields.Date("Until")
    category_ids = fields.Many2many("lot.fsma.category", string="Foods of the list")
    product_ids = fields.Many2many("product.product", string="Products")
    partner_ids = fields.Many2many("res.partner", string="Locations or firms")
    codes = fields.Text("Traceability lot codes", help="One a line; lot numbers do as well")
    follow = fields.Boolean(
        "What they were made from and went into",
        default=True,
        help="Also the events of the lots that the trace of these codes reaches",
    )
    note = fields.Text("What else was said")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("preparing", "Being prepared"),
            ("prepared", "Prepared"),
            ("sent", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
    )
    found = fields.Integer("Events found", compute="_compute_found")
    unknown_codes = fields.Char(
        compute="_compute_found", help="Codes that no event of this company has"
    )
    attachment_id = fields.Many2one(
        "ir.attachment", "Answer", readonly=True, ondelete="restrict", copy=False
    )
    digest = fields.Char("SHA-256 of the answer", readonly=True, copy=False)
    row_count = fields.Integer("Rows written", readonly=True, copy=False)
    prepared_at = fields.Datetime("Prepared", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", help="In percent")
    problem = fields.Char(readonly=True, copy=False)
    sent_at = fields.Datetime("Sent", readonly=True, copy=False)
    sent_how = fields.Char("Sent to", help="By which way, and to whom", copy=False)
    user_id = fields.Many2one(
        "res.users",
        "Answered by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )

    _days_in_order = models.Constraint(
        "CHECK(date_from IS NULL OR date_until IS NULL OR date_until >= date_from)",
        "The period ends before it begins. Change one of the days.",
    )

    # -- time ------------------------------------------------------------------------------------

    @api.depends("asked_at", "agreed_at")
    def _compute_due_at(self):
        hours = self.env["lot.fsma.text"]._of("answer_hours").number or _HOURS
        for request in self:
            asked = request.asked_at or fields.Datetime.now()
            request.due_at = request.agreed_at or asked + timedelta(hours=hours)

    @api.depends("due_at", "sent_at", "state")
    def _compute_time_left(self):
        now = fields.Datetime.now()
        for request in self:
            seconds = (request.due_at - (request.sent_at or now)).total_seconds()
            request.late = seconds < 0 and request.state != "cancelled"
            hours, minutes = divmod(int(abs(seconds)) // 60, 60)
            words = (
                self.env._("%(hours)s h %(minutes)s min late", hours=hours, minutes=minutes)
                if seconds < 0
                else self.env._("%(hours)s h %(minutes)s min left", hours=hours, minutes=minutes)
            )
            request.time_left = False if request.state in ("sent", "cancelled") else words

    @api.constrains("asked_at", "agreed_at")
    def _check_times(self):
        for request in self:
            if request.agreed_at and request.agreed_at < request.asked_at:
                raise ValidationError(
                    self.env._("The agreed time is before the request. Correct one of the two.")
                )

    @api.depends("asked_by", "asked_at")
    def _compute_display_name(self):
        for request in self:
            day = request.asked_at and fields.Datetime.context_timestamp(request, request.asked_at)
            request.display_name = f"{request.asked_by or ''} {day:%Y-%m-%d %H:%M}" if day else ""

    @api.depends("state")
    def _compute_progress(self):
        # sudo: whoever reads the request sees how far it is
        found = self.env["lot.fsma.progress"].sudo().search([("request_id", "in", self.ids)])
        known = {one.request_id.id: one for one in found}
        for request in self:
            one = known.get(request._origin.id)
            told = one and one.total and min(100.0, 100.0 * one.done / one.total)
            request.progress = 100.0 if request.state in ("prepared", "sent") else told or 0.0

    # -- what it asks for ------------------------------------------------------------------------

    def _code_list(self) -> list[str]:
        return list(dict.fromkeys(filter(None, map(str.strip, (self.codes or "").splitlines()))))

    def _current(self) -> Domain:
        """The records in force of the company."""
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("replaced_by_id", "=", False)
            & Domain("void", "=", False)
        )

    def _of_codes(self, codes: list[str]) -> Domain:
        """Events that tell one of these codes, or of a lot of this number."""
        paths = ("tlc", "code_id.batch", "lot_id.name", "input_ids.tlc", "input_ids.lot_id.name")
        return Domain.OR(Domain(path, "in", codes) for path in paths)

    def _domain(self) -> Domain:
        """The events that are asked for."""
        self.ensure_one()
        domain = self._current()
        # What has no day may be of any.
        if self.date_from:
            domain &= Domain("date", ">=", self.date_from) | Domain("date", "=", False)
        if self.date_until:
            domain &= Domain("date", "<=", self.date_until) | Domain("date", "=", False)
        foods = []
        if self.category_ids:
            of_list = Domain("product_id.fsma_category_id", "in", self.category_ids.ids)
            foods += [Domain("category_id", "in", self.category_ids.ids), of_list]
        if self.product_ids:
            foods.append(Domain("product_id", "in", self.product_ids.ids))
            foods.append(Domain("input_ids.product_id", "in", self.product_ids.ids))
        if foods:
            domain &= Domain.OR(foods)
        if self.partner_ids:
            ids = self.partner_ids.ids
            columns = (*dict.fromkeys(PLACES.values()), "source_place_id")
            places = [Domain(f"{column}.partner_id", "child_of", ids) for column in columns]
            domain &= Domain.OR([*places, Domain("partner_id", "child_of", ids)])
        codes = self._code_list()
        return domain & self._coded(codes) if codes else domain

    def _coded(self, codes: list[str]) -> Domain:
        """The events of these codes, and of the lots that their trace reaches."""
        domain = self._of_codes(codes)
        lots = self._traced_lots() if self.follow else []
        return domain | Domain("lot_id", "in", lots) if lots else domain

    def _lots_of_codes(self) -> list[int]:
        """The lots that the codes name."""
        domain = self._current() & self._of_codes(self._code_list())
        events = self.env["lot.fsma.event"].search(domain)
        codes = set(self._code_list())
        named = events.filtered(lambda one: codes & {one.tlc, one.code_id.batch, one.lot_id.name})
        used = events.input_ids.filtered(lambda one: codes & {one.tlc, one.lot_id.name})
        return (named.lot_id | used.lot_id).ids

    def _traced_lots(self) -> list[int]:
        """The lots that the trace of the codes reaches."""
        lots = self._lots_of_codes()
        if not lots:
            return []
        return [row["id"] for row in self.env["lot.trace"].trace(lots, "both")["lots"]]

    @api.depends(*_ASKED - {"asked_by", "asked_how", "asked_at", "agreed_at", "threat"})
    def _compute_found(self):
        for request in self:
            # A form that is being filled in is no record yet: events are those of the real one.
            events = self.env["lot.fsma.event"]
            request.found = events.search_count(request._domain()) if request.company_id else 0
            unknown = [
                code
                for code in request._code_list()
                if not events.search_count(request._current() & request._of_codes([code]), limit=1)
            ]
            request.unknown_codes = ", ".join(unknown)

    # -- kept ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        for request in requests:
            request._tell(self.env._("Request received"), request._as_told())
            request.activity_schedule(
                "mail.mail_activity_data_todo",
                fields.Date.to_date(request.due_at),
                self.env._("Answer the request for records"),
                user_id=request.user_id.id,
            )
        return requests

    def write(self, vals):
        if _ASKED & vals.keys() and any(one.state in ("preparing", "sent") for one in self):
            raise UserError(
                self.env._(
                    "This request is being answered, or was answered: it stays as it is. Record a "
                    "further request as one of its own."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        since = self.env["lot.fsma.kept"]._kept_since()
        if any(one.asked_at.date() >= since for one in self):
            raise UserError(
                self.env._(
                    "Requests are kept for %s years, with what was sent. Cancel one that was "
                    "recorded by mistake.",
                    self.env["lot.fsma.kept"]._years(),
                )
            )

    def _as_told(self) -> dict:
        """What was asked for, as the audit log tells it."""
        told = {
            "asked_by": self.asked_by,
            "asked_how": self.asked_how,
            "asked_at": str(self.asked_at),
            "due_at": str(self.due_at),
            "date_from": str(self.date_from or ""),
            "date_until": str(self.date_until or ""),
            "foods": [*self.category_ids.mapped("name"), *self.product_ids.mapped("display_name")],
            "locations": self.partner_ids.mapped("display_name"),
            "codes": self._code_list(),
        }
        return {name: value for name, value in told.items() if value}

    def _tell(self, step: str, data: dict) -> None:
        self.env["lot.audit.event"]._record(
            "fsma",
            record=self,
            company=self.company_id,
            document=self,
            data={"step": step, **data},
        )

    def action_sent(self) -> bool:
        """Note that the answer was sent; the activity is done.

        :return: True
        :raise UserError: before it was prepared, or without the way by which it was sent
        """
        for request in self:
            if request.state != "prepared":
                raise UserError(self.env._("Prepare the answer first: then it can be sent."))
            if not (request.sent_how or "").strip():
                raise UserError(self.env._("Say by which way it was sent, and to whom."))
            request.write({"state": "sent", "sent_at": fields.Datetime.now()})
            request._tell(
                self.env._("Answer sent"),
                {"how": request.sent_how, "sha256": request.digest, "late": request.late},
            )
            request.activity_feedback(["mail.mail_activity_data_todo"])
        return True

    def action_cancel(self) -> bool:
        """Cancel a request that was recorded by mistake or taken back.

        :return: True
        :raise UserError: when it was sent already
        """
        for request in self:
            if request.state == "sent":
                raise UserError(self.env._("The answer was sent: the request stays as it is."))
            request.state = "cancelled"
            request._tell(self.env._("Request cancelled"), {})
            request.activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_events(self) -> dict:
        """Open the events that are asked for.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_fsma.lot_fsma_event_action"
        )
        return {**action, "domain": list(self._domain()), "context": {}}
