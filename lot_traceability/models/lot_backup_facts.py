import json
import random
import time
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from odoo import api, models
from odoo.tools import SQL
from psycopg2.errors import LockNotAvailable

# What is compared is written to these; nobody writes while the point is set, some milliseconds.
_STILL = (
    "stock_move_line",
    "stock_quant",
    "lot_genealogy_edge",
    "lot_genealogy_movement",
    "lot_audit_event",
    "lot_audit_block",
    "ir_attachment",
)
# Less than PostgreSQL waits before it looks for a deadlock: we give up, nobody else does.
_PATIENCE = "500ms"
_TRIES = 15
_TRACES = 5
# How long a trace took is no part of its answer.
_VOLATILE = ("elapsed_ms",)


class LotBackupFacts(models.AbstractModel):
    """What a database says of itself at a point of PostgreSQL's log, so that a copy restored to
    that point can be compared with it."""

    _name = "lot.backup.facts"
    _description = "Facts to compare a restored copy by"

    @api.model
    @contextmanager
    def _standing_still(self, point: str):
        """A snapshot that is exactly what a restore to the named point gives: the point is set
        while nobody can write what is compared.

        :return: yields an environment that reads the snapshot, and the place in the log
        """
        with self.env.registry.cursor() as cr:
            location = self._set_point(cr, point)
            yield self.with_env(self.env(cr=cr)), location
            cr.rollback()

    @api.model
    def _set_point(self, reader, point: str) -> str:
        tables = SQL(", ").join(map(SQL.identifier, _STILL))
        for turn in range(_TRIES):
            with self.env.registry.cursor() as writer:
                try:
                    writer.execute(SQL("SET LOCAL lock_timeout = %s", _PATIENCE))
                    writer.execute(SQL("LOCK TABLE %s IN SHARE MODE", tables), log_exceptions=False)
                except LockNotAvailable:
                    # Somebody works long: nobody is kept waiting behind us.
                    writer.rollback()
                    time.sleep(min(1 + turn, 5))
                    continue
                writer.execute(SQL("SELECT pg_create_restore_point(%s)::text", point))
                location = writer.fetchone()[0]
                # The first statement of a transaction takes its snapshot.
                reader.execute("SELECT 1")
                writer.rollback()
                return location
        raise TimeoutError("the database was never still for a moment; try again later")

    # -- facts -------------------------------------------------------------------------------------

    @api.model
    def _facts(self, lot_ids: list[int] | None = None) -> dict[str, Any]:
        """Figures, digests and answers of this database.

        :param lot_ids: lots to trace; none: some that have a genealogy, at random
        :return: {"receipt": {"number", "digest", "sealed_at"} or {}, "figures": {name: text},
            "traces": {lot id: digest of the answer}, "wrong_files": {name: what is wrong}}
        """
        if lot_ids is None:
            lot_ids = self._random_lots()
        receipt = self.env["lot.audit.block"]._receipt()
        return {
            "receipt": {
                "number": receipt.number,
                "digest": receipt.digest,
                "sealed_at": str(receipt.sealed_at),
            }
            if receipt
            else {},
            "figures": self._figures(),
            "traces": {str(lot): self._trace_digest(lot) for lot in lot_ids},
            "wrong_files": self._wrong_files(),
        }

    @api.model
    def _figures(self) -> dict[str, str]:
        figures = {
            "stock": self._sums("stock_quant", ("quantity", "reserved_quantity")),
            "done lines": self._sums("stock_move_line", ("quantity",), SQL("t.state = 'done'")),
            "events": self._sums("lot_audit_event", ()),
            "blocks": self._sums("lot_audit_block", ()),
        }
        for model in ("lot.genealogy.edge", "lot.genealogy.movement"):
            figures[self.env[model]._table] = self._digest(model)
        self.env.cr.execute("SELECT COUNT(DISTINCT store_fname) FROM ir_attachment")
        figures["files"] = str(self.env.cr.fetchone()[0])
        return figures

    @api.model
    def _sums(self, table: str, columns: tuple[str, ...], where: SQL | None = None) -> str:
        """Number of rows, sums, and a digest that does not depend on the order of the rows."""
        parts = [SQL("COUNT(*)")]
        parts += [SQL("ROUND(SUM(t.%s)::numeric, 6)", SQL.identifier(name)) for name in columns]
        parts.append(_digest_of(SQL("t::text")))
        self.env.cr.execute(
            SQL(
                "SELECT CONCAT_WS(' ', %s) FROM %s t WHERE %s",
                SQL(", ").join(parts),
                SQL.identifier(table),
                where or SQL("TRUE"),
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _digest(self, model: str) -> str:
        """Number and digest of what is derived of a table of the genealogy: a rebuild gives the
        same, with other ids."""
        names = self.env[model]._columns()
        columns = SQL(", ").join(
            SQL("ROUND(t.%s::numeric, 6)", SQL.identifier(name))
            if self.env[model]._fields[name].type == "float"
            else SQL("t.%s", SQL.identifier(name))
            for name in names
        )
        self.env.cr.execute(
            SQL(
                "SELECT CONCAT_WS(' ', COUNT(*), %s) FROM %s t",
                _digest_of(SQL("ROW(%s)::text", columns)),
                SQL.identifier(self.env[model]._table),
            )
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _random_lots(self) -> list[int]:
        self.env.cr.execute("SELECT MIN(child_lot_id), MAX(child_lot_id) FROM lot_genealogy_edge")
        first, last = self.env.cr.fetchone()
        if not last:
            return self.env["stock.lot"].search([], limit=_TRACES).ids
        dice = random.SystemRandom()
        places = [dice.randint(first, last) for _turn in range(_TRACES)]
        self.env.cr.execute(
            SQL(
                """SELECT (SELECT MIN(child_lot_id) FROM lot_genealogy_edge
                            WHERE child_lot_id >= place)
                     FROM UNNEST(%s) AS place""",
                places,
            )
        )
        return sorted({row[0] for row in self.env.cr.fetchall()})

    @api.model
    def _trace_digest(self, lot_id: int) -> str:
        # What a trace of a drill answers is no trace that anybody asked for: the log has none.
        answer = self.env["lot.trace"]._run([lot_id], "both")
        kept = {name: value for name, value in answer.items() if name not in _VOLATILE}
        return sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()

    # -- proofs ------------------------------------------------------------------------------------

    @api.model
    def _prove(self, live: dict[str, Any]) -> list[dict[str, Any]]:
        """Compare this restored copy with what the live database said at the same point.

        :param live: as `_facts`
        :return: [{"name", "passed", "text"}]; the caller rolls back
        """
        mine = self._facts([int(lot) for lot in live["traces"]])
        figures, told = mine["figures"], live["figures"]
        differ = [name for name in told if figures.get(name) != told[name]]
        stock = [name for name in differ if name in ("stock", "done lines")]
        rest = [name for name in differ if name not in stock]
        traces = [lot for lot, digest in live["traces"].items() if mine["traces"][lot] != digest]
        return [
            self._prove_log(live["receipt"]),
            _proof("Stock sums equal", not stock, stock or [_counts(told)]),
            _proof("Everything else compared is equal", not rest, rest or sorted(told)),
            _proof(
                "Random traces give the same answer",
                not traces,
                [f"lot {lot}" for lot in traces] or [f"lots {', '.join(live['traces'])}"],
            ),
            self._prove_files(live, mine),
            self._prove_genealogy(figures),
        ]

    @api.model
    def _prove_log(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """The chain verifies, and goes on to the receipt that was taken before."""
        report, more = self.env["lot.audit.verification"]._outcome("all")
        texts = [finding.text for finding in (*report.findings, *more)]
        if receipt:
            here = self.env["lot.audit.block"]._receipt(receipt["number"])
            if not here or here.digest != receipt["digest"]:
                texts.insert(0, f"Block {receipt['number']} is not the one of its receipt.")
        found = report.summary
        told = (
            f"{found.blocks} blocks, {found.events} events, {found.receipts} receipts agree; "
            f"receipt of block {receipt.get('number', 0)}"
        )
        return _proof(
            "Audit log verifies up to the receipt taken before",
            not texts,
            texts or [told],
        )

    @api.model
    def _prove_files(self, live: dict[str, Any], mine: dict[str, Any]) -> dict[str, Any]:
        """Each file that an attachment names is there, and is what its name says. What the live
        database lacks as well is no fault of the copy, and is told."""
        before, wrong = live["wrong_files"], mine["wrong_files"]
        lost = [f"{name}: {what}" for name, what in wrong.items() if name not in before]
        count = mine["figures"]["files"]
        note = f"{count} files" + (
            f"; {len(before)} were not right in the live database: {', '.join(list(before)[:5])}"
            if before
            else ""
        )
        return _proof("Files are complete", not lost, lost or [note])

    @api.model
    def _wrong_files(self) -> dict[str, str]:
        """Files that attachments name and that are missing, or are not what they were."""
        attachments = self.env["ir.attachment"]
        self.env.cr.execute(
            """SELECT store_fname, MAX(checksum) FROM ir_attachment
                WHERE store_fname IS NOT NULL GROUP BY store_fname"""
        )
        wrong = {}
        for name, checksum in self.env.cr.fetchall():
            try:
                with open(attachments._full_path(name), "rb") as file:
                    content = file.read()
            except OSError:
                wrong[name] = "is missing"
                continue
            if checksum and attachments._compute_checksum(content) != checksum:
                wrong[name] = "is not what it was"
        return wrong

    @api.model
    def _prove_genealogy(self, figures: dict[str, str]) -> dict[str, Any]:
        """A rebuild from the restored stock records gives the links that were restored."""
        self.env["lot.genealogy.rebuild"]._rebuild_at_install()
        self.env.flush_all()
        differ = [
            model
            for model in ("lot.genealogy.edge", "lot.genealogy.movement")
            if self._digest(model) != figures[self.env[model]._table]
        ]
        edges = figures["lot_genealogy_edge"].split(" ")[0]
        return _proof(
            "Genealogy rebuild equals the stored edges", not differ, differ or [f"{edges} edges"]
        )


def _proof(name: str, passed: bool, lines: list[str]) -> dict[str, Any]:
    return {"name": name, "passed": passed, "text": "\n".join(lines[:20])}


def _counts(figures: dict[str, str]) -> str:
    """How much was compared: a figure begins with the number of rows."""
    stock, lines = (figures[name].split(" ")[0] for name in ("stock", "done lines"))
    return f"{stock} quants, {lines} done lines"


def _digest_of(text: SQL) -> SQL:
    return SQL("SUM(('x' || SUBSTR(MD5(%s), 1, 15))::bit(60)::bigint)::text", text)
