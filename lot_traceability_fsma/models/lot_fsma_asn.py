from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import asn
from ..tools.epcis_units import UNITS

_CODE = "lot.fsma.asn"


class LotFsmaAsn(models.AbstractModel):
    """Ship notices that we send: what a delivery took along, lot by lot, on which pallet."""

    _name = "lot.fsma.asn"
    _description = "Advance ship notices"

    @api.model
    def _make(self, picking):
        """The ship notice of a delivery, as its customer wants it.

        :return: the attachment of the delivery that holds it
        :raise UserError: the format is not chosen, or the delivery lacks what it needs
        """
        partner = picking.partner_id
        kind = partner.fsma_asn or partner.commercial_partner_id.fsma_asn
        if not kind:
            raise UserError(
                self.env._(
                    "Choose at the contact %s how it wants its ship notices: X12 or EDIFACT.",
                    partner.display_name or "",
                )
            )
        try:
            text = getattr(self, f"_text_{kind}")(picking, self._shipment(picking))
        except asn.AsnError as error:
            raise UserError(
                self.env._(
                    "The ship notice of %(name)s cannot be made. %(problem)s",
                    name=picking.name,
                    problem=str(error),
                )
            ) from error
        ending, coding = {"x12": ("856", "ascii"), "edifact": ("edi", "latin-1")}[kind]
        # sudo: the file comes with the shipping, whoever ships
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{picking.name.replace('/', '-')}.{ending}",
                    "res_model": picking._name,
                    "res_id": picking.id,
                    "mimetype": "text/plain",
                    "raw": text.encode(coding, "replace"),
                }
            )
        )

    @api.model
    def _make_due(self, pickings) -> None:
        """Make the notices of deliveries that were done just now, for the customers that want
        them. One that cannot be made says so at its delivery, which is done all the same."""
        for picking in pickings:
            partner = picking.partner_id
            wanted = partner.fsma_asn or partner.commercial_partner_id.fsma_asn
            if picking.picking_type_code != "outgoing" or picking.state != "done" or not wanted:
                continue
            try:
                self._make(picking)
            except UserError as error:
                picking.message_post(body=str(error))

    # -- what is told ----------------------------------------------------------------------------

    @api.model
    def _shipment(self, picking) -> asn.Shipment:
        company = picking.company_id
        partner = picking.partner_id
        from_place = picking.location_id._fsma_address() or company.partner_id
        orders = defaultdict(lambda: defaultdict(list))
        for line in picking.move_line_ids._done():
            if not line.lot_id:
                continue
            sale = line.move_id.sale_line_id.order_id
            number = sale.client_order_ref or sale.name or picking.origin or picking.name
            package = line.result_package_id.outermost_package_id or line.result_package_id
            orders[number][package._sscc() if package else ""].append(self._line(line))
        return asn.Shipment(
            picking.name,
            self._local(picking.date_done or fields.Datetime.now(), company),
            ship_from=self._party(from_place),
            ship_to=self._party(partner),
            supplier=self._party(company.partner_id),
            buyer=self._party(partner.commercial_partner_id),
            bill_of_lading=picking._fsma_document()[1],
            orders=tuple(
                asn.Order(
                    number,
                    pallets=tuple(
                        asn.Pallet(sscc, tuple(lines)) for sscc, lines in sorted(pallets.items())
                    ),
                )
                for number, pallets in orders.items()
            ),
        )

    @api.model
    def _line(self, line) -> asn.Line:
        lot, product = line.lot_id, line.product_id
        code = lot.fsma_code_id
        day = self.env["lot.calendar"]._day
        source = code.source_partner_id
        return asn.Line(
            code.gtin or product._fsma_gtin(),
            code.batch or lot.name,
            Decimal(str(line.quantity_product_uom)),
            UNITS.get((product.uom_id.name or "").lower(), "EA"),
            description=product.name,
            product_number=product.default_code or "",
            expiry=day(lot.expiration_date, line.company_id) if lot.expiration_date else None,
            best_before=day(lot.use_date, line.company_id) if lot.use_date else None,
            production=lot.production_date or None,
            packed=lot.packing_date or None,
            harvested=lot.harvest_date or None,
            tlc_source=self._party(source, code.reference or "") if source else None,
        )

    @api.model
    def _party(self, partner, reference: str = "") -> asn.Party:
        place = partner._place() if partner else {}
        return asn.Party(
            name=place.get("name", ""),
            gln=place.get("gln", ""),
            street=place.get("street", ""),
            city=place.get("city", ""),
            state=place.get("state", ""),
            postcode=place.get("zip", ""),
            country=place.get("country", ""),
            phone=place.get("phone", ""),
            reference=reference or place.get("ffrn", ""),
        )

    # -- the envelope ----------------------------------------------------------------------------

    @api.model
    def _text_x12(self, picking, shipment) -> str:
        partner = picking.partner_id
        sender, receiver = self._sides(picking)
        firm = partner.commercial_partner_id
        qualifier = partner.fsma_asn_qualifier or firm.fsma_asn_qualifier or "14"
        own = picking.company_id.partner_id.fsma_asn_qualifier or "14"
        envelope = asn.Interchange(
            sender,
            receiver,
            self._control(),
            self._local(fields.Datetime.now(), picking.company_id),
            sender_qualifier=own,
            receiver_qualifier=qualifier,
        )
        return asn.write_856([shipment], envelope)

    @api.model
    def _text_edifact(self, picking, shipment) -> str:
        sender, receiver = self._sides(picking)
        created = self._local(fields.Datetime.now(), picking.company_id)
        envelope = asn.Envelope(sender, receiver, str(self._control()), created)
        return asn.write_desadv([shipment], envelope)

    @api.model
    def _sides(self, picking) -> tuple[str, str]:
        found = []
        for partner in (picking.company_id.partner_id, picking.partner_id):
            number = partner._asn_number()
            if not number:
                raise UserError(
                    self.env._(
                        "%s has no GLN. Enter it at the contact: a ship notice names both sides.",
                        partner.display_name,
                    )
                )
            found.append(number)
        return found[0], found[1]

    @api.model
    def _control(self) -> int:
        # sudo: counted for whoever ships
        return int(self.env["ir.sequence"].sudo().next_by_code(_CODE))

    @api.model
    def _local(self, moment: datetime, company) -> datetime:
        """The time where goods leave, to the minute, as ship notices say it."""
        zone = self.env["lot.calendar"]._zone(company)
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return local.replace(tzinfo=None, second=0, microsecond=0)
