from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools import lot_name
from .lot_scan_flow import RefusedError

# Serial numbers that one scan may give.
_MOST_SERIALS = 100


class LotScanFlowProduce(models.AbstractModel):
    """What comes out of an order: how much, and as which lot."""

    _inherit = "lot.scan.flow.produce"

    @api.model
    def _do_produce(self, command) -> dict[str, Any]:
        """{"document"; "quantity": made now, besides what was made before; "number": of the lot,
        or the text of the command: by the scheme of the product unless told; "expiry": day, worked
        out unless told; "existing": add to a lot that there is; "more": than the order asks for;
        "label": {"design_id", "copies", "printer_id"} to print one at once} → "label": {"model",
        "ids"} of what a label can be printed for, "print": see `lot.scan.flow.label`, or False."""
        order = self._open(command)
        product = order.product_id
        number = self._made_number(command, product)
        quantity = self._made_quantity(command, order, number)
        lots = self._made_lots(command, order, number, quantity)
        if lots:
            order.lot_producing_ids = [Command.link(lot.id) for lot in lots]
        total = self._made_so_far(order) + quantity
        order.qty_producing = product.uom_id._compute_quantity(total, order.product_uom_id)
        lot, printed = lots[:1], self._print_made(command, order, lots, quantity)
        message = self.env._(
            "%(quantity)s of %(product)s made: %(lots)s.",
            quantity=self._amount(quantity, product),
            product=product.display_name,
            lots=lots._names() if lots else order.name,
        )
        return {
            "message": f"{message} {printed['message']}".strip() if printed else message,
            "print": printed,
            "document": self._document(order),
            "lot": self.env["lot.scan.card"]._lot(lot) if lot else False,
            "label": {"model": "stock.lot", "ids": lots.ids} if lots else False,
        }

    @api.model
    def _print_made(self, command, order, lots, quantity: float) -> dict[str, Any] | bool:
        """Labels of what was made, where they are asked for. What was made was made, with or
        without them."""
        told = command.data.get("label")
        if not lots or not isinstance(told, dict):
            return False
        each = quantity / len(lots)
        try:
            with self.env.cr.savepoint():
                return self._print_labels(lots, told, order.name, each)
        except UserError as error:
            return {"state": "", "url": "", "message": str(error)}

    @api.model
    def _undo_made(self, order) -> dict[str, Any]:
        """Nothing was made yet; the numbers stay taken, as their labels may be out there."""
        order.lot_producing_ids = [Command.clear()]
        order.qty_producing = 0.0
        return {
            "message": self.env._("%s: nothing is made yet.", order.name),
            "document": self._document(order),
        }

    # -- how much --------------------------------------------------------------------------------

    @api.model
    def _made_quantity(self, command, order, number: str) -> float:
        product = order.product_id
        told = self._told_quantity(command, product) or self._on_label(command, product) or None
        if product.tracking == "serial":
            told = told or 1.0
            if told != int(told) or told > (1 if number else _MOST_SERIALS):
                raise UserError(
                    self.env._(
                        "%(quantity)s cannot have one serial number each here. Give them one by "
                        "one, or %(most)s at most without a number.",
                        quantity=self._amount(told, product),
                        most=_MOST_SERIALS,
                    )
                )
        if not told:
            raise RefusedError(
                self.env._("How much of %s was made?", product.display_name),
                [self._ask_quantity(product)],
            )
        asked = order.product_uom_id._compute_quantity(order.product_qty, product.uom_id)
        total = self._made_so_far(order) + told
        if product.uom_id.compare(total, asked) > 0 and not command.data.get("more"):
            raise RefusedError(
                self.env._(
                    "%(order)s is for %(asked)s; with this it would be %(total)s.",
                    order=order.name,
                    asked=self._amount(asked, product),
                    total=self._amount(total, product),
                ),
                [
                    self._choice(
                        "more",
                        self.env._("More was made than asked for"),
                        {"quantity": told, "more": True},
                    ),
                    self._ask_quantity(product),
                ],
            )
        return told

    # -- which lot -------------------------------------------------------------------------------

    @api.model
    def _made_number(self, command, product) -> str:
        """The number that is told or stands on the scanned label; nothing where neither is.

        :raise UserError: when the label is of something else
        """
        told = self._told_text(command, "number")
        if told or not command.text or product.tracking == "none":
            return lot_name.clean(told)
        reading = self.env["lot.scan.reading"]._reading(command.text, product)
        if reading.error:
            raise UserError(reading.error)
        if reading.products and product not in reading.products:
            raise UserError(
                self.env._(
                    "This is a label of %(other)s, but %(product)s is made here.",
                    other=reading.products[:1].display_name,
                    product=product.display_name,
                )
            )
        return lot_name.clean(reading.number)

    @api.model
    def _made_lots(self, command, order, number: str, quantity: float):
        """The lots that this is; none of a product without lots."""
        product, lots = order.product_id, order.lot_producing_ids
        if product.tracking == "none":
            return lots
        if product.tracking == "lot" and lots:
            if number and number != lots.name:
                raise UserError(
                    self.env._(
                        "%(order)s makes lot %(lot)s. Finish it first; what is left to make is "
                        "then another order, with another lot.",
                        order=order.name,
                        lot=lots.name,
                    )
                )
            return lots
        known = self._known_lot(command, order, number) if number else lots.browse()
        if known:
            return known
        expiry = self._told_expiry(command, order)
        count = int(quantity) if product.tracking == "serial" else 1
        made = lots.browse()
        for _turn in range(count):
            # A number by the scheme takes account of those before.
            values = (
                {"product_id": product.id, "name": number}
                if number
                else order._prepare_stock_lot_values()
            )
            made += made.create({**values, **expiry})
        return made

    @api.model
    def _known_lot(self, command, order, number: str):
        """The lot of that number, when there is one and it may be added to.

        :raise RefusedError: asks whether it is meant
        :raise UserError: when it is a serial number that was made already
        """
        product = order.product_id
        lot = self.env["stock.lot"].search(
            Domain("product_id", "=", product.id)
            & Domain("name", "=", number)
            & Domain("company_id", "in", [order.company_id.id, False]),
            limit=1,
        )
        if not lot:
            return lot
        twice = product.tracking == "serial" and (
            lot in order.lot_producing_ids or order._are_finished_serials_already_produced(lot)
        )
        if twice:
            raise UserError(
                self.env._("%s was made already. Give another serial number.", lot.name)
            )
        if not command.data.get("existing"):
            raise RefusedError(
                self.env._("There is a lot %s of this product already. Is it this one?", lot.name),
                [
                    self._choice("existing", self.env._("Add to this lot"), {"existing": True}),
                    self._choice(
                        "number",
                        self.env._("Give another number"),
                        asks=[self._question("number", self.env._("Lot number"), "text")],
                    ),
                ],
            )
        return lot

    @api.model
    def _told_expiry(self, command, order) -> dict[str, Any]:
        """As value of a lot; nothing where none is told.

        :raise UserError: when it is no day
        """
        told = self._told_text(command, "expiry")
        if not told:
            if not command.text:
                return {}
            reading = self.env["lot.scan.reading"]._reading(command.text, order.product_id)
            expiry = reading.facts.get("expiration_date")
            return {"expiration_date": expiry} if expiry else {}
        try:
            day = fields.Date.to_date(told)
        except ValueError as error:
            raise UserError(
                self.env._("“%s” is no day. Give it as year-month-day.", told[:40])
            ) from error
        instant = self.env["stock.lot"]._instant(day, order.company_id)
        return {"expiration_date": instant}
