from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.lot_status import HOLD

KINDS = [
    ("promote", "Promote"),
    ("transfer", "Transfer"),
    ("hold", "Hold"),
    ("scrap", "Scrap"),
    ("return", "Return to supplier"),
]


class LotExpiryAction(models.TransientModel):
    """One thing done with several lots that are about to expire: with all of them, or with none
    when one cannot."""

    _name = "lot.expiry.action"
    _description = "Act on lots before they expire"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    line_ids = fields.One2many("lot.expiry.action.line", "action_id", "Lots")
    has_problems = fields.Boolean(compute="_compute_has_problems")
    user_ids = fields.Many2many(
        "res.users",
        string="Tell",
        domain=[("share", "=", False)],
        help="Empty, without a team: the user responsible for each product.",
    )
    team_id = fields.Many2one(
        "crm.team", "Sales team", help="Its leader is told, or its members when it has none."
    )
    note = fields.Text("Message")
    location_dest_id = fields.Many2one(
        "stock.location", "To", domain=[("usage", "in", ("internal", "transit"))]
    )
    reason = fields.Char()
    reason_tag_ids = fields.Many2many("stock.scrap.reason.tag", string="Cause")

    @api.depends("line_ids.problem")
    def _compute_has_problems(self):
        for action in self:
            action.has_problems = any(action.line_ids.mapped("problem"))

    @api.model
    def _open(self, kind: str, quants) -> dict:
        """The dialog for stock on these quants."""
        self.check_access("create")
        action = self.create(
            {
                "kind": kind,
                "line_ids": [Command.create({"quant_id": quant.id}) for quant in quants],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["kind"]._description_selection(self.env))[kind],
            "res_model": self._name,
            "res_id": action.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def action_apply(self) -> dict:
        """Do it, and show what came of it.

        :return: the action that opens the transfers or scraps, or that tells what was done
        :raise UserError: what is missing, or the lots for which it cannot be done and why;
            nothing was done then
        :raise AccessError: when the user may not make such documents
        """
        self.ensure_one()
        self.check_access("write")
        if not self.line_ids:
            raise UserError(self.env._("No lot is left in the list. Choose some on the board."))
        self._check_problems()
        return getattr(self, f"_apply_{self.kind}")()

    def _check_problems(self) -> None:
        lines = self.line_ids.filtered("problem")
        if lines:
            raise UserError(
                self.env._(
                    "Nothing was done, as these lots are in the way. Take them off the list, or "
                    "see to them first:\n%(lots)s",
                    lots="\n".join(f"- {line.lot_id.name}: {line.problem}" for line in lines),
                )
            )

    # -- promote and hold --------------------------------------------------------------------

    def _apply_promote(self) -> dict:
        told = 0
        kind = self.env.ref("lot_traceability.activity_lot_promote")
        for template, lines in self.line_ids.grouped("product_tmpl_id").items():
            for user in self._sellers(lines.product_id[:1]):
                # sudo: whoever watches over expiry may tell sales, without a right to change
                # products
                template.sudo().activity_schedule(
                    activity_type_id=kind.id,
                    user_id=user.id,
                    summary=self.env._("Sell %(count)s lots before they expire", count=len(lines)),
                    note=self.env["ir.qweb"]._render(
                        "lot_traceability.lot_expiry_promotion",
                        {"lines": lines, "note": self.note or ""},
                    ),
                )
                told += 1
        return self._tell(self.env._("%(count)s activities were given to sales.", count=told))

    def _sellers(self, product):
        team = self.team_id
        users = self.user_ids | (team.user_id or team.member_ids)
        users = users or product.responsible_id
        if not users:
            raise UserError(
                self.env._(
                    "%(product)s has no responsible user. Choose a user or a sales team.",
                    product=product.display_name,
                )
            )
        return users

    def _apply_hold(self) -> dict:
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter the reason for the hold."))
        lots = self.line_ids.lot_id
        lots.set_status(HOLD, self.reason.strip())
        return self._tell(self.env._("%(count)s lots are on hold.", count=len(lots)))

    @api.model
    def _tell(self, message: str) -> dict:
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- scrap -------------------------------------------------------------------------------

    def _apply_scrap(self) -> dict:
        if not self.reason_tag_ids:
            raise UserError(self.env._("Choose the cause: the history of losses is kept by it."))
        scraps = self.env["stock.scrap"]
        for line in self.line_ids:
            scrap = scraps.create(self._prepare_scrap_vals(line))
            scrap.do_scrap()
            # Odoo reads the quantity of a scrap anew from its move: of several at once, wrongly.
            scrap.flush_recordset()
            scraps += scrap
        return self._show(scraps, self.env._("Scrapped"))

    def _prepare_scrap_vals(self, line) -> dict:
        quant = line.quant_id
        return {
            "company_id": quant.company_id.id,
            "product_id": line.product_id.id,
            "product_uom_id": line.product_id.uom_id.id,
            "scrap_qty": line.quantity,
            "lot_id": line.lot_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "location_id": line.location_id.id,
            "scrap_reason_tag_ids": [Command.set(self.reason_tag_ids.ids)],
            "origin": self.env._("Expiry"),
        }

    @api.model
    def _show(self, records, name: str) -> dict:
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "domain": [("id", "in", records.ids)],
            "views": [[False, "list"], [False, "form"]],
        }
        return (
            action
            if len(records) > 1
            else action | {"views": [[False, "form"]], "res_id": records.id}
        )
