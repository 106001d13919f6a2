from typing import Any

from odoo import models
from odoo.exceptions import UserError


class LotSignable(models.AbstractModel):
    """A record that is signed.

    A model that inherits this says what of it is signed, and does each step that is signed:
    `_signed_<code of the step>(values)` does it with the rights of the signer and returns the
    records under which the signature is put. `values` is what was asked for, as JSON.
    """

    _name = "lot.signable"
    _description = "Record that is signed"

    def _signature_facts(self) -> dict[str, Any]:
        """What is signed of this record: {field name: value as JSON}. Records as {"id", "name"}.
        Extend it by what else a signature stands for; a fact that changes makes it void."""
        self.ensure_one()
        return {}

    def _signature_present(self, signed: dict[str, Any]) -> dict[str, Any]:
        """The same facts as they are now, for comparison with those that were signed."""
        return self._signature_facts()

    def _signature_place(self) -> dict[str, Any]:
        """Where the signature is shown: {"lot": …, "document": …, "company": …}; what is not known
        is left out."""
        return {}

    def _signature_summary(self, code: str, values: dict[str, Any]) -> str:
        """What is about to be done, for the signer to read: one line for each record."""
        return "\n".join(self.mapped("display_name"))

    def _signature_label(self, name: str) -> str:
        """A fact's name for people."""
        field = self._fields.get(name)
        return field.get_description(self.env, ["string"])["string"] if field else name

    def _check_signed(self, code: str, values: dict[str, Any]) -> None:
        """May the step be done? Asked before the first of two persons signs.

        :raise UserError: when it could not be done now
        """
        self.check_access("write")

    def _do_signed(self, code: str, values: dict[str, Any]):
        """Do the step.

        :raise UserError: when this model has no such step
        """
        work = getattr(self, f"_signed_{code}", None)
        if work is None:
            raise UserError(
                self.env._("“%(code)s” is no step of %(what)s.", code=code, what=self._description)
            )
        return work(values)
