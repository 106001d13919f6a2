import base64
import json
from datetime import datetime
from typing import Any, NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.epcis import EpcisError, EventQuery
from ..tools.epcis.indexing import ROLES

_COLUMN_OF = {
    "type": "kind",
    "action": "action",
    "bizStep": "biz_step",
    "disposition": "disposition",
    "readPoint": "read_point",
    "bizLocation": "biz_location",
    "eventTime": "event_time",
    "recordTime": "record_time",
}
OPERATORS = {"ge": SQL(">="), "gt": SQL(">"), "le": SQL("<="), "lt": SQL("<")}
_PARTIES = ("bizTransaction", "source", "destination")


class Page(NamedTuple):
    """Some of the events that were asked for; the token asks for the rest, empty without any."""

    ids: list[int]
    token: str


class LotEpcisQuery(models.AbstractModel):
    """Answers the simple event query from columns and identifiers, page by page."""

    _name = "lot.epcis.query"
    _description = "Query for EPCIS events"

    @api.model
    def _page(self, query: EventQuery, seen: SQL) -> Page:
        """One page of the events that fit.

        :param seen: which events the caller may see, as a condition on `event`
        :raise EpcisError: for parameters that are not supported, or a wrong token
        """
        given, after = self._read_token(query.page_token)
        left = (query.limit - given) if query.limit else 0
        size = min(query.per_page, left) if query.limit else query.per_page
        if query.limit and left <= 0:
            return Page([], "")
        self._check_cost(seen, query.conditions)
        where = [seen, *self._where(query.conditions)]
        if query.refuse_beyond and not given:
            self._check_count(where, query.refuse_beyond)
        column = _COLUMN_OF.get(query.order_by or "recordTime")
        # What is recorded later has a higher id.
        order = SQL("event.id") if column == "record_time" else SQL("(event.event_time, event.id)")
        way = SQL("DESC" if query.descending else "ASC")
        if after:
            than = SQL("<" if query.descending else ">")
            value = SQL("%s", after[1]) if column == "record_time" else SQL("%s", tuple(after))
            where.append(SQL("%s %s %s", order, than, value))
        sort = (
            SQL("event.id %s", way)
            if column == "record_time"
            else SQL("event.event_time %s, event.id %s", way, way)
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT event.id, event.event_time FROM lot_epcis_event event "
                "WHERE %s ORDER BY %s LIMIT %s",
                SQL(" AND ").join(where),
                sort,
                size + 1,
            )
        )
        shown = rows[:size]
        more = len(rows) > size and not (query.limit and left <= size)
        token = self._token(given + size, shown[-1]) if more else ""
        return Page([one for one, _time in shown], token)

    # -- paging ----------------------------------------------------------------------------------

    @api.model
    def _token(self, given: int, last: tuple) -> str:
        text = json.dumps([given, last[1].isoformat(), last[0]])
        return base64.urlsafe_b64encode(text.encode()).decode()

    @api.model
    def _read_token(self, token: str) -> tuple[int, list[Any]]:
        """How many were given before, and where the last page ended."""
        if not token:
            return 0, []
        try:
            given, time, one = json.loads(base64.urlsafe_b64decode(token.encode()))
            if not (isinstance(given, int) and isinstance(one, int) and 0 < one < 2**31):
                raise ValueError
            return given, [datetime.fromisoformat(time), one]
        except (ValueError, TypeError):
            raise EpcisError(
                "query_value",
                name="nextPageToken",
                shown=repr(token[:40]),
                wanted="the token of the page before",
            ) from None

    @api.model
    def _check_count(self, where: list[SQL], most: int) -> None:
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM lot_epcis_event event WHERE %s LIMIT %s",
                SQL(" AND ").join(where),
                most + 1,
            )
        )
        if len(rows) > most:
            raise EpcisError("query_many", most=str(most))

    # -- conditions ------------------------------------------------------------------------------

    @api.model
    def _where(self, conditions) -> list[SQL]:
        return [self._condition(one) for one in conditions]

    @api.model
    def _check_cost(self, seen: SQL, conditions) -> None:
        """:raise EpcisError: it would take too long to answer this"""

    @api.model
    def _condition(self, one) -> SQL:
        if one.operator == "match" or one.field in ROLES:
            return self._names(ROLES[one.field], one)
        if one.field in _PARTIES and one.operator == "in":
            role = f"{one.field} {one.within}".rstrip()
            return self._exists([role], SQL("= ANY(%s)", list(one.values)))
        if one.field == "eventID":
            values = list(one.values)
            return SQL("(event.event_id = ANY(%s) OR event.event_hash = ANY(%s))", values, values)
        if one.field == "errorDeclaration" and one.operator == "exists":
            return SQL("event.declared")
        column = _COLUMN_OF.get(one.field)
        if column is None or one.within:
            raise EpcisError("query_unsupported", shown=repr(one.field))
        name = SQL.identifier("event", column)
        if one.operator == "in":
            return SQL("%s = ANY(%s)", name, list(one.values))
        if one.operator == "below":
            # A place, or an extension of its number.
            starts = [self._starting(value + "/") for value in one.values]
            return SQL("(%s = ANY(%s) OR %s LIKE ANY(%s))", name, [*one.values], name, starts)
        value = one.values[0].replace(tzinfo=None)
        return SQL("%s %s %s", name, OPERATORS[one.operator], value)

    @api.model
    def _names(self, roles: tuple[str, ...], one) -> SQL:
        """Does the event name one of these?"""
        if one.operator != "match":
            return self._exists(roles, SQL("= ANY(%s)", list(one.values)))
        links = [match.link for match in one.values if match.link]
        tests = [SQL("= ANY(%s)", links)] if links else []
        tests += [SQL("~ %s", f"^{match.regex}$") for match in one.values if match.regex]
        found = [self._exists(roles, test) for test in tests]
        return SQL("(%s)", SQL(" OR ").join(found))

    @api.model
    def _exists(self, roles, test: SQL) -> SQL:
        # Found first and joined then: a code names few events, whatever else is asked.
        return SQL(
            "event.id IN (SELECT event_id FROM lot_epcis_identifier "
            "WHERE epc %s AND role = ANY(%s))",
            test,
            list(roles),
        )

    @api.model
    def _starting(self, text: str) -> str:
        for sign in ("\\", "%", "_"):
            text = text.replace(sign, "\\" + sign)
        return text + "%"
