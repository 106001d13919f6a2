import math
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from .lot_scan_flow import RefusedError

# Nobody has more of anything on a pallet; what is larger is a code in a field for numbers.
_LARGEST = 1e9
_LONGEST = 500


class LotScanFlow(models.AbstractModel):
    """What a command tells, checked before it is used, and how a device asks for the rest."""

    _inherit = "lot.scan.flow"

    # -- asking ----------------------------------------------------------------------------------

    @api.model
    def _choice(self, code: str, label: str, data=None, asks=()) -> dict[str, Any]:
        """A way to go on, see `RefusedError`."""
        return {"code": code, "label": label, "data": data or {}, "asks": list(asks)}

    @api.model
    def _question(
        self, name: str, label: str, kind: str, options=(), required: bool = True
    ) -> dict[str, Any]:
        """Something that is asked before one can go on, see `RefusedError`."""
        return {
            "name": name,
            "label": label,
            "kind": kind,
            "options": [list(option) for option in options],
            "required": required,
        }

    @api.model
    def _ask_quantity(self, product) -> dict[str, Any]:
        return self._choice(
            "quantity",
            self.env._("Give the quantity"),
            asks=[
                self._question(
                    "quantity", self.env._("Quantity (%s)", product.uom_id.name), "number"
                )
            ],
        )

    # -- what is told ----------------------------------------------------------------------------

    @api.model
    def _told_quantity(
        self, command, product, name: str = "quantity", zero: bool = False
    ) -> float | None:
        """A quantity in the product's unit; None where none is told.

        :param zero: nothing at all is a quantity as well
        :raise UserError: when it is no quantity, or not a whole one of serial numbers
        """
        told = command.data.get(name)
        if told is None or told is False or told == "":
            return None
        try:
            number = float(told.replace(",", ".") if isinstance(told, str) else told)
            number = math.nan if told is True else number
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        unit = product.uom_id
        least = 0.0 if zero else unit.rounding
        if not math.isfinite(number) or not least <= unit.round(number) <= _LARGEST:
            raise UserError(
                self.env._(
                    "“%(told)s” is no quantity of %(product)s. Give a number above zero.",
                    told=str(told)[:40],
                    product=product.display_name,
                )
            )
        return unit.round(number)

    @api.model
    def _told_text(self, command, name: str) -> str:
        told = command.data.get(name)
        return str(told).strip()[:_LONGEST] if isinstance(told, str | int | float) else ""

    @api.model
    def _told_reason(self, command, question: str) -> str:
        """The reason that was given.

        :param question: what to say when there is none
        :raise RefusedError: asks for it
        """
        reason = self._told_text(command, "reason")
        if not reason:
            raise RefusedError(question, [self._ask_reason()])
        return reason

    @api.model
    def _told_record(self, command, name: str, model: str):
        """The record of this model whose id is told; none where none is told.

        :raise UserError: when it is gone, or may not be read
        """
        told = command.data.get(name)
        if not told:
            return self.env[model]
        record = self._existing(model, told) if type(told) is int else self.env[model]
        if not record:
            raise UserError(
                self.env._("What was chosen is not there any more. Load the page again.")
            )
        return record

    @api.model
    def _told_session(self, command) -> str:
        """What the device calls a piece of work without a document.

        :raise UserError: when it does not
        """
        session = self._told_text(command, "session")
        if not session:
            raise UserError(self.env._("Begin anew: the device has lost what it worked on."))
        return session

    @api.model
    def _place(self, command, name: str):
        """A place of ours, by its id as `<name>_id` or as it was scanned as `<name>`; none where
        none is told.

        :raise UserError: when what is told is no place where goods are kept
        """
        told, text = command.data.get(f"{name}_id"), self._told_text(command, name)
        if not told and not text:
            return self.env["stock.location"]
        if type(told) is int:
            place = self._existing("stock.location", told)
        else:
            place = self.env["lot.scan.reading"]._reading(text).locations
        known = len(place) == 1 and place.active and place.usage == "internal"
        if not known or place.company_id not in (self.env.company, place.company_id.browse()):
            raise UserError(
                self.env._(
                    "“%s” is no place where goods are kept here. Scan the label of a place.",
                    text or (len(place) == 1 and place.display_name) or told,
                )
            )
        return place

    # -- telling ---------------------------------------------------------------------------------

    @api.model
    def _amount(self, quantity: float, product) -> str:
        """A quantity for people: 12.5 kg."""
        return f"{product.uom_id.round(quantity):.10g} {product.uom_id.name}"

    @api.model
    def _closed(self, record) -> dict[str, Any]:
        """A document that is done, in the shape of `lot.scan.document`."""
        return {
            "model": record._name,
            "id": record.id,
            "name": record.display_name,
            "partner": "",
            "state": record.state,
            "done": True,
            "detail": "",
            "lines": [],
        }
