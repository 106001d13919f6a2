from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache

# The statuses that the product itself speaks of; a firm may add others.
RELEASED, QUARANTINE, HOLD, REJECTED, RECALLED = (
    "released",
    "quarantine",
    "hold",
    "rejected",
    "recalled",
)


class LotStatus(models.Model):
    """What may be done with a lot. The gate reads the flags, never a code: a firm's own status
    works like ours."""

    _name = "lot.status"
    _description = "Lot status"
    _inherit = ["lot.cached.rules", "lot.audited"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="How programs name this status")
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    description = fields.Text(translate=True)
    usable = fields.Boolean(
        "May be used", help="Reserved, consumed, sold and moved like any other stock."
    )
    movable = fields.Boolean(
        "May be moved inside", help="Transferred between places of the own warehouses."
    )
    returnable = fields.Boolean("May go back to the supplier")
    reason_required = fields.Boolean("Needs a reason", default=True)
    set_group_ids = fields.Many2many(
        "res.groups",
        "lot_status_set_group_rel",
        string="Who may set it",
        help="Empty: whoever may work with lots.",
    )
    leave_group_ids = fields.Many2many(
        "res.groups",
        "lot_status_leave_group_rel",
        string="Who may end it",
        help="Empty: whoever may work with lots.",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "Another lot status has this code already.")

    def write(self, vals):
        code = vals.get("code")
        if code and any(status._is_own() and status.code != code for status in self):
            raise UserError(
                self.env._("The code of a status that came with the product cannot change.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own(self):
        if any(status._is_own() for status in self):
            raise UserError(
                self.env._("A status that came with the product cannot be deleted: archive it.")
            )

    def _is_own(self) -> bool:
        return self.code in (RELEASED, QUARANTINE, HOLD, REJECTED, RECALLED)

    @api.model
    def _by_code(self, code: str):
        """The status with this code.

        :raise UserError: when there is none
        """
        found = self._ids_by_code().get(code)
        if not found:
            raise UserError(
                self.env._(
                    "There is no lot status “%(code)s”. Choose one of: %(codes)s.",
                    code=code,
                    codes=", ".join(self._ids_by_code()),
                )
            )
        return self.browse(found)

    @api.model
    @ormcache()
    def _ids_by_code(self) -> dict[str, int]:
        # sudo: statuses are the same for everybody, and kept for everybody
        return {status.code: status.id for status in self.sudo().search([])}

    def _known_code(self) -> str:
        """The code of this status, without asking the database."""
        codes = {id_: code for code, id_ in self._ids_by_code().items()}
        # sudo: an archived status has a code as well
        return codes.get(self.id) or self.sudo().code

    @api.model
    @ormcache("flag")
    def _ids_without(self, flag: str) -> tuple[int, ...]:
        """Statuses that lack a permission ("usable", "movable", "returnable"), archived ones too:
        a lot may still have one."""
        # sudo: the gate is the same for everybody
        every = self.sudo().with_context(active_test=False)
        return tuple(every.search([(flag, "=", False)]).ids)

    def _denied(self, current) -> list[tuple]:
        """(message, groups) of each step from `current` to this status that the user may not do."""
        self.ensure_one()
        if self.env.su:
            return []
        # sudo: which groups exist is not for every reader; messages name these alone
        steps = (
            (self.env._("end the status “%s”", current.name), current.sudo().leave_group_ids),
            (self.env._("set the status “%s”", self.name), self.sudo().set_group_ids),
        )
        own = self.env.user.all_group_ids
        return [(text, groups) for text, groups in steps if groups and not groups & own]

    def _may_follow(self, current) -> bool:
        """May the user take a lot from status `current` to this one?"""
        return not self._denied(current)

    def _check_step(self, current) -> None:
        """:raise AccessError: when the user may not do this step; tells who may"""
        for text, groups in self._denied(current):
            raise AccessError(
                self.env._(
                    "You may not %(step)s of a lot. Ask somebody of: %(groups)s.",
                    step=text,
                    groups=", ".join(groups.mapped("name")),
                )
            )
