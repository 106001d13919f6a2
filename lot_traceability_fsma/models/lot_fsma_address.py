from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a supplier may propose of its own address; what it is called is ours to say.
PARTS = ("phone", "street", "city", "state", "zip", "country")


class LotFsmaAddress(models.Model):
    """What a supplier proposes as its own address and phone, on the page for suppliers. Nothing of
    the contact changes until one of us accepts it."""

    _name = "lot.fsma.address"
    _description = "Address proposed by a supplier"
    _order = "id desc"
    _rec_name = "partner_id"

    question_id = fields.Many2one(
        "lot.fsma.question", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="question_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        "res.partner", "Supplier", required=True, readonly=True, index=True, ondelete="restrict"
    )
    person = fields.Char("Proposed by", required=True, readonly=True)
    given_on = fields.Datetime("Proposed on", required=True, readonly=True)
    told = fields.Json("As it was told", required=True, readonly=True)
    before = fields.Json("As it was then", readonly=True)
    told_text = fields.Char("Proposed", compute="_compute_told_text")
    before_text = fields.Char("Known", compute="_compute_told_text")
    state = fields.Selection(
        [("proposed", "Proposed"), ("accepted", "Accepted"), ("refused", "Refused")],
        default="proposed",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="restrict")
    decided_on = fields.Datetime(readonly=True)

    @api.depends("told", "before")
    def _compute_told_text(self):
        labels = self.env["res.partner"]._place_labels()
        for address in self:
            # What is as it was need not be compared.
            told, before = address.told or {}, address.before or {}
            address.told_text = ", ".join(f"{labels[key]}: {told[key]}" for key in told)
            address.before_text = ", ".join(
                f"{labels[key]}: {before.get(key) or '–'}" for key in told
            )

    def action_accept(self) -> bool:
        """Take these addresses over into their contacts; events that lacked them are completed.

        :return: True
        :raise UserError: when one was decided already, or names a country or state that is none
        :raise AccessError: for whoever may not change the contact
        """
        for address in self:
            address._check_open()
            partner = address.partner_id
            partner.check_access("write")
            partner.write(address._values())
            address._decide("accepted")
            address._complete_events()
        return True

    def action_refuse(self) -> bool:
        """Leave the contacts of these addresses as they are.

        :return: True
        :raise UserError: when one was decided already
        """
        self.question_id.check_access("write")
        for address in self:
            address._check_open()
            address._decide("refused")
        return True

    def _check_open(self) -> None:
        self.check_access("read")
        if self.state != "proposed":
            raise UserError(self.env._("This address was accepted or refused already."))

    def _decide(self, state: str) -> None:
        # sudo: that a proposal was decided is written with the decision, and by nothing else
        self.sudo().write(
            {"state": state, "user_id": self.env.uid, "decided_on": fields.Datetime.now()}
        )
        step = (
            self.env._("Address of a supplier accepted")
            if state == "accepted"
            else self.env._("Address of a supplier refused")
        )
        self.question_id._tell(step, told=self.told, before=self.before or {}, person=self.person)

    def _values(self) -> dict:
        """The told parts as values of a contact."""
        told = self.told
        values = {name: told[name] for name in ("phone", "street", "city", "zip") if name in told}
        country = self.partner_id.country_id
        if "country" in told:
            country = country.search([("code", "=", told["country"].upper())], limit=1)
            if not country:
                self._refuse_part(told["country"])
            values["country_id"] = country.id
        if "state" in told:
            states = self.env["res.country.state"].search([("country_id", "=", country.id)])
            wanted = told["state"].casefold()
            state = states.filtered(
                lambda one: wanted in (one.code.casefold(), one.name.casefold())
            )[:1]
            if not state:
                self._refuse_part(told["state"])
            values["state_id"] = state.id
        return values

    def _refuse_part(self, text: str) -> None:
        raise UserError(
            self.env._(
                "“%(text)s” is no country or state that is known. Enter the address of "
                "%(supplier)s by hand, then refuse this one.",
                text=text,
                supplier=self.partner_id.display_name,
            )
        )

    def _complete_events(self) -> None:
        """Events that lacked a part of this address take it as it is now, as the supplier's
        word."""
        # sudo: events follow from what is known, whoever accepts it
        events = self.env["lot.fsma.event"].sudo()
        lacking = events.search(
            [
                ("replaced_by_id", "=", False),
                ("void", "=", False),
                ("missing", "!=", False),
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ],
            order="id",
        )
        reason = self.env._(
            "Address told by %(person)s of %(supplier)s on the page for suppliers",
            person=self.person,
            supplier=self.partner_id.display_name,
        )
        lacking._learn({}, reason, partner=self.partner_id, anew=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._("What a supplier proposed is kept as it was told. Refuse it instead.")
        )
