from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import SQL, float_compare

from ..tools.epcis.flows import RECEIVING, SHIPPING, Flow, amount, ends, flows, pallets
from ..tools.epcis.identifiers import read_link
from ..tools.epcis.ledger import Ledger
from .lot_epcis_goods import Goods, kind_of

# By kind of movement: what it adds to in the ledger of a partner, and the sign that it has.
_OWN = {
    "delivery": ("delivered", -1),
    "customer_return": ("returned", 1),
    "supplier_return": ("sent_back", -1),
}


class Excess(NamedTuple):
    """Where an event ships too much, and what is wrong."""

    path: str
    text: str


class LotEpcisExcess(models.AbstractModel):
    """A partner cannot ship more of a lot than came to it.

    What came to it is what it has told (receipts, and what it made) and what our own records say
    that we delivered. Where nobody has told, nothing is known and nothing is refused; nor where
    amounts cannot be compared. The order in which events are told does not matter.
    """

    _name = "lot.epcis.excess"
    _description = "Partners ship no more than they received"

    @api.model
    def _find(self, events) -> dict[int, Excess]:
        """Which of these events ship more than the partner had, with what it shipped before. A
        fixed number of queries.

        :param events: shipping events that were stored just now, of one company
        :return: {id of the event: what is wrong}
        """
        events = events.filtered("partner_id")
        shipped = self._told(events)
        epcs = {flow.epc for found in shipped.values() for flow in found if flow.what == "shipped"}
        if not epcs:
            return {}
        company = events.company_id
        goods = self.env["lot.epcis.goods"]._goods(epcs, company)
        asked = {goods.key_of(epc) for epc in epcs}
        names = epcs | {epc for epc, key in goods.key.items() if key in asked}
        before = self._told(self._told_about(names, events.partner_id, company) - events)
        every = [flow for found in (*before.values(), *shipped.values()) for flow in found]
        self.env["lot.epcis.goods"]._find_units(goods, {flow.uom for flow in every})
        books = _Books(goods, self.env["lot.epcis.event"]._own_glns(company))
        for event, found in shipped.items():
            books.open(event, found)
        for event, found in [*before.items(), *shipped.items()]:
            came = [flow for flow in found if flow.what != "shipped" or event in before]
            books.note(event, came)
        self._note_own(books, events.partner_id, company)
        wrong: dict[int, Excess] = {}
        for event in sorted(events, key=lambda one: (one.event_time, one.id)):
            excess = books.exceeded(event, shipped[event])
            if excess:
                wrong[event.id] = self._said(event, excess, goods)
            else:
                books.note(event, [flow for flow in shipped[event] if flow.what == "shipped"])
        return wrong

    # -- what was told ---------------------------------------------------------------------------

    @api.model
    def _told(self, events) -> dict[Any, list[Flow]]:
        """What these events tell of amounts; of those that ship, with what is on their pallets."""
        loads = {event: pallets(event.body) for event in events if event.biz_step == SHIPPING}
        contents = self.env["lot.epcis.event"]._pallet_contents(
            {sscc for load in loads.values() for _index, sscc in load},
            events.partner_id.ids,
            events.company_id,
        )
        found = {}
        for event in events:
            loaded = [
                amount("shipped", element, f"epcList[{index}]")
                for index, sscc in loads.get(event, ())
                for element in contents.get((event.partner_id.id, sscc), ())
            ]
            on_pallets = {flow.epc for flow in loaded}
            found[event] = loaded + [
                flow
                for flow in flows(event.body)
                if flow.what != "shipped" or flow.epc not in on_pallets
            ]
        return found

    @api.model
    def _told_about(self, epcs: set[str], partners, company):
        """The events in which these partners tell what they had or shipped of these, by
        themselves or on pallets; none that was declared wrong. One query."""
        rows = self.env.execute_query(
            SQL(
                """WITH said AS (
                     SELECT event.id, event.kind, event.biz_step, event.action, event.partner_id
                       FROM lot_epcis_identifier named
                       JOIN lot_epcis_event event ON event.id = named.event_id
                      WHERE named.epc = ANY(%(epcs)s)
                        AND named.role IN ('epcClass', 'outputEPCClass')
                        AND event.company_id = %(company)s
                        AND event.partner_id = ANY(%(partners)s) AND event.told),
                   found AS (
                     SELECT id FROM said
                      WHERE kind = 'TransformationEvent' OR (kind = 'ObjectEvent'
                            AND (biz_step = ANY(%(steps)s) OR action = 'ADD'))
                     UNION
                     SELECT event.id
                       FROM said
                       JOIN lot_epcis_identifier parent
                         ON parent.event_id = said.id AND parent.role = 'parentID'
                       JOIN lot_epcis_identifier loaded
                         ON loaded.epc = parent.epc AND loaded.role = 'epc'
                       JOIN lot_epcis_event event ON event.id = loaded.event_id
                      WHERE said.kind = 'AggregationEvent' AND event.kind = 'ObjectEvent'
                        AND event.partner_id = said.partner_id AND event.told
                        AND event.company_id = %(company)s
                        AND event.biz_step = %(shipping)s)
                   SELECT event.id FROM lot_epcis_event event JOIN found ON found.id = event.id
                    WHERE NOT event.declared
                      AND NOT EXISTS (SELECT 1 FROM lot_epcis_event wrong
                           WHERE wrong.company_id = event.company_id AND wrong.declared
                             AND wrong.event_hash = event.event_hash)
                    ORDER BY event.id""",
                epcs=list(epcs),
                company=company.id,
                partners=partners.ids,
                steps=[*RECEIVING, SHIPPING],
                shipping=SHIPPING,
            )
        )
        return self.env["lot.epcis.event"].browse([row[0] for row in rows])

    # -- what our own records say ----------------------------------------------------------------

    @api.model
    def _note_own(self, books: "_Books", partners, company) -> None:
        """What we delivered to these partners, and what came back. One query."""
        lots = {lot.id: key for key, lots in books.goods.lots.items() for lot in lots}
        firms = [("partner_id", "child_of", partners.ids), ("company_id", "=", company.id)]
        self.env["lot.trace.engine"]._prepare()
        rows = self.env["lot.genealogy.movement"]._read_group(
            [("lot_id", "in", list(lots)), ("kind", "in", list(_OWN)), *firms],
            ["lot_id", "partner_id", "kind"],
            ["quantity:sum"],
        )
        for lot, partner, kind, quantity in rows:
            column, sign = _OWN[kind]
            key = (partner.commercial_partner_id.id, lots[lot.id])
            books.note_own(key, column, lot.product_id.uom_id, sign * quantity)

    # -- what is said ----------------------------------------------------------------------------

    @api.model
    def _said(self, event, excess: "_Exceeded", goods: Goods) -> Excess:
        """An excess in words: in the unit of the product, else in that which was told."""
        flow = excess.flow
        product = goods.product_of(flow.epc)
        uom = goods.unit.get(flow.uom)
        if product and kind_of(product.uom_id) == excess.kind:
            uom = product.uom_id
        factor = uom.factor if uom and kind_of(uom) == excess.kind else 1.0
        unit = uom.name if uom else flow.uom

        def shown(quantity: float) -> str:
            text = f"{quantity / factor:.6f}".rstrip("0").rstrip(".")
            return f"{text} {unit}".strip()

        name = self.env["lot.trace"]._epc_text(flow.epc, dict(read_link(flow.epc) or ()))
        values = {
            "event": event.event_id,
            "lot": name,
            "shipped": shown(excess.quantity),
            "total": shown(excess.total),
            "had": shown(excess.had),
        }
        if excess.total > excess.quantity:
            text = self.env._(
                "Event %(event)s ships %(shipped)s of %(lot)s, which makes %(total)s with what "
                "left before; %(had)s were received or made. Correct the quantity, or send what "
                "was received besides first.",
                **values,
            )
        else:
            text = self.env._(
                "Event %(event)s ships %(shipped)s of %(lot)s; %(had)s were received or made. "
                "Correct the quantity, or send what was received besides first.",
                **values,
            )
        return Excess(flow.path, text)


