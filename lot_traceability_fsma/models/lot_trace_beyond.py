import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from odoo import api, models
from odoo.addons.lot_traceability.tools.trace_values import iso
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.epcis.identifiers import read_link

# A chain of so many steps outside the firm is no chain that anybody follows.
_DEEPEST = 30
_MOST = 5_000
_SHOWN = 200
_MOVES = ("shipping", "receiving", "departing", "arriving", "accepting")


class LotTrace(models.AbstractModel):
    """A trace goes on beyond our own walls, as far as partners have told us: their word, which is
    shown apart from what our own records say."""

    _inherit = "lot.trace"

    @api.model
    def _supplement(self, result: dict) -> None:
        """As without this module. Once a partner has told events, there is one key more:
        ``beyond``, what partners tell of lots outside the firm; see `_beyond`. It is in no other
        key but, with its number, in the warnings."""
        super()._supplement(result)
        if not self._has_told():
            return
        started = time.perf_counter()
        result["beyond"] = self._beyond(result)
        items = result["beyond"]["items"]
        if items:
            told = self.env._(
                "Partners tell of %(count)s more lots outside the firm (their word, not our "
                "records): %(names)s",
                count=len(items),
                names=", ".join(row["text"] for row in items[:10]),
            )
            result["warnings"].append(
                {"code": "beyond", "message": told, "lot_ids": [], "incomplete": False}
            )
        spent = (time.perf_counter() - started) * 1000
        result["elapsed_ms"] = round(result["elapsed_ms"] + spent, 3)

    @api.model
    def _told_besides(self, result: dict) -> dict:
        items = result.get("beyond", {}).get("items")
        return super()._told_besides(result) | ({"beyond": len(items)} if items else {})

    @api.model
    def _drawn(self, result: dict, limit: int) -> dict:
        drawn = super()._drawn(result, limit)
        if "beyond" not in result:
            return drawn
        drawn["beyond"] = {
            "items": result["beyond"]["items"][:_SHOWN],
            "moves": result["beyond"]["moves"][:_SHOWN],
            "total": len(result["beyond"]["items"]),
            "moves_total": len(result["beyond"]["moves"]),
        }
        return drawn

    @api.model
    def _beyond(self, result: dict) -> dict[str, list]:
        """What partners tell of lots outside the firm.

        :param result: the trace within the firm
        :return: {"items": [{"epc", "text", "side": "upstream" or "downstream", "level",
            "partner_id", "partner", "lot_ids"}], "links": [{"source", "target", "source_text",
            "target_text", "kind", "partner_id", "partner", "event_id", "date"}], "moves": [{"epc",
            "text", "step", "from", "to", "partner", "event_id", "date"}]}.
            `lot_ids` are lots of ours that this may be: the chain came back.
        """
        reached = [row for row in result["lots"] if not row["before"]]
        ours = self._epcs_of([row["id"] for row in reached])
        items: dict[str, dict[str, Any]] = {}
        links: dict[tuple, dict[str, Any]] = {}
        for side, others in (("upstream", "downstream"), ("downstream", "upstream")):
            if result["direction"] == others:
                continue
            starts = {row["id"]: row["level"] for row in reached if row["side"] != others}
            levels = {epc: abs(starts[lot]) for epc, lot in ours.items() if lot in starts}
            self._follow(levels, side, set(ours), items, links)
        self._name_items(items)
        self._name_links(links)
        moves = self._told_moves([*ours, *items])
        return {
            # In an order that another run would give as well: the digest of a trace tells it.
            "items": sorted(
                items.values(), key=lambda row: (row["side"], abs(row["level"]), row["epc"])
            ),
            "links": [links[key] for key in sorted(links)],
            "moves": sorted(moves, key=lambda row: (row["date"], row["event_id"], row["epc"])),
        }

    @api.model
    def _has_told(self) -> bool:
        """Has any partner ever told anything that the caller may read? Most firms' traces end
        here, with one query."""
        if not self.env["lot.epcis.link"].has_access("read"):
            return False
        (row,) = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT 1 FROM lot_epcis_event WHERE told AND company_id = ANY(%s))",
                self.env.companies.ids,
            )
        )
        return row[0]

    @api.model
    def _follow(self, levels: dict[str, int], side: str, ours: set[str], items, links) -> None:
        """Go on from identifiers that are reached, step by step, a query each."""
        sign = -1 if side == "upstream" else 1
        level, front = dict(levels), list(levels)
        for _step in range(_DEEPEST):
            if not front or len(items) >= _MOST:
                break
            rows = self.env["lot.epcis.link"]._next(
                front, self.env.companies.ids, side == "upstream"
            )
            front = []
            for near, far, kind, partner, event, moment in rows:
                source, target = (far, near) if side == "upstream" else (near, far)
                links.setdefault(
                    (source, target, event),
                    {
                        "source": source,
                        "target": target,
                        "kind": kind,
                        "partner_id": partner or False,
                        "event_id": event,
                        "date": iso(moment),
                    },
                )
                if far in level:
                    continue
                level[far] = level[near] + 1
                front.append(far)
                # An event with many inputs and outputs stands between them.
                knot = far.startswith("ni:///")
                if far not in ours and far not in items and not knot:
                    items[far] = {
                        "epc": far,
                        "side": side,
                        "level": sign * level[far],
                        "partner_id": partner or False,
                    }

    # -- names -----------------------------------------------------------------------------------

    @api.model
    def _epcs_of(self, lot_ids: list[int]) -> dict[str, int]:
        """What these lots may be called by partners: {identifier in one notation: lot id}."""
        found: dict[str, int] = {}
        # sudo: the caller may read these lots; their products and codes are looked up for that
        for epc, lot in self._called(self.env["stock.lot"].sudo().browse(lot_ids)):
            found.setdefault(epc, lot.id)
        return found

    @api.model
    def _called(self, lots) -> Iterator[tuple[str, Any]]:
        """(identifier in one notation, lot): all that partners may call these lots."""
        events = self.env["lot.fsma.event"]
        for lot in lots:
            product, code = lot.product_id, lot.fsma_code_id
            yield events._epcis_class(product, code, lot.name), lot
            packed = {one.barcode.zfill(14) for one in product.product_uom_ids if one.barcode}
            gtins = {code.gtin, product._fsma_gtin(), *packed} - {False, ""}
            for gtin in gtins:
                for batch in {lot.name, lot.supplier_lot, code.batch} - {False, ""}:
                    for key in ("10", "21"):
                        yield self._link_of(gtin, key, batch), lot
        # sudo: what was announced is looked up for whoever asks about the lots
        for line in self.env["lot.fsma.notice.line"].sudo()._of_lots(lots):
            yield line.epc, line.move_line_id.lot_id

    @api.model
    def _link_of(self, gtin: str, key: str, number: str) -> str:
        return f"https://id.gs1.org/01/{gtin}/{key}/{quote(number, safe='')}"

    @api.model
    def _name_items(self, items: dict[str, dict[str, Any]]) -> None:
        parsed = {epc: dict(read_link(epc) or ()) for epc in items}
        partners = self._partner_names({row["partner_id"] for row in items.values()})
        lots = self._lots_named(parsed)
        for epc, row in items.items():
            row["text"] = self._epc_text(epc, parsed[epc])
            row["partner"] = partners.get(row["partner_id"], "")
            row["lot_ids"] = lots.get(epc, [])

    @api.model
    def _name_links(self, links: dict[tuple, dict[str, Any]]) -> None:
        partners = self._partner_names({row["partner_id"] for row in links.values()})
        for row in links.values():
            row["partner"] = partners.get(row["partner_id"], "")
            for end in ("source", "target"):
                row[f"{end}_text"] = self._epc_text(row[end], dict(read_link(row[end]) or ()))

    @api.model
    def _epc_text(self, epc: str, parts: dict[str, str]) -> str:
        """An identifier as people read it."""
        if not parts:
            return unquote(epc)
        return " ".join(f"({key}){value}" for key, value in parts.items())

    @api.model
    def _lots_named(self, parsed: dict[str, dict[str, str]]) -> dict[str, list[int]]:
        """Lots of ours that these may be; one search."""
        numbers = {parts.get("10") or parts.get("21") for parts in parsed.values()} - {None}
        if not numbers:
            return {}
        named = Domain.OR(
            Domain(name, "in", list(numbers))
            for name in ("name", "supplier_lot", "fsma_code_id.batch")
        )
        by_key = defaultdict(list)
        for lot in self.env["stock.lot"].search(named, limit=_MOST):
            for gtin in {lot.product_id._fsma_gtin(), lot.fsma_code_id.gtin} - {False, ""}:
                for number in {lot.name, lot.supplier_lot, lot.fsma_code_id.batch}:
                    by_key[gtin, number].append(lot.id)
        return {
            epc: by_key[parts.get("01"), parts.get("10") or parts.get("21")]
            for epc, parts in parsed.items()
        }

    # -- who had it ------------------------------------------------------------------------------

    @api.model
    def _told_moves(self, epcs: list[str]) -> list[dict[str, Any]]:
        """Where partners say that these went. One query, and one for names."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT named.epc, event.id, event.biz_step, event.partner_id,
                          event.event_time, source.epc, target.epc
                     FROM lot_epcis_identifier named
                     JOIN lot_epcis_event event ON event.id = named.event_id
                LEFT JOIN LATERAL (SELECT MIN(epc) AS epc FROM lot_epcis_identifier
                           WHERE event_id = event.id AND role LIKE 'source %%') source ON TRUE
                LEFT JOIN LATERAL (SELECT MIN(epc) AS epc FROM lot_epcis_identifier
                           WHERE event_id = event.id AND role LIKE 'destination %%') target
                       ON TRUE
                    WHERE named.epc = ANY(%s) AND named.role = ANY(%s) AND event.told
                      AND NOT event.declared AND event.company_id = ANY(%s)
                      AND event.biz_step = ANY(%s)
                    ORDER BY event.event_time, event.id LIMIT %s""",
                epcs,
                ["epc", "epcClass", "parentID"],
                self.env.companies.ids,
                list(_MOVES),
                _MOST,
            )
        )
        names = self._partner_names({row[3] for row in rows})
        places = self._places_named({row[5] for row in rows} | {row[6] for row in rows})
        return [
            {
                "epc": epc,
                "text": self._epc_text(epc, dict(read_link(epc) or ())),
                "step": step,
                "from": places.get(source, ""),
                "to": places.get(target, ""),
                "partner": names.get(partner, ""),
                "event_id": event,
                "date": iso(moment),
            }
            for epc, event, step, partner, moment, source, target in rows
        ]

    @api.model
    def _places_named(self, uris: set) -> dict[str, str]:
        """Who or where these are: contacts by their GLN, else as it was told."""
        glns = {}
        for uri in uris - {None}:
            parts = dict(read_link(uri) or ())
            glns[uri] = parts.get("414") or parts.get("417") or ""
        known = {
            partner.fsma_gln: partner.display_name
            for partner in self.env["res.partner"].search(
                [("fsma_gln", "in", [gln for gln in glns.values() if gln])]
            )
        }
        return {uri: known.get(gln) or gln or uri for uri, gln in glns.items()}
