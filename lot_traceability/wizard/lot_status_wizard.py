from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# Records that name one lot, and how.
_LOT_OF = {"stock.quant": "lot_id", "stock.move.line": "lot_id", "lot.genealogy.movement": "lot_id"}


class LotStatusWizard(models.TransientModel):
    """Asks for a status and its reason for any number of lots, and for what was made of them."""

    _name = "lot.status.wizard"
    _description = "Change the status of lots"

    lot_ids = fields.Many2many("stock.lot", string="Lots", required=True)
    lot_count = fields.Integer(compute="_compute_counts")
    downstream_count = fields.Integer(compute="_compute_counts")
    with_downstream = fields.Boolean(
        "And all that was made of them", help="Every lot downstream gets the status as well."
    )
    allowed_status_ids = fields.Many2many("lot.status", compute="_compute_allowed_status_ids")
    status_id = fields.Many2one(
        "lot.status",
        "New status",
        required=True,
        domain="[('id', 'in', allowed_status_ids)]",
        default=lambda self: self._default_status_id(),
    )
    description = fields.Text(related="status_id.description")
    reason_required = fields.Boolean(related="status_id.reason_required")
    reason = fields.Char(help="Kept with the lots and shown wherever they are refused.")
    waiting_count = fields.Integer("Open documents", compute="_compute_waiting_count")

    @api.model
    def _default_status_id(self):
        return self.env["lot.status"]._by_code("hold")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "lot_ids" in fields_list and not values.get("lot_ids"):
            lots = self._lots_of_context()
            if not lots:
                raise UserError(
                    self.env._("There are no lots here. Choose rows that have a lot number.")
                )
            values["lot_ids"] = [Command.set(lots.ids)]
        return values

    @api.model
    def _lots_of_context(self):
        """The lots of the records that were chosen in a list, whatever they are."""
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids", [])
        if model == "stock.lot":
            return self.env[model].browse(ids).exists()
        if model in _LOT_OF:
            return self.env[model].browse(ids).exists()[_LOT_OF[model]]
        documents = self.env["lot.trace"]._document_lots()
        if model in documents:
            return documents[model][1](self.env[model].browse(ids).exists())
        return self.env["stock.lot"]

    @api.depends("lot_ids")
    def _compute_counts(self):
        for wizard in self:
            lots = wizard.lot_ids._origin
            wizard.lot_count = len(lots)
            made = self.env["lot.trace"]._made_of(lots.ids) if lots else []
            wizard.downstream_count = max(len(made) - len(lots), 0)

    @api.depends("lot_ids")
    def _compute_allowed_status_ids(self):
        statuses = self.env["lot.status"].search([("active", "=", True)])
        for wizard in self:
            current = wizard.lot_ids.status_id
            wizard.allowed_status_ids = statuses.filtered(
                lambda status, every=current or [current]: all(map(status._may_follow, every))
            )

    @api.depends("lot_ids", "with_downstream", "status_id")
    def _compute_waiting_count(self):
        for wizard in self:
            wizard.waiting_count = len(
                {
                    line.move_id._lot_document()
                    for line in wizard._lots()._lines_withdrawn(wizard.status_id)
                }
                - {None}
            )

    def _lots(self):
        lots = self.lot_ids._origin
        if self.with_downstream and lots:
            return lots.browse(self.env["lot.trace"]._made_of(lots.ids))
        return lots

    def action_apply(self) -> dict:
        """Set the status, or have that signed first.

        :return: a message of what was done, after which the dialog closes, or the action that
            opens the dialog for the signature
        :raise AccessError: when one of the lots may not get it from this user
        """
        self.ensure_one()
        lots = self._lots()
        signed = lots._ask_to_sign(self.status_id, self.reason)
        if signed:
            return signed
        lots.write({"status_id": self.status_id.id, "status_reason": self.reason})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("1 lot: %s", self.status_id.name)
                if len(lots) == 1
                else self.env._(
                    "%(count)s lots: %(status)s", count=len(lots), status=self.status_id.name
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
