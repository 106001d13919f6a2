from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_YEARS = 3
# Days before it is due on which renewing is asked for.
REMINDED = 60
# What may be told of an agreement once it was signed.
_LATER = {
    "state",
    "ended_on",
    "attachment_ids",
    "user_id",
    "note",
    "activity_ids",
    "message_follower_ids",
    "message_ids",
}


class LotFsmaAgreement(models.Model):
    """A written agreement that an exemption rests on: somebody further on applies a kill step or
    changes the food, or commingled goods are passed on (21 CFR 1.1305(d)(6), (h)(2)). It has the
    effective date, printed names, signatures and its substance, and is renewed in time."""

    _name = "lot.fsma.agreement"
    _description = "Written agreement under FSMA 204"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "renew_by, id"
    _check_company_auto = True

    name = fields.Char("Number", required=True, help="As it is filed")
    kind = fields.Selection(
        [
            ("kill_step", "Kill step by a later holder, 1.1305(d)(6)"),
            ("change", "Change that takes the food off the list, 1.1305(d)(6)"),
            ("commingling", "Commingled raw commodities, 1.1305(h)(2)"),
        ],
        required=True,
        default="kill_step",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force"), ("ended", "Ended")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner", "Agreed with", required=True, index=True, ondelete="restrict"
    )
    product_tmpl_ids = fields.Many2many("product.template", string="Products", check_company=True)
    substance = fields.Text(
        help="What was agreed: which food, who does what to it, who keeps which records"
    )
    effective_date = fields.Date()
    our_name = fields.Char("Printed name, our side")
    their_name = fields.Char("Printed name, their side")
    our_signature = fields.Binary("Signature, our side", copy=False)
    their_signature = fields.Binary("Signature, their side", copy=False)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Signed paper", copy=False, help="Where it was signed on paper"
    )
    renew_by = fields.Date(compute="_compute_renew_by", store=True)
    overdue = fields.Boolean(compute="_compute_overdue")
    ended_on = fields.Date("Ended", readonly=True, copy=False)
    renews_id = fields.Many2one(
        "lot.fsma.agreement", readonly=True, copy=False, ondelete="restrict"
    )
    note = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
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

    @api.depends("effective_date")
    def _compute_renew_by(self):
        years = self.env["lot.fsma.text"]._of("agreement_years").number or _YEARS
        for agreement in self:
            start = agreement.effective_date
            agreement.renew_by = start and start + relativedelta(years=years)

    @api.depends("renew_by", "state")
    def _compute_overdue(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            due = agreement.renew_by
            agreement.overdue = agreement.state == "in_force" and bool(due) and due < today

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for agreement in self:
            partner = agreement.partner_id.display_name or ""
            agreement.display_name = f"{agreement.name or ''} {partner}".strip()

    # -- its life --------------------------------------------------------------------------------

    def action_in_force(self) -> None:
        """Put a signed agreement in force; one that it renews ends.

        :raise UserError: unless it is complete
        """
        for agreement in self:
            if agreement.state != "draft":
                raise UserError(self.env._("Only a draft is put in force. Renew this one."))
            lacking = agreement._lacking()
            if lacking:
                raise UserError(
                    self.env._(
                        "An agreement needs %s (21 CFR 1.1305(d)(6), (h)(2)).", ", ".join(lacking)
                    )
                )
            agreement.state = "in_force"
            agreement._tell(self.env._("Agreement put in force"))
            if agreement.renews_id.state == "in_force":
                agreement.renews_id.action_end()

    def _lacking(self) -> list[str]:
        """What is missing before it can be in force, in words."""
        _ = self.env._
        signed = (self.our_signature and self.their_signature) or self.attachment_ids
        wanted = [
            (self.effective_date, _("the effective date")),
            (self.our_name, _("the printed name of who signs for us")),
            (self.their_name, _("the printed name of who signs for them")),
            (signed, _("both signatures, or the signed paper")),
            ((self.substance or "").strip(), _("its substance")),
        ]
        return [words for known, words in wanted if not known]

    def action_end(self) -> None:
        """End agreements that are no longer in effect; they are kept.

        :raise UserError: when one is not in force
        """
        for agreement in self:
            if agreement.state != "in_force":
                raise UserError(self.env._("Only an agreement in force is ended."))
            agreement.write({"state": "ended", "ended_on": fields.Date.context_today(self)})
            agreement.activity_unlink(["mail.mail_activity_data_todo"])
            agreement._tell(self.env._("Agreement ended"))

    def action_renew(self) -> dict:
        """Make the draft that renews this agreement.

        :return: the action of its form
        """
        self.ensure_one()
        draft = self.search([("renews_id", "=", self.id), ("state", "=", "draft")], limit=1)
        if not draft:
            draft = self.copy({"effective_date": False})
            draft.renews_id = self
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "views": [[False, "form"]],
        }

    def _tell(self, step: str) -> None:
        self.env["lot.audit.event"]._record(
            "fsma",
            record=self,
            company=self.company_id,
            data={
                "step": step,
                "kind": self.kind,
                "partner": self.partner_id.display_name,
                "products": self.product_tmpl_ids.mapped("display_name"),
                "effective": str(self.effective_date),
                "names": [self.our_name, self.their_name],
            },
        )

    @api.model
    def _cron_remind(self) -> None:
        """Whoever is responsible is told in time that an agreement is to be renewed."""
        day = fields.Date.context_today(self) + relativedelta(days=REMINDED)
        for agreement in self.search([("state", "=", "in_force"), ("renew_by", "<=", day)]):
            if not agreement.activity_ids.filtered("automated"):
                agreement.activity_schedule(
                    "mail.mail_activity_data_todo",
                    agreement.renew_by,
                    self.env._("Renew the agreement"),
                    user_id=agreement.user_id.id,
                )

    # -- kept ------------------------------------------------------------------------------------

    @api.constrains("state", "partner_id", "company_id")
    def _check_partner(self):
        for agreement in self:
            if agreement.partner_id == agreement.company_id.partner_id:
                raise ValidationError(
                    self.env._("An agreement is made with another firm. Choose that one.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        agreements._hold_papers()
        return agreements

    def _hold_papers(self) -> None:
        """The signed paper is read by whoever reads the agreement."""
        for agreement in self:
            # sudo: the paper was just put here by the user
            papers = agreement.sudo().attachment_ids.filtered(lambda paper: not paper.res_id)
            papers.write({"res_model": self._name, "res_id": agreement.id})

    def write(self, vals):
        if vals.keys() - _LATER and any(one.state != "draft" for one in self):
            raise UserError(
                self.env._("A signed agreement stays as it was signed. Renew it to change it.")
            )
        written = super().write(vals)
        if "attachment_ids" in vals:
            self._hold_papers()
        return written

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        since = self.env["lot.fsma.kept"]._kept_since()
        for agreement in self:
            ended = agreement.ended_on
            if agreement.state == "in_force" or (ended and ended >= since):
                raise UserError(
                    self.env._(
                        "Agreements are kept while they are in effect, and %s years longer.",
                        self.env["lot.fsma.kept"]._years(),
                    )
                )
