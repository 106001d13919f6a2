from collections import defaultdict
from typing import Any

from odoo import api, fields, models
from odoo.addons.lot_traceability.models.lot_replica import recent

from ..tools.recall_balance import percent
from ..tools.recall_wording import ENDED

# So many consignees are called first.
_MOST = 12


class LotRecall(models.Model):
    """How a recall stands, for a screen on the wall and a phone in the hand."""

    _inherit = "lot.recall"

    @api.model
    @api.readonly
    @recent
    def boards(self) -> list[dict[str, Any]]:
        """The recalls that are open, drills last.

        :return: [{"id", "name", "title", "kind", "state", "minutes"}]
        :raise AccessError: without the right to read recalls
        """
        found = self.search([("state", "in", ("suspected", "decided"))], order="id desc", limit=50)
        return [
            {
                "id": recall.id,
                "name": recall.name,
                "title": recall.title,
                "kind": recall.kind,
                "state": recall.state,
                "minutes": recall.minutes_open,
            }
            for recall in found.sorted(lambda one: (one.kind == "mock", -one.id))
        ]

    @api.readonly
    @recent
    def board(self) -> dict[str, Any]:
        """How this recall stands now.

        :return: {"id", "name", "title", "kind", "state", "class", "hazard", "minutes", "steps":
            [{"code", "name", "done", "minutes" after the start}], "lots", "consignees", "told",
            "answered", "told_percent", "answered_percent", "recovered_percent",
            "accounted_percent", "reconciled" (bool), "on_road", "overdue": [{"id", "name",
            "phone", "state", "hours" since told}], "overdue_count", "regions": [{"name",
            "consignees", "told", "answered"}], "cost", "currency", "widened", "open": [sentence]}
        :raise AccessError: without the right to read recalls
        """
        self.ensure_one()
        self.check_access("read")
        rows = self._board_rows()
        told, answered = sum(row["told"] for row in rows), sum(row["answered"] for row in rows)
        whole = sum(row["consignees"] for row in rows)
        overdue = self._overdue()
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "kind": self.kind,
            "state": self.state,
            "class": self.class_name or "",
            "hazard": self.hazard or "",
            "minutes": self.minutes_open,
            "steps": self._board_steps(),
            "lots": self.lot_count,
            "consignees": whole,
            "told": told,
            "answered": answered,
            "told_percent": percent(told, whole) if whole else 0.0,
            "answered_percent": percent(answered, whole) if whole else 0.0,
            "recovered_percent": self.recovered_percent,
            "accounted_percent": self.accounted_percent,
            "reconciled": bool(self.reconciled_on),
            "on_road": self.road_count,
            "overdue": overdue[:_MOST],
            "overdue_count": len(overdue),
            "regions": rows,
            **self._board_cost(),
            "widened": self.widened_text or "",
            "open": self._open_points(),
        }

    def _board_steps(self) -> list[dict[str, Any]]:
        names = {
            "started_on": self.env._("Suspected"),
            "decided_on": self.env._("Decided"),
            "stopped_on": self.env._("Stopped"),
            "told_on": self.env._("Told"),
            "closed_on": self.env._("Closed"),
        }
        steps = []
        for name, label in names.items():
            done = self[name]
            after = (done - self.started_on).total_seconds() // 60 if done else 0
            steps.append(
                {
                    "code": name,
                    "name": label,
                    "done": bool(done),
                    "minutes": int(after),
                }
            )
        return steps

    def _board_rows(self) -> list[dict[str, Any]]:
        """Consignees by region: the province inside a country where it is known."""
        rows = self.env["lot.recall.consignee"]._read_group(
            [("recall_id", "=", self.id)],
            ["country_id", "country_state_id", "state"],
            ["__count", "told_on:count"],
        )
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for country, province, state, count, told in rows:
            # sudo: names of countries are no secret
            name = province.sudo().display_name or country.sudo().name or self.env._("Unknown")
            found[name]["consignees"] += count
            found[name]["told"] += told
            found[name]["answered"] += count if state == "answered" else 0
        return sorted(
            ({"name": name, **_whole(numbers)} for name, numbers in found.items()),
            key=lambda row: (row["answered"] - row["consignees"], row["name"]),
        )

    def _overdue(self) -> list[dict[str, Any]]:
        """Who was told and has not answered, the longest first; who was not told at all before. Of
        a drill nobody: nobody is told."""
        if self.kind == "mock":
            return []
        now = fields.Datetime.now()
        waiting = self.env["lot.recall.consignee"].search(
            [("recall_id", "=", self.id), ("state", "not in", ENDED)]
        )
        late = waiting.filtered(
            lambda one: not one.told_on or (now - one.told_on).total_seconds() >= self._patience()
        )
        words = dict(waiting._fields["state"]._description_selection(self.env))
        return [
            {
                "id": one.id,
                "name": one.partner_id.display_name,
                "phone": one.phone or "",
                "state": words[one.state],
                "hours": int((now - one.told_on).total_seconds() // 3600) if one.told_on else 0,
            }
            for one in late.sorted(lambda one: (bool(one.told_on), one.told_on or now, one.id))
        ]

    def _patience(self) -> int:
        """Seconds after which an answer is overdue: a day, of class I four hours."""
        return 4 * 3600 if self.hazard_class == "1" else 24 * 3600

    def _board_cost(self) -> dict[str, Any]:
        return {"cost": self.costs()["total"], "currency": self.currency_id.symbol or ""}

    def action_board(self) -> dict[str, Any]:
        """Open the board of this recall.

        :return: the client action
        """
        self.ensure_one()
        return {
            **self.env["ir.actions.client"]._for_xml_id(
                "lot_traceability_recall.lot_recall_board_action"
            ),
            "params": {"recall_id": self.id},
        }


def _whole(numbers: dict[str, int]) -> dict[str, int]:
    return {name: numbers[name] for name in ("consignees", "told", "answered")}
