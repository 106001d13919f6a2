import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq, hmac

from ..tools.recall_settings import DAYS, LIMITS, RATE

_SCOPE = "lot_traceability_recall.answer"
_KEY_BYTES = 8
# 160 of the 256 bits: short enough to be printed, far beyond guessing.
_SIGN_DIGITS = 40


class LotRecallConsignee(models.Model):
    """The link with which a consignee answers without an account."""

    _inherit = "lot.recall.consignee"

    answer_key = fields.Char(
        "Public half of the link",
        readonly=True,
        copy=False,
        groups="base.group_system",
        index="btree_not_null",
        help="Finds the consignee. The secret half is made from it with the secret of the "
        "database and stored nowhere: who reads this cannot answer.",
    )
    link_on = fields.Datetime("Link issued on", readonly=True, copy=False)
    read_on = fields.Datetime("Read on", readonly=True, copy=False)

    def _answer_token(self) -> str:
        """The token of the link, made when it is first asked for."""
        self.ensure_one()
        # sudo: the key is kept from everybody; whoever writes to a consignee needs the link
        consignee = self.sudo()
        if not consignee.answer_key:
            consignee._issue_key()
        return f"{consignee.answer_key}-{consignee._answer_secret()}"

    def _issue_key(self) -> None:
        for consignee in self:
            consignee.write(
                {"answer_key": secrets.token_hex(_KEY_BYTES), "link_on": fields.Datetime.now()}
            )

    def _answer_secret(self) -> str:
        """The secret half: nobody can make it without the secret of the database."""
        # sudo: core reads the secret of the database with it
        env = self.sudo().env
        return hmac(env, _SCOPE, (self.id, self.sudo().answer_key))[:_SIGN_DIGITS]

    def _answer_url(self) -> str:
        """The address of the page with which this consignee answers without an account; letters
        and reminders name it. It dies with the recall, after `DAYS`, and when a new one is issued.
        """
        return f"{self.get_base_url()}/recall/answer/{self._answer_token()}"

    @api.model
    def _by_token(self, token: str):
        """The consignee of a link that may still be used; none for a forged, unknown or dead one,
        without a hint which of these it is.

        :param token: as it came in, from anybody
        """
        key, _dash, secret = token.partition("-")
        if not (key + secret).isascii():
            return self.browse()
        # sudo: nobody is logged in; the secret says who may answer, and for which one alone
        consignee = (
            self.sudo().search([("answer_key", "=", key)], limit=1) if key.isalnum() else self
        )
        # Compared even where there is none: the time taken tells nothing.
        known = (consignee or self.sudo().new())._answer_secret()
        if not consteq(known, secret) or not consignee or not consignee._may_answer():
            return self.browse()
        return consignee

    def _may_answer(self) -> bool:
        """Whether the recall still takes answers by this link."""
        self.ensure_one()
        return self.recall_id.state == "decided" and fields.Datetime.now() < self._link_ends()

    def _link_ends(self):
        begun = [when for when in (self.told_on, self.link_on) if when]
        return max(begun, default=fields.Datetime.now()) + timedelta(days=self._link_days())

    @api.model
    def _link_days(self) -> int:
        # sudo: a setting of the system
        value = self.env["ir.config_parameter"].sudo().get_param(DAYS, "")
        return LIMITS[DAYS].parse(value)

    @api.model
    def _answer_rate(self) -> int:
        """Requests a minute that one address may make, and that one link takes."""
        # sudo: a setting of the system
        value = self.env["ir.config_parameter"].sudo().get_param(RATE, "")
        return LIMITS[RATE].parse(value)

    def _mark_read(self) -> None:
        """A person, not a mail scanner, has the page before them."""
        now = fields.Datetime.now()
        for consignee in self:
            if consignee.read_on:
                continue
            values = {"read_on": now}
            if consignee.state in ("open", "told", "unreachable"):
                values["state"] = "read"
            # sudo: noted by the page itself
            consignee.sudo().write(values)
            consignee.recall_id._tell_step("read", consignee=consignee._named())

    def _named(self) -> dict:
        """As the audit log names a consignee."""
        # sudo: the log names a consignee whoever acts
        return {"id": self.id, "name": self.sudo().partner_id.display_name}

    def write(self, vals):
        if {"answer_key", "link_on", "read_on"} & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "When a consignee has read the page is noted by itself: note a call instead."
                )
            )
        return super().write(vals)

    def new_link(self) -> bool:
        """Issue a new link to these consignees; the ones they had stop working. For a letter that
        went to the wrong address.

        :return: True
        :raise AccessError: without the right to record what consignees say
        :raise UserError: when the recall takes no answers any more
        """
        self.check_access("write")
        self.recall_id._check_state("decided")
        # sudo: the key is kept from everybody
        self.sudo()._issue_key()
        for consignee in self:
            consignee.recall_id._tell_step("new link", consignee=consignee._named())
            consignee.message_post(
                body=self.env._("A new link was issued; the one before does not work any more.")
            )
        return True
