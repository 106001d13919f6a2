from typing import NamedTuple

from odoo import api, models

from ..tools.places import address_key

# Due only after the initial packing (21 CFR 1.1340(c), 1.1345(c)); they tell of no origin.
_BEFORE_PACKING = ("shipping", "receiving")
# What this transaction knows of tills.
_TILLS = "lot_traceability_fsma.tills"


class End(NamedTuple):
    """Where goods are on one side of a move, and whether they are ours there."""

    ours: bool
    partner: models.BaseModel


class Step(NamedTuple):
    """An event that a line tells of: its kind and the contacts of its places."""

    kind: str
    location: models.BaseModel
    other: models.BaseModel


class LotFsmaTransfer(models.AbstractModel):
    """The events that transfers tell of: shipping and receiving, first land-based receiving, and
    harvesting and cooling where an operation is set up for it.

    - from a place of ours to one that is not: shipping, unless to a consumer or as a donation
    - the other way round: receiving; goods that come back are received as well
    - between two street addresses of the firm: shipping and receiving
    """

    _name = "lot.fsma.transfer"
    _description = "Events of transfers"
    _inherit = ["lot.fsma.derived"]

    @api.model
    def _derive(self, lines) -> list[dict]:
        """The events of these done lines, as columns; codes that are due are given."""
        steps: dict[tuple, tuple] = {}
        for line in lines:
            for step in self._steps(line):
                key = (line.picking_id or line.move_id, step.kind, line.lot_id)
                known = steps.get(key)
                together = (known[1] | line) if known else line
                steps[key] = (known[0] if known else step, together)
        if not steps:
            return []
        self._give_codes(steps)
        lots = lines.lot_id
        partners = lots.fsma_code_id.source_partner_id
        if any(step.kind not in _BEFORE_PACKING for step, _lines in steps.values()):
            partners |= self._partners_of(lots)
        for step, _lines in steps.values():
            partners |= step.location | step.other
        places = self._places(partners)
        return [
            self._columns(step, together, lot, places)
            for (_document, _kind, lot), (step, together) in steps.items()
        ]

    # -- what a line is --------------------------------------------------------------------------

    @api.model
    def _steps(self, line) -> list[Step]:
        source, target = self._end(line, False), self._end(line, True)
        if source is None or target is None:
            return []
        wanted = line.picking_id.picking_type_id.fsma_event
        found = []
        if wanted == "cooling" and target.ours:
            found.append(Step("cooling", target.partner, target.partner))
            return [step for step in found if self._is_due(step, line)]
        apart = source.ours and target.ours and not self._same_address(source, target)
        if source.ours and (apart or not target.ours):
            found.append(Step("shipping", source.partner, target.partner))
        if target.ours and (apart or not source.ours):
            kind = self._received_as(line, source, wanted)
            if kind == "harvesting":
                found.append(Step(kind, source.partner, target.partner))
            elif kind:
                found.append(Step(kind, target.partner, source.partner))
        return [step for step in found if self._is_due(step, line)]

    @api.model
    def _end(self, line, target: bool) -> End | None:
        """One side of a line; None where goods come into being or end."""
        location = line.location_dest_id if target else line.location_id
        partner = line.picking_id.partner_id or line.move_id.partner_id
        if location.usage == "internal":
            if location.lot_holder_id:
                return End(False, location.lot_holder_id)
            if location.warehouse_id:
                return End(True, location._fsma_address())
            return End(False, partner)
        if location.usage == "transit":
            moves = line.move_id.move_dest_ids if target else line.move_id.move_orig_ids
            beyond = (moves.location_dest_id if target else moves.location_id).filtered(
                "warehouse_id"
            )
            return End(False, beyond[:1]._fsma_address() if beyond else partner)
        if location.usage in ("supplier", "customer"):
            return End(False, partner)
        return None

    @api.model
    def _same_address(self, source: End, target: End) -> bool:
        if source.partner == target.partner:
            return True
        return address_key(source.partner._place()) == address_key(target.partner._place())

    @api.model
    def _received_as(self, line, source: End, wanted: str | bool) -> str:
        if wanted in ("harvesting", "first_receiving", "receiving"):
            return wanted
        if wanted == "none":
            return ""
        firm = source.partner.commercial_partner_id
        vessel = source.partner.fsma_vessel or firm.fsma_vessel
        if vessel and line.location_id.usage == "supplier":
            return "first_receiving"
        return "receiving"

    @api.model
    def _is_due(self, step: Step, line) -> bool:
        """Does the rule ask for this event of these goods?"""
        if step.kind in _BEFORE_PACKING and line.product_id.fsma_stage == "raw":
            return False
        if step.kind == "shipping" and not self._is_shipping(step.other, line):
            return False
        if step.kind == "receiving" and self._is_from_consumer(step.other, line):
            return False
        company = line.company_id
        products, firms = self.env["lot.fsma.exemption"]._in_force(
            company, self._day(line.date, company)
        )
        for kept in (
            products.get(line.product_id.product_tmpl_id.id),
            firms.get(company.partner_id.id),
        ):
            if kept == "none" or (kept == "receiving" and step.kind != "receiving"):
                return False
        return True

    @api.model
    def _is_shipping(self, partner, line) -> bool:
        """Not to consumers, and not what is given away (21 CFR 1.1310)."""
        picking = line.picking_id
        if picking.fsma_donation or (partner and partner.fsma_donation):
            return False
        consumer = self._is_consumer(partner, line)
        return not (line.location_dest_id.usage == "customer" and consumer)

    @api.model
    def _is_from_consumer(self, partner, line) -> bool:
        """What a consumer carries back was not sent from a place of the supply chain: that is no
        receiving (21 CFR 1.1310)."""
        return line.location_id.usage == "customer" and self._is_consumer(partner, line)

    @api.model
    def _is_consumer(self, partner, line) -> bool:
        """Whoever buys for himself; at the till everybody who is not known to be a business."""
        if partner:
            return partner._is_consumer()
        return line.picking_id.picking_type_id.id in self._till_operations()

    @api.model
    def _till_operations(self) -> set[int]:
        """The operation types of tills. That a transfer is a till's is written on it only after it
        was done. One query a transaction, and none where there are no tills."""
        known = self.env.cr.cache
        if _TILLS not in known:
            known[_TILLS] = set()
            if "pos.config" in self.env:
                # sudo: whoever moves goods need not be allowed to read tills
                tills = self.env["pos.config"].sudo().with_context(active_test=False)
                types = tills.search([("picking_type_id", "!=", False)]).picking_type_id
                known[_TILLS] = {*types.ids, *types.return_picking_type_id.ids}
        return known[_TILLS]

    # -- codes -----------------------------------------------------------------------------------

    @api.model
    def _give_codes(self, steps: dict) -> None:
        """Keep the codes that came with the goods, and give codes where this module may: at the
        first receiving on land, and to what comes from an exempt source without any."""
        code, given, assigned = self.env["lot.fsma.code"], {}, {}
        for (_document, kind, lot), (step, together) in steps.items():
            if lot.fsma_code_id or kind not in ("receiving", "first_receiving"):
                continue
            line = together[0]
            told = line._fsma_given()
            if kind == "first_receiving":
                assigned[lot] = step.location
            elif told[0]:
                given[lot] = told
            elif self._is_exempt_source(step, line) and not line.company_id.fsma_retail:
                assigned[lot] = step.location
        code._given(given)
        code._assign(assigned)

    @api.model
    def _is_exempt_source(self, step: Step, line) -> bool:
        company = line.company_id
        _products, firms = self.env["lot.fsma.exemption"]._in_force(
            company, self._day(line.date, company)
        )
        return step.kind == "receiving" and step.other.commercial_partner_id.id in firms

    # -- columns ---------------------------------------------------------------------------------

    @api.model
    def _columns(self, step: Step, lines, lot, places: dict[int, int]) -> dict:
        line = lines[0]
        picking = line.picking_id
        kind, number = picking._fsma_document() if picking else ("record", line.reference)
        vals = {
            **self._head(step.kind, line, lot),
            "quantity": sum(lines.mapped("quantity_product_uom")),
            "warehouse_id": (
                line.location_id if step.kind == "shipping" else line.location_dest_id
            ).warehouse_id.id,
            "partner_id": step.other.commercial_partner_id.id,
            "location_place_id": places[step.location.id],
            "document_type": kind,
            "document_number": number,
            "picking_id": picking.id or None,
        }
        return {**vals, **getattr(self, f"_columns_{step.kind}")(step, line, lot, places)}

    @api.model
    def _columns_shipping(self, step: Step, line, lot, places) -> dict:
        return {"to_place_id": places[step.other.id], **self._code_told(lot, places)}

    @api.model
    def _columns_receiving(self, step: Step, line, lot, places) -> dict:
        return {
            "from_place_id": places[step.other.id],
            "exempt_source": self._is_exempt_source(step, line),
            **self._code_told(lot, places),
        }

    @api.model
    def _columns_first_receiving(self, step: Step, line, lot, places) -> dict:
        return {
            **self._origin_told(lot, places),
            "from_place_id": places[step.other.id],
            "species": lot.product_id.fsma_commodity,
            "catch_area": lot.fsma_catch_area or lot.origin_place,
            **self._code_told(lot, places),
        }

    @api.model
    def _columns_harvesting(self, step: Step, line, lot, places) -> dict:
        origin = self._origin_told(lot, places)
        farm = lot.fsma_farm_id or step.location
        return {
            **origin,
            "date": lot.harvest_date or self._day(line.date, line.company_id),
            "partner_id": farm.commercial_partner_id.id,
            "location_place_id": places[farm.id],
            "to_place_id": places[step.other.id],
        }

    @api.model
    def _columns_cooling(self, step: Step, line, lot, places) -> dict:
        origin = self._origin_told(lot, places)
        return {**origin, "to_place_id": places[step.other.id]}
