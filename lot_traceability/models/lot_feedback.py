from typing import Any

from odoo import api, fields, models, release
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.modules.module import get_manifest

KINDS = [("problem", "A problem"), ("wish", "A wish"), ("praise", "Praise")]
STATES = [
    ("new", "New"),
    ("planned", "Planned"),
    ("done", "Done"),
    ("declined", "Not done"),
]
_LONGEST = 4_000
_LONGEST_NAME = 200
# In an hour, of one user: more is a program that runs wild.
_MOST_AN_HOUR = 30
# What the one who leaves feedback does not say himself.
_NOT_TYPED = {"user_id", "version", "state", "answer", "answered_by_id"}


class LotFeedback(models.Model):
    """What somebody who works with a screen says of it."""

    _name = "lot.feedback"
    _description = "Feedback"
    _order = "id desc"
    _rec_name = "text"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    text = fields.Text(required=True, readonly=True)
    screen = fields.Char(readonly=True, help="As it is called at the top of the screen")
    action = fields.Char(readonly=True, help="How Odoo names the screen")
    address = fields.Char(readonly=True)
    res_model = fields.Char("Kind of record", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    device = fields.Char(readonly=True, help="Browser and size of the screen")
    version = fields.Char(readonly=True)
    create_date = fields.Datetime("Left on", readonly=True)
    user_id = fields.Many2one(
        "res.users", "From", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    state = fields.Selection(STATES, required=True, default="new")
    answer = fields.Text(help="Seen by the one who left it")
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        version = self._version()
        made = []
        for vals in vals_list:
            if not self.env.su and _NOT_TYPED & vals.keys():
                raise UserError(self.env._("Who says it, and what comes of it, is not typed."))
            company = vals.get("company_id")
            if not self.env.su and company and company not in self.env.companies.ids:
                raise AccessError(self.env._("You leave feedback in a company that you work in."))
            noted = {"user_id": self.env.uid, "company_id": self.env.company.id}
            made.append({**noted, **vals, "version": version})
        return super().create(made)

    def write(self, vals):
        if not self.env.su and not vals.keys() <= {"state", "answer"}:
            raise UserError(
                self.env._("What somebody said stays as it was said: answer it, or set its state.")
            )
        if vals.keys() & {"state", "answer"}:
            vals = {**vals, "answered_by_id": self.env.uid}
        return super().write(vals)

    @api.model
    def leave(self, kind: str, text: str, where: dict[str, Any] | bool = False) -> int:
        """Say something about a screen.

        :param kind: "problem", "wish" or "praise"
        :param text: at most 4,000 characters
        :param where: {"screen", "action", "address", "model", "id", "device"}, each optional
        :return: its id
        :raise UserError: when nothing is said, or too much
        """
        text = str(text or "").strip()
        if kind not in dict(KINDS) or not text:
            raise UserError(self.env._("Choose what it is, and say it in a few words."))
        if len(text) > _LONGEST:
            raise UserError(self.env._("Say it in at most %s characters.", _LONGEST))
        self._check_often()
        where = where if isinstance(where, dict) else {}
        values = {
            name: str(where.get(name) or "")[:_LONGEST_NAME] or False
            for name in ("screen", "action", "address", "device")
        }
        return self.create({"kind": kind, "text": text, **values, **self._record_of(where)}).id

    @api.model
    def _check_often(self) -> None:
        since = fields.Datetime.subtract(self.env.cr.now(), hours=1)
        own = Domain("user_id", "=", self.env.uid) & Domain("create_date", ">", since)
        if self.search_count(own, limit=_MOST_AN_HOUR) >= _MOST_AN_HOUR:
            raise UserError(
                self.env._("That is a lot for one hour. Write the rest in one piece, later.")
            )

    @api.model
    def _record_of(self, where: dict) -> dict[str, Any]:
        """The record that the screen showed, where there is such a one."""
        model, number = where.get("model"), where.get("id")
        if not isinstance(model, str) or model not in self.env:
            return {}
        is_id = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31
        return {"res_model": model, "res_id": number if is_id else False}

    @api.model
    def _version(self) -> str:
        return f"{get_manifest(self._module).get('version', '')} (Odoo {release.version})"

    @api.model
    def _unanswered(self, company) -> int | bool:
        """How much is new; False for who may see but his own."""
        if not self.has_access("write"):
            return False
        return self.search_count(
            Domain("state", "=", "new") & Domain("company_id", "=", company.id)
        )

    def action_open_record(self) -> dict[str, Any]:
        """Open the record that it is about.

        :return: a window action
        :raise UserError: when there is none
        """
        self.ensure_one()
        record = self.res_model in self.env and self.env[self.res_model].browse(self.res_id or [])
        if not record or not record.exists():
            raise UserError(self.env._("It is about no record, or about one that is gone."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [[False, "form"]],
        }
