from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import unquote

from odoo import api, models
from odoo.tools import SQL

from ..tools.epcis.elements import TLC_NAMES
from ..tools.epcis.identifiers import read_link
from ..tools.epcis.indexing import gln_of, one

_DATES = {
    "expiry_date": "cbvmda:itemExpirationDate",
    "best_before_date": "cbvmda:bestBeforeDate",
    "production_date": "cbvmda:productionDate",
    "packing_date": "cbvmda:packagingDate",
    "harvest_date": "cbvmda:harvestStartDate",
}
_SENDERS = ("owning_party", "possessing_party", "location")


class LotEpcisEvent(models.Model):
    """What follows from an event that a partner has told: what went into what, and what is on its
    way to us."""

    _inherit = "lot.epcis.event"

    def _taken(self, header: Mapping[str, Any]) -> None:
        """These were captured just now.

        :param header: what the document says besides its events
        """
        self.env["lot.epcis.link"]._learn(self)
        shipped = self.filtered(lambda event: event.biz_step == "shipping" and not event.declared)
        shipped = shipped.filtered(lambda event: event.kind == "ObjectEvent")
        notices = self.env["lot.fsma.notice"]
        for event in shipped:
            values = event._notice_values()
            if values:
                notices |= notices.create(values)
        notices._try_apply()

    # -- an announced shipment -------------------------------------------------------------------

    def _notice_values(self) -> dict[str, Any] | None:
        """This shipping event as an announcement; None when it does not go to us."""
        self.ensure_one()
        body = self.body
        targets = [one(element["destination"]) for element in body.get("destinationList") or ()]
        if targets and not self._ours(targets):
            return None
        lines = self._notice_lines()
        if not lines:
            return None
        documents = body.get("bizTransactionList") or []
        numbers = {
            str(element.get("type") or "").rpartition(":")[2]: self._number_in(
                element["bizTransaction"]
            )
            for element in documents
        }
        sender = self.partner_id or self._sender()
        return {
            "number": numbers.get("desadv") or numbers.get("bol") or self.event_id[:80],
            "company_id": self.company_id.id,
            "partner_id": sender.id,
            "origin": "epcis",
            "event_id": self.id,
            "shipped": self.event_time,
            "order_number": numbers.get("po"),
            "line_ids": [(0, 0, values) for values in lines],
        }

    @api.model
    def _number_in(self, uri: str) -> str:
        """The number that a business transaction ends with: `urn:…:bt:GLN:PO1`, `https://…/PO1`."""
        return unquote(uri.rstrip("/").rpartition("/")[2].rpartition(":")[2])

    def _ours(self, uris: list[str]) -> bool:
        """Is one of these a place of our firm?"""
        glns = {gln for gln in map(gln_of, uris) if gln}
        return bool(glns and self._own_glns(self.company_id, glns))

    @api.model
    def _own_glns(self, company, among: set[str] | None = None) -> set[str]:
        """The GLNs of a firm and its places.

        :param among: only these are of interest
        """
        asked = ("in", list(among)) if among is not None else ("!=", False)
        partners = self.env["res.partner"].search_fetch(
            [("fsma_gln", *asked), ("id", "child_of", company.partner_id.id)], ["fsma_gln"]
        )
        places = self.env["stock.location"].search_fetch(
            [("gln", *asked), ("company_id", "in", [False, company.id])], ["gln"]
        )
        return {*partners.mapped("fsma_gln"), *places.mapped("gln")}

    def _sender(self):
        """Who ships, by its GLN; empty when it is not a contact of ours."""
        sources = {
            element.get("type"): one(element["source"])
            for element in self.body.get("sourceList") or ()
        }
        glns = [gln_of(sources[kind]) for kind in _SENDERS if kind in sources]
        found = self.env["res.partner"].search([("fsma_gln", "in", list(filter(None, glns)))])
        return found[:1].commercial_partner_id

    def _notice_lines(self) -> list[dict[str, Any]]:
        """The lots of a shipment: those on its pallets, and those that are told beside them."""
        pallets = [
            parts["00"]
            for epc in self.body.get("epcList") or ()
            if (parts := dict(read_link(one(epc)) or ())).get("00")
        ]
        amounts = self._on_pallets(pallets)
        loaded = {one(element["epcClass"]) for _sscc, element in amounts}
        amounts += [
            ("", element)
            for element in self.body.get("quantityList") or ()
            if one(element["epcClass"]) not in loaded
        ]
        described = self._described([one(element["epcClass"]) for _sscc, element in amounts])
        lines = []
        for sscc, element in amounts:
            epc = one(element["epcClass"])
            parts = dict(read_link(epc) or ())
            if not parts.get("01") or not parts.get("10"):
                continue
            facts = {**described.get(epc, {}), **self._facts(self.body)}
            product = self.env["lot.trace"]._products_of_gtin(parts["01"])[:1]
            lines.append(
                {
                    "gtin": parts["01"],
                    "product_id": product.id,
                    "lot": parts["10"],
                    "epc": epc,
                    "sscc": sscc or False,
                    "quantity": element.get("quantity") or 0.0,
                    "unit": element.get("uom"),
                    **facts,
                }
            )
        return lines

    def _on_pallets(self, pallets: list[str]) -> list[tuple[str, dict]]:
        """(SSCC, amount) of what was packed on these, by the latest event of each. One query."""
        contents = self._pallet_contents(pallets, self.partner_id.ids, self.company_id)
        return [
            (sscc, element)
            for (_partner_id, sscc), elements in contents.items()
            for element in elements
        ]

    @api.model
    def _pallet_contents(
        self, pallets: Collection[str], partner_ids: list[int], company
    ) -> dict[tuple[int, str], list[dict]]:
        """What these partners packed on pallets, by the latest event of each. One query.

        :param partner_ids: none for what nobody known has told
        :return: {(partner id or 0, SSCC): amounts}
        """
        if not pallets:
            return {}
        by_them = SQL("event.partner_id = ANY(%s)", partner_ids)
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (event.partner_id, named.epc) event.partner_id, named.epc,
                          event.body -> 'childQuantityList'
                     FROM lot_epcis_identifier named
                     JOIN lot_epcis_event event ON event.id = named.event_id
                    WHERE named.epc = ANY(%s) AND named.role = 'parentID'
                      AND event.kind = 'AggregationEvent' AND event.action = 'ADD'
                      AND event.company_id = %s AND %s
                      AND NOT event.declared
                 ORDER BY event.partner_id, named.epc, event.event_time DESC, event.id DESC""",
                [f"https://id.gs1.org/00/{sscc}" for sscc in pallets],
                company.id,
                by_them if partner_ids else SQL("event.partner_id IS NULL"),
            )
        )
        return {
            (partner_id or 0, epc.rpartition("/")[2]): elements or []
            for partner_id, epc, elements in rows
        }

    def _described(self, epcs: list[str]) -> dict[str, dict[str, Any]]:
        """What the same partner has told of these lots where they came to be. One query."""
        if not epcs:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT named.epc, event.id FROM lot_epcis_identifier named
                     JOIN lot_epcis_event event ON event.id = named.event_id
                    WHERE named.epc = ANY(%s) AND named.role = ANY(%s)
                      AND event.company_id = %s AND event.partner_id IS NOT DISTINCT FROM %s
                      AND NOT event.declared AND jsonb_exists(event.body, 'ilmd')
                    ORDER BY event.event_time, event.id LIMIT 5000""",
                epcs,
                ["epcClass", "outputEPCClass"],
                self.company_id.id,
                self.partner_id.id or None,
            )
        )
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for epc, event_id in rows:
            found[epc].update(self._facts(self.browse(event_id).body.get("ilmd") or {}))
        return found

    @api.model
    def _facts(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Dates, code and source of a lot, as columns of an announced lot."""
        facts: dict[str, Any] = {}
        for column, name in _DATES.items():
            if isinstance(told.get(name), str):
                facts[column] = date.fromisoformat(told[name][:10])
        source = told.get(TLC_NAMES["source"])
        if isinstance(source, str):
            gln = gln_of(source)
            facts.update({"source_gln": gln} if gln else {"source_reference": source})
        for column, name in (("code", "code"), ("source_reference", "reference")):
            if isinstance(told.get(TLC_NAMES[name]), str):
                facts[column] = told[TLC_NAMES[name]]
        return facts
