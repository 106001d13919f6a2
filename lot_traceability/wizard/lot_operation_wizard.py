from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.lot_numbering_request import NumberRequest
from ..models.lot_operation import OPERATIONS


class LotOperationWizard(models.TransientModel):
    """Asks what a person has to say for a split, a merge or a relabelling, and does it."""

    _name = "lot.operation.wizard"
    _description = "Split, merge or relabel lots"

    kind = fields.Selection(OPERATIONS, default="split", required=True)
    lot_ids = fields.Many2many("stock.lot", string="Lots", required=True)
    product_id = fields.Many2one("product.product", compute="_compute_product_id")
    uom_id = fields.Many2one("uom.uom", related="product_id.uom_id")
    available_quantity = fields.Float(
        "In stock, not reserved", compute="_compute_available_quantity", digits="Product Unit"
    )
    reserved_quantity = fields.Float(
        "Reserved", compute="_compute_available_quantity", digits="Product Unit"
    )
    new_name = fields.Char("New lot number")
    reason = fields.Char(required=True)
    line_ids = fields.One2many("lot.operation.wizard.line", "wizard_id", "New lots")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "stock.lot" and "lot_ids" in fields_list:
            ids = self.env.context.get("active_ids", [])
            values["lot_ids"] = [Command.set(ids)]
            if len(ids) > 1 and not self.env.context.get("default_kind"):
                values["kind"] = "merge"
        return values

    @api.depends("lot_ids")
    def _compute_product_id(self):
        for wizard in self:
            wizard.product_id = wizard.lot_ids.product_id[:1]

    @api.depends("lot_ids")
    def _compute_available_quantity(self):
        for wizard in self:
            quants = wizard._quants()
            wizard.reserved_quantity = sum(quants.mapped("reserved_quantity"))
            wizard.available_quantity = sum(quants.mapped("quantity")) - wizard.reserved_quantity

    def _quants(self):
        """Where the lots lie, in this company's stock."""
        return self.env["stock.quant"].search(
            [
                ("lot_id", "in", self.lot_ids.ids),
                ("location_id.usage", "=", "internal"),
                ("company_id", "=", self.env.company.id),
                ("quantity", ">", 0),
            ],
            order="in_date, id",
        )

    def action_apply(self) -> dict:
        """Do the operation and open the lots that came out of it.

        :raise UserError: one sentence that says what is missing and what to do
        """
        self.ensure_one()
        self._check_input()
        targets = self._targets()
        operation = self.env["lot.operation"].create(
            {
                "kind": self.kind,
                "product_id": self.product_id.id,
                "reason": self.reason,
                "company_id": self.env.company.id,
            }
        )
        taken, given = self._allocate(targets)
        operation._transfer(taken, given)
        lots = self.env["stock.lot"].union(*(lot for lot, _quantity in targets))
        for lot in self.lot_ids | lots:
            lot.message_post(
                body=self.env._(
                    "%(operation)s (%(kind)s): %(sources)s → %(targets)s. %(reason)s",
                    operation=operation.name,
                    kind=dict(OPERATIONS)[self.kind],
                    sources=", ".join(self.lot_ids.mapped("name")),
                    targets=", ".join(lots.mapped("name")),
                    reason=self.reason,
                )
            )
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("New lots"),
            "res_model": "stock.lot",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("id", "in", lots.ids)],
        }
        return action if len(lots) > 1 else action | {"views": [[False, "form"]], "res_id": lots.id}

    def _check_input(self) -> None:
        _ = self.env._
        if len(self.lot_ids.product_id) > 1:
            raise UserError(_("These lots are of several products. Choose lots of one product."))
        if self.product_id.tracking == "serial" and self.kind != "relabel":
            raise UserError(_("A serial number is one item: it can only be relabelled."))
        if self.kind == "merge" and len(self.lot_ids) < 2:
            raise UserError(_("Choose at least two lots to merge."))
        if self.kind != "merge" and len(self.lot_ids) != 1:
            raise UserError(_("Choose one lot to split or relabel."))
        if self.reserved_quantity and self.kind != "split":
            raise UserError(
                _(
                    "%(quantity)s %(unit)s are reserved. Unreserve the transfers or orders that "
                    "wait for them, then try again.",
                    quantity=self.reserved_quantity,
                    unit=self.uom_id.name,
                )
            )
        if self.uom_id.compare(self.available_quantity, 0) <= 0:
            raise UserError(_("Nothing of this lot is free in stock, so there is nothing to do."))
        if self.kind == "split":
            self._check_split()
        elif not (self.new_name or "").strip():
            raise UserError(_("Enter the new lot number."))
        elif self.kind == "relabel" and self.new_name.strip() == self.lot_ids.name:
            raise UserError(_("The new lot number is the old one. Enter another."))

    def _check_split(self) -> None:
        _ = self.env._
        names = [(line.name or "").strip() for line in self.line_ids]
        nameless = not all(names) and not self._numbers_itself()
        if not names or nameless:
            raise UserError(_("Enter a number for each new lot."))
        names = [name for name in names if name]
        if len(set(names)) < len(names) or self.lot_ids.name in names:
            raise UserError(_("Each new lot needs a number of its own."))
        if any(self.uom_id.compare(line.quantity, 0) <= 0 for line in self.line_ids):
            raise UserError(_("Enter a quantity above zero for each new lot."))
        total = sum(self.line_ids.mapped("quantity"))
        if self.uom_id.compare(total, self.available_quantity) > 0:
            raise UserError(
                _(
                    "The new lots take %(total)s %(unit)s, but only %(free)s are free in stock. "
                    "Lower the quantities.",
                    total=total,
                    free=self.available_quantity,
                    unit=self.uom_id.name,
                )
            )

    def _number_request(self) -> NumberRequest:
        company = self.lot_ids.company_id[:1] or self.env.company
        values = {"supplier_lot": self.lot_ids[:1].supplier_lot or ""}
        return NumberRequest(
            self.product_id, company, self.env["stock.picking.type"], values=values
        )

    def _numbers_itself(self) -> bool:
        """Whether a scheme numbers the new lots that have no number."""
        return bool(self.env["lot.numbering"]._schemes([self._number_request()])[0])

    def _number_lines(self) -> None:
        nameless = self.line_ids.filtered(lambda line: not (line.name or "").strip())
        requests = [self._number_request()] * len(nameless)
        numbers = self.env["lot.numbering"]._next_numbers(requests)
        for line, number in zip(nameless, numbers, strict=True):
            line.name = number

    def _targets(self) -> list[tuple]:
        """(lot, quantity) that come out; new lots take over what the old ones know."""
        if self.kind == "split":
            self._number_lines()
            wanted = [(line.name.strip(), line.quantity) for line in self.line_ids]
        else:
            wanted = [(self.new_name.strip(), self.available_quantity)]
        return [(self._target(name), quantity) for name, quantity in wanted]

    def _target(self, name: str):
        """The lot to fill: an existing one only when lots are merged into it."""
        company = self.lot_ids.company_id[:1]
        domain = [("name", "=", name), ("product_id", "=", self.product_id.id)]
        domain.append(("company_id", "in", [False, *company.ids]))
        found = self.env["stock.lot"].search(domain, limit=1)
        if found and self.kind == "merge":
            return found
        if found:
            raise UserError(
                self.env._(
                    "Lot %(name)s of %(product)s exists already. Enter another number, or merge.",
                    name=name,
                    product=self.product_id.display_name,
                )
            )
        return self.env["stock.lot"].create(self._prepare_lot_vals(name))

    def _prepare_lot_vals(self, name: str) -> dict:
        """A merged lot is as old as the oldest of its parts."""
        lots = self.lot_ids
        values = {
            **lots._shared_facts(),
            "name": name,
            "product_id": self.product_id.id,
            "company_id": lots.company_id[:1].id,
            "lot_properties": lots.lot_properties if len(lots) == 1 else False,
        }
        for name_of_date in ("expiration_date", "use_date", "removal_date", "alert_date"):
            dates = [date for date in lots.mapped(name_of_date) if date]
            if dates:
                values[name_of_date] = min(dates)
        return values

    def _allocate(self, targets: list[tuple]) -> tuple[list[tuple], list[tuple]]:
        """Which quant gives how much to which lot: oldest stock first."""
        rounding = self.uom_id
        free = [[quant, quant.quantity - quant.reserved_quantity] for quant in self._quants()]
        taken: list[tuple] = []
        given: list[tuple] = []
        for lot, wanted in targets:
            for entry in free:
                quantity = min(entry[1], wanted)
                if entry[0].lot_id == lot or rounding.compare(quantity, 0) <= 0:
                    continue
                taken.append((entry[0], quantity))
                given.append((entry[0], lot, quantity))
                entry[1] -= quantity
                wanted -= quantity
        return taken, given


class LotOperationWizardLine(models.TransientModel):
    _name = "lot.operation.wizard.line"
    _description = "New lot of a split"

    wizard_id = fields.Many2one("lot.operation.wizard", required=True, ondelete="cascade")
    name = fields.Char("New lot number", help="Empty: the next number of the numbering scheme")
    quantity = fields.Float(digits="Product Unit", required=True)
