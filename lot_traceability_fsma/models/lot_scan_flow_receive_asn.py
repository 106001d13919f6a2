from typing import Any

from odoo import api, models
from odoo.addons.lot_traceability.models.scan.lot_scan_flow import RefusedError
from odoo.addons.lot_traceability.models.scan.lot_scan_flow_receive import Arrival
from odoo.addons.lot_traceability.tools.gs1 import interpret
from odoo.addons.lot_traceability.tools.scan_choice import choice
from odoo.exceptions import UserError
from odoo.fields import Domain

_FACTS = (
    "production_date",
    "packing_date",
    "freezing_date",
    "harvest_date",
    "harvest_end_date",
    "origin_country_id",
    "origin_place",
)


class LotScanFlowReceive(models.AbstractModel):
    """A pallet that a supplier has announced is received by one scan of its SSCC, with all lots,
    dates, codes and quantities that the ship notice told."""

    _inherit = "lot.scan.flow.receive"

    @api.model
    def _matching(self, query):
        domain = super()._matching(query)
        sscc = self._sscc_of(query)
        if sscc:
            domain |= Domain("id", "in", self._announced_on(sscc).picking_id.ids)
        return domain

    @api.model
    def _document(self, record):
        """As without this module, and "pallets": [{"sscc", "detail"}], those that are announced
        and did not arrive yet: a device knows them without a link."""
        told = super()._document(record)
        waiting = record.move_line_ids.filtered(lambda line: not line.picked)
        pallets = self._announced(waiting).sorted("id").grouped("result_package_id")
        return {
            **told,
            "pallets": [
                {"sscc": package.name, "detail": self._text_of_lines(lines)}
                for package, lines in pallets.items()
                if package
            ],
        }

    @api.model
    def _do_take(self, command) -> dict[str, Any]:
        """As without this module. For the SSCC of an announced pallet all that is on it is
        received, and "entry" stands for all of it."""
        sscc = self._sscc_of(command.text)
        lines = self._announced_on(sscc) if sscc else self.env["stock.move.line"]
        if not lines:
            return super()._do_take(command)
        picking = self._open(command) if command.data.get("document") else lines.picking_id.browse()
        here = lines.filtered(lambda line: line.picking_id == picking)
        if not here:
            self._refuse_elsewhere(sscc, lines.picking_id)
        waiting = here.filtered(lambda line: not line.picked)
        if not waiting:
            raise UserError(
                self.env._("The pallet %s was received already. Scan the next one.", sscc)
            )
        arrivals = self._announced_arrivals(command, waiting)
        self._refuse_announced(command, arrivals)
        return self._receive_announced(sscc, picking, arrivals)

    # -- what was announced ----------------------------------------------------------------------

    @api.model
    def _sscc_of(self, text: str) -> str:
        meaning = interpret(text, today=None) if text else None
        return (meaning.elements.sscc or "") if meaning and not meaning.error else ""

    @api.model
    def _announced_on(self, sscc: str):
        """The lines of open receipts that say what is on a pallet."""
        lines = self.env["stock.move.line"].search(
            [
                ("result_package_id.name", "=", sscc),
                ("state", "not in", ("done", "cancel")),
                ("company_id", "=", self.env.company.id),
                ("picking_id.picking_type_id.code", "=", "incoming"),
            ],
            order="id",
        )
        return self._announced(lines)

    @api.model
    def _announced(self, lines):
        """Those of these lines that a ship notice has made."""
        if not lines.result_package_id:
            return lines.browse()
        # sudo: who receives goods need not be allowed to read what was announced
        notices = self.env["lot.fsma.notice.line"].sudo()._of_move_lines(lines)
        return lines & notices.move_line_id.sudo(False)

    @api.model
    def _text_of_lines(self, lines) -> str:
        """What is on a pallet: the one lot, or how many there are, and the quantity."""
        names = {line.lot_id.name or line.lot_name or line.supplier_lot or "" for line in lines}
        lots = names.pop() if len(names) == 1 else self.env._("%s lots", len(names))
        amounts = [
            f"{product.display_name} "
            f"{self._shown(sum(some.mapped('quantity_product_uom')), product)}"
            for product, some in lines.grouped("product_id").items()
        ]
        return ", ".join(filter(None, [*amounts, lots]))

    # -- receiving it ----------------------------------------------------------------------------

    @api.model
    def _announced_arrivals(self, command, lines) -> dict[Any, Arrival]:
        """The lots on the pallet, each as any other that arrives; what the notice does not tell is
        what somebody typed. The queries do not grow with the lots."""
        # sudo: as above
        notices = self.env["lot.fsma.notice.line"].sudo()._of_move_lines(lines)
        told_of = {notice.move_line_id.id: notice for notice in notices}
        numbered = lines._numbered_when_done()
        known = self.env["stock.lot"].search(
            Domain("product_id", "in", lines.product_id.ids)
            & Domain("name", "in", lines.filtered("lot_name").mapped("lot_name"))
            & Domain("company_id", "in", (lines.company_id.id, False))
        )
        lots = {(lot.product_id, lot.name): lot for lot in known}
        arrivals = {}
        for line in lines:
            arrival = Arrival(line.picking_id, line.product_id, None, line.move_id)
            arrival.number = line.lot_name or ""
            arrival.numbered = line in numbered
            arrival.supplier_lot = line.supplier_lot or ""
            arrival.lot = line.lot_id or lots.get((line.product_id, line.lot_name), known.browse())
            arrival.quantity = line.quantity_product_uom
            told = {name: line[name] for name in _FACTS if name in line._fields and line[name]}
            # Dates that the notice does not tell are what Odoo fills in by itself.
            if told_of[line.id].expiry_date:
                told["expiration_date"] = line.expiration_date
            if told_of[line.id].best_before_date:
                told["use_date"] = line.use_date
            arrival.facts = {**self._facts_of(command, arrival), **told}
            arrivals[line] = arrival
        return arrivals

    @api.model
    def _refuse_elsewhere(self, sscc: str, pickings) -> None:
        raise RefusedError(
            self.env._(
                "The pallet %(sscc)s is announced for %(document)s.",
                sscc=sscc,
                document=", ".join(pickings.mapped("name")),
            ),
            [
                choice(
                    "document",
                    self.env._("Receive it on %s", picking.name),
                    document={"model": picking._name, "id": picking.id},
                    line_id=False,
                )
                for picking in pickings
            ],
        )

    @api.model
    def _refuse_announced(self, command, arrivals: dict[Any, Arrival]) -> None:
        """:raise UserError: something is missing, too old or too much"""
        data = command.data
        lacking = [one for one in arrivals.values() if self._missing_facts(one)]
        if len(lacking) > 1:
            raise UserError(
                self.env._(
                    "The ship notice does not tell all of the lots %s. Scan the cases of this "
                    "pallet instead.",
                    ", ".join(one.number or one.supplier_lot for one in lacking),
                )
            )
        for arrival in lacking:
            self._ask_missing(arrival, command)
        for arrival in arrivals.values():
            if data.get("differs") is not True:
                self._refuse_other_day(arrival)
            if data.get("expired") is not True:
                self._refuse_expired(arrival)
            if data.get("short") is not True:
                self._refuse_short_lived(arrival)
        if data.get("more") is not True:
            self._refuse_too_much(arrivals)

    @api.model
    def _refuse_too_much(self, arrivals: dict[Any, Arrival]) -> None:
        for product in {arrival.product for arrival in arrivals.values()}:
            comes = sum(one.quantity for one in arrivals.values() if one.product == product)
            left = self._left(
                next(iter(arrivals)).picking_id.move_ids.filtered(
                    lambda move, product=product: (
                        move.product_id == product and move.state not in ("done", "cancel")
                    )
                )
            )
            if product.uom_id.compare(comes, left) > 0:
                raise RefusedError(
                    self.env._(
                        "Only %(left)s of %(product)s are still to come; on this pallet are "
                        "%(comes)s.",
                        left=self._shown(left, product),
                        product=product.display_name,
                        comes=self._shown(comes, product),
                    ),
                    [choice("more", self.env._("Receive the pallet all the same"), more=True)],
                )

    @api.model
    def _receive_announced(self, sscc: str, picking, arrivals: dict) -> dict[str, Any]:
        lines = self.env["stock.move.line"].union(*arrivals)
        for line, arrival in arrivals.items():
            if arrival.facts:
                line.write(arrival.facts)
        lines.picked = True
        lines._apply_putaway_strategy()
        reasons = []
        for line, arrival in arrivals.items():
            self._check_numbers(arrival, line)
            reasons.append(self._quarantine(arrival, line))
        lots = {arrival.lot for arrival in arrivals.values() if arrival.lot}
        quarantine = next(filter(None, reasons), "")
        text = self.env._(
            "Pallet %(sscc)s: %(content)s.", sscc=sscc, content=self._text_of_lines(lines)
        )
        if quarantine:
            text = self.env._("%s Put it into quarantine.", text)
        return {
            "message": text,
            "document": self._document(picking),
            "lot": self.env["lot.scan.card"]._lot(lots.pop()) if len(lots) == 1 else False,
            "entry": lines[0].id,
            "quarantine": quarantine,
        }

    # -- taking it back --------------------------------------------------------------------------

    @api.model
    def _put_back(self, lines) -> str:
        """What was announced waits again as it was announced, the pallet as a whole."""
        there = lines.picking_id.move_line_ids.filtered(
            lambda line: line.picked and line.result_package_id in lines.result_package_id
        )
        announced = self._announced(there)
        if not lines & announced:
            return super()._put_back(lines)
        announced.picked = False
        for move in announced.move_id:
            if not move.move_line_ids.filtered("picked"):
                move.picked = False
        text = self.env._("Taken back: %s.", self._text_of_lines(announced))
        rest = lines - announced
        return f"{text} {super()._put_back(rest)}" if rest else text
