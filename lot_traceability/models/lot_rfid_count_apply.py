from odoo import models
from odoo.exceptions import AccessError, UserError

_ADJUSTED = ("missing", "unexpected")


class LotRfidCount(models.Model):
    """What was counted becomes the stock, line by line as a person chose it."""

    _inherit = "lot.rfid.count"

    def action_choose_all(self) -> None:
        """Mark all lines that can be corrected: what is missing, and what is unexpected."""
        self.check_access("write")
        self._check_not_applied()
        self.line_ids.filtered(lambda line: line.kind in _ADJUSTED).adjust = True

    def action_apply(self) -> None:
        """Correct the stock of the lines that were chosen, and close the count.

        :raise AccessError: for whoever may not adjust inventory
        :raise UserError: when nothing was chosen, stock has changed meanwhile, or it cannot be said
            which of several places a quantity is missing from; nothing is changed then
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("stock.group_stock_manager"):
            raise AccessError(
                self.env._("Adjusting the stock is for inventory managers. Ask one to apply this.")
            )
        if self.state != "compared":
            raise UserError(self.env._("Compare the tags with the stock first."))
        lines = self.line_ids.filtered("adjust")
        if not lines:
            raise UserError(
                self.env._("Choose the lines to correct, or close the count without a correction.")
            )
        other = lines.filtered(lambda line: line.kind not in _ADJUSTED)[:1]
        if other:
            raise UserError(
                self.env._(
                    "%s is not missing and not unexpected: move it, or find out what it is, "
                    "instead of correcting the stock.",
                    other.lot_id.name or other.product_id.display_name or other.identity,
                )
            )
        stock = self.env["stock.quant"].search(
            [
                ("location_id", "child_of", self.location_id.id),
                ("company_id", "=", self.company_id.id),
                ("product_id", "in", lines.product_id.ids),
                ("quantity", "!=", 0),
            ]
        )
        by_lot = stock.grouped(lambda quant: (quant.product_id, quant.lot_id))
        quants = self.env["stock.quant"]
        for line in lines:
            found = by_lot.get((line.product_id, line.lot_id), stock[:0])
            quants |= self._counted_quants(line, found)
        quants.with_context(inventory_name=self.env._("RFID count")).action_apply_inventory()
        self._tell_counted(lines)
        # sudo, twice: what came of a count is written by the system alone
        lines.sudo().adjusted = True
        self.sudo().state = "applied"

    def _counted_quants(self, line, quants):
        """The quants of a line, each with what was counted."""
        unit = line.product_id.uom_id
        total = sum(quants.filtered(lambda quant: quant.quantity > 0).mapped("quantity"))
        name = line.lot_id.name or line.product_id.display_name
        if unit.compare(total, line.expected):
            raise UserError(
                self.env._("The stock of %s has changed since. Compare the tags once more.", name)
            )
        quants = quants.with_context(inventory_mode=True)
        if not quants:
            return quants.create(
                {
                    "product_id": line.product_id.id,
                    "lot_id": line.lot_id.id,
                    "location_id": self.location_id.id,
                    "inventory_quantity": line.counted,
                }
            )
        if len(quants) > 1 and not unit.is_zero(line.counted):
            places = ", ".join(sorted(set(quants.location_id.mapped("display_name"))))
            raise UserError(
                self.env._(
                    "%(name)s lies in several places or packages (%(places)s), and tags do not "
                    "say in which one it differs. Count these by hand.",
                    name=name,
                    places=places,
                )
            )
        for quant in quants:
            quant.inventory_quantity = line.counted
        return quants

    def _tell_counted(self, lines) -> None:
        for line in lines.filtered("lot_id"):
            self.env["lot.audit.event"]._record(
                "counted",
                lot=line.lot_id,
                company=self.company_id,
                document=self,
                data={
                    "place": self.location_id.display_name,
                    "expected": f"{line.expected:.10g}",
                    "quantity": f"{line.counted:.10g}",
                    "unit": line.uom_id.name,
                },
            )
