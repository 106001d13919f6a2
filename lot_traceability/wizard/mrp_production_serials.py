from dataclasses import replace

from odoo import api, fields, models

from ..models.lot_numbering_request import NUMBER_REQUEST
from ..models.stock_lot_status import listed
from ..tools import lot_name


class MrpProductionSerials(models.TransientModel):
    """The dialog for the serial numbers of an order starts with the scheme's next number."""

    _inherit = "mrp.production.serials"

    # Not read-only: the form has to save what it has shown.
    offered_name = fields.Char(compute="_compute_offered_name", store=True, readonly=False)

    @api.depends("production_id")
    def _compute_offered_name(self):
        for wizard in self:
            order = wizard.production_id
            fresh = order.product_id and not order.lot_producing_ids
            wizard.offered_name = fresh and self.env["lot.numbering"]._offer(
                order._number_request()
            )

    @api.depends("production_id")
    def _compute_lot_name(self):
        for wizard in self.filtered(lambda wizard: not wizard.lot_name):
            wizard.lot_name = wizard.offered_name
        return super()._compute_lot_name()

    @api.onchange("serial_numbers")
    def _onchange_serial_numbers(self):
        repeated = lot_name.repeated(filter(str.strip, (self.serial_numbers or "").split("\n")))
        result = super()._onchange_serial_numbers()
        if not repeated:
            return result
        message = self.env._(
            "%(count)s serial numbers were in the list more than once: %(numbers)s.",
            count=len(repeated),
            numbers=listed(self.env, repeated),
        )
        return {"warning": {"title": self.env._("Serial numbers"), "message": message}}

    def action_generate_serial_numbers(self):
        request = replace(self.production_id._number_request(), offered=self.offered_name or "")
        wizard = self.with_context(**{NUMBER_REQUEST: request})
        return super(MrpProductionSerials, wizard).action_generate_serial_numbers()
