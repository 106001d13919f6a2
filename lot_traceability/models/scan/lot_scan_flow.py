from typing import Any

from odoo import api, models
from odoo.exceptions import UserError

from ..lot_trace import LARGEST_ID

PREFIX = "lot.scan.flow."


class RefusedError(UserError):
    """A command that cannot be done as it is: says why, and how to go on.

    :param choices: [{"code": str, "label": str, "data": {…} to add to the command's data, "asks":
        [{"name": key of data, "label": str, "kind": "selection", "text", "number", "date" or
        "scan", "options": [[value, label]], "required": bool}]}]; a device always offers to drop
        the command as well
    """

    def __init__(self, message: str, choices: list[dict[str, Any]] | None = None):
        super().__init__(message)
        self.choices = choices or []


class LotScanFlow(models.AbstractModel):
    """One kind of work on a handheld. A flow is an abstract model `lot.scan.flow.<code>` that
    inherits this one; it says what it is, which documents are open, and has one method
    `_do_<action>(command)` for each action, which does it with the rights of the user and returns
    what is to be told (keys of an answer of `lot.scan.send`), or raises `RefusedError`.

    A new flow needs its model, its code in `_codes` and its place among the others as `_sequence`;
    another module adds its own in the same way.
    """

    _name = "lot.scan.flow"
    _description = "Work on a handheld"

    _sequence = 100
    """Where a device shows this flow among the others: those with a smaller one first."""

    # -- which flows there are -------------------------------------------------------------------

    @api.model
    def _codes(self) -> list[str]:
        """The flows that there are, in any order: each one adds its own."""
        return []

    @api.model
    def _codes_in_order(self) -> list[str]:
        """The flows in the order in which a device shows them."""
        return sorted(
            self.env["lot.scan.flow"]._codes(),
            key=lambda code: (self.env[PREFIX + code]._sequence, code),
        )

    @api.model
    def _of(self, code: str) -> "LotScanFlow":
        """The flow of that name.

        :raise UserError: when there is none, or this user may not work so
        """
        if code not in self.env["lot.scan.flow"]._codes():
            raise UserError(self.env._("There is no work called “%s” here. Reload the page.", code))
        flow = self.env[PREFIX + code]
        if not flow._available():
            raise UserError(
                self.env._("You have no right to %s. Ask whoever administers Odoo.", flow._label())
            )
        return flow

    # -- what a flow says of itself --------------------------------------------------------------

    @api.model
    def _label(self) -> str:
        """What the device writes on its button."""
        raise NotImplementedError

    @api.model
    def _available(self) -> bool:
        """Whether this user may work so."""
        return True

    @api.model
    def _documents(self, query: str, limit: int) -> list[dict[str, Any]]:
        """Open documents of this flow, the most urgent first: {"model", "id", "name", "partner",
        "date", "detail", "progress": 0 to 1, "warning"}."""
        return []

    @api.model
    def _document(self, record) -> dict[str, Any]:
        """A document as a device needs it to go on without a link; see `lot.scan.document`."""
        raise UserError(self.env._("This work has no documents."))

    @api.model
    def _models(self) -> list[str]:
        """Models of the documents that this flow works on."""
        return []

    @api.model
    def _listed(self) -> bool:
        """Whether a device offers open documents of this flow to choose from."""
        return bool(self._models())

    @api.model
    def _told(self, told: dict) -> dict[str, Any] | bool:
        """The document of a command that is sent again; False when it is gone."""
        try:
            return self._document(self._record(told))
        except UserError:
            return False

    # -- doing -------------------------------------------------------------------------------------

    @api.model
    def _apply(self, command) -> dict[str, Any]:
        """Do a command.

        :return: keys of an answer
        :raise RefusedError: says why not, and how to go on
        :raise UserError: says why not
        """
        method = getattr(self, f"_do_{command.action}", None)
        if method is None:
            raise UserError(
                self.env._("A device cannot “%s” here. Reload the page.", command.action)
            )
        return method(command)

    @api.model
    def _existing(self, model: str, record_id: int):
        """The record with this id; none when there is none, or this user may not read it."""
        possible = [record_id] if 0 < record_id < LARGEST_ID else []
        return self.env[model].browse(possible).exists()._filtered_access("read")

    @api.model
    def _record(self, told: object):
        """The document that a command names as {"model", "id"}.

        :raise UserError: when it is none of this flow's, is gone, or may not be read
        """
        known = isinstance(told, dict) and told.get("model") in self._models()
        if not known or type(told.get("id")) is not int:
            raise UserError(self.env._("Choose what you work on first."))
        record = self._existing(told["model"], told["id"])
        if not record:
            raise UserError(
                self.env._("This document is not there any more. Go back and choose another one.")
            )
        return record

    @api.model
    def _ask_reason(self) -> dict[str, Any]:
        return {
            "code": "reason",
            "label": self.env._("Give the reason"),
            "data": {},
            "asks": [
                {
                    "name": "reason",
                    "label": self.env._("Reason"),
                    "kind": "text",
                    "options": [],
                    "required": True,
                }
            ],
        }

    @api.model
    def _lot(self, command, product=None):
        """The lot that a command names, by its id or by what was scanned.

        :raise UserError: when it names none, or several
        """
        lot_id, none = command.data.get("lot_id"), self.env["res.company"]
        if type(lot_id) is int:
            lot = self._existing("stock.lot", lot_id)
            if lot and lot.company_id in (none, self.env.company):
                return lot
            raise UserError(self.env._("This lot is not there any more. Scan it again."))
        reading = self.env["lot.scan.reading"]._reading(command.text, product)
        return self.env["lot.scan.reading"]._one_lot(reading, product)
