from collections import defaultdict
from collections.abc import Callable, Iterable

from odoo import api, models

from ..tools import trace_graph as graph
from ..tools.trace_returns import net_deliveries, sum_by_partner
from ..tools.trace_values import document, iso


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
        stock = self._stock_rows(list(known), known)
        if down:
            down["lost"] = engine._lost_outputs(down["arrival"].keys() & known.keys())
        result = {
            "origin": origins,
            "direction": direction,
            "max_depth": max_depth,
            "lots": self._lot_rows(origins, up, down, known, stock),
            "edges": self._edge_rows(walks, known),
            "receipts": self._receipt_rows(origins, up, known),
            "deliveries": self._delivery_rows(origins, down, known) + self._unlabelled_rows(down),
            "on_hand": stock,
            "scrapped": self._scrap_rows(known),
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

    # -- rows --------------------------------------------------------------------------------

    @api.model
    def _lot_rows(self, origins, up, down, known, stock) -> list[dict]:
        rounded = self._rounder()
        products = self._products({row[1] for row in known.values()})
        on_hand: dict[int, float] = defaultdict(float)
        for row in stock:
            on_hand[row["lot_id"]] += row["quantity"]
        started = set(origins)
        rows = []
        for lot, (name, product, supplier_lot, expiry, removal, company) in known.items():
            above = up and lot in up["level"] and lot not in started
            below = down and lot in down["level"] and lot not in started
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
                    "on_hand": rounded(on_hand[lot]),
                }
            )
        return sorted(rows, key=lambda row: (row["level"], row["product"], row["name"], row["id"]))

    @api.model
    def _edge_rows(self, walks, known) -> list[dict]:
        rounded = self._rounder()
        documents: dict[str, set[int]] = defaultdict(set)
        links: dict[int, tuple] = {}
        for walk in walks:
            for row in walk["links"]:
                if row[graph.PARENT] in known and row[graph.CHILD] in known:
                    documents[row[graph.MODEL]].add(row[graph.RES_ID])
                    before = row[0] in walk["early"] and links.get(row[0], (row, True))[1]
                    links[row[0]] = (row, before)
        engine = self.env["lot.trace.engine"]
        of_edge = {
            (model, res_id): document(model, res_id, names.get(res_id, ""))
            for model, ids in documents.items()
            for names in [engine._names(model, ids)]
            for res_id in ids
        }
        return [
            {
                "id": row[graph.ID],
                "parent_lot_id": row[graph.PARENT],
                "child_lot_id": row[graph.CHILD],
                "kind": row[graph.KIND],
                "certainty": "inferred" if row[graph.INFERRED] else "recorded",
                "parent_quantity": rounded(row[graph.PARENT_QUANTITY]),
                "child_quantity": rounded(row[graph.CHILD_QUANTITY]),
                "date": iso(row[graph.DATE]),
                "document": of_edge[row[graph.MODEL], row[graph.RES_ID]],
                "before": before,
            }
            for row, before in links.values()
        ]

    @api.model
    def _receipt_rows(self, origins, up, known) -> list[dict]:
        """Receipts of the origins and of everything upstream, from subcontractors too: what they
        made comes out of their production, not from a supplier's location."""
        rounded = self._rounder()
        if not up:
            lots, arrival, untimed = set(origins), dict.fromkeys(origins, graph.ALWAYS), ()
        else:
            lots, arrival, untimed = set(up["level"]), up["arrival"], up["untimed"]
        movements = self.env["lot.trace.engine"]._movements(
            lots & known.keys(), ("receipt", "intercompany_in", "produced")
        )
        late = {row[0] for row in movements if -row[7] < arrival.get(row[0], float("inf"))}
        untimed = self._with_short_lots(untimed, late & arrival.keys())
        names = self._partner_names({row[3] for row in movements})
        documents = self._move_documents((row[4], row[5]) for row in movements)
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
    def _delivery_rows(self, origins, down, known) -> list[dict]:
        """Deliveries of the origins and of everything downstream, with what came back."""
        rounded = self._rounder()
        if not down:
            lots, arrival, untimed = set(origins), dict.fromkeys(origins, graph.ALWAYS), ()
        else:
            lots, arrival, untimed = set(down["level"]), down["arrival"], down["untimed"]
        recorded = down["recorded"] if down else arrival
        engine = self.env["lot.trace.engine"]
        kinds = ("delivery", "customer_return", "intercompany_out")
        movements = engine._movements(lots & known.keys(), kinds)
        early = {
            row[0]
            for row in movements
            if row[1] != "customer_return" and row[7] < arrival.get(row[0], float("inf"))
        }
        untimed = self._with_short_lots(untimed, early & arrival.keys())
        names = self._partner_names({row[3] for row in movements})
        documents = self._move_documents((row[4], row[5]) for row in movements)
        return [
            {
                "lot_id": row[0],
                "partner_id": row[3] or False,
                "partner": names.get(row[3], ""),
                "quantity": rounded(-row[2]),
                "returned": rounded(returned),
                "net": rounded(-row[2] - returned),
                "date": iso(row[7]),
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
    def _scrap_rows(self, known) -> list[dict]:
        rounded = self._rounder()
        movements = self.env["lot.trace.engine"]._movements(known.keys(), ("scrap",))
        documents = self._move_documents((row[4], row[5]) for row in movements)
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
    def _costs(self, product_ids: set[int], lot_ids: set[int]) -> dict[tuple, float]:
        """Unit costs by (product, company), and by ("lot", lot) where lots are valued apart."""
        if not self.env.user.has_group("stock.group_stock_manager") and not self.env.su:
            return {}
        costs: dict[tuple, float] = {}
        self._fetch_products(product_ids)
        for company in self.env.companies:
            products = self.env["product.product"].browse(product_ids).with_company(company)
            for product in products:
                costs[product.id, company.id] = product.standard_price
        valuated = [p.id for p in products if p.lot_valuated] if product_ids else []
        if valuated:
            lots = self.env["stock.lot"].browse(lot_ids)
            for lot in lots.filtered(lambda lot: lot.product_id.id in valuated):
                costs["lot", lot.id] = lot.standard_price
        return costs

    # -- names -------------------------------------------------------------------------------

    @api.model
    def _rounder(self) -> Callable[[float], float]:
        """Rounds to the precision of quantities, without minus zero."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return lambda quantity: round(quantity, digits) + 0.0

    @api.model
    def _round(self, quantity: float) -> float:
        return self._rounder()(quantity)

    @api.model
    def _products(self, ids: Iterable[int]) -> dict[int, dict]:
        """{product: {"name", "uom"}}, archived ones included."""
        products = self._fetch_products(ids)
        return {p.id: {"name": p.display_name, "uom": p.uom_id.name} for p in products}

    @api.model
    def _fetch_products(self, ids: Iterable[int]) -> models.BaseModel:
        """Products with the few columns that a trace shows, and not all of theirs."""
        # sudo: whoever may read a lot may know what product it is of
        products = self.env["product.product"].sudo().browse(ids)
        products.fetch(["product_tmpl_id", "default_code"])
        products.product_tmpl_id.fetch(["name", "uom_id", "lot_valuated"])
        return products

    @api.model
    def _partner_names(self, ids: set) -> dict[int | None, str]:
        """Names of partners; of those that the caller may not read, only that there is one."""
        partners = {partner for partner in ids if partner}
        names = self.env["lot.trace.engine"]._readable_names(
            "res.partner", partners, "complete_name"
        )
        hidden = self.env._("Contact of another company")
        return {partner: names.get(partner, hidden) for partner in partners} | {None: ""}

    @api.model
    def _move_documents(self, pairs: Iterable[tuple]) -> dict[tuple, dict]:
        """{(picking, move): document}: the transfer, else the move itself."""
        wanted = set(pairs)
        engine = self.env["lot.trace.engine"]
        pickings = engine._names("stock.picking", {picking for picking, _m in wanted if picking})
        loose = {move for picking, move in wanted if not picking}
        moves = engine._names("stock.move", loose, "reference")
        return {
            (picking, move): document("stock.picking", picking, pickings.get(picking) or "")
            if picking
            else document("stock.move", move, moves.get(move) or "")
            for picking, move in wanted
        }

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
