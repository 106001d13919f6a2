from datetime import timezone
from typing import Any
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..tools import asn


class LotFsmaAsn(models.AbstractModel):
    """Ship notices that we get: they announce what arrives, and fill in its receipt."""

    _inherit = "lot.fsma.asn"

    @api.model
    def take(self, text: str) -> list[int]:
        """Take a ship notice, X12 856 or EDIFACT DESADV, as the firm's gateway hands it over. What
        was taken before is not taken again.

        :param text: one interchange
        :return: ids of `lot.fsma.notice`, one for each shipment in it
        :raise AccessError: without the right of an operator
        :raise UserError: it cannot be read; says which segment is wrong; nothing is kept
        """
        if not self.env.user.has_group("lot_traceability.group_operator"):
            raise AccessError(self.env._("Ship notices are taken by operators of traceability."))
        return self._take(text)

    @api.model
    def _take(self, text: str) -> list[int]:
        """As `take`, for whoever may."""
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("The ship notice is empty. Send one interchange."))
        origin = "x12" if text.lstrip().startswith("ISA") else "edifact"
        try:
            read = asn.read_856 if origin == "x12" else asn.read_desadv
            envelope, shipments = read(text)
            for shipment in shipments:
                asn.check(shipment)
        except asn.AsnError as error:
            raise UserError(self.env._("The ship notice cannot be read. %s", str(error))) from error
        self = self.with_company(self._receiver(envelope.receiver))
        # sudo: an announcement comes into being with the message, and is nobody's to make by hand
        notices = self.env["lot.fsma.notice"].sudo()
        found = notices.browse()
        for shipment in shipments:
            found |= self._notice(shipment, envelope.sender, origin)
        found._try_apply()
        self.env["lot.audit.event"]._record(
            "imported",
            company=self.env.company,
            data={
                "step": dict(notices._fields["origin"].selection)[origin],
                "count": len(found),
                "new": len(found),
            },
        )
        return found.ids

    @api.model
    def _notice(self, shipment: asn.Shipment, sender: str, origin: str):
        """The announcement of a shipment; the known one when it was taken before."""
        # sudo: as in `take`
        notices = self.env["lot.fsma.notice"].sudo()
        partner = self._supplier(shipment, sender)
        known = notices.search(
            [
                ("number", "=", shipment.number),
                ("partner_id", "=", partner.id),
                ("origin", "=", origin),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )
        if known:
            return known
        orders = [order.number for order in shipment.orders if order.number]
        lines = [
            (0, 0, self._line_values(line, pallet.sscc))
            for order in shipment.orders
            for pallet in order.pallets
            for line in pallet.lines
        ]
        return notices.create(
            {
                "number": shipment.number,
                "company_id": self.env.company.id,
                "partner_id": partner.id,
                "origin": origin,
                "shipped": self._utc(shipment.shipped),
                "expected": self._utc(shipment.expected),
                "order_number": orders[0] if orders else False,
                "line_ids": lines,
            }
        )

    @api.model
    def _receiver(self, number: str):
        """Which of our companies a notice is for, by the number in its envelope."""
        for company in self.env.companies:
            if number and company.partner_id._asn_number() == number:
                return company
        return self.env.company

    @api.model
    def _utc(self, moment) -> Any:
        """A time of the notice, which says no zone: ours is as good as any."""
        if not moment:
            return False
        zone = ZoneInfo(self.env["lot.calendar"]._zone(self.env.company))
        return moment.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    def _supplier(self, shipment: asn.Shipment, sender: str):
        """Who sends, by the numbers in the notice; empty when it is no contact of ours."""
        glns = [shipment.supplier.gln, shipment.ship_from.gln, sender]
        partners = self.env["res.partner"]
        for gln in filter(None, glns):
            found = partners.search(
                ["|", ("fsma_gln", "=", gln), ("fsma_asn_number", "=", gln)], limit=1
            )
            if found:
                return found.commercial_partner_id
        return partners

    @api.model
    def _line_values(self, line: asn.Line, sscc: str) -> dict[str, Any]:
        product = self.env["lot.trace"]._products_of_gtin(line.gtin)[:1]
        source = line.tlc_source or asn.Party()
        return {
            "gtin": line.gtin,
            "product_id": product.id,
            "lot": line.lot,
            "epc": self.env["lot.trace"]._link_of(line.gtin, "10", line.lot),
            "sscc": sscc or False,
            "quantity": float(line.quantity),
            "unit": line.unit,
            "code": line.lot,
            "source_gln": source.gln or False,
            "source_reference": source.reference or False,
            "expiry_date": line.expiry,
            "best_before_date": line.best_before,
            "production_date": line.production,
            "packing_date": line.packed,
            "harvest_date": line.harvested,
        }
