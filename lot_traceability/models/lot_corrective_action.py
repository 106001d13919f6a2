from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

STATES = [("open", "To do"), ("done", "To verify"), ("verified", "Verified")]

_EVIDENCE = {"state", "done_by", "done_on", "verified_by", "verified_on"}
_CONTENT = {"lot_id", "measurement_id", "cause", "action", "owner_id", "deadline"}


class LotCorrectiveAction(models.Model):
    """What is done about a critical reading, by whom until when, and that somebody else has seen
    that it worked. A lot is not released before."""

    _name = "lot.corrective.action"
    _description = "Corrective action"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "deadline, id"
    _check_company_auto = True

    name = fields.Char("Deviation", required=True, tracking=True)
    lot_id = fields.Many2one(
        "stock.lot", required=True, index=True, ondelete="restrict", check_company=True
    )
    product_id = fields.Many2one(related="lot_id.product_id")
    measurement_id = fields.Many2one(
        "lot.measurement",
        "Reading",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('lot_id', '=', lot_id)]",
    )
    cause = fields.Text(tracking=True, help="Why it happened")
    action = fields.Text(
        "What was done", tracking=True, help="With the lot, and so that it does not happen again"
    )
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    deadline = fields.Date(
        required=True, tracking=True, default=lambda self: self.env["lot.calendar"]._today()
    )
    state = fields.Selection(
        STATES, default="open", required=True, readonly=True, tracking=True, copy=False
    )
    done_by = fields.Many2one(
        "res.users", "Done by", readonly=True, copy=False, ondelete="restrict"
    )
    done_on = fields.Datetime("Done on", readonly=True, copy=False)
    verified_by = fields.Many2one(
        "res.users", "Verified by", readonly=True, copy=False, ondelete="restrict"
    )
    verified_on = fields.Datetime("Verified on", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _unverified = models.Index("(lot_id) WHERE state <> 'verified'")

    @api.model
    def _open_for(self, reading):
        """Demand a corrective action for a reading that broke a critical limit."""
        limit = reading.limit_id
        product = reading.lot_id.product_id.with_company(reading.company_id)
        able = (limit.owner_id | product.responsible_id | reading.user_id).filtered(
            lambda user: (
                user.active
                and user.has_group("lot_traceability.group_operator")
                and reading.company_id in user.company_ids
            )
        )
        today = self.env["lot.calendar"]._today(reading.company_id)
        return self.create(
            {
                "name": self.env._(
                    "%(reading)s (limits %(limits)s)",
                    reading=reading.display_name,
                    limits=reading.limit_text,
                ),
                "lot_id": reading.lot_id.id,
                "measurement_id": reading.id,
                "owner_id": (able[:1] or reading.user_id).id,
                "deadline": today + timedelta(days=limit.days),
                "company_id": reading.company_id.id,
            }
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_evidence(vals)
        actions = super().create(vals_list)
        for action in actions:
            action._remind()
            action.lot_id._post_lines(
                [
                    self.env._(
                        "Corrective action demanded of %(owner)s until %(deadline)s: %(name)s",
                        owner=action.owner_id.name,
                        deadline=format_date(self.env, action.deadline),
                        name=action.name,
                    )
                ]
            )
        return actions

    def write(self, vals):
        self._refuse_evidence(vals)
        if _CONTENT & vals.keys() and any(action.state != "open" for action in self):
            raise UserError(
                self.env._("This corrective action is done: open it again before you change it.")
            )
        result = super().write(vals)
        if "owner_id" in vals or "deadline" in vals:
            self._settle_reminder()
            for action in self:
                action._remind()
        return result

    def _refuse_evidence(self, vals: dict) -> None:
        if _EVIDENCE & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Use the buttons to say that a corrective action is done or verified.")
            )

    def _remind(self) -> None:
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.deadline,
            user_id=self.owner_id.id,
            summary=self.env._("Corrective action for lot %s", self.lot_id.name),
        )

    def _settle_reminder(self) -> None:
        # sudo: the reminder of another person ends with what it reminded of
        self.sudo().activity_ids.unlink()

    def _is_quality(self) -> bool:
        return self.env.su or self.env.user.has_group("lot_traceability.group_quality")

    # -- steps -------------------------------------------------------------------------------

    def action_done(self) -> bool:
        """Say that these corrective actions are done; somebody else has to verify them.

        :return: True
        :raise AccessError: unless the user is their owner or of quality
        :raise UserError: when cause or action is not written down, or they are done already
        """
        self._check_states({"open"}, self.env._("This corrective action is done already."))
        for action in self:
            if action.owner_id != self.env.user and not self._is_quality():
                raise AccessError(
                    self.env._(
                        "Only %s or quality can say that this is done.", action.owner_id.name
                    )
                )
            if not (action.cause or "").strip() or not (action.action or "").strip():
                raise UserError(
                    self.env._("Write down the cause and what was done, then try again.")
                )
        self._go("done", done_by=self.env.uid, done_on=fields.Datetime.now())
        self._settle_reminder()
        return True

    def action_verify(self) -> bool:
        """Confirm that these corrective actions worked.

        :return: True
        :raise AccessError: when the user is not of quality, or owned or did the action
        :raise UserError: when it is not done yet
        """
        self._check_states({"done"}, self.env._("Only what is done can be verified."))
        if not self._is_quality():
            raise AccessError(
                self.env._("Only quality verifies corrective actions. Ask a colleague there.")
            )
        for action in self:
            if self.env.user in (action.owner_id | action.done_by):
                raise AccessError(
                    self.env._(
                        "Nobody verifies an action of their own: ask a colleague of quality."
                    )
                )
        self._go("verified", verified_by=self.env.uid, verified_on=fields.Datetime.now())
        for lot, actions in self.grouped("lot_id").items():
            lot._post_lines(
                [self.env._("Corrective action verified: %s", action.name) for action in actions]
            )
        return True

    def action_reopen(self) -> bool:
        """Open corrective actions again that did not work.

        :return: True
        :raise AccessError: when the user is not of quality
        :raise UserError: when they are open
        """
        self._check_states({"done", "verified"}, self.env._("This corrective action is open."))
        if not self._is_quality():
            raise AccessError(self.env._("Only quality opens a corrective action again."))
        self._go("open", done_by=False, done_on=False, verified_by=False, verified_on=False)
        for action in self:
            action._remind()
        return True

    def _check_states(self, states: set[str], message: str) -> None:
        self.check_access("write")
        if any(action.state not in states for action in self):
            raise UserError(message)

    def _go(self, state: str, **evidence) -> None:
        # sudo: who did it is written by the model alone; the right was checked before
        self.sudo().write({"state": state, **evidence})
