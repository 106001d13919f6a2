from typing import Any

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class LotRecallScope(models.Model):
    """Which lots follow from the suspicion, by the trace engine."""

    _inherit = "lot.recall.scope"

    def find_lots(self) -> dict[str, Any]:
        """Compute the affected lots of a draft anew. What a person has added or left out stays.

        :return: {"lots": number taken, "inferred": number of them that are not sure, "excluded",
            "complete": bool, "warnings": [str]}
        :raise AccessError: without the right to run recalls
        :raise UserError: for a frozen scope, or without any suspicion
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._("A frozen scope does not change: make a new version of it instead.")
            )
        self.env["lot.trace.engine"]._prepare()
        suspects = self._suspects()
        found = self._affected(suspects)
        self._keep(found["rows"])
        self.env["lot.recall.delivery"]._keep(self, found["deliveries"])
        added = self.line_ids.filtered(lambda line: line.decision == "added")
        if added:
            added._measure()
        # sudo: noted by itself
        self.sudo().write(
            {
                "computed_on": fields.Datetime.now(),
                "complete": found["complete"],
                "warnings": "\n".join(found["warnings"]) or False,
            }
        )
        self.invalidate_recordset()
        self.recall_id._tell_step("scope computed", version=self.version, lots=self.lot_count)
        return {
            "lots": self.lot_count,
            "inferred": self.inferred_count,
            "excluded": self.excluded_count,
            "complete": self.complete,
            "warnings": found["warnings"],
        }

    def action_find_lots(self) -> bool:
        """As `find_lots`, for a button."""
        self.find_lots()
        return True

    # -- the suspicion -------------------------------------------------------------------------

    def _suspects(self) -> list[int]:
        """Ids of the lots that the suspicion names, one by one or by what they have in common."""
        found = set(self.lot_ids.ids)
        described = self._described()
        if described is not None:
            found |= set(described)
        if not found:
            raise UserError(
                self.env._(
                    "Nothing is suspected yet. Name a lot, or describe the lots by when, where or "
                    "of what they were made."
                )
            )
        known = self.env["lot.trace.engine"]._readable(found)
        if len(known) < len(found):
            raise UserError(
                self.env._(
                    "You may not read all of the suspect lots. Ask somebody who sees their company."
                )
            )
        return sorted(found)

    def _described(self) -> list[int] | None:
        """Ids of the lots that fit all that is said of them; None where nothing is said."""
        # sudo: lines and suppliers need not be for everybody who runs a recall; which of the lots
        # may be read is asked afterwards
        said, domain = self.sudo(), Domain.TRUE
        if said.workcenter_ids:
            domain &= Domain("made_workcenter_ids", "in", said.workcenter_ids.ids)
        if said.supplier_id:
            domain &= Domain("supplier_id", "child_of", said.supplier_id.commercial_partner_id.ids)
        if said.product_ids:
            domain &= Domain("product_id", "in", said.product_ids.ids)
        window = self.date_from or self.date_to
        if domain.is_true() and not self.location_id and not window:
            return None
        if window and self.date_from and self.date_to and self.date_to < self.date_from:
            raise UserError(self.env._("The window ends before it begins: correct its times."))
        ids, engine = None, self.env["lot.trace.engine"]
        if self.location_id:
            places = self.env["stock.location"].with_context(active_test=False)
            inside = places.search([("id", "child_of", self.location_id.id)])
            ids = engine._present(inside.ids, self.date_from, self.date_to)
        elif window:
            ids = engine._entered(self.date_from, self.date_to)
        if domain.is_true():
            return ids
        domain &= Domain("company_id", "in", [False, *self.env.companies.ids])
        lots = said.env["stock.lot"].search(domain)
        return lots.ids if ids is None else sorted(set(ids) & set(lots.ids))

    # -- what follows from it ------------------------------------------------------------------

    def _affected(self, suspects: list[int]) -> dict[str, Any]:
        """What follows from these lots.

        :return: {"rows": [{"lot", "product", "name", "side", "certainty", "level", "on_hand",
            "shipped", "returned", "left_before", "cost"}], "deliveries" as `lot.trace`, "complete",
            "warnings"}, quantities in the product's unit
        """
        if self.direction == "none":
            return self._affected_alone(suspects) | {"complete": True, "warnings": []}
        trace = self.env["lot.trace"]
        origins = suspects
        if self.direction == "both":
            up = trace._walk_one(suspects, True, 0)
            readable = self.env["lot.trace.engine"]._readable(up["arrival"])
            origins = sorted(readable)
        result = trace._trace(origins, "downstream")
        messages = [warning["message"] for warning in result["warnings"]]
        return {
            "rows": self._rows_of(result, set(suspects)),
            "deliveries": self._reached_deliveries(result),
            "complete": result["complete"],
            "warnings": messages,
        }

    def _affected_alone(self, lot_ids: list[int]) -> dict[str, Any]:
        """These lots without what was made of them: rows and deliveries of `_affected`."""
        result = self.env["lot.trace"]._trace(lot_ids, "downstream", 1)
        alone = set(lot_ids)
        for table, key in (("lots", "id"), ("deliveries", "lot_id")):
            result[table] = [row for row in result[table] if row[key] in alone]
        return {
            "rows": self._rows_of(result, alone),
            "deliveries": self._reached_deliveries(result),
        }

    def _reached_deliveries(self, result: dict[str, Any]) -> list[dict[str, Any]]:
        """What left before the suspect goods came in has not to come back."""
        return [row for row in result["deliveries"] if not row["before"]]

    def _rows_of(self, result: dict[str, Any], suspects: set[int]) -> list[dict[str, Any]]:
        trace = self.env["lot.trace"]
        lots = [row for row in result["lots"] if not row["before"]]
        shipped: dict[int, float] = {}
        returned: dict[int, float] = {}
        before: dict[int, float] = {}
        for row in result["deliveries"]:
            if row["before"]:
                before[row["lot_id"]] = before.get(row["lot_id"], 0.0) + row["net"]
        for row in self._reached_deliveries(result):
            if row["lot_id"]:
                lot = row["lot_id"]
                shipped[lot] = shipped.get(lot, 0.0) + row["quantity"]
                returned[lot] = returned.get(lot, 0.0) + row["returned"]
        # sudo: what a recall takes is told to whoever runs it, in money too
        costs = trace.sudo()._costs(
            {row["product_id"] for row in lots}, {row["id"] for row in lots}
        )
        return [
            {
                "lot": row["id"],
                "product": row["product_id"],
                "name": row["name"],
                "side": "suspect"
                if row["id"] in suspects
                else "source"
                if row["side"] == "origin"
                else "made",
                "certainty": row["certainty"],
                "level": row["level"],
                "on_hand": row["on_hand"],
                "shipped": shipped.get(row["id"], 0.0),
                "returned": returned.get(row["id"], 0.0),
                "left_before": before.get(row["id"], 0.0),
                "cost": self._cost(costs, row),
            }
            for row in lots
        ]

    def _cost(self, costs: dict, row: dict) -> float:
        company = row["company_id"] or self.company_id.id
        return costs.get(("lot", row["id"]), costs.get((row["product_id"], company), 0.0))

    def _keep(self, rows: list[dict]) -> None:
        """Put the lots into the scope in a few statements: there may be tens of thousands."""
        lines = self.env["lot.recall.lot"]
        lines.flush_model()
        cr = self.env.cr
        columns = ("lot", "product", "name", "side", "certainty", "level", "on_hand", "shipped")
        columns += ("returned", "left_before", "cost")
        # What no longer follows goes, unless a person has decided something of it.
        cr.execute(
            SQL(
                "DELETE FROM lot_recall_lot WHERE scope_id = %s AND decision = 'found'"
                " AND lot_id <> ALL(%s)",
                self.id,
                [row["lot"] for row in rows],
            )
        )
        cr.execute(
            SQL(
                """
                INSERT INTO lot_recall_lot (scope_id, recall_id, company_id, lot_id, product_id,
                       lot_name, side, certainty, level, on_hand, shipped, returned,
                       left_before, net, on_hand_value, shipped_value, decision, create_uid,
                       create_date,
                       write_uid, write_date)
                SELECT %(scope)s, %(recall)s, %(company)s, lot, product, name, side, certainty,
                       level, on_hand, shipped, returned, left_before, shipped - returned,
                       GREATEST(on_hand, 0) * cost, (shipped - returned) * cost, 'found', %(user)s,
                       NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
                  FROM UNNEST(%(lot)s::int[], %(product)s::int[], %(name)s::text[],
                              %(side)s::text[], %(certainty)s::text[], %(level)s::int[],
                              %(on_hand)s::numeric[], %(shipped)s::numeric[],
                              %(returned)s::numeric[], %(left_before)s::numeric[],
                              %(cost)s::numeric[])
                       AS row(lot, product, name, side, certainty, level, on_hand, shipped,
                              returned, left_before, cost)
                    ON CONFLICT (scope_id, lot_id) DO UPDATE
                   SET side = EXCLUDED.side, certainty = EXCLUDED.certainty,
                       level = EXCLUDED.level, on_hand = EXCLUDED.on_hand,
                       shipped = EXCLUDED.shipped, returned = EXCLUDED.returned,
                       left_before = EXCLUDED.left_before, net = EXCLUDED.net,
                       on_hand_value = EXCLUDED.on_hand_value,
                       shipped_value = EXCLUDED.shipped_value
                """,
                scope=self.id,
                recall=self.recall_id.id,
                company=self.company_id.id,
                user=self.env.uid,
                **{name: [row[name] for row in rows] for name in columns},
            )
        )
        lines.invalidate_model()
