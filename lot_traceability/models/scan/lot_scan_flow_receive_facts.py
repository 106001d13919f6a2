from datetime import timedelta
from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import scan_data
from ...tools.scan_choice import ask, choice
from ..lot_numbering_request import NumberRequest
from .lot_scan_flow import RefusedError
from .lot_scan_flow_receive import Arrival
from .lot_scan_transfer import MOST_CHOICES

# Days that a command may tell, by the name of their field.
_DAYS = ("production_date", "packing_date", "freezing_date", "harvest_date", "harvest_end_date")
# What may be demanded of a lot and can be asked for on a handheld: key of the data, and its kind.
_ASKED = {
    "supplier_lot": ("supplier_lot", "scan"),
    "production_date": ("production_date", "date"),
    "packing_date": ("packing_date", "date"),
    "freezing_date": ("freezing_date", "date"),
    "harvest_date": ("harvest_date", "date"),
    "expiration_date": ("expiry", "date"),
    "use_date": ("use_date", "date"),
    "origin_country_id": ("origin_country", "text"),
    "origin_place": ("origin_place", "text"),
}


class LotScanFlowReceive(models.AbstractModel):
    """What is known of goods that arrive: from the label, from what somebody typed, and from the
    lot where it is here already. What is missing is asked for in one go."""

    _inherit = "lot.scan.flow.receive"

    @api.model
    def _arrival(self, command, picking) -> Arrival:
        """:raise UserError: it cannot be read, or something is missing"""
        moves = self._moves(picking)
        reading = None
        if command.text:
            reading = self.env["lot.scan.reading"]._reading(command.text, moves.product_id or None)
            if reading.error:
                raise UserError(reading.error)
        product = self._product_of(command, moves, reading)
        of_it = moves.filtered(lambda move: move.product_id == product)
        named = of_it.filtered(lambda move: move.id == command.data.get("line_id"))
        arrival = Arrival(picking, product, reading, named or of_it)
        arrival.facts = self._facts_of(command, arrival)
        if product.tracking != "none":
            self._name_lot(command, arrival)
        said = self._read_quantity(command)
        if said is None and reading:
            said = self.env["lot.scan.reading"]._quantity(reading, product)
        arrival.quantity = said or (1.0 if product.tracking == "serial" else 0.0)
        self._ask_missing(arrival, command)
        self._check_quantity(arrival.quantity, product)
        return arrival

    # -- which product ---------------------------------------------------------------------------

    @api.model
    def _product_of(self, command, moves, reading):
        """:raise UserError: it is none that is known, or not clear which"""
        labelled = reading.products if reading else self.env["product.product"]
        chosen = moves.filtered(lambda move: move.id == command.data.get("line_id")).product_id
        chosen = chosen or self._product_chosen(command)
        if chosen:
            if labelled and chosen not in labelled:
                raise UserError(
                    self.env._(
                        "This is a label of %(other)s, not of %(product)s. Scan the right goods.",
                        other=labelled[:1].display_name,
                        product=chosen.display_name,
                    )
                )
            return chosen
        ordered = labelled & moves.product_id
        found = ordered if len(ordered) == 1 else labelled
        if not found and reading and not reading.elements:
            # A plain number: of a lot of what was ordered, or of the one thing that was.
            found = reading.lots.product_id & moves.product_id
            if not found and len(moves.product_id) == 1:
                found = moves.product_id
        if len(found) == 1:
            return found
        raise RefusedError(
            self._which_product(reading, found),
            self._product_choices(found or moves.product_id, reading),
        )

    @api.model
    def _product_chosen(self, command):
        product_id = scan_data.identity(command.data.get("product_id"))
        product = self.env["product.product"].browse(product_id).exists()
        barcode = scan_data.text(command.data.get("product"))
        if barcode and not product:
            product = self.env["lot.scan.reading"]._reading(barcode).products
            if len(product) != 1:
                raise RefusedError(
                    self.env._("No product has the barcode %s.", barcode[:80]),
                    self._product_choices(product, None),
                )
        if product and not product.has_access("read"):
            raise UserError(self.env._("This product is not there any more. Scan it again."))
        return product

    @api.model
    def _which_product(self, reading, found) -> str:
        if not reading:
            return self.env._("Scan the goods, or choose the product.")
        if len(found) > 1:
            return self.env._(
                "This may be %s. Say which product it is.", ", ".join(found.mapped("display_name"))
            )
        gtin = reading.elements.gtin or reading.elements.content_gtin
        if gtin:
            return self.env._(
                "No product has the GTIN %s. Say which product it is; somebody should enter the "
                "GTIN as its barcode.",
                gtin,
            )
        return self.env._(
            "Of which product is %s? Scan the product, or choose it.", reading.text[:80]
        )

    @api.model
    def _product_choices(self, products, reading) -> list[dict[str, Any]]:
        if reading and not reading.elements:
            products |= reading.lots.product_id
        return [
            *(
                choice("product", product.display_name, product_id=product.id)
                for product in products[:MOST_CHOICES]
            ),
            choice(
                "scan",
                self.env._("Scan the product"),
                ask("product", self.env._("Barcode of the product"), "scan"),
            ),
        ]

    # -- which lot -------------------------------------------------------------------------------

    @api.model
    def _name_lot(self, command, arrival: Arrival) -> None:
        """The number of the lot: as typed, else from the label; where a scheme numbers what comes
        in, the label's is the supplier's number."""
        reading, product = arrival.reading, arrival.product
        typed, labelled = scan_data.text(command.data.get("number")), ""
        if reading and reading.elements:
            labelled = self.env["lot.scan.reading"]._number(reading.elements, product)
        elif reading and not (reading.products or reading.locations or reading.packages):
            labelled = reading.text
        supplier = arrival.picking.location_id.usage == "supplier"
        company, numbering = arrival.picking.company_id, self.env["lot.numbering"]
        told = scan_data.text(command.data.get("supplier_lot"))
        if not told and supplier and reading and reading.elements:
            told = labelled
        arrival.number = typed or labelled
        if supplier:
            request = NumberRequest(
                product, company, arrival.picking.picking_type_id, automatic=True
            )
            arrival.numbered = bool(numbering._schemes([request])[0])
        ours = not labelled or numbering._may_have_made(product, company, labelled)
        if arrival.numbered and not typed and not ours:
            told, arrival.number = told or labelled, ""
        arrival.supplier_lot = told
        if arrival.number:
            arrival.lot = self.env["stock.lot"].search(
                Domain("product_id", "=", product.id)
                & Domain("name", "=", arrival.number)
                & Domain("company_id", "in", (company.id, False)),
                limit=1,
            )

    # -- what else is known ----------------------------------------------------------------------

    @api.model
    def _facts_of(self, command, arrival: Arrival) -> dict[str, Any]:
        """What the label and the command tell, as values of a line; what was typed goes first."""
        product, data = arrival.product, command.data
        known = dict(arrival.reading.facts) if arrival.reading else {}
        for name in _DAYS:
            known[name] = self._day_of(data, name) or known.get(name)
        for key, name in (("expiry", "expiration_date"), ("use_date", "use_date")):
            day = self._day_of(data, key)
            if day:
                known[name] = self.env["stock.lot"]._instant(day, arrival.picking.company_id)
            if not product.use_expiration_date:
                known.pop(name, None)
        letters = scan_data.text(data.get("origin_country")).upper()
        if letters:
            country = self.env["res.country"].search([("code", "=", letters)], limit=1)
            if not country:
                raise UserError(
                    self.env._("“%s” is no country. Type its two letters, as DE.", letters)
                )
            known["origin_country_id"] = country.id
        known["origin_place"] = scan_data.text(data.get("origin_place")) or known.get(
            "origin_place"
        )
        return {name: value for name, value in known.items() if value}

    @api.model
    def _day_of(self, data: dict[str, Any], name: str):
        try:
            return scan_data.day(data.get(name))
        except scan_data.DataError as error:
            raise UserError(self.env._("“%s” is no day. Type it as 2026-03-31.", error)) from error

    @api.model
    def _ask_missing(self, arrival: Arrival, command) -> None:
        """Ask for all that is missing, in one go.

        :raise RefusedError: with what is asked for
        """
        product, asks = arrival.product, []
        if product.tracking != "none":
            if not arrival.number and not arrival.numbered:
                asks.append(ask("number", self._word_of_number(product), "scan"))
            asks += self._missing_facts(arrival)
        shortcuts = []
        if not arrival.quantity:
            left = self._left(arrival.moves) or None
            label = self.env._("Quantity in %s", product.uom_id.name)
            asks.append(ask("quantity", label, "number", value=left))
            if left and len(asks) == 1:
                text = self.env._("All that is left: %s", self._shown(left, product))
                shortcuts.append(choice("rest", text, quantity=left))
        if asks:
            raise RefusedError(
                self.env._(
                    "%(product)s: %(missing)s?",
                    product=product.display_name,
                    missing=", ".join(one["label"] for one in asks),
                ),
                [*shortcuts, choice("facts", self.env._("Fill in"), *asks)],
            )

    @api.model
    def _word_of_number(self, product) -> str:
        serial = product.tracking == "serial"
        return self.env._("Serial number") if serial else self.env._("Lot number")

    @api.model
    def _missing_facts(self, arrival: Arrival) -> list[dict[str, Any]]:
        product, lot = arrival.product, arrival.lot or self.env["stock.lot"]
        lines, wanted = self.env["stock.move.line"], {}
        if product.use_expiration_date and not lot.expiration_date:
            wanted["expiration_date"] = self.env._("Expiry date")
        if arrival.picking.location_id.usage == "supplier":
            # sudo: who receives goods need not be allowed to read what products demand
            for demand in product.sudo()._lot_demands("receipt"):
                if demand.field_name in _ASKED and not lot[demand.field_name]:
                    wanted.setdefault(demand.field_name, demand.name)
        known = {**arrival.facts, "supplier_lot": arrival.supplier_lot}
        return [
            ask(_ASKED[name][0], label, _ASKED[name][1], value=self._usual_day(name, product))
            for name, label in wanted.items()
            if name in lines._fields and not known.get(name)
        ]

    @api.model
    def _usual_day(self, name: str, product) -> str | None:
        """What Odoo would take for the expiry of a lot of which nothing is said."""
        if name != "expiration_date" or not product.expiration_time:
            return None
        calendar = self.env["lot.calendar"]
        return str(calendar._today(self.env.company) + timedelta(days=product.expiration_time))
