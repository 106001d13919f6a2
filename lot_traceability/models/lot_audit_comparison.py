import json
from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from odoo import api, models
from odoo.tools import SQL

from ..tools.audit_report import Finding
from .lot_audit_event import NAMES

BATCH = 5_000
# Rounding of quantities in Odoo; below it two of them are the same.
_SAME = 1e-6
_SHOWN = 200


class LotAuditComparison(models.AbstractModel):
    """Does what the log tells add up to what the database says? What was changed past Odoo while
    the triggers were off is in no event, and so shows here."""

    _name = "lot.audit.comparison"
    _description = "Comparison of the audit log with the records"

    @api.model
    def _findings(self) -> Iterator[Finding]:
        """What does not agree, lot by lot and line by line; flat in memory."""
        yield from self._lots()
        yield from self._lines()
        yield from self._old_lines()
        yield from self._quants()

    @api.model
    def _ranges(self, table: str, first: int = 0) -> Iterator[tuple[int, int]]:
        self.env.cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))
        last = self.env.cr.fetchone()[0]
        for start in range(first, last + 1, BATCH):
            yield start, start + BATCH - 1

    @api.model
    def _told(self, model: str, first: int, last: int) -> Iterator[tuple[int, dict]]:
        """(record, body) of each event about these records, in the order of the log."""
        self.env.cr.execute(
            SQL(
                "SELECT res_id, body FROM lot_audit_event "
                "WHERE res_model = %s AND res_id BETWEEN %s AND %s ORDER BY id",
                model,
                first,
                last,
            )
        )
        for number, body in self.env.cr.fetchall():
            yield number, json.loads(body)

    # -- lots ----------------------------------------------------------------------------------

    @api.model
    def _lots(self) -> Iterator[Finding]:
        lots = self.env["stock.lot"]
        for first, last in self._ranges("stock_lot"):
            told: dict[int, dict[str, Any]] = defaultdict(dict)
            for number, body in self._told("stock.lot", first, last):
                for name, values in (body.get("changes") or {}).items():
                    told[number][name] = _plain(values[1])
                told[number]["kind"] = body["kind"]
            rows = lots._audited_rows(list(range(first, last + 1)))
            for number, row in rows.items():
                yield from self._lot(number, row, told.get(number))
            for number in told.keys() - rows.keys():
                if told[number].get("kind") not in ("deleted", "bypassed"):
                    text = f"Lot {told[number].get('name')} ({number}) is gone without an event."
                    yield Finding("missing", None, None, text)

    @api.model
    def _lot(self, number: int, row: dict, told: dict | None) -> Iterator[Finding]:
        if told is None:
            text = f"Lot {row['name']} ({number}) was made without an event."
            yield Finding("inserted", None, None, text)
            return
        for name, value in row.items():
            if _plain(value) != told.get(name):
                label = self.env["stock.lot"]._fields[name].string
                text = (
                    f"Lot {row['name']} ({number}) was changed without an event: {label} is "
                    f"{_shown(value)}, but the log says {_shown(told.get(name))}."
                )
                yield Finding("changed", None, None, text)

    # -- done move lines -----------------------------------------------------------------------

    @api.model
    def _began(self) -> int:
        """The last move line that was there when the log began."""
        return max((data["last"] for data in self._baselines()), default=0)

    @api.model
    def _baselines(self) -> list[dict]:
        self.env.cr.execute(
            "SELECT body FROM lot_audit_event WHERE kind = 'baseline' AND res_model IS NULL "
            "ORDER BY id"
        )
        return [json.loads(body)["data"] for (body,) in self.env.cr.fetchall()]

    @api.model
    def _line_rows(self, first: int, last: int) -> dict[int, dict[str, Any]]:
        """What the database says of the done move lines of a range."""
        self.env.cr.execute(
            SQL(
                """SELECT id, lot_id, quantity_product_uom::float8, location_id, location_dest_id,
                          to_char(date, 'YYYY-MM-DD HH24:MI:SS')
                     FROM stock_move_line
                    WHERE state = 'done' AND id BETWEEN %s AND %s ORDER BY id""",
                first,
                last,
            )
        )
        return {
            number: {
                "lot": lot,
                "quantity": f"{quantity:.10g}",
                "from": source,
                "to": target,
                "date": date,
            }
            for number, lot, quantity, source, target, date in self.env.cr.fetchall()
        }

    @api.model
    def _lines(self) -> Iterator[Finding]:
        """Lines that the log tells of: each as its last event says. Those that were done when the
        log began, or whose events are in an archive, may have none."""
        began = self._began()
        for first, last in self._ranges("stock_move_line"):
            told = {}
            for number, body in self._told("stock.move.line", first, last):
                told[number] = _line_told(body, told.get(number))
            rows = self._line_rows(first, last)
            for number, row in rows.items():
                if number not in told and number <= began:
                    continue
                if number not in told:
                    text = f"Move line {number} was done without an event."
                    yield Finding("inserted", None, None, text)
                elif told[number] != row:
                    text = (
                        f"Move line {number} was changed without an event: "
                        f"{self._line_difference(row, told[number])}."
                    )
                    yield Finding("changed", None, None, text)
            for number in told.keys() - rows.keys():
                if told[number]:
                    text = f"Move line {number}, which was done, is gone without an event."
                    yield Finding("missing", None, None, text)

    @api.model
    def _line_difference(self, row: dict, told: dict) -> str:
        """What a line says and what the log says, where they differ; records by their names."""
        models = {"lot": "stock.lot", "from": "stock.location", "to": "stock.location"}

        def shown(name: str, value: Any) -> str:
            if value is None or name not in models:
                return _shown(value)
            # sudo: as told in the log, whoever verifies it
            record = self.env[models[name]].sudo().browse(value).exists()
            return f"{record.display_name} ({value})" if record else f"{value}, deleted"

        return ", ".join(
            f"{name} is {shown(name, row[name])}, but the log says {shown(name, told.get(name))}"
            for name in row
            if row[name] != told.get(name)
        )

    @api.model
    def _digest(self, first: int, last: int) -> tuple[int, str]:
        """(number, SHA-256) of the done lines of a range as they were when the log began: what was
        corrected since is undone from its events."""
        rows = self._line_rows(first, last)
        before: dict[int, dict] = {}
        for number, body in self._told("stock.move.line", first, last):
            if body["kind"] in ("moved", "consumed", "produced"):
                # Was not done yet then.
                before.setdefault(number, {})
            elif number not in before:
                before[number] = _line_before(body, rows.get(number, {}))
        for number, row in before.items():
            rows.pop(number, None)
            if row:
                rows[number] = row
        text = json.dumps([[number, rows[number]] for number in sorted(rows)])
        return len(rows), sha256(text.encode()).hexdigest()

    @api.model
    def _old_lines(self) -> Iterator[Finding]:
        for data in self._baselines():
            count, digest = self._digest(data["first"], data["last"])
            if (count, digest) != (data["count"], data["sha256"]):
                text = (
                    f"Move lines {data['first']} to {data['last']} are not what they were when the "
                    f"log began: {data['count']} were done then, {count} now, or one was changed."
                )
                yield Finding("changed", None, None, text)

    # -- stock ---------------------------------------------------------------------------------

    @api.model
    def _quants(self) -> Iterator[Finding]:
        """The stock of each lot is what its done lines brought and took."""
        for first, last in self._ranges("stock_lot"):
            self.env.cr.execute(
                SQL(
                    """WITH moved AS (
                           SELECT lot_id, place, SUM(quantity) AS quantity FROM (
                               SELECT lot_id, location_dest_id AS place, quantity_product_uom
                                 FROM stock_move_line
                                WHERE state = 'done' AND lot_id BETWEEN %(first)s AND %(last)s
                               UNION ALL
                               SELECT lot_id, location_id, -quantity_product_uom
                                 FROM stock_move_line
                                WHERE state = 'done' AND lot_id BETWEEN %(first)s AND %(last)s
                           ) AS line (lot_id, place, quantity) GROUP BY 1, 2
                       ), held AS (
                           SELECT lot_id, location_id AS place, SUM(quantity) AS quantity
                             FROM stock_quant WHERE lot_id BETWEEN %(first)s AND %(last)s
                            GROUP BY 1, 2
                       )
                       SELECT lot.name, spot.complete_name, COALESCE(held.quantity, 0)::float8,
                              COALESCE(moved.quantity, 0)::float8
                         FROM moved FULL JOIN held USING (lot_id, place)
                         JOIN stock_lot lot ON lot.id = lot_id
                         JOIN stock_location spot ON spot.id = place
                        WHERE spot.usage IN ('internal', 'transit')
                          AND ABS(COALESCE(held.quantity, 0)
                                  - COALESCE(moved.quantity, 0)) > %(same)s
                        ORDER BY lot.id, spot.id""",
                    first=first,
                    last=last,
                    same=_SAME,
                )
            )
            for lot, place, held, moved in self.env.cr.fetchall():
                text = (
                    f"The stock of lot {lot} in {place} is {held:g}, but its done lines add up to "
                    f"{moved:g}: quants or lines were changed past Odoo."
                )
                yield Finding("changed", None, None, text)

    # -- how it was when the log began -----------------------------------------------------------

    @api.model
    def _note_baseline(self) -> None:
        """Tell of what is there when the log begins: each lot, and the done lines by their
        digests."""
        record = self.env["lot.audit.event"]._record
        lots = self.env["stock.lot"].sudo()  # sudo: the log begins with all lots
        for first, last in self._ranges("stock_lot"):
            rows = lots._audited_rows(list(range(first, last + 1)))
            for lot, row in zip(lots.browse(rows), rows.values(), strict=True):
                # To work out a million names to show takes a fifth of the time.
                named = {"model": "stock.lot", "id": lot.id, "name": row["name"]}
                lot._tell("baseline", lot._first_changes(row), record=named)
            self.env["lot.audit.event"]._flush_events()
            # Nobody asks for these lots again, and a million of them take gigabytes.
            self.env.invalidate_all()
            self.env.cr.precommit.data.pop(NAMES, None)
        for first, last in self._ranges("stock_move_line"):
            count, digest = self._digest(first, last)
            if count:
                data = {"first": first, "last": last, "count": count, "sha256": digest}
                record("baseline", data={"table": "stock_move_line", **data})


