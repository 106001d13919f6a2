from collections import defaultdict
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.lot_numbering import NumberingError
from .lot_numbering_request import NumberRequest


class LotNumbering(models.AbstractModel):
    """Gives numbers to lots: finds the scheme of each, counts, and leaves out what is taken.

    Others add what they know of a lot by overriding `_values`.
    """

    _name = "lot.numbering"
    _description = "Lot numbering"

    # -- what is known -----------------------------------------------------------------------

    @api.model
    def _general_values(self, company, operation_type=None) -> dict:
        """What is known of each lot that is numbered now, by token; dates are in the company's
        time zone."""
        zone = pytz.timezone(self.env["lot.calendar"]._zone(company))
        now = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        # sudo: the codes of shifts and warehouses are no secret
        shifts = self.env["lot.numbering.shift"].sudo()
        warehouse = operation_type and operation_type.sudo().warehouse_id
        if not warehouse:
            warehouses = self.env["stock.warehouse"].sudo()
            warehouse = warehouses.search([("company_id", "=", company.id)], limit=1)
        return {
            "date": now,
            "production_date": now,
            "plant": warehouse.code or "",
            "shift": shifts._code_at(now, company),
        }

    @api.model
    def _values(self, request: NumberRequest, general: dict) -> dict:
        """What the templates can name of one lot.

        :param general: see `_general_values`
        :return: {token: text or date}; unknown ones are empty or missing
        """
        product = request.product
        values = general | {"product": product.default_code or "", "product_id": product.id}
        if product.use_expiration_date and product.expiration_time:
            values["expiry"] = general["date"] + timedelta(days=product.expiration_time)
        return values | {name: value for name, value in request.values.items() if value}

    def _all_values(self, requests: list[NumberRequest]) -> list[dict]:
        general = {}
        for request in requests:
            key = request.company, request.operation_type
            if key not in general:
                general[key] = self._general_values(*key)
        return [
            self._values(request, general[request.company, request.operation_type])
            for request in requests
        ]

    @api.model
    def _numbers_itself(self, product) -> bool:
        """Whether the product has a sequence of its own: it was given a prefix, or the sequence
        that Odoo shares between all products was."""
        sequence = product.sudo().lot_sequence_id  # sudo: a sequence is read by whoever uses it
        default = self.env.ref("stock.sequence_production_lots", raise_if_not_found=False)
        return bool(sequence and (sequence != default or sequence.prefix or sequence.suffix))

    # -- giving numbers ----------------------------------------------------------------------

    @api.model
    def _schemes(self, requests: list[NumberRequest]) -> list:
        """The scheme of each request, empty where Odoo's own numbering stays."""
        if not requests:
            return []
        companies = self.env["res.company"].union(*(request.company for request in requests))
        candidates = self.env["lot.numbering.scheme"]._candidates(companies)
        none = candidates.browse()
        found = {}
        for request in requests:
            key = request.product, request.company, request.operation_type
            if key not in found:
                own = self._numbers_itself(request.product)
                found[key] = none if own else candidates._best_for(request)
        return [
            none
            if request.automatic
            and not found[request.product, request.company, request.operation_type].on_receipt
            else found[request.product, request.company, request.operation_type]
            for request in requests
        ]

    @api.model
    def _next_numbers(self, requests: list[NumberRequest]) -> list[str | bool]:
        """A number for each lot, False where no scheme gives one.

        :raises UserError: when a template names something that is not known of a lot
        """
        numbers: list[str | bool] = [False] * len(requests)
        groups = defaultdict(list)
        schemes = self._schemes(requests)
        wanted = [index for index, scheme in enumerate(schemes) if scheme]
        values = self._all_values([requests[index] for index in wanted])
        for index, known in zip(wanted, values, strict=True):
            groups[schemes[index]].append((index, requests[index], known))
        for scheme, entries in groups.items():
            template = scheme._parsed()
            counters = defaultdict(list)
            for index, request, values in entries:
                try:
                    counters[scheme._counter_key(template, values)].append((index, request, values))
                except NumberingError as error:
                    raise self._explained(scheme, request, error) from error
            for key, members in sorted(counters.items()):
                for index, number in self._count(scheme, template, key, members):
                    numbers[index] = number
        return numbers

    def _count(self, scheme, template, key, members):
        """Number the members of one counter, past all numbers that are taken already.

        :param members: [(index, request, values)]
        :return: [(index, number)]
        """
        counter = self.env["lot.numbering.counter"]
        given, counts = [], []
        while members:
            missing = len(members) - len(counts)
            if missing > 0:
                first = counter._take(scheme.id, key, missing, gap_free=scheme.gap_free)
                counts += range(first, first + missing)
            offered = [
                (entry[1].product, self._rendered(scheme, template, entry, count))
                for entry, count in zip(members, counts, strict=True)
            ]
            taken = self._taken(offered)
            good = next((n for n, pair in enumerate(offered) if pair in taken), len(offered))
            given += [
                (entry[0], number)
                for entry, (_product, number) in zip(members[:good], offered, strict=False)
            ]
            members = members[good:]
            if members:
                free = self._first_free(scheme, template, members[0], counts[good] + 1)
                counts = [count for count in counts[good:] if count >= free]
                if not counts:
                    counter._raise_to(scheme.id, key, free, gap_free=scheme.gap_free)
        return given

    def _first_free(self, scheme, template, entry, sequence: int) -> int:
        """The first count from `sequence` on whose number is not a lot yet."""
        product = entry[1].product
        while True:
            numbers = [
                self._rendered(scheme, template, entry, sequence + turn) for turn in range(200)
            ]
            taken = {number for _product, number in self._taken([(product, n) for n in numbers])}
            for turn, number in enumerate(numbers):
                if number not in taken:
                    return sequence + turn
            sequence += len(numbers)

    def _rendered(self, scheme, template, entry, sequence: int) -> str:
        _index, request, values = entry
        try:
            return template.render(values, sequence)
        except NumberingError as error:
            raise self._explained(scheme, request, error) from error

    def _taken(self, pairs: list[tuple]) -> set[tuple]:
        """Which of these (product, number) are lots already, in any company."""
        products = self.env["product.product"].union(*(product for product, _number in pairs))
        # sudo: a number of another company is taken as well where products are shared
        lots = self.env["stock.lot"].sudo().search_fetch(
            Domain("product_id", "in", products.ids)
            & Domain("name", "in", [number for _product, number in pairs]),
            ["name", "product_id"],
        )  # fmt: skip
        return {(lot.product_id, lot.name) for lot in lots}

    def _explained(self, scheme, request: NumberRequest, error: NumberingError) -> UserError:
        return UserError(
            self.env._(
                "%(product)s gets its lot number from the scheme “%(scheme)s”. %(problem)s Enter "
                "it, type the lot number yourself, or change the scheme.",
                product=request.product.display_name,
                scheme=scheme.name,
                problem=scheme._translated(error),
            )
        )

    # -- offering numbers --------------------------------------------------------------------

    @api.model
    def _offer(self, request: NumberRequest) -> str:
        """The number that comes next, without taking it; empty when no scheme gives one."""
        scheme = self._schemes([request])[0]
        if not scheme:
            return ""
        template = scheme._parsed()
        values = self._all_values([request])[0]
        try:
            key = scheme._counter_key(template, values)
            first = self.env["lot.numbering.counter"]._peek(scheme.id, key)
            free = self._first_free(scheme, template, (0, request, values), first)
            return template.render(values, free)
        except (NumberingError, UserError):
            return ""

    @api.model
    def _series(self, request: NumberRequest, first: str, count: int) -> list[str] | None:
        """Numbers of a dialog, from the first one that a person left or typed.

        :param first: empty for the next free one
        :return: None when the first one is none of the scheme's, so that Odoo counts on
        """
        scheme = self._schemes([request])[0]
        if not scheme:
            return None
        if not first and scheme.gap_free:
            raise UserError(
                self.env._(
                    "The scheme “%s” counts without gaps, so its numbers are given when the lots "
                    "are recorded. Leave the lot numbers empty, or type the first one.",
                    scheme.name,
                )
            )
        if first in ("", request.offered) and not scheme.gap_free:
            # Somebody else may have been shown the same number.
            return self._next_numbers([request] * count)
        template = scheme._parsed()
        values = self._all_values([request])[0]
        try:
            start = template.sequence_in(first, values)
            if start is None:
                return None
            if not scheme.gap_free:
                self.env["lot.numbering.counter"]._raise_to(
                    scheme.id, scheme._counter_key(template, values), start + count, gap_free=False
                )
            return [template.render(values, start + turn) for turn in range(count)]
        except NumberingError:
            return None

    @api.model
    def _may_have_made(self, product, company, number: str) -> bool:
        """Whether a number has the form of the scheme by which the product is numbered."""
        empty = self.env["stock.picking.type"]
        candidates = self.env["lot.numbering.scheme"]._candidates(company)
        requests = [
            NumberRequest(product, company, operation_type)
            for operation_type in (empty, *candidates.picking_type_ids)
        ]
        schemes = {scheme for scheme in self._schemes(requests) if scheme}
        return any(scheme._parsed().may_have_made(number) for scheme in schemes)
