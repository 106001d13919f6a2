from datetime import date, datetime

from odoo import api, models

# Contacts of a lot, and the columns of an event that their places go into.
_PLACES_OF_LOT = {
    "fsma_farm_id": "farm_place_id",
    "fsma_harvester_id": "harvester_place_id",
    "fsma_cooler_id": "cooling_place_id",
}


class LotFsmaDerived(models.AbstractModel):
    """What the events of transfers and those of orders have in common."""

    _name = "lot.fsma.derived"
    _description = "Deriving critical tracking events"

    @api.model
    def _places(self, partners) -> dict[int, int]:
        """{partner id: place id}, and False for no partner."""
        return {False: False, **self.env["lot.fsma.place"]._of(partners)}

    @api.model
    def _day(self, instant: datetime, company) -> date:
        return self.env["lot.calendar"]._day(instant, company)

    @api.model
    def _head(self, kind: str, line, lot) -> dict:
        """What every event says of its lot, its goods and its time."""
        product, company = lot.product_id, line.company_id
        category = product.fsma_category_id
        told = product._fsma_told()
        return {
            "kind": kind,
            "company_id": company.id,
            "moment": line.date,
            "date": self._day(line.date, company),
            "lot_id": lot.id,
            **told,
            "category_id": category.id,
            "uom_id": product.uom_id.id,
            "uom": product.uom_id.name,
            "sprouts": False,
            **product._fsma_applies(),
        }

    @api.model
    def _code_told(self, lot, places: dict[int, int]) -> dict:
        """Code and source of a lot, as columns."""
        code = lot.fsma_code_id
        return {
            "code_id": code.id,
            "tlc": code.code,
            "source_place_id": places[code.source_partner_id.id],
            "source_reference": code.reference,
        }

    @api.model
    def _origin_told(self, lot, places: dict[int, int]) -> dict:
        """Where a lot comes from, as columns."""
        told = {column: places[lot[name].id] for name, column in _PLACES_OF_LOT.items()}
        area = lot.fsma_area_id._told()
        return {
            **told,
            "field_name": area.get("field_name") or lot.origin_place,
            "container_name": area.get("container_name"),
            "details": lot.fsma_details or False,
            "harvest_date": lot.harvest_date,
            "harvest_end_date": lot.harvest_end_date or lot.harvest_date,
            "cooling_date": lot.fsma_cooling_date,
        }

    @api.model
    def _partners_of(self, lots):
        """The contacts whose places the events of these lots may name."""
        partners = lots.fsma_code_id.source_partner_id
        for name in _PLACES_OF_LOT:
            partners |= lots[name]
        return partners
