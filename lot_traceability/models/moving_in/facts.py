"""What a row says of a lot beyond its numbers, days and origin: allergens, and the properties that
a firm defines for the lots of its products."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from odoo import fields
from odoo.fields import Command

from ...tools.moving_in.cells import CellError
from ...tools.moving_in.properties import by_name, choices, listed, read
from ..stock_lot_status import listed as some
from .kind import Kind
from .lookup import Product
from .lot_import_target import PROPERTY
from .rows import Row, refusal


class Facts:
    """Reads them for one import."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.env = kind.env
        # sudo: what allergens there are is no secret
        allergens = self.env["lot.allergen"].sudo().search([])
        self._allergens = {
            told.casefold(): allergen.id
            for allergen in allergens
            for told in (allergen.name, allergen.with_context(lang=None).name, allergen.code)
        }
        self._codes = allergens.mapped("code")
        self._none = {"none", "-", self.env._("none").casefold()}
        self._columns = [code for code in kind.headers if code.startswith(f"{PROPERTY}:")]
        self._definitions: dict[int, dict[str, dict[str, Any]]] = {}

    def add(self, row: Row, product: Product, vals: dict[str, Any]) -> None:
        """Add to the values of a lot what its row says; note what cannot be read."""
        self._add_allergens(row, vals)
        found = {}
        for code in self._columns:
            if code in row.values:
                self._add_property(row, code, product, found)
        if found:
            vals["lot_properties"] = found

    def _add_allergens(self, row: Row, vals: dict[str, Any]) -> None:
        told = row.get("allergens").casefold()
        if not told:
            return
        named = [] if told in self._none else [told] if told in self._allergens else listed(told)
        unknown = [name for name in named if name not in self._allergens]
        if unknown:
            self.kind.bad(
                row, "allergens",
                self.env._("There is no such allergen: %s.", ", ".join(unknown)),
                self.env._("Use names or codes: %s.", ", ".join(self._codes)),
            )  # fmt: skip
            return
        vals["allergen_ids"] = [Command.set([self._allergens[name] for name in named])]

    def _add_property(self, row: Row, code: str, product: Product, found: dict) -> None:
        _, headers = self.env._, self.kind.headers
        if product.id not in self._definitions:
            # sudo: as in `Lookup.product_of`
            record = self.env["product.product"].sudo().browse(product.id)
            self._definitions[product.id] = by_name(record.lot_properties_definition or ())
        known = self._definitions[product.id]
        definition = known.get(code.removeprefix(f"{PROPERTY}:"))
        if not definition:
            names = some(self.env, (one["string"] for one in known.values()))
            self.kind.bad(
                row, code,
                _("Lots of %(product)s have no property “%(name)s”.",
                  product=product.name, name=headers[code]),
                _("Use one of: %s.", names) if names else
                _("Define it on a lot of the product first, or leave the column out."),
            )  # fmt: skip
            return
        cell = row.values[code]
        try:
            value = read(definition, cell, self.kind.rows.settled(), (_("Yes"), _("No")))
        except CellError as error:
            self.kind.bad(row, code, *self._refusal(error.code, definition))
            return
        if isinstance(value, datetime) or definition["type"] == "datetime":
            value = fields.Datetime.to_string(self.kind.instant(value))
        elif isinstance(value, date):
            value = fields.Date.to_string(value)
        found[definition["name"]] = value

    def _refusal(self, code: str, definition: dict[str, Any]) -> tuple[str, str]:
        if code == "choice":
            return (
                self.env._("This property has no such choice."),
                self.env._("Use one of: %s.", ", ".join(choices(definition))),
            )
        return refusal(self.env, code)