def _plain(value: Any) -> Any:
    """A value as events of Odoo and of the trigger both tell it."""
    if isinstance(value, dict) and "id" in value:
        return value["id"]
    if isinstance(value, str) and len(value) > 10 and value[10:11] == "T" and value[4] == "-":
        return value.replace("T", " ", 1)
    if isinstance(value, float):
        return f"{value:.10g}"
    return None if value is False else value


def _line_told(body: dict, before: dict | None) -> dict:
    """What a line is after an event; empty when it is gone."""
    if body["kind"] == "bypassed":
        names = {"lot": "lot_id", "from": "location_id", "to": "location_dest_id"}
        changes = body.get("changes") or {}
        if (body.get("data") or {}).get("operation") == "delete":
            return {}
        told = dict(before or {})
        told.update({name: changes[key][1] for name, key in names.items() if key in changes})
        if "quantity_product_uom" in changes:
            told["quantity"] = f"{float(changes['quantity_product_uom'][1]):.10g}"
        return told
    data = body.get("data") or {}
    if not data:
        return {}
    return {
        "lot": (data.get("lot") or {}).get("id"),
        "quantity": data["quantity"],
        "from": data["from"]["id"],
        "to": data["to"]["id"],
        "date": data.get("date"),
    }


def _line_before(body: dict, row: dict) -> dict:
    """What a line was before its first event."""
    changes = body.get("changes") or {}
    result = dict(row)
    for name in ("lot", "quantity", "from", "to", "date"):
        if name in changes:
            result[name] = _plain(changes[name][0])
    if body["kind"] == "bypassed":
        for name, key in (("lot", "lot_id"), ("from", "location_id"), ("to", "location_dest_id")):
            if key in changes:
                result[name] = changes[key][0]
        if "quantity_product_uom" in changes:
            result["quantity"] = f"{float(changes['quantity_product_uom'][0]):.10g}"
    return result


def _shown(value: Any) -> str:
    text = "empty" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
