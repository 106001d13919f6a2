from collections import defaultdict
from typing import Any

from odoo import models

from ..tools import epcis
from ..tools.epcis_units import UNITS


class LotFsmaEvent(models.Model):
    """What was shipped on which pallet, in the words of EPCIS: one event a pallet, so that who
    scans its number knows the lots on it."""

    _inherit = "lot.fsma.event"

    def _epcis_packed(self) -> list[tuple[int, dict[str, Any]]]:
        """(partner id, event) of each pallet that these shipping events tell of."""
        shipped = self.filtered(lambda event: event.kind == "shipping" and not event.void)
        found = []
        for picking in shipped.picking_id:
            # All of the transfer: a pallet is told whole, whichever of its lots are new here.
            together = picking.fsma_event_ids.filtered(
                lambda one: one.kind == "shipping" and not one.void and not one.replaced_by_id
            )
            if not together:
                continue
            loads = defaultdict(lambda: defaultdict(float))
            for line in picking.move_line_ids._done().filtered("result_package_id"):
                package = line.result_package_id
                sscc = (package.outermost_package_id or package)._sscc()
                if sscc and line.lot_id in together.lot_id:
                    loads[sscc][line.lot_id] += line.quantity_product_uom
            for sscc, lots in sorted(loads.items()):
                event = together[0]._epcis_pallet(sscc, lots)
                found.append((together[0].partner_id.commercial_partner_id.id, event))
        return found

    def _epcis_pallet(self, sscc: str, lots: dict) -> dict[str, Any]:
        time = self._epcis_time(self.env["lot.calendar"]._zone(self.company_id))
        amounts = tuple(
            epcis.Quantity(
                self._epcis_class(lot.product_id, lot.fsma_code_id, lot.name),
                quantity,
                UNITS.get((lot.product_id.uom_id.name or "").lower(), ""),
            )
            for lot, quantity in lots.items()
        )
        written = epcis.AggregationEvent(
            time,
            biz_step="packing",
            disposition="in_progress",
            read_point=self._epcis_place(self.location_place_id),
            action="ADD",
            parent_id=f"https://id.gs1.org/00/{sscc}",
            child_quantities=amounts,
        )
        context = epcis.context(written.to_dict())
        return {"@context": context, **written.with_hash_id(context)}
