import time
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools.gc import disabling_gc

from ..tools.trace_overview import build_overview
from ..tools.trace_tables import TABLES, table_rows
from ..tools.trace_values import iso
from .lot_replica import recent

DIRECTIONS = ("upstream", "downstream", "both")
MAX_ORIGINS = 5_000
LARGEST_ID = 2**31


class LotTrace(models.AbstractModel):
    """The public door to genealogy: plain JSON in and out, over XML-RPC, JSON-2 and the ORM
    alike, read-only, so that a replica can serve it.

    Ids are integers, times ISO 8601 in UTC with their offset, quantities in the product's unit,
    and what does not exist is `False` (XML-RPC has no null).
    """

    _name = "lot.trace"
    _description = "Lot trace"

    # -- public API --------------------------------------------------------------------------

    @api.model
    @api.readonly
    @recent
    def trace(self, lot_ids: list[int], direction: str = "both", max_depth: int = 0) -> dict:
        """Everything that went into these lots (upstream) and that they went into (downstream),
        with suppliers, customers, stock and what is not sure.

        :param lot_ids: ids of `stock.lot`, at most 5,000
        :param direction: "upstream", "downstream" or "both"
        :param max_depth: generations to follow; 0 follows all
        :return: {"origin": [id], "direction", "max_depth",
            "lots": [{"id", "name", "product_id", "product", "uom", "company_id", "supplier_lot",
            "expiration_date", "removal_date", "shelf", "status", "usable", "side", "level",
            "certainty", "reached", "before", "on_hand"}],
            "edges": [{"id", "parent_lot_id", "child_lot_id", "kind", "certainty",
            "parent_quantity", "child_quantity", "date", "document", "before"}],
            "receipts": [...], "deliveries": [{"lot_id", "partner_id", "partner", "quantity",
            "returned", "net", "date", "document", "certainty", "before"}] (`lot_id` is False where
            a product without lots may hold the goods), "partners": [...],
            "on_hand": [...], "scrapped": [...], "warnings": [{"code", "message", "lot_ids",
            "incomplete"}], "complete": bool, "data_age_s": seconds by which it may lack behind
            the main server (0.0 there itself, False where unknown), "elapsed_ms": float}.
            `before` marks what left a lot before the suspect goods entered it: it is not reached.
            Other modules add keys of their own for what others tell; see `_supplement`.
        :raise AccessError: without the right to read lots, or one of these
        :raise ValidationError: for an unknown id or direction
        """
        result = self._run(lot_ids, direction, max_depth)
        self._supplement(result)
        self._tell_traced(result)
        return result

    @api.model
    def _supplement(self, result: dict) -> None:
        """Add to a trace what is known besides our own records. An override adds keys of its own,
        in plain JSON, and warnings; it changes no other key.

        :param result: what `_run` returns, changed in place
        """

    @api.model
    def _run(self, lot_ids: list[int], direction: str, max_depth: int = 0) -> dict:
        """As `trace`, which tells the audit log besides."""
        started = time.perf_counter()
        # Before the rows are read: they are no older than this.
        age = self.env["lot.replica"]._age()
        # A hub has some hundred thousand rows, which form no cycles: the collector would look
        # through them again and again.
        with disabling_gc():
            result = self._trace(
                self._check_lots(lot_ids),
                self._check_direction(direction),
                self._check_number(max_depth),
            )
        result["data_age_s"] = age
        result["elapsed_ms"] = round((time.perf_counter() - started) * 1000, 3)
        return result

    @api.model
    @api.readonly
    @recent
    def overview(self, lot_ids: list[int], direction: str = "both", limit: int = 300) -> dict:
        """A trace as the screen draws it: at most `limit` nodes (what is more is summarised by
        product and generation, with its number), and the first rows of each table with totals.

        :return: {"origin", "direction", "nodes", "links", "tables", "totals", "warnings",
            "complete", "elapsed_ms"}, see `tools/trace_overview.py`
        :raise AccessError, ValidationError: as `trace`
        """
        limit = self._check_number(limit)
        return self._drawn(self.trace(lot_ids, direction), limit)

    @api.model
    def _drawn(self, result: dict, limit: int) -> dict:
        """A trace as the screen draws it; others add to it what they show."""
        return build_overview(result, limit)

    @api.model
    @api.readonly
    @recent
    def rows(
        self,
        lot_ids: list[int],
        direction: str,
        table: str,
        offset: int = 0,
        limit: int = 80,
        filters: dict | None = None,
    ) -> dict:
        """A page of one table of a trace.

        :param table: "lots", "edges", "receipts", "deliveries", "customers", "suppliers",
            "on_hand", "scrapped" or "timeline"
        :param filters: optional {"level": int, "product_id": int} for the lots of one summary
        :return: {"rows": [...], "total": int}
        :raise AccessError, ValidationError: as `trace`, or for an unknown table
        """
        if not isinstance(table, str) or table not in TABLES:
            raise ValidationError(
                self.env._("A trace has the tables %(tables)s.", tables=", ".join(TABLES))
            )
        offset, limit = self._check_number(offset), self._check_number(limit)
        filters = self._check_filters(filters)
        result = self._run(lot_ids, direction)
        if not offset:  # what follows are pages of the same
            self._tell_traced(result)
        return table_rows(result, table, offset, limit, filters)

    @api.model
    @api.readonly
    @recent
    def where_is(self, lot_ids: list[int]) -> list[dict]:
        """Where these lots lie now, themselves, not what was made of them.

        :return: [{"lot_id", "location_id", "location", "package", "quantity", "reserved",
            "company_id", "value"}] in the product's unit
        :raise AccessError, ValidationError: as `trace`
        """
        lots = self._check_lots(lot_ids)
        return self._stock_rows(lots, self.env["lot.trace.engine"]._readable(lots))

    @api.model
    @api.readonly
    @recent
    def who_received(self, lot_ids: list[int]) -> list[dict]:
        """Who got these lots or anything made of them, net of what came back.

        :return: [{"id", "name", "role": "customer", "lots", "deliveries", "quantities":
            [{"uom", "quantity", "returned", "net"}], "last_date", "email", "phone"}]
        :raise AccessError, ValidationError: as `trace`
        """
        result = self.trace(lot_ids, "downstream")
        customers = [p for p in result["partners"] if p["role"] == "customer"]
        contacts = self.env["res.partner"].browse([p["id"] for p in customers if p["id"]])
        known = {p.id: p for p in contacts._filtered_access("read")}
        for row in customers:
            contact = known.get(row["id"])
            row["email"] = (contact and contact.email) or ""
            row["phone"] = (contact and contact.phone) or ""
        return customers

    @api.model
    @api.readonly
    @recent
    def history(self, lot_ids: list[int]) -> list[dict]:
        """Each done move of these lots, oldest first.

        :return: [{"lot_id", "date", "quantity", "from", "to", "document", "company_id"}]
        :raise AccessError, ValidationError: as `trace`
        """
        engine = self.env["lot.trace.engine"]
        rows = engine._history(self._check_lots(lot_ids))
        places = engine._names(
            "stock.location", {r[4] for r in rows} | {r[5] for r in rows}, "complete_name"
        )
        documents = self._move_documents((r[6], r[7]) for r in rows)
        return [
            {
                "lot_id": lot,
                "date": iso(when),
                "quantity": self._round(quantity),
                "from": places.get(source, ""),
                "to": places.get(target, ""),
                "document": documents[picking, move],
                "company_id": company,
            }
            for lot, _line, when, quantity, source, target, picking, move, company in rows
        ]

    @api.model
    @api.readonly
    @recent
    def mass_balance(self, lot_ids: list[int]) -> list[dict]:
        """What came in, what went out and what is there, for each of these lots.

        :return: [{"lot_id", "lot", "product", "uom", "received", "produced", "returned",
            "adjusted", "consumed", "delivered", "scrapped", "sent_back", "transferred", "on_hand",
            "difference"}]; `difference` is what entered minus what left minus what is on hand:
            zero when every unit is accounted for
        :raise AccessError, ValidationError: as `trace`
        """
        lots = self._check_lots(lot_ids)
        engine = self.env["lot.trace.engine"]
        known = engine._readable(lots)
        products = self._products({row[1] for row in known.values()})
        sums: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for lot, kind, quantity in engine._balance(lots):
            sums[lot][kind] += quantity
        stock: dict[int, float] = defaultdict(float)
        for lot, _place, _package, quantity, _reserved, _company in engine._stock(lots):
            stock[lot] += quantity
        columns = {
            "received": ("receipt",),
            "produced": ("produced",),
            "returned": ("customer_return",),
            "adjusted": ("adjustment_in", "adjustment_out", "taken_over"),
            "consumed": ("consumed",),
            "delivered": ("delivery",),
            "scrapped": ("scrap",),
            "sent_back": ("supplier_return",),
            "transferred": ("intercompany_in", "intercompany_out"),
        }
        return [
            {
                "lot_id": lot,
                "lot": known[lot][0],
                "product": products[known[lot][1]]["name"],
                "uom": products[known[lot][1]]["uom"],
                **{
                    name: self._round(
                        sum(sums[lot][kind] for kind in kinds)
                        * (1 if name in ("adjusted", "transferred") else self._sign(name))
                    )
                    for name, kinds in columns.items()
                },
                "on_hand": self._round(stock[lot]),
                "difference": self._round(sum(sums[lot].values()) - stock[lot]),
            }
            for lot in lots
            if lot in known
        ]

    # -- input -------------------------------------------------------------------------------

    @api.model
    def _sign(self, column: str) -> int:
        """Outgoing movements are stored negative and reported positive."""
        return -1 if column in ("consumed", "delivered", "scrapped", "sent_back") else 1

    @api.model
    def _check_direction(self, direction: str) -> str:
        if not isinstance(direction, str) or direction not in DIRECTIONS:
            raise ValidationError(
                self.env._("The direction of a trace is upstream, downstream or both.")
            )
        return direction

    @api.model
    def _check_number(self, number: int) -> int:
        if not isinstance(number, int) or not 0 <= number < LARGEST_ID:
            raise ValidationError(
                self.env._("Depth, limit and offset are whole numbers of zero or more.")
            )
        return int(number)

    @api.model
    def _check_filters(self, filters: dict | None) -> dict:
        if not filters:
            return {}
        if not isinstance(filters, dict) or not all(
            value is None or isinstance(value, int) for value in filters.values()
        ):
            raise ValidationError(
                self.env._("Filters are names with whole numbers, such as level and product_id.")
            )
        return filters

    @api.model
    def _check_reader(self) -> None:
        """Lots can be read by some who may not trace, such as a subcontractor in the portal."""
        self.env["stock.lot"].check_access("read")
        self.env["lot.genealogy.edge"].check_access("read")

    @api.model
    def _check_lots(self, lot_ids: list[int]) -> list[int]:
        """The lots to start from, known and readable, without repetitions."""
        _ = self.env._
        self._check_reader()
        if not isinstance(lot_ids, (list, tuple)) or not all(
            isinstance(lot, int) and not isinstance(lot, bool) for lot in lot_ids
        ):
            raise ValidationError(_("Give the lots to trace as a list of their ids."))
        if not lot_ids:
            raise ValidationError(_("Choose at least one lot to trace."))
        ids = list(dict.fromkeys(lot_ids))
        if len(ids) > MAX_ORIGINS:
            raise ValidationError(
                _("A trace starts from at most %s lots. Trace them in parts.", MAX_ORIGINS)
            )
        engine = self.env["lot.trace.engine"]
        engine._prepare()
        possible = [lot for lot in ids if 0 < lot < LARGEST_ID]
        if len(engine._allowed_rows(self.env["stock.lot"], possible, ())) == len(ids):
            return ids
        lots = self.env["stock.lot"].browse(possible).exists()
        missing = len(ids) - len(lots)
        if missing:
            raise ValidationError(
                _(
                    "%s of the lots to trace do not exist (any more). Search for them again.",
                    missing,
                )
            )
        lots.check_access("read")  # says which of them the caller may not read
        return ids
