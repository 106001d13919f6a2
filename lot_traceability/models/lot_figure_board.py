from datetime import timedelta
from typing import Any

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.figure_values import over_days
from .lot_figure import DAYS
from .lot_replica import recent

_WEEK = 7
_MOST_DEVICES = 20


class LotFigure(models.Model):
    """How the board and the digest read figures."""

    _inherit = "lot.figure"

    @api.model
    @api.readonly
    @recent
    def board(self, company_id: int | bool = False) -> dict[str, Any]:
        """The figures of a company, as the board shows them.

        :param company_id: one of the companies that the user works in; the current one unless given
        :return: {"company": {"id", "name"}, "companies": [{"id", "name"}], "may_measure": bool,
            "measured_on": ISO 8601 UTC or False, "today": day, "first": day on which the graphs
            begin, "areas": [{"code", "name", "figures": [{"id", "code", "name", "text", "value",
            "shown", "count", "day", "direction", "target", "target_text", "state": "good", "bad" or
            "none", "state_text", "week", "week_before" (as shown; "" when not measured), "trend":
            [[day, value]]}]}], "devices": [{"id", "name", "user", "waiting", "seen", "since"}] that
            do not send what waits on them, "feedback": how much is not answered, or False for who
            may not see it}. A figure that was never measured has "day" False and no trend.
        :raise AccessError: without the right to read figures, or for a company of others
        """
        self.check_access("read")
        company = self._company_of(company_id)
        today = self.env["lot.calendar"]._today(company)
        rows = self._rows_by_kind(company, today - timedelta(days=DAYS))
        kinds = self.env["lot.figure.kind"]._every()
        areas = dict(kinds._fields["area"]._description_selection(self.env))
        by_area = kinds.grouped("area")
        latest = max((row["measured_on"] for rows_ in rows.values() for row in rows_), default=None)
        return {
            "company": {"id": company.id, "name": company.name},
            "companies": [{"id": one.id, "name": one.name} for one in self.env.companies],
            "may_measure": self._may_measure(),
            "measured_on": f"{latest.isoformat()}Z" if latest else False,
            "today": today.isoformat(),
            "first": (today - timedelta(days=DAYS)).isoformat(),
            "areas": [
                {
                    "code": area,
                    "name": name,
                    "figures": [
                        self._told(kind, rows.get(kind.id, []), company, today)
                        for kind in by_area[area]
                    ],
                }
                for area, name in areas.items()
                if area in by_area
            ],
            "devices": self._stale_devices(company),
            "feedback": self.env["lot.feedback"]._unanswered(company),
        }

    @api.model
    def _company_of(self, company_id: int | bool):
        if not company_id:
            return self.env.company
        company = self.env.companies.filtered(lambda one: one.id == company_id)
        if not company:
            raise AccessError(
                self.env._("Choose one of the companies that you work in, at the top of the page.")
            )
        return company

    @api.model
    def _rows_by_kind(self, company, first) -> dict[int, list[dict]]:
        """{kind: its figures from that day on, the oldest first}"""
        found = self.search_read(
            Domain("company_id", "=", company.id) & Domain("day", ">=", first),
            ["kind_id", "day", "value", "count", "measured_on"],
            order="day",
            load=None,
        )
        rows: dict[int, list[dict]] = {}
        for row in found:
            rows.setdefault(row["kind_id"], []).append(row)
        return rows

    @api.model
    def _told(self, kind, rows: list[dict], company, today) -> dict[str, Any]:
        last = rows[-1] if rows else None
        state = kind._state(last["value"]) if last else "none"
        return {
            "id": kind.id,
            "code": kind.code,
            "name": kind.name,
            "text": kind.text or "",
            "direction": kind.direction,
            "target": kind.target if kind.direction != "none" else False,
            "target_text": kind._target_text(company),
            "value": last["value"] if last else 0.0,
            "shown": kind._shown(last["value"], company) if last else "",
            "count": last["count"] if last else 0,
            "day": last["day"].isoformat() if last else False,
            "state": state,
            "state_text": kind._state_text(state),
            "week": self._week(kind, rows, company, today)[0],
            "week_before": self._week(kind, rows, company, today - timedelta(days=_WEEK))[0],
            "trend": [[row["day"].isoformat(), row["value"]] for row in rows],
        }

    @api.model
    def _week(self, kind, rows: list[dict], company, before) -> tuple[str, float | None]:
        """The seven days before a day: as shown ("" when not measured), and the value."""
        first = before - timedelta(days=_WEEK)
        days = [(row["value"], row["count"]) for row in rows if first <= row["day"] < before]
        value = over_days(days, kind.over_days)
        return ("" if value is None else kind._shown(value, company)), value

    @api.model
    def _stale_devices(self, company) -> list[dict[str, Any]]:
        devices = self.env["lot.scan.device"].search(
            Domain("stale", "=", True) & Domain("company_id", "=", company.id),
            order="seen",
            limit=_MOST_DEVICES,
        )
        return [
            {
                "id": device.id,
                "name": device.name,
                # sudo: who reads figures need not read users
                "user": device.user_id.sudo().name or "",
                "waiting": device.waiting,
                "seen": f"{device.seen.isoformat()}Z",
                "since": f"{device.waiting_since.isoformat()}Z" if device.waiting_since else "",
            }
            for device in devices
        ]

    @api.model
    def _weeks(self, company) -> list[dict[str, Any]]:
        """Of each kind the last seven whole days and the seven before, for the digest.

        :return: [{"area", "name", "week", "before", "target", "state", "state_text"}], those that
            were measured in one of them
        """
        today = self.env["lot.calendar"]._today(company)
        rows = self._rows_by_kind(company, today - timedelta(days=2 * _WEEK))
        kinds = self.env["lot.figure.kind"]._every()
        areas = dict(kinds._fields["area"]._description_selection(self.env))
        result = []
        for kind in kinds.sorted(lambda kind: list(areas).index(kind.area)):
            shown, value = self._week(kind, rows.get(kind.id, []), company, today)
            earlier = today - timedelta(days=_WEEK)
            before, _value = self._week(kind, rows.get(kind.id, []), company, earlier)
            if not shown and not before:
                continue
            state = "none" if value is None else kind._state(value)
            result.append(
                {
                    "area": areas[kind.area],
                    "name": kind.name,
                    "week": shown or "–",
                    "before": before or "–",
                    "target": kind._target_text(company),
                    "state": state,
                    "state_text": kind._state_text(state),
                }
            )
        return result
