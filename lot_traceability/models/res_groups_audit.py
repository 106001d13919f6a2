from odoo import api, models

_MEMBERS = {"user_ids", "all_user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    """Rights are told when they change through a group, or through one that brings it along."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        before = self._lot_members() if any(_MEMBERS & vals.keys() for vals in vals_list) else None
        groups = super().create(vals_list)
        if before is not None:
            self._tell_members(before)
        return groups

    def write(self, vals):
        if not _MEMBERS & vals.keys():
            return super().write(vals)
        before = self._lot_members()
        result = super().write(vals)
        self._tell_members(before)
        return result

    def unlink(self):
        before, names = self._lot_members(), self._lot_names()
        result = super().unlink()
        self._tell_members(before, names)
        return result

    @api.model
    def _lot_groups(self):
        """Our groups."""
        # sudo: where records come from is not for every user to read
        data = self.env["ir.model.data"].sudo()
        found = data.search([("model", "=", self._name), ("module", "=like", "lot_traceability%")])
        return self.browse(found.mapped("res_id")).exists()

    @api.model
    def _lot_members(self) -> dict[int, set[int]]:
        """{group id: ids of its users} of our groups"""
        # sudo: as in `_lot_groups`
        return {group.id: set(group.all_user_ids.ids) for group in self.sudo()._lot_groups()}

    @api.model
    def _lot_names(self) -> dict[int, str]:
        """{group id: name} of our groups"""
        # sudo: as in `_lot_groups`
        return {group.id: group.full_name for group in self.sudo()._lot_groups()}

    @api.model
    def _tell_members(
        self, before: dict[int, set[int]], names: dict[int, str] | None = None
    ) -> None:
        """Tell who has got or lost a right.

        :param before: what `_lot_members` said before the change
        :param names: what `_lot_names` said before, where groups may be gone
        """
        after = self._lot_members()
        changed = {
            user
            for group in {**before, **after}
            for user in before.get(group, set()) ^ after.get(group, set())
        }
        names = {**(names or {}), **self._lot_names()}
        # sudo: the log names users, whether or not they may be read
        for user in self.env["res.users"].sudo().browse(sorted(changed)).exists():
            old, new = (
                sorted(names[group] for group, users in state.items() if user.id in users)
                for state in (before, after)
            )
            user._tell_right({"groups": [old, new]})
