from typing import Any

from odoo import api, models

# The roles: who is in one of them may do something with lots.
_MODULE = "lot_traceability"


class ResUsers(models.Model):
    """Rights are told when they change: who may do what with lots (21 CFR 11.10(d), (g))."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._tell_rights({user_id: [] for user_id in users.ids})
        return users

    def write(self, vals):
        if not {"group_ids", "active", "role"} & vals.keys():
            return super().write(vals)
        before, active = self._lot_rights(), {user.id: user.active for user in self}
        result = super().write(vals)
        self._tell_rights(before)
        for user in self.filtered(lambda user: user.active != active[user.id]):
            user._tell_right({"active": [active[user.id], user.active]})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_told(self):
        for user, groups in self._lot_rights().items():
            if groups:
                self.browse(user)._tell_right({"groups": [groups, None]})

    def _lot_rights(self) -> dict[int, list[str]]:
        """{user id: names of our groups in which the user is, in themselves or by others}"""
        # sudo: the log names the groups, whether or not they may be read
        groups = self.env["res.groups"].sudo()._lot_groups()
        return {user.id: (user.sudo().all_group_ids & groups).mapped("full_name") for user in self}

    def _tell_rights(self, before: dict[int, list[str]]) -> None:
        after = self._lot_rights()
        for user in self:
            old, new = sorted(before[user.id]), sorted(after[user.id])
            if old != new:
                user._tell_right({"groups": [old, new]})

    def _tell_right(self, changes: dict[str, list], data: dict[str, Any] | None = None) -> None:
        self.env["lot.audit.event"]._record("rights", record=self, changes=changes, data=data)

    def _check_uid_passwd(self, uid, passwd):
        # Odoo keeps who has come with a right key, and then does not look at the key again.
        result = super()._check_uid_passwd(uid, passwd)
        self.env["lot.audit.origin"]._note_key(passwd)
        return result
