from odoo import api, models


class ExpiryPickingConfirmation(models.TransientModel):
    """Core speaks of deliveries alone, and of lots that exist."""

    _inherit = "expiry.picking.confirmation"

    @api.depends("lot_ids", "picking_ids")
    def _compute_descriptive_fields(self):
        result = super()._compute_descriptive_fields()
        for wizard in self:
            lines = wizard.picking_ids.move_line_ids._lot_too_old()
            arriving = lines.filtered(lambda line: line.location_id.usage == "supplier")
            if arriving and arriving == lines:
                wizard.show_lots = False
                wizard.description = self.env._(
                    "These lots are too old already: %(lots)s.\nCheck the dates on the label. If "
                    "you go on, they are received and wait in quarantine for quality.",
                    lots="; ".join(line._too_old_text() for line in arriving),
                )
        return result

    def process_no_expired(self):
        """Leave out the lines that were asked about, and go on with the others.

        :return: what validating the transfers returns
        """
        self.picking_ids.move_line_ids._lot_too_old().unlink()
        return super().process_no_expired()
