"""What a file says, as columns of events: places, products and codes are looked up, and what is
not found is a problem of its cell. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo.addons.lot_traceability.tools.gs1 import GS1Error, parse

from ..tools.events import ASSIGNING, WITHOUT_CODE, missing
from ..tools.places import KEYS
from ..tools.spreadsheet.reading import Event, Problem, Reading
from ..tools.spreadsheet.sheets import SHEETS

_COUNTRIES = {"usa": "US", "unitedstates": "US", "unitedstatesofamerica": "US"}
_TITLES = {
    kind: {column.name: column.title for column in sheet.columns} for kind, sheet in SHEETS.items()
}


class ImportRows:
    """The events of a reading.

    `places` are the descriptions that they name: (partner id or False, description); the columns
    of events hold a negative number that counts them from -1, as nothing is written yet.
    """

    def __init__(self, env, company, reading: Reading) -> None:
        self.env = env
        self.company = company
        self.reading = reading
        self.problems: list[Problem] = list(reading.problems)
        self.places: list[tuple[int | bool, dict[str, Any]]] = []
        self._place_numbers: dict[str, int] = {}
        self._partners: dict[str, Any] = {}
        self._products: dict[str, Any] = {}
        # sudo: which countries there are is no secret
        countries = env["res.country"].sudo().search([])
        self._countries = {one.name.lower(): one.code for one in countries}
        self.events = [self._columns(event) for event in reading.events]
        self._check_recorded()

    def blocking(self) -> bool:
        """Whether something has to be put right first."""
        return any(not problem.note for problem in self.problems)

    # -- one event -------------------------------------------------------------------------------

    def _columns(self, event: Event) -> dict[str, Any]:
        told = self._with_places(event, event.row, event.values)
        used = [self._with_places(event, number, row) for number, row in event.used]
        product = self._product(told)
        vals = {
            "kind": event.kind,
            "company_id": self.company.id,
            "document_type": "other" if told.get("document_number") else False,
            **told,
            "product_id": product.id,
            "category_id": product.fsma_category_id.id,
            "sprouts": bool(told.get("details")),
            **(product._fsma_applies() if product else {}),
        }
        if event.kind in ASSIGNING:
            vals["source_place_id"] = told.get("location_place_id", False)
        vals["raw_input"] = event.kind == "transformation" and any(
            row.get("commodity") and not row.get("tlc") for row in used
        )
        if event.kind == "initial_packing" and len(used) == 1:
            # What came in to be packed is told of the event itself.
            vals.update(used.pop())
        for row in used:
            row["product_id"] = self._product(row).id
        vals["input_ids"] = [row for row in used if row.keys() - {"product_id"}]
        self._tell_missing(event, vals)
        return vals

    def _tell_missing(self, event: Event, vals: dict[str, Any]) -> None:
        """What the rule asks for and the file does not say."""
        events = self.env["lot.fsma.event"]
        known = {-place: told for place, (_partner, told) in enumerate(self.places, 1)}
        values = events._elements_of(vals, known)
        values["inputs"] = [events._input_elements_of(row, known) for row in vals["input_ids"]]
        lacking = missing(vals["kind"], values, events._circumstances(vals))
        if lacking:
            names = self.env["lot.fsma.element"]._names()
            text = ", ".join(names.get(code, code) for code in lacking)
            message = self.env._("Not known after the import: %s.", text)
            self.problems.append(Problem(event.sheet, event.row, "", "", message, note=True))

    # -- what cells name -------------------------------------------------------------------------

    def _with_places(self, event: Event, number: int, values: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(values)
        for name, told in values.items():
            if name.endswith("_place_id"):
                found[name] = self._place(event, number, name, told)
        return found

    def _place(self, event: Event, number: int, name: str, told: str | dict) -> int | bool:
        """The number of the place that a cell names."""
        key = str(told)
        if key in self._place_numbers:
            return self._place_numbers[key]
        place = dict(told) if isinstance(told, dict) else self._described(told)
        partner = self._partner(place["name"] if place else told)
        if not place and partner:
            place = partner._place()
        if not place:
            message = self.env._(
                "This location is not described. Add it to the sheet Locations, or make a contact "
                "of this name."
            )
            title = _TITLES[event.kind].get(name, "")
            self.problems.append(Problem(event.sheet, number, title, str(told), message))
            return False
        self.places.append((partner.id, place))
        self._place_numbers[key] = -len(self.places)
        return self._place_numbers[key]

    def _described(self, told: str) -> dict[str, Any] | None:
        """What the file says of a location, as a place is kept."""
        found = self.reading.location(told)
        if not found:
            return None
        place = {key: found[key] for key in KEYS if found.get(key)}
        for key in ("latitude", "longitude"):
            try:
                place[key] = float(place.get(key) or 0)
            except ValueError:
                place[key] = 0.0
        country = str(place.get("country") or "")
        spelled = "".join(filter(str.isalpha, country.lower()))
        code = _COUNTRIES.get(spelled) or self._countries.get(country.lower())
        place["country"] = code or country.upper()
        place.setdefault("name", told)
        return {key: value for key, value in place.items() if value}

    def _partner(self, name: str):
        if name not in self._partners:
            domain = [("name", "=ilike", name.replace("%", r"\%").replace("_", r"\_"))]
            self._partners[name] = self.env["res.partner"].search(
                [*domain, ("company_id", "in", (self.company.id, False))], limit=1
            )
        return self._partners[name]

    def _product(self, values: Mapping[str, Any]):
        """The product of the GTIN in a code, else of this name."""
        code = values.get("tlc") or ""
        names = (values.get("product_description") or "", values.get("commodity") or "")
        key = f"{self._gtin(code)}|{names}"
        if key not in self._products:
            products = self.env["product.product"]
            gtin = self._gtin(code)
            found = products
            if gtin:
                spellings = {gtin, gtin.lstrip("0"), gtin[1:], gtin[2:]}
                found = products.search([("barcode", "in", sorted(spellings))], limit=1)
            for name in filter(None, names):
                found = found or products.search([("name", "=", name)], limit=1)
            self._products[key] = found
        return self._products[key]

    def _gtin(self, code: str) -> str:
        if not code.startswith("("):
            return ""
        try:
            return parse(code).gtin or ""
        except GS1Error:
            return ""

    # -- what is there already -------------------------------------------------------------------

    def _check_recorded(self) -> None:
        """An event that was recorded already, or that the file tells twice, is not added again."""
        numbers = list({vals.get("document_number") or False for vals in self.events})
        recorded = self.env["lot.fsma.event"].search(
            [
                ("company_id", "=", self.company.id),
                ("replaced_by_id", "=", False),
                ("void", "=", False),
                ("document_number", "in", numbers),
            ]
        )
        known = {self._key(event): event.id for event in recorded}
        told: dict[tuple, int] = {}
        for event, vals in zip(self.reading.events, self.events, strict=True):
            key = self._key(vals)
            if key in known:
                message = self.env._(
                    "This event is recorded already, as number %s. Remove the row.", known[key]
                )
            elif key in told:
                message = self.env._("Row %s tells the same event. Remove one of them.", told[key])
            else:
                told[key] = event.row
                continue
            self.problems.append(Problem(event.sheet, event.row, "", "", message))

    def _key(self, values) -> tuple:
        """What tells events apart, of a record or of its columns."""
        got = values.get if isinstance(values, dict) else values.__getitem__
        # Before the initial packing there is no code: then the commodity tells what it is.
        what = "commodity" if got("kind") in WITHOUT_CODE else "tlc"
        plain = tuple(got(name) or False for name in ("kind", what, "document_number"))
        return (*plain, str(got("date") or ""), round(got("quantity") or 0.0, 4))
