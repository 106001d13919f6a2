from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .lot_scan_flow import RefusedError

# A device shows them in one list.
_MOST_CAUSES = 200


class LotScanFlow(models.AbstractModel):
    _inherit = "lot.scan.flow"

    @api.model
    def _codes(self):
        return [*super()._codes(), "scrap"]


class LotScanFlowScrap(models.AbstractModel):
    """Goods that are thrown away."""

    _name = "lot.scan.flow.scrap"
    _description = "Scrap goods"
    _inherit = "lot.scan.flow"
    _sequence = 90

    @api.model
    def _label(self):
        return self.env._("Scrap")

    @api.model
    def _available(self):
        return self.env["stock.scrap"].has_access("create")

    @api.model
    def _do_scrap(self, command) -> dict[str, Any]:
        """{"lot_id" or "product_id", or the text of the command; "location_id" or the scanned
        "location", "package_id": asked for where the goods lie in several places; "quantity";
        "reason": name of a cause, or a few words}."""
        goods = self._goods(command)
        quant = self._one_quant(command, goods, "location")
        quantity = self._quantity_of(command, goods)
        if not quantity:
            raise RefusedError(
                self.env._("How much of %s is scrapped?", goods.name),
                [self._ask_quantity(goods.product)],
            )
        self._refuse_more_than(quantity, quant)
        scrap = self.env["stock.scrap"].create(
            {
                "company_id": quant.company_id.id,
                "product_id": goods.product.id,
                "product_uom_id": goods.product.uom_id.id,
                "scrap_qty": quantity,
                "lot_id": quant.lot_id.id,
                "package_id": quant.package_id.id,
                "owner_id": quant.owner_id.id,
                "location_id": quant.location_id.id,
                **self._cause(command, goods),
            }
        )
        if scrap.action_validate() is not True:
            raise UserError(
                self.env._("There is not so much of %s any more. Count the place.", goods.name)
            )
        return {
            "message": self.env._(
                "%(quantity)s of %(goods)s scrapped: %(name)s.",
                quantity=self._amount(quantity, goods.product),
                goods=goods.name,
                name=scrap.name,
            ),
            "document": self._closed(scrap),
            "lot": self.env["lot.scan.card"]._lot(goods.lot) if goods.lot else False,
        }

    @api.model
    def _causes(self):
        return self.env["stock.scrap.reason.tag"].search([], limit=_MOST_CAUSES)

    @api.model
    def _cause(self, command, goods) -> dict[str, Any]:
        """What a scrap says of its reason: the cause by which losses are counted where it is one
        of these, else the words.

        :raise RefusedError: asks for it
        """
        reason = self._told_text(command, "reason")
        tags = self._causes()
        if not reason:
            kind = "selection" if tags else "text"
            question = self._question(
                "reason", self.env._("Reason"), kind, [(tag.name, tag.name) for tag in tags]
            )
            raise RefusedError(
                self.env._("Say why %s is scrapped.", goods.name),
                [self._choice("reason", self.env._("Give the reason"), asks=[question])],
            )
        cause = tags.filtered(lambda tag: tag.name.casefold() == reason.casefold())[:1]
        if cause:
            return {"scrap_reason_tag_ids": [Command.set(cause.ids)]}
        return {"origin": reason}


class LotScan(models.Model):
    _inherit = "lot.scan"

    @api.model
    def _choices(self):
        """With "scrap_reasons": the names of the causes by which losses are counted."""
        causes = self.env["lot.scan.flow.scrap"]._causes()
        return {**super()._choices(), "scrap_reasons": causes.mapped("name")}
