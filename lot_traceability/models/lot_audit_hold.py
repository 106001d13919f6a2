from odoo import api, fields, models
from odoo.exceptions import UserError


class LotAuditHold(models.Model):
    """A legal hold: while it lasts, nothing that the audit log tells of the lot or of the product
    goes to an archive. Released, never deleted."""

    _name = "lot.audit.hold"
    _description = "Legal hold"
    _order = "id desc"
    _check_company_auto = True

    lot_id = fields.Many2one("stock.lot", index="btree_not_null", ondelete="restrict")
    product_id = fields.Many2one("product.product", index="btree_not_null", ondelete="restrict")
    reason = fields.Char(required=True, help="Such as the case or the order of an authority")
    user_id = fields.Many2one(
        "res.users", "Held by", required=True, readonly=True, default=lambda self: self.env.user
    )
    date = fields.Datetime("Held since", required=True, readonly=True, default=fields.Datetime.now)
    released_by = fields.Many2one(
        "res.users", "Released by", readonly=True, copy=False, ondelete="restrict"
    )
    released_on = fields.Datetime("Released on", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )

    @api.depends("lot_id", "product_id")
    def _compute_display_name(self):
        for hold in self:
            held = hold.lot_id or hold.product_id
            hold.display_name = self.env._("Legal hold on %s", held.display_name) if held else ""

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if bool(vals.get("lot_id")) == bool(vals.get("product_id")):
                raise UserError(self.env._("Choose one lot or one product to hold."))
            if not self.env.su:
                vals |= {"user_id": self.env.uid, "date": fields.Datetime.now()}
        holds = super().create(vals_list)
        for hold in holds:
            hold._tell({"held": [False, True]}, hold.reason)
        return holds

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env._("A legal hold is not changed: release it and make a new one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A legal hold is evidence: release it."))

    def action_release(self) -> bool:
        """End the hold.

        :return: True
        :raise UserError: when it has ended already
        """
        self.check_access("write")
        for hold in self:
            if hold.released_on:
                raise UserError(self.env._("This hold was released already."))
            values = {"released_by": self.env.uid, "released_on": fields.Datetime.now()}
            super(LotAuditHold, hold).write(values)  # pylint: disable=super-method-mismatch
            hold._tell({"held": [True, False]}, hold.reason)
        return True

    def _tell(self, changes: dict, why: str) -> None:
        self.env["lot.audit.event"]._record(
            "configured",
            record=self,
            lot=self.lot_id,
            product=self.product_id,
            company=self.company_id,
            changes=changes,
            why=why,
        )
