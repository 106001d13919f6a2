import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_datetime


class LotTraceWarnings(models.AbstractModel):
    """What a trace cannot be sure of, in sentences. A trace never hides it."""

    _name = "lot.trace.warnings"
    _description = "What a trace is not sure of"

    @api.model
    def _collect(self, result: dict, up: dict | None, down: dict | None, known: dict) -> list[dict]:
        """[{"code", "message", "lot_ids", "incomplete"}] for one trace."""
        found = [
            *self._inferred(result),
            *self._untracked_components(up, known),
            *self._untracked_outputs(down),
            *self._untracked_recoveries(down, known),
            *self._negative_stock(up, down),
            *self._other_companies(up, down),
            *self._hidden(up, down, known),
            *self._cut(up, down),
            *self._without_partner(result),
            *self._rebuild_running(),
            *self._imported(result),
            *self._behind(),
        ]
        return [
            {"code": code, "message": message, "lot_ids": sorted(lots), "incomplete": incomplete}
            for code, message, lots, incomplete in found
        ]

    def _inferred(self, result):
        lots = {row["id"] for row in result["lots"] if row["certainty"] == "inferred"}
        edges = [row for row in result["edges"] if row["certainty"] == "inferred"]
        if edges:
            message = self.env._(
                "%(edges)s links are inferred, not recorded: an order mixed several lots, or a "
                "product without lot tracking lies between. %(lots)s lots are reached only "
                "through such links.",
                edges=len(edges),
                lots=len(lots),
            )
            yield "inferred", message, lots, True

    def _untracked_components(self, up, known):
        if not up:
            return
        lost = self.env["lot.trace.engine"]._lost_inputs(up["arrival"].keys() & known.keys())
        if lost:
            products = self.env["lot.trace"]._products([product for product, _n in lost])
            message = self.env._(
                "Components without lot tracking went in, so their origin cannot be known: %s.",
                ", ".join(
                    self.env._("%(product)s (orders: %(n)s)", product=products[p]["name"], n=n)
                    for p, n in lost
                ),
            )
            yield "untracked_component", message, (), True

    def _untracked_outputs(self, down):
        if not down:
            return
        lost = down["lost"]
        if not lost:
            return
        products = self.env["lot.trace"]._products({product for _l, _o, product in lost})
        orders = self.env["lot.trace.engine"]._names("mrp.production", {o for _l, o, _p in lost})
        for product in sorted({product for _lot, _order, product in lost}):
            of_product = [row for row in lost if row[2] == product]
            message = self.env._(
                "These lots went into %(product)s, which has no lots (orders %(orders)s). What "
                "was made of it is inferred from orders and times; who bought it as it is cannot "
                "be known by lot.",
                product=products[product]["name"],
                orders=", ".join(sorted({orders.get(o, str(o)) for _l, o, _p in of_product})[:5]),
            )
            yield "untracked_product", message, {row[0] for row in of_product}, True

    def _untracked_recoveries(self, down, known):
        if not down:
            return
        engine = self.env["lot.trace.engine"]
        lost = engine._lost_recoveries(down["arrival"].keys() & known.keys())
        if not lost:
            return
        products = self.env["lot.trace"]._products({product for _l, _u, product in lost})
        unbuilds = engine._names("mrp.unbuild", {unbuild for _l, unbuild, _p in lost})
        message = self.env._(
            "Lots were taken apart (%(unbuilds)s), and %(products)s came back into the stock "
            "without lots. Where that went cannot be known.",
            unbuilds=", ".join(sorted({unbuilds.get(u, str(u)) for _l, u, _p in lost})[:5]),
            products=", ".join(sorted(product["name"] for product in products.values())),
        )
        yield "untracked_recovery", message, {lot for lot, _u, _p in lost}, True

    def _negative_stock(self, up, down):
        lots = set().union(*(walk["untimed"] for walk in (up, down) if walk))
        if lots:
            message = self.env._(
                "%s lots were booked out before they were booked in. The order of their bookings "
                "says nothing, so everything that left them is followed.",
                len(lots),
            )
            yield "negative_stock", message, lots, True

    def _other_companies(self, up, down):
        engine = self.env["lot.trace.engine"]
        for walk in (up, down):
            if walk and engine._beyond(walk["level"].keys(), walk["backward"]):
                message = self.env._(
                    "The chain goes on in a company that you may not see. Ask someone who may."
                )
                yield "other_company", message, (), True
                return

    def _hidden(self, up, down, known):
        """Lots that a rule keeps from the caller: what lies behind them is not shown either."""
        hidden = {lot for walk in (up, down) if walk for lot in walk["level"]} - known.keys()
        if hidden:
            message = self.env._(
                "%s lots of the chain are not shown, because you may not see them. Ask someone "
                "who may.",
                len(hidden),
            )
            yield "hidden", message, (), True

    def _cut(self, up, down):
        if any(walk and walk["cut"] for walk in (up, down)):
            message = self.env._(
                "The trace ends at the depth that was asked for, and the chain goes on."
            )
            yield "depth", message, (), True

    def _without_partner(self, result):
        rows = [r for r in result["deliveries"] if not r["partner_id"] and not r["before"]]
        if rows:
            message = self.env._(
                "%s deliveries name no customer (a sale over the counter, or a move without a "
                "contact). Look at their documents.",
                len(rows),
            )
            yield "no_partner", message, {row["lot_id"] for row in rows}, True

    def _rebuild_running(self):
        # sudo: whoever traces has to know, without the right to start a rebuild
        rebuilds = self.env["lot.genealogy.rebuild"].sudo()
        if rebuilds.search_count([("state", "=", "running")], limit=1):
            message = self.env._(
                "The genealogy is being rebuilt. Trace again when it is done to be sure."
            )
            yield "rebuild", message, (), True

    def _imported(self, result):
        """Imported history is as good as the system that told it: nothing is incomplete."""
        told = [
            *result["edges"],
            *result["receipts"],
            *result["deliveries"],
        ]
        rows = [row for row in told if row["document"]["model"].startswith("lot.history.")]
        if rows:
            message = self.env._(
                "%s links and movements were imported from an earlier system, and are as good as "
                "its records.",
                len(rows),
            )
            lots = {row["lot_id"] if "lot_id" in row else row["child_lot_id"] for row in rows}
            yield "imported", message, lots, False

    def _behind(self):
        """What a replica has not got yet is not in its answer."""
        age = self.env["lot.replica"]._age_to_tell()
        if age is False:
            message = self.env._(
                "This was read from a copy of the database, and how old the copy is cannot be "
                "known. Ask an administrator to look at the replica."
            )
            yield "behind", message, (), True
        elif age:
            when = fields.Datetime.now() - timedelta(seconds=age)
            message = self.env._(
                "This was read from a copy of the database that is %(seconds)s seconds behind: "
                "what was booked after %(time)s is not in it. Trace again in a while.",
                seconds=math.ceil(age),
                time=format_datetime(self.env, when, dt_format="medium"),
            )
            yield "behind", message, (), True
