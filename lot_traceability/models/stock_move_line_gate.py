from odoo import api, models

# What changes where a lot of a done line went.
_GUARDED = {"lot_id", "quant_id", "location_id", "location_dest_id"}


class StockMoveLine(models.Model):
    """The hard stop. Every flow ends in `_action_done`: transfers, production, subcontracting,
    unbuild, repair, scrap, POS; done lines that are written or added afterwards do not."""

    _inherit = "stock.move.line"

    def _action_done(self):
        result = super()._action_done()
        # After it: only now every line has its lot. What is refused rolls all of it back.
        lines = self.exists()
        self.env["lot.gate"]._check(lines)
        lines._quarantine_arrivals()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines.filtered(lambda line: line.state == "done")
        if done:
            self.env["lot.gate"]._check(done)
        return lines

    def write(self, vals):
        guarded = self.browse()
        if _GUARDED & vals.keys() or "quantity" in vals:
            guarded = self.filtered(
                lambda line: line.state == "done"
                and (_GUARDED & vals.keys() or vals["quantity"] > line.quantity)
            )
        result = super().write(vals)
        if guarded:
            self.env["lot.gate"]._check(guarded)
        return result

    def _quarantine_arrivals(self) -> None:
        """What comes in and has to be judged first goes into quarantine; so does the short-lived
        lot that is accepted so, and a new name of a lot that may not be used stays what it was."""
        arrived = self.filtered(
            lambda line: line.lot_id
            and line.location_id.usage in ("supplier", "production")
            and line.location_dest_id.usage in ("internal", "transit")
        )
        for line in arrived.filtered("move_id.lot_operation_id"):
            line._inherit_status()
        for line in arrived.filtered(lambda line: not line.move_id.lot_operation_id):
            reason = line._quarantine_reason()
            if reason:
                line.lot_id._quarantine(reason)

    def _quarantine_reason(self) -> str | None:
        """Why the lot of this line has to be judged before it is used."""
        operation = self.move_id.picking_type_id
        document = self.move_id.reference or operation.display_name
        made = self.location_id.usage == "production"
        product = self.product_id
        if operation.lot_quarantine:
            return self.env._("%(operation)s: %(document)s", operation=operation.name, document=document)
        if made and product._demands_quarantine("production"):
            return self.env._("Made by %s, to be judged", document)
        if not made and product._demands_quarantine("receipt"):
            return self.env._("Received with %s, to be judged", document)
        return None if made else self.env["lot.gate"]._arrival_reason(self)

    def _inherit_status(self) -> None:
        sources = self.move_id.lot_operation_id.move_ids.move_line_ids.filtered(
            lambda line: line.location_id.usage == "internal"
        ).lot_id
        worst = max(
            sources.filtered(lambda lot: lot.status_id and not lot.status_id.usable),
            key=lambda lot: lot.status_id.sequence,
            default=None,
        )
        if worst and self.lot_id.status_id != worst.status_id:
            # sudo: the same goods under a new number: nobody decides anything
            self.lot_id.sudo().write(
                {
                    "status_id": worst.status_id.id,
                    "status_reason": self.env._(
                        "As lot %(lot)s: %(reason)s",
                        lot=worst.name,
                        reason=worst.status_reason or worst.status_id.name,
                    ),
                }
            )
