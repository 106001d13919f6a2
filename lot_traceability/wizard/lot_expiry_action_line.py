from odoo import api, fields, models


class LotExpiryActionLine(models.TransientModel):
    _name = "lot.expiry.action.line"
    _description = "Lot to act on before it expires"

    action_id = fields.Many2one("lot.expiry.action", required=True, ondelete="cascade")
    kind = fields.Selection(related="action_id.kind")
    quant_id = fields.Many2one("stock.quant", required=True, ondelete="cascade")
    lot_id = fields.Many2one(related="quant_id.lot_id")
    product_id = fields.Many2one(related="quant_id.product_id")
    product_tmpl_id = fields.Many2one(related="quant_id.product_id.product_tmpl_id")
    location_id = fields.Many2one(related="quant_id.location_id")
    uom_id = fields.Many2one(related="quant_id.product_id.uom_id")
    expiration_date = fields.Datetime(related="quant_id.lot_id.expiration_date")
    expiry_day = fields.Date("Expires", compute="_compute_expiry_day")
    free_quantity = fields.Float(
        "Not reserved", compute="_compute_free_quantity", digits="Product Unit"
    )
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
    )
    supplier = fields.Char("Goes back to", compute="_compute_supplier")
    problem = fields.Char("What is in the way", compute="_compute_problem")

    @api.depends("expiration_date")
    def _compute_expiry_day(self):
        calendar = self.env["lot.calendar"]
        for line in self:
            date = line.expiration_date
            line.expiry_day = date and calendar._day(date, line.quant_id.company_id)

    @api.depends("quant_id")
    def _compute_free_quantity(self):
        for line in self:
            line.free_quantity = line.quant_id.quantity - line.quant_id.reserved_quantity

    @api.depends("quant_id", "action_id.kind")
    def _compute_quantity(self):
        for line in self:
            whole = line.kind in ("promote", "hold")
            line.quantity = line.quant_id.quantity if whole else max(line.free_quantity, 0)

    @api.depends("quant_id", "quantity", "kind")
    def _compute_supplier(self):
        shares = self._receipts()
        for line in self:
            partners = {move.picking_id.partner_id for move, _quantity in shares[line]}
            line.supplier = ", ".join(sorted(p.display_name for p in partners if p))

    @api.depends("quant_id", "quantity", "action_id.location_dest_id", "kind")
    def _compute_problem(self):
        shares = self._receipts()
        for line in self:
            line.problem = line._problem(shares[line]) or False

    def _problem(self, receipts: list[tuple]) -> str:
        """Why it cannot be done with this lot; empty when it can.

        :param receipts: what `_receipts` found for this line
        """
        _ = self.env._
        if self.kind in ("promote", "hold") or not self.quant_id:
            return ""
        unit = self.uom_id
        if unit.compare(self.free_quantity, 0) <= 0:
            return _("All of it is reserved. Unreserve it, or put it on hold.")
        if unit.compare(self.quantity, 0) <= 0:
            return _("Enter a quantity above zero.")
        if unit.compare(self.quantity, self.free_quantity) > 0:
            return _(
                "Only %(free)s %(unit)s are not reserved.",
                free=self.free_quantity,
                unit=unit.name,
            )
        if self.location_id.usage != "internal":
            return _("It is in %(place)s. Receive it first.", place=self.location_id.display_name)
        if self.kind == "transfer":
            return self._problem_transfer()
        return self._problem_return(receipts) if self.kind == "return" else ""

    def _problem_transfer(self) -> str:
        _ = self.env._
        target = self.action_id.location_dest_id
        status = self.lot_id.status_id
        if target and target == self.location_id:
            return _("It is there already.")
        if target.company_id and target.company_id != self.quant_id.company_id:
            return _("The place belongs to another company.")
        if target and status and not status.movable and not target._in_quarantine():
            return _("Its status “%(status)s” does not let it be moved.", status=status.name)
        return ""

    # -- to the supplier ---------------------------------------------------------------------

    def _problem_return(self, receipts: list[tuple]) -> str:
        _ = self.env._
        status = self.lot_id.status_id
        if status and not status.returnable:
            return _("Its status “%(status)s” does not let it go back.", status=status.name)
        if not receipts:
            return _("No receipt from a supplier is known, or all of it was returned already.")
        total = sum(quantity for _move, quantity in receipts)
        if self.uom_id.compare(total, self.quantity) < 0:
            return _(
                "Only %(total)s %(unit)s can go back to where they came from.",
                total=total,
                unit=self.uom_id.name,
            )
        return ""

    def _receipts(self) -> dict:
        """Which receipts the quantities came with, the newest first, less what was returned of
        them and what earlier lines of the list return: {line: [(move, quantity)]}."""
        shares: dict = {line: [] for line in self}
        for action, lines in self.grouped("action_id").items():
            if action.kind != "return":
                continue
            open_quantity = action.line_ids._returnable()
            for line in action.line_ids | lines:
                wanted, found = line.quantity, []
                for move, quantity in open_quantity.get(line.lot_id, {}).items():
                    share = min(quantity, wanted)
                    if line.uom_id.compare(share, 0) > 0:
                        found.append((move, share))
                        open_quantity[line.lot_id][move] -= share
                        wanted -= share
                shares[line] = found
        return shares

    def _returnable(self) -> dict:
        """{lot: {move of a receipt: quantity that can still be returned}}"""
        domain = [
            ("lot_id", "in", self.lot_id.ids),
            ("company_id", "in", self.quant_id.company_id.ids),
        ]
        received = self.env["stock.move.line"].search(
            [
                *domain,
                ("state", "=", "done"),
                ("location_id.usage", "=", "supplier"),
                ("location_dest_id.usage", "!=", "customer"),
                ("picking_id", "!=", False),
            ],
            order="date desc, id desc",
        )
        found: dict = {}
        for line in received:
            moves = found.setdefault(line.lot_id, {})
            moves[line.move_id] = moves.get(line.move_id, 0) + line.quantity_product_uom
        returned = self.env["stock.move.line"].search(
            [
                *domain,
                ("state", "!=", "cancel"),
                ("move_id.origin_returned_move_id", "in", received.move_id.ids),
            ]
        )
        for line in returned:
            moves = found.get(line.lot_id, {})
            origin = line.move_id.origin_returned_move_id
            if origin in moves:
                moves[origin] -= line.quantity_product_uom
        return found

    def _fits(self, move) -> bool:
        """Is the move for this stock?"""
        return (move.product_id, move.location_id) == (self.product_id, self.location_id)

    def _prepare_move_line_vals(self, move) -> dict:
        quant = self.quant_id
        return {
            "picking_id": move.picking_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "lot_id": self.lot_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "location_id": self.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "company_id": quant.company_id.id,
        }
