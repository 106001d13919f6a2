from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .lot_scan_flow import RefusedError


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "move"]


class LotScanFlowMove(models.AbstractModel):
    """Goods or whole packages that are put somewhere else: one internal transfer, done at once."""

    _name = "lot.scan.flow.move"
    _description = "Move goods"
    _inherit = "lot.scan.flow"
    _sequence = 50

    @api.model
    def _label(self):
        return self.env._("Move")

    @api.model
    def _available(self):
        return self.env["stock.picking"].has_access("create")

    @api.model
    def _do_move(self, command) -> dict[str, Any]:
        """{"lot_id", "product_id" or "package_id", or the text of the command; "quantity": all that
        lies there unless told; "from_id" or the scanned "from": asked for where the goods lie in
        several places; "to_id" or the scanned "to"}."""
        target = self._place(command, "to")
        if not target:
            raise RefusedError(
                self.env._("Where does it go? Scan the place."),
                [
                    self._choice(
                        "to",
                        self.env._("Scan the place"),
                        asks=[self._question("to", self.env._("To"), "scan")],
                    )
                ],
            )
        package = self._package(command)
        if package:
            return self._move_package(package, target)
        goods = self._goods(command)
        quant = self._one_quant(command, goods, "from")
        quantity = self._quantity_of(command, goods) or quant.quantity
        self._refuse_same(quant.location_id, target, goods.name)
        self._refuse_more_than(quantity, quant)
        picking = self._move_part(quant, quantity, target)
        return {
            "message": self._moved(
                self.env._(
                    "%(quantity)s of %(goods)s",
                    quantity=self._amount(quantity, goods.product),
                    goods=goods.name,
                ),
                quant.location_id,
                target,
            ),
            "document": self._closed(picking),
            "lot": self.env["lot.scan.card"]._lot(goods.lot) if goods.lot else False,
        }

    @api.model
    def _moved(self, what: str, source, target) -> str:
        return self.env._(
            "%(what)s: %(place)s → %(target)s.",
            what=what,
            place=source.display_name,
            target=target.display_name,
        )

    @api.model
    def _refuse_same(self, source, target, name: str) -> None:
        if source == target:
            raise UserError(
                self.env._(
                    "%(goods)s lies in %(place)s already. Scan another place.",
                    goods=name,
                    place=target.display_name,
                )
            )

    # -- a part of the stock ---------------------------------------------------------------------

    @api.model
    def _move_part(self, quant, quantity: float, target):
        product, source = quant.product_id, quant.location_id
        # What is taken out of a package leaves it, unless that is all there is in it.
        whole = quant.package_id.contained_quant_ids == quant
        stays = whole and not product.uom_id.compare(quantity, quant.quantity)
        line = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": quantity,
            "lot_id": quant.lot_id.id,
            "package_id": quant.package_id.id,
            "result_package_id": quant.package_id.id if stays else False,
            "owner_id": quant.owner_id.id,
            "location_id": source.id,
            "location_dest_id": target.id,
            "company_id": quant.company_id.id,
        }
        move = {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "location_id": source.id,
            "location_dest_id": target.id,
            "company_id": quant.company_id.id,
            "move_line_ids": [Command.create(line)],
        }
        picking = self._picking(source, target, move_ids=[Command.create(move)])
        return self._finish(picking, target)

    @api.model
    def _picking(self, source, target, **values):
        operation = (source.warehouse_id or target.warehouse_id).int_type_id
        if not operation:
            # sudo: which operation types there are is set up by others
            warehouse = self.env["stock.warehouse"].sudo()
            own = warehouse.search([("company_id", "=", self.env.company.id)], limit=1)
            operation = own.int_type_id
        return self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "company_id": operation.company_id.id,
                **values,
            }
        )

    @api.model
    def _finish(self, picking, target):
        picking.action_confirm()
        # Where people have put it is where it is, whatever rule would have put it elsewhere.
        astray = picking.move_line_ids.filtered(lambda line: line.location_dest_id != target)
        astray.location_dest_id = target
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        if picking.state != "done":
            raise UserError(
                self.env._(
                    "Odoo asks something before it moves these goods. Move them with a transfer "
                    "in Odoo."
                )
            )
        return picking

    # -- a package -------------------------------------------------------------------------------

    @api.model
    def _package(self, command):
        """The package that is moved; none where it is a lot or product."""
        data = command.data
        if data.get("lot_id") or data.get("product_id"):
            return self.env["stock.package"]
        if data.get("package_id") and not command.text:
            return self._told_record(command, "package_id", "stock.package")
        reading = self.env["lot.scan.reading"]._reading(command.text)
        alone = len(reading.packages) == 1 and not reading.lots and not reading.products
        return reading.packages if alone else reading.packages[:0]

    @api.model
    def _move_package(self, package, target) -> dict[str, Any]:
        inside = self._quants(Domain("package_id", "child_of", package.id))
        if not inside:
            raise UserError(
                self.env._("%s is empty or not in stock here. Check the label.", package.name)
            )
        if len(inside.location_id) > 1:
            raise UserError(
                self.env._(
                    "The content of %s lies in several places. Move it lot by lot.", package.name
                )
            )
        source = inside.location_id
        self._refuse_same(source, target, package.name)
        picking = self._picking(source, target)
        picking.action_add_entire_packs(package.ids)
        self._finish(picking, target)
        return {
            "message": self._moved(package.name, source, target),
            "document": self._closed(picking),
        }
