from contextlib import contextmanager

from odoo import api, fields, models

from .lot_columns import column

# Lines that somebody gave a lot in this transaction, and who; and how deep Odoo is in choosing
# lots by itself.
CHOSEN = "lot_traceability.fefo.chosen"
CHOOSING = "lot_traceability.fefo.choosing"


class StockMoveLine(models.Model):
    """A lot that is reserved by hand before its turn is told, whether or not it is taken in the
    end. What is taken at once is told when it is done."""

    _inherit = "stock.move.line"

    fefo_reason_id = fields.Many2one(
        "lot.fefo.reason",
        "Why not the first to expire",
        ondelete="restrict",
        copy=False,
        help="Told by whoever took another lot, before the transfer is validated.",
    )
    fefo_note = fields.Char("Explanation of the other lot", copy=False)

    def _fefo_told(self) -> dict[tuple[int, int], tuple]:
        """Why other lots are taken with these lines, as far as it was told already.

        :return: {(product id, lot id): (reason id, explanation)}
        """
        if not any(column(self, "fefo_reason_id")):
            return {}
        return {
            (line.product_id.id, line.lot_id.id): (line.fefo_reason_id.id, line.fefo_note)
            for line in self
            if line.fefo_reason_id and line.picked
        }

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered("lot_id")._note_chosen()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.get("lot_id") or vals.get("quant_id"):
            self._note_chosen()
        return result

    @api.model
    @contextmanager
    def _choosing(self):
        """In here Odoo chooses lots, first expired first, and nobody by hand."""
        data = self.env.cr.precommit.data
        data[CHOOSING] = data.get(CHOOSING, 0) + 1
        try:
            yield
        finally:
            # What is flushed meanwhile begins anew.
            data[CHOOSING] = max(data.get(CHOOSING, 0) - 1, 0)

    def _note_chosen(self) -> None:
        data = self.env.cr.precommit.data
        if not self or data.get(CHOOSING):
            return
        chosen = self.filtered(
            lambda line: (
                line.product_id.use_expiration_date
                and line.location_id.usage in ("internal", "transit")
                and line.state not in ("done", "cancel")
            )
        )
        if not chosen:
            return
        events = self.env["lot.audit.event"]
        # Noted where all events wait: what is flushed first tells of these, too.
        events._waiting()
        data.setdefault(CHOSEN, {}).update(dict.fromkeys(chosen.ids, events._actor()))

    @api.model
    def _tell_chosen(self) -> None:
        """Record which of these lines reserve another lot than the one to take."""
        chosen = self.env.cr.precommit.data.pop(CHOSEN, None)
        if not chosen:
            return
        fefo = self.env["lot.fefo"]
        # sudo: what was to go first does not depend on what its mover may read
        lines = self.sudo().browse(chosen).exists()
        for line, taking in fefo._reservations(lines):
            self.env["lot.audit.event"]._record(
                "fefo",
                lot=taking.lot,
                company=taking.move.company_id,
                document=taking.move._lot_document(),
                data={
                    "step": "reserved",
                    **fefo._deviation(taking.proposed, taking.days, line.quantity_product_uom),
                    "unit": line.product_id.uom_id.name,
                },
                actor=chosen[line.id],
                why=". ".join(part for part in (line.fefo_reason_id.name, line.fefo_note) if part),
            )