class _Exceeded(NamedTuple):
    """What the event ships of a lot, what left altogether and what came, in the reference of
    `kind`."""

    flow: Flow
    kind: Any
    quantity: float
    total: float
    had: float


class _Books:
    """The ledger of each partner and lot that is asked about, in the kind of unit in which it is
    shipped."""

    def __init__(self, goods: Goods, own_glns: set[str]) -> None:
        self.goods = goods
        self._own = own_glns
        self._ledgers: dict[tuple, Ledger] = {}
        self._kinds: dict[tuple, Any] = {}

    def open(self, event, found: list[Flow]) -> None:
        """Ask about what this event ships."""
        for flow in found:
            key = self._key(event, flow)
            if flow.what == "shipped" and key not in self._kinds:
                self._kinds[key] = self.goods.amount(flow)[0]
                self._ledgers[key] = Ledger()

    def note(self, event, found: list[Flow]) -> None:
        for flow in found:
            key = self._key(event, flow)
            if key not in self._ledgers:
                continue
            kind, quantity = self.goods.amount(flow)
            if kind == self._kinds[key]:
                if flow.what != "shipped" or quantity is not None:
                    self._ledgers[key].told(flow.what, quantity, self._whom(event, flow.what))
            elif flow.what != "shipped":
                self._ledgers[key].doubt()

    def note_own(self, key: tuple, column: str, uom, quantity: float) -> None:
        ledger = self._ledgers.get(key)
        if ledger is None:
            return
        if kind_of(uom) != self._kinds[key]:
            ledger.doubt()
            return
        setattr(ledger, column, getattr(ledger, column) + quantity * uom.factor)

    def exceeded(self, event, found: list[Flow]) -> _Exceeded | None:
        """The first lot of which this event ships more than is left."""
        whom = self._whom(event, "shipped")
        sums: dict[tuple, float] = defaultdict(float)
        for flow in found:
            key = self._key(event, flow)
            kind, quantity = self.goods.amount(flow)
            ledger = self._ledgers.get(key)
            if flow.what != "shipped" or quantity is None or kind != self._kinds[key]:
                continue
            sums[key] += quantity
            if not ledger.is_known():
                continue
            had, total = ledger.had(), ledger.shipped_with(sums[key], whom)
            if self._is_more(flow, kind, total, had):
                return _Exceeded(flow, kind, sums[key], total, had)
        return None

    def _is_more(self, flow: Flow, kind, total: float, had: float) -> bool:
        """As the product's unit is rounded; where it is not ours, to a millionth."""
        product = self.goods.product_of(flow.epc)
        if not product or kind_of(product.uom_id) != kind:
            return float_compare(total, had, precision_digits=6) > 0
        factor = product.uom_id.factor
        return product.uom_id.compare(total / factor, had / factor) > 0

    def _key(self, event, flow: Flow) -> tuple:
        return event.partner_id.id, self.goods.key_of(flow.epc)

    def _whom(self, event, what: str) -> str:
        """From whom or to whom: us, others, or nobody who is named."""
        glns = ends(event.body, "destination" if what == "shipped" else "source")
        if not glns:
            return ""
        return "us" if self._own.intersection(glns) else "others"
