from datetime import timezone
from typing import Any
from urllib.parse import quote

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import epcis
from ..tools.epcis.times import offset_of
from ..tools.epcis_units import UNITS

_BATCH = 500
# Core business vocabulary: step and disposition of each kind of event.
_STEPS = {
    "harvesting": ("commissioning", "active"),
    "cooling": ("storing", "in_progress"),
    "initial_packing": ("packing", "active"),
    "first_receiving": ("receiving", "in_progress"),
    "shipping": ("shipping", "in_transit"),
    "receiving": ("receiving", "in_progress"),
    "transformation": ("commissioning", "active"),
}
_DOCUMENTS = {
    "bol": "bol",
    "po": "po",
    "asn": "desadv",
    "invoice": "inv",
    "work_order": "prodorder",
}
# Here a lot comes to be, and is described.
_MADE = ("harvesting", "initial_packing", "first_receiving", "transformation")


class LotFsmaEvent(models.Model):
    """Critical tracking events in the words of EPCIS 2.0."""

    _inherit = "lot.fsma.event"

    epcis_event_id = fields.Many2one(
        "lot.epcis.event",
        "As EPCIS event",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _epcis_due = models.Index("(id) WHERE epcis_event_id IS NULL AND void IS NOT TRUE")

    # -- one event -------------------------------------------------------------------------------

    def _epcis(self) -> list[dict[str, Any]]:
        """These events as EPCIS 2.0, each standing alone and with its hash as its id; one that did
        not take place has none and is left out."""
        zone_of = self.env["lot.calendar"]._zone
        # sudo: what an event says was written down with it
        events = self.sudo().filtered(lambda event: not event.void)
        found = []
        for event in events:
            time = event._epcis_time(zone_of(event.company_id))
            written = event._epcis_written(time)
            context = epcis.context(written.to_dict())
            found.append({"@context": context, **written.with_hash_id(context)})
        return found

    def _epcis_time(self, zone: str):
        moment = self.moment or fields.Datetime.to_datetime(self.date) or self.create_date
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return local if local.tzinfo else local.replace(tzinfo=timezone.utc)

    def _epcis_written(self, time) -> epcis.Event:
        step, disposition = _STEPS[self.kind]
        document = self._epcis_document()
        common: dict[str, Any] = {
            "time": time,
            "offset": offset_of(time),
            "biz_step": step,
            "disposition": disposition,
            "read_point": self._epcis_place(self.location_place_id),
            "biz_location": None
            if self.kind == "shipping"
            else self._epcis_place(self.location_place_id),
            "transactions": (document,) if document else (),
            **self._epcis_ends(),
        }
        serial = self.product_id.tracking == "serial" and self._epcis_thing()
        amount = () if serial else (self._epcis_amount(),)
        things = (serial,) if serial else ()
        if self.kind in ("initial_packing", "transformation") and self.input_ids:
            return epcis.TransformationEvent(
                **common,
                input_quantities=tuple(row._epcis_amount() for row in self.input_ids),
                output_epcs=things,
                output_quantities=amount,
                ilmd=self._epcis_ilmd(),
            )
        made = self.kind in _MADE
        told = {} if made else self._epcis_code()
        return epcis.ObjectEvent(
            **common,
            action="ADD" if made else "OBSERVE",
            epc_list=things,
            quantities=amount,
            ilmd=self._epcis_ilmd() if made else None,
            extensions=told,
        )

    # -- its parts -------------------------------------------------------------------------------

    def _epcis_ends(self) -> dict[str, Any]:
        """From whom and to whom."""
        here, other = self.location_place_id, self.to_place_id or self.from_place_id
        if self.kind not in ("shipping", "receiving", "first_receiving"):
            return {}
        source, target = (here, other) if self.kind == "shipping" else (other, here)
        found = {}
        for name, place in (("sources", source), ("destinations", target)):
            if place:
                found[name] = (
                    epcis.Party("possessing_party", self._epcis_uri(place, "417")),
                    epcis.Party("location", self._epcis_uri(place, "414")),
                )
        return found

    def _epcis_document(self):
        if not self.document_number:
            return None
        number = quote(self.document_number, safe="")
        return epcis.Transaction(
            f"{self._epcis_root()}/documents/{self.company_id.id}/{number}",
            _DOCUMENTS.get(self.document_type or "", ""),
        )

    def _epcis_place(self, place):
        return epcis.Place(self._epcis_uri(place, "414")) if place else None

    @api.model
    def _epcis_uri(self, place, key: str) -> str:
        """A place by its GLN; by an address of ours where it has none."""
        if place.gln:
            return f"https://id.gs1.org/{key}/{place.gln}"
        return f"{self._epcis_root()}/places/{place.partner_id.id or place.id}"

    @api.model
    def _epcis_root(self) -> str:
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")  # sudo: no secret
        return base.rstrip("/") + "/epcis"

    def _epcis_amount(self):
        lot = self.lot_id
        name = self._epcis_class(self.product_id, self.code_id, lot.name or self.tlc or "")
        return epcis.Quantity(name, self.quantity, UNITS.get((self.uom or "").lower(), ""))

    def _epcis_thing(self) -> str:
        gtin = self.product_id._fsma_gtin()
        number = quote(self.lot_id.name or "", safe="")
        return f"https://id.gs1.org/01/{gtin}/21/{number}" if gtin and number else ""

    @api.model
    def _epcis_class(self, product, code, name: str) -> str:
        """A lot as its maker calls it, where that is known: product and traceability lot code."""
        gtin = code.gtin or product._fsma_gtin()
        batch = code.batch or name
        if gtin and batch:
            return f"https://id.gs1.org/01/{gtin}/10/{quote(batch, safe='')}"
        rest = f"/lots/{quote(batch, safe='')}" if batch else ""
        return f"{self._epcis_root()}/products/{product.id}{rest}"

    def _epcis_code(self) -> dict[str, str]:
        source = self.source_place_id
        return epcis.traceability(
            self.tlc or "",
            self._epcis_uri(source, "414") if source else "",
            self.source_reference or "",
        )

    def _epcis_ilmd(self):
        lot = self.lot_id
        source = self.source_place_id
        day = self.env["lot.calendar"]._day
        expiry = lot.expiration_date and day(lot.expiration_date, self.company_id)
        return epcis.Ilmd(
            lot_number=lot.name or "",
            expiration_date=expiry or None,
            production_date=lot.production_date or None,
            packaging_date=lot.packing_date or None,
            harvest_start_date=self.harvest_date or None,
            harvest_end_date=self.harvest_end_date or None,
            country_of_origin=lot.origin_country_id.code or "",
            tlc=self.tlc or "",
            tlc_source=self._epcis_uri(source, "414") if source else "",
            tlc_source_reference=self.source_reference or "",
        )

    # -- the store -------------------------------------------------------------------------------

    @api.model
    def _cron_epcis(self) -> None:
        """Take our own events over into the store of EPCIS events, a batch after the other."""
        cron = self.env["ir.cron"]
        while True:
            done = self._epcis_store_due(_BATCH)
            if not done or not cron._commit_progress(done):
                break
        self._epcis_declare_due(_BATCH)

    @api.model
    def _epcis_store_due(self, most: int) -> int:
        """Store events that are not stored yet; returns how many."""
        self.env["lot.fsma.recorder"]._flush()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM lot_fsma_event WHERE epcis_event_id IS NULL "
                "AND void IS NOT TRUE ORDER BY id LIMIT %s",
                most,
            )
        )
        # sudo: the program that keeps the store sees all of them
        events = self.sudo().browse([row[0] for row in rows])
        for company, together in events.grouped("company_id").items():
            stored = self.env["lot.epcis.event"]._store(
                together._epcis(),
                company,
                [event.partner_id.commercial_partner_id.id for event in together],
            )
            for event, stored_id in zip(together, stored.ids, strict=True):
                event.epcis_event_id = stored_id
            packed = together._epcis_packed()
            self.env["lot.epcis.event"]._store(
                [event for _partner, event in packed],
                company,
                [partner for partner, _event in packed],
            )
        return len(events)

    @api.model
    def _epcis_declare_due(self, most: int) -> int:
        """Declare wrong what a later version has replaced; returns how many."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT old.id FROM lot_fsma_event old
                     JOIN lot_epcis_event told ON told.id = old.epcis_event_id
                     JOIN lot_fsma_event next ON next.id = old.replaced_by_id
                    WHERE (next.void OR next.epcis_event_id <> old.epcis_event_id)
                      AND NOT EXISTS (SELECT 1 FROM lot_epcis_event wrong
                           WHERE wrong.company_id = told.company_id AND wrong.declared
                             AND wrong.event_hash = told.event_hash)
                    ORDER BY old.id LIMIT %s""",
                most,
            )
        )
        # sudo: as above
        events = self.sudo().browse([row[0] for row in rows])
        for event in events:
            later, told = event.replaced_by_id, event.epcis_event_id
            declaration = epcis.ErrorDeclaration(
                later.create_date.replace(tzinfo=timezone.utc),
                "did_not_occur" if later.void else "incorrect_data",
                tuple(later.epcis_event_id.mapped("event_id")),
            )
            body = {**told.body, "errorDeclaration": declaration.to_dict()}
            self.env["lot.epcis.event"]._store([body], event.company_id, [told.partner_id.id])
        return len(events)
