from collections import defaultdict
from collections.abc import Iterable

from odoo import api, models

from ..tools import trace_graph as graph
from ..tools.trace_returns import net_deliveries, sum_by_partner
from ..tools.trace_values import document, iso, iso_seconds
from .lot_genealogy_history import LINKED


class LotTraceRows(models.AbstractModel):
    """How the answer of `lot.trace` is put together from what the engine reads."""

    _inherit = "lot.trace"

    # -- the trace ---------------------------------------------------------------------------

    @api.model
    def _trace(self, origins: list[int], direction: str, max_depth: int = 0) -> dict:
        down = self._walk_one(origins, False, max_depth) if direction != "upstream" else None
        up = self._walk_one(origins, True, max_depth) if direction != "downstream" else None
        walks = [walk for walk in (up, down) if walk]
        engine = self.env["lot.trace.engine"]
        known = engine._readable(set(origins).union(*(walk["level"] for walk in walks)))
        self._fetch_products({row[1] for row in known.values()})
        stock = self._stock_rows(list(known), known)
        if down:
            down["lost"] = engine._lost_outputs(down["arrival"].keys() & known.keys())
        incoming, outgoing, scrapped = self._movements_by_side(origins, up, down, known)
        moved = [*incoming, *outgoing, *scrapped]
        names = self._partner_names({row[3] for row in moved})
        documents = self._move_documents((row[4], row[5]) for row in moved)
        result = {
            "origin": origins,
            "direction": direction,
            "max_depth": max_depth,
            "lots": self._lot_rows(origins, up, down, known, stock),
            "edges": self._edge_rows(walks, known),
            "receipts": self._receipt_rows(origins, up, incoming, names, documents),
            "deliveries": self._delivery_rows(origins, down, outgoing, names, documents)
            + self._unlabelled_rows(down),
            "on_hand": stock,
            "scrapped": self._scrap_rows(scrapped, documents),
        }
        units = {row["id"]: row["uom"] for row in result["lots"]}
        result["partners"] = sum_by_partner(result["deliveries"], "customer", units)
        result["partners"] += sum_by_partner(result["receipts"], "supplier", units)
        result["warnings"] = self.env["lot.trace.warnings"]._collect(result, up, down, known)
        result["complete"] = not any(w["incomplete"] for w in result["warnings"])
        return result

    @api.model
    def _walk_one(self, origins: list[int], backward: bool, max_depth: int) -> dict:
        """One direction: links, when each lot was reached, generations, and the lots that are
        reached by recorded links alone."""
        engine = self.env["lot.trace.engine"]
        links = engine._walk(origins, backward)
        steps = graph.steps_of(links, backward)
        arrival, untimed, early = engine._reach(links, steps, origins, backward)
        near = graph.CHILD if backward else graph.PARENT
        level = graph.generations(steps, origins, backward, without=early)
        if early:
            level = graph.generations(steps, origins, backward) | level
        cut = 0 < max_depth < max(level.values(), default=0)
        if max_depth > 0:
            level = {lot: depth for lot, depth in level.items() if depth <= max_depth}
            links = [row for row in links if level.get(row[near], max_depth) < max_depth]
            steps = graph.steps_of(links, backward)
        recorded = arrival
        if any(row[graph.INFERRED] for row in links):
            recorded = graph.spread(steps, origins, backward, untimed, recorded_only=True)
        return {
            "links": links,
            "arrival": arrival,
            "untimed": untimed,
            "early": early,
            "level": level,
            "recorded": recorded,
            "cut": cut,
            "backward": backward,
        }

    @api.model
    def _movements_by_side(self, origins, up, down, known) -> tuple[list, list, list]:
        """What came in of the origins and of everything upstream, what went out (and came back)
        of the origins and of everything downstream, and what of all these was scrapped."""
        engine = self.env["lot.trace.engine"]
        above = set(up["level"] if up else origins) & known.keys()
        below = set(down["level"] if down else origins) & known.keys()
        found_below = engine._movements(
            below, ("delivery", "customer_return", "intercompany_out", "scrap")
        )
        found_above = engine._movements(above, ("receipt", "intercompany_in", "produced", "scrap"))
        scrapped = [row for row in found_below if row[1] == "scrap"]
        scrapped += [row for row in found_above if row[1] == "scrap" and row[0] not in below]
        return (
            [row for row in found_above if row[1] != "scrap"],
            [row for row in found_below if row[1] != "scrap"],
            scrapped,
        )

    # -- rows --------------------------------------------------------------------------------

    @api.model
    def _lot_rows(self, origins, up, down, known, stock) -> list[dict]:
        digits = self._digits()
        products = self._products({row[1] for row in known.values()})
        on_hand: dict[int, float] = defaultdict(float)
        for row in stock:
            on_hand[row["lot_id"]] += row["quantity"]
        started = set(origins)
        levels_above = up["level"] if up else {}
        levels_below = down["level"] if down else {}
        # sudo: what the statuses are called is no secret
        statuses = self.env["lot.status"].sudo().with_context(active_test=False)
        status_of = {status.id: status for status in statuses.search([])}
        free = statuses.browse()
        shelf = self._shelf_state()
        rows = []
        for lot, (name, product, supplier_lot, *dates, company, status) in known.items():
            expiry, removal = dates
            above = lot in levels_above and lot not in started
            below = lot in levels_below and lot not in started
            walk = down if below else up if above else None
            reached = walk["arrival"].get(lot) if walk else graph.ALWAYS
            rows.append(
                {
                    "id": lot,
                    "name": name,
                    "product_id": product,
                    "product": products[product]["name"],
                    "uom": products[product]["uom"],
                    "company_id": company or False,
                    "supplier_lot": supplier_lot or "",
                    "expiration_date": iso(expiry),
                    "removal_date": iso(removal),
                    "shelf": shelf(expiry, removal),
                    "status": status_of.get(status, free).name or "",
                    "usable": status_of[status].usable if status else True,
                    "side": "both"
                    if above and below
                    else "upstream"
                    if above
                    else "downstream"
                    if below
                    else "origin",
                    "level": (-1 if walk is up else 1) * walk["level"][lot] if walk else 0,
                    "certainty": "recorded" if not walk or lot in walk["recorded"] else "inferred",
                    "reached": iso(abs(reached))
                    if reached is not None and reached != graph.ALWAYS
                    else False,
                    "before": reached is None,
                    "on_hand": round(on_hand[lot], digits) + 0.0 if lot in on_hand else 0.0,
                }
            )
        return sorted(rows, key=lambda row: (row["level"], row["product"], row["name"], row["id"]))

    @api.model
    def _shelf_state(self):
        """(expiry, removal) → "expired", "removal", "good" or "undated", by the company's day."""
        limit = self.env["lot.calendar"]._expired_before()

        def state(expiry, removal):
            if expiry and expiry < limit:
                return "expired"
            if removal and removal < limit:
                return "removal"
            return "good" if expiry else "undated"

        return state

    @api.model
    def _edge_rows(self, walks, known) -> list[dict]:
        digits = self._digits()
        links: dict[int, tuple] = {}
        before: set[int] = set()
        for walk in walks:
            before |= walk["early"]
            for row in walk["links"]:
                if row[graph.PARENT] in known and row[graph.CHILD] in known:
                    links[row[graph.ID]] = row
        for walk in walks if before else ():
            before -= {row[graph.ID] for row in walk["links"]} - walk["early"]
        documents: dict[str, set[int]] = defaultdict(set)
        for model, res_id in {(row[graph.MODEL], row[graph.RES_ID]) for row in links.values()}:
            documents[model].add(res_id)
        engine = self.env["lot.trace.engine"]
        of_edge = {
            (model, res_id): document(model, res_id, names.get(res_id, ""))
            for model, ids in documents.items()
            if model != LINKED
            for names in [engine._names(model, ids)]
            for res_id in ids
        }
        imported = self._history_documents(LINKED, documents.get(LINKED, ()))
        of_edge.update(((LINKED, row), found) for row, found in imported.items())
        return [
            {
                "id": edge,
                "parent_lot_id": parent,
                "child_lot_id": child,
                "kind": kind,
                "certainty": "inferred" if inferred else "recorded",
                "parent_quantity": round(used, digits) + 0.0,
                "child_quantity": round(made, digits) + 0.0,
                "date": iso_seconds(date),
                "document": of_edge[model, res_id],
                "before": edge in before,
            }
            # in the order of `graph.link`
            for edge, parent, child, kind, inferred, used, made, model, res_id, date, _out in (
                links.values()
            )
        ]

    @api.model
    def _receipt_rows(self, origins, up, movements, names, documents) -> list[dict]:
        """Receipts of the origins and of everything upstream, from subcontractors too: what they
        made comes out of their production, not from a supplier's location."""
        rounded = self._rounder()
        if not up:
            arrival, untimed = dict.fromkeys(origins, graph.ALWAYS), ()
        else:
            arrival, untimed = up["arrival"], up["untimed"]
        late = {row[0] for row in movements if -row[7] < arrival.get(row[0], float("inf"))}
        untimed = self._with_short_lots(untimed, late & arrival.keys())
        return [
            {
                "lot_id": row[0],
                "partner_id": row[3] or False,
                "partner": names.get(row[3], ""),
                "quantity": rounded(row[2]),
                "date": iso(row[7]),
                "document": documents[row[4], row[5]],
                "before": row[0] not in arrival
                or (row[0] not in untimed and -row[7] < arrival[row[0]]),
            }
            for row in movements
        ]

    @api.model
    def _delivery_rows(self, origins, down, movements, names, documents) -> list[dict]:
        """Deliveries of the origins and of everything downstream, with what came back."""
        digits = self._digits()
        if not down:
            arrival, untimed = dict.fromkeys(origins, graph.ALWAYS), ()
        else:
            arrival, untimed = down["arrival"], down["untimed"]
        recorded = down["recorded"] if down else arrival
        early = {
            row[0]
            for row in movements
            if row[1] != "customer_return" and row[7] < arrival.get(row[0], float("inf"))
        }
        untimed = self._with_short_lots(untimed, early & arrival.keys())
        return [
            {
                "lot_id": row[0],
                "partner_id": row[3] or False,
                "partner": names.get(row[3], ""),
                "quantity": round(-row[2], digits) + 0.0,
                "returned": round(returned, digits) + 0.0 if returned else 0.0,
                "net": round(-row[2] - returned, digits) + 0.0,
                "date": iso_seconds(row[7]),
                "document": documents[row[4], row[5]],
                "certainty": "recorded" if row[0] in recorded else "inferred",
                "before": row[0] not in arrival
                or (row[0] not in untimed and row[7] < arrival[row[0]]),
            }
            for row, returned in net_deliveries(movements)
        ]

    @api.model
    def _unlabelled_rows(self, down) -> list[dict]:
        """Deliveries of products without lots that may hold goods of this trace: the lot is
        `False`, the certainty inferred."""
        rounded = self._rounder()
        engine = self.env["lot.trace.engine"]
        orders = {order for _lot, order, _product in down["lost"]} if down else set()
        if not orders:
            return []
        untracked = self.env["lot.genealogy.untracked"]
        users = untracked._hops(sorted(untracked._users(orders)))
        orders |= {user for user, source, _part in users if source in orders}
        found = engine._deliveries_without_lot(orders)
        products = self._products({row[1] for row in found})
        names = self._partner_names({row[3] for row in found})
        documents = self._move_documents((row[4], row[5]) for row in found)
        return [
            {
                "lot_id": False,
                "product_id": product,
                "product": products[product]["name"],
                "uom": products[product]["uom"],
                "partner_id": partner or False,
                "partner": names.get(partner, ""),
                "quantity": rounded(quantity),
                "returned": 0.0,
                "net": rounded(quantity),
                "date": iso(when),
                "document": documents[picking, move],
                "certainty": "inferred",
                "before": False,
            }
            for _order, product, quantity, partner, picking, move, when in found
        ]

    @api.model
    def _with_short_lots(self, untimed: Iterable[int], doubtful: Iterable[int]) -> set[int]:
        """`untimed` and those of the doubtful lots that were booked out before they were in."""
        left = set(doubtful) - set(untimed)
        short = self.env["lot.trace.engine"]._short_lots(left) if left else set()
        return set(untimed) | short

    @api.model
    def _scrap_rows(self, movements, documents) -> list[dict]:
        rounded = self._rounder()
        return [
            {
                "lot_id": row[0],
                "quantity": rounded(-row[2]),
                "date": iso(row[7]),
                "document": documents[row[4], row[5]],
            }
            for row in movements
        ]

    @api.model
    def _stock_rows(self, lot_ids, known) -> list[dict]:
        """What lies in the stock; its value only for those who may see costs."""
        rounded = self._rounder()
        engine = self.env["lot.trace.engine"]
        rows = [row for row in engine._stock(lot_ids) if row[0] in known]
        places = engine._names("stock.location", {row[1] for row in rows}, "complete_name")
        packages = engine._names("stock.package", {row[2] for row in rows if row[2]})
        costs = self._costs({known[row[0]][1] for row in rows}, {row[0] for row in rows})
        return [
            {
                "lot_id": lot,
                "location_id": place,
                "location": places.get(place, ""),
                "package": packages.get(package, ""),
                "quantity": rounded(quantity),
                "reserved": rounded(reserved),
                "company_id": company,
                "value": round(
                    quantity * costs.get(("lot", lot), costs.get((known[lot][1], company), 0.0)), 2
                ),
            }
            for lot, place, package, quantity, reserved, company in rows
        ]

    @api.model
    def _made_of(self, lot_ids: list[int]) -> list[int]:
        """These lots and everything that was made of them, as far as the caller may read it."""
        self.env["lot.trace.engine"]._prepare()
        reached = self._walk_one(lot_ids, False, 0)["arrival"]
        return sorted(self.env["lot.trace.engine"]._readable(set(lot_ids) | reached.keys()))

    @api.model
    def _counts(self, lot_ids: list[int]) -> dict[str, int]:
        """How many lots lie upstream and downstream, and how many customers were reached."""
        self.env["lot.trace.engine"]._prepare()
        up = self._walk_one(lot_ids, True, 0)
        down = self._walk_one(lot_ids, False, 0)
        movements = self.env["lot.trace.engine"]._movements(down["arrival"], ("delivery",))
        reached = {
            r[3] for r in movements if r[7] >= down["arrival"][r[0]] or r[0] in down["untimed"]
        }
        return {
            "upstream": len(up["arrival"]) - len(lot_ids),
            "downstream": len(down["arrival"]) - len(lot_ids),
            "customers": len(reached - {None}),
        }
