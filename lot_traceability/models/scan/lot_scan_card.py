from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.gs1 import ElementString
from .lot_scan_reading import Reading

# Places that a card names.
_PLACES = 8


class LotScanCard(models.AbstractModel):
    """What a device shows of what was scanned."""

    _name = "lot.scan.card"
    _description = "What a handheld shows"

    @api.model
    def _elements(self, elements: ElementString) -> list[dict[str, str]]:
        """Every field of a code, as it was read: a separator that a scanner lost cannot be
        noticed, only seen."""
        return [
            {
                "ai": element.ai,
                "label": element.title,
                "value": element.value,
                "shown": self._shown(element),
            }
            for element in elements
        ]

    @api.model
    def _shown(self, element) -> str:
        text = str(element.typed)
        if isinstance(element.typed, tuple):
            text = " – ".join(dict.fromkeys(map(str, element.typed)))
        return f"{text} {element.unit}".strip()

    @api.model
    def _matches(self, reading: Reading) -> list[dict[str, Any]]:
        """Each record that a code may stand for."""
        found = []
        for kind, records in (
            ("lot", reading.lots),
            ("package", reading.packages),
            ("location", reading.locations),
            ("product", reading.products if not reading.lots else reading.products[:0]),
        ):
            found += [
                {
                    "type": kind,
                    "model": record._name,
                    "id": record.id,
                    "label": record.display_name,
                    "detail": record.product_id.display_name if kind == "lot" else "",
                }
                for record in records
            ]
        return found

    @api.model
    def _product(self, product) -> dict[str, Any]:
        """A product, with the barcodes by which a device knows it without a link."""
        packagings = product.product_uom_ids
        return {
            "id": product.id,
            "name": product.display_name,
            "uom": product.uom_id.name,
            "tracking": product.tracking,
            "dated": product.use_expiration_date,
            "barcodes": {
                code: factor
                for code, factor in (
                    (product.barcode, 1.0),
                    *(
                        (one.barcode, one.uom_id._compute_quantity(1.0, product.uom_id))
                        for one in packagings
                    ),
                )
                if code
            },
        }

    @api.model
    def _lot(self, lot) -> dict[str, Any]:
        """A lot: what it is, whether it may be used, where it is."""
        calendar, company = self.env["lot.calendar"], lot.company_id or self.env.company
        day = calendar._day(lot.expiration_date, company) if lot.expiration_date else None
        status = lot.status_id
        return {
            "id": lot.id,
            "name": lot.name,
            "product": self._product(lot.product_id),
            "supplier_lot": lot.supplier_lot or "",
            "status": {
                "code": status.code or "",
                "name": status.name or "",
                "color": status.color,
                "usable": not status or status.usable,
            },
            "reason": lot.status_reason or "",
            "expiry": fields.Date.to_string(day) if day else "",
            "expired": bool(lot._expired()),
            "days_left": (day - calendar._today(company)).days if day else False,
            "allergens": lot.allergen_ids.mapped("name"),
            "stock": self._stock(Domain("lot_id", "=", lot.id)),
        }

    @api.model
    def _stock(self, domain: Domain) -> list[dict[str, Any]]:
        """Where there is how much, in product units, the largest first."""
        here = Domain("location_id.usage", "in", ("internal", "transit"))
        here &= Domain("quantity", ">", 0)
        quants = self.env["stock.quant"].search(
            domain & here, order="quantity desc, id", limit=_PLACES
        )
        return [
            {
                "location_id": quant.location_id.id,
                "location": quant.location_id.display_name,
                "package": quant.package_id.name or "",
                "lot_id": quant.lot_id.id,
                "lot": quant.lot_id.name or "",
                "product": quant.product_id.display_name,
                "quantity": quant.quantity,
                "reserved": quant.reserved_quantity,
                "uom": quant.product_uom_id.name,
            }
            for quant in quants
        ]
