from odoo import api, models

# What changes where a lot of a done line went.
_GUARDED = {"lot_id", "quant_id", "location_id", "location_dest_id"}


class StockMoveLine(models.Model):
    """The hard stop. Every flow ends in `_action_done`: transfers, production, subcontracting,
    unbuild, repair, scrap, POS; done lines that are written or added afterwards do not."""

    _inherit = "stock.move.line"

    def _check_access(self, operation):
        """Core lets every internal user write and delete move lines, of done transfers too. Who
        may not write moves has no business with their lines: an auditor above all."""
        result = super()._check_access(operation)
        if result or operation == "read" or self.env.su:
            return result
        refused = self.env["stock.move"]._check_access("write")
        return (self, refused[1]) if refused and self.env.user._is_internal() else None

    def _after_done(self):
        result = super()._after_done()
        self.env["lot.gate"]._check(self)
        self._quarantine_arrivals()
        self._note_scrapped()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines._done()
        if done:
            self.env["lot.gate"]._check(done)
        return lines

    def write(self, vals):
        guarded = self.browse()
        if _GUARDED & vals.keys() or "quantity" in vals:
            guarded = self._done().filtered(
                lambda line: _GUARDED & vals.keys() or vals["quantity"] > line.quantity
            )
        result = super().write(vals)
        if guarded:
            self.env["lot.gate"]._check(guarded)
        return result

    def _quarantine_arrivals(self) -> None:
        """What comes in and has to be judged first goes into quarantine; so does the short-lived
        lot that is accepted so, and a new name of a lot that may not be used stays what it was."""
        for (move, source, target), lines in self.filtered("lot_id")._by_way().items():
            if target.usage not in ("internal", "transit"):
                continue
            if move.lot_operation_id:
                sources = move.lot_operation_id.move_ids.move_line_ids.filtered(
                    lambda source: source.location_id.usage == "internal"
                )
                for line in lines:
                    line._inherit_status(sources.lot_id)
            elif source.usage in ("supplier", "production"):
                lines._quarantine_to_judge(move, source.usage == "production")
            elif source.usage == "transit":
                for line in lines:
                    line._inherit_status(line._sent_as())

    def _quarantine_to_judge(self, move, made: bool) -> None:
        """Lots that come with this move from a supplier, or are made by it."""
        for product, same in self.grouped("product_id").items():
            reason = self._quarantine_reason(move, product, made)
            if reason:
                same.lot_id._quarantine(reason)
            elif not made:
                self._quarantine_short_lived(move, same.lot_id)

    @api.model
    def _quarantine_reason(self, move, product, made: bool) -> str | None:
        """Why lots of this product that come with this move have to be judged before they are
        used, whichever they are."""
        operation = move.picking_type_id
        document = move.reference or operation.display_name
        if operation.lot_quarantine:
            return self.env._(
                "%(operation)s: %(document)s", operation=operation.name, document=document
            )
        if made and product._demands_quarantine("production"):
            return self.env._("Made by %s, to be judged", document)
        if not made and product._demands_quarantine("receipt"):
            return self.env._("Received with %s, to be judged", document)
        return None

    @api.model
    def _quarantine_short_lived(self, move, lots) -> None:
        reasons = self.env["lot.gate"]._arrival_reasons(move, lots)
        for reason, same in lots.grouped(lambda lot: reasons.get(lot.id)).items():
            if reason:
                same._quarantine(reason)

    def _sent_as(self):
        """The records that other companies have of the lot of this line, which came from a transit:
        those that were sent there."""
        # sudo: what comes over the border keeps its status, whoever may read the other record
        lot = self.lot_id.sudo()
        same = lot.search(
            [
                ("name", "=", lot.name),
                ("product_id", "=", lot.product_id.id),
                ("id", "!=", lot.id),
                ("status_id.usable", "=", False),
                ("status_id", "!=", False),
            ]
        )
        if not same:
            return same
        # sudo: as well, which of them were sent there
        sent = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", same.ids),
                    ("state", "=", "done"),
                    ("location_dest_id", "=", self.location_id.id),
                ]
            )
        )
        return sent.lot_id

    def _inherit_status(self, sources) -> None:
        """The goods of these lots came into the lot of this line: it is as bad as the worst."""
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
                    # The reason of another company is theirs.
                    "status_reason": self.env._("As lot %s", worst.name)
                    if worst.company_id != self.lot_id.company_id
                    else self.env._(
                        "As lot %(lot)s: %(reason)s",
                        lot=worst.name,
                        reason=worst.status_reason or worst.status_id.name,
                    ),
                }
            )

    def _note_scrapped(self) -> None:
        """Scrapping is open to a lot in any status; that one was is said in its chatter."""
        scrapped = self.browse().union(
            *(lines for (move, *_places), lines in self._by_way().items() if move.scrap_id)
        )
        scrapped = scrapped.filtered(
            lambda line: line.lot_id.status_id and not line.lot_id.status_id.usable
        )
        for lot, lines in scrapped.grouped("lot_id").items():
            lot._message_log(
                body=self.env._(
                    "Scrapped %(quantity)s %(unit)s with %(document)s while the status was "
                    "%(status)s.",
                    quantity=sum(lines.mapped("quantity_product_uom")),
                    unit=lot.product_id.uom_id.name,
                    document=", ".join(lines.move_id.scrap_id.mapped("name")),
                    status=lot.status_id.name,
                )
            )
