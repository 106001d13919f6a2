from collections import defaultdict
from collections.abc import Collection, Iterable

from odoo import api, models
from odoo.tools import SQL

from .lot_genealogy_movement import LINKS

PENDING = "lot_traceability.pending"


class LotGenealogyUpkeep(models.AbstractModel):
    """Keeps edges and movements equal to what a full rebuild would give.

    What changes done stock records says so with `_mark_lines` (or `_mark_documents`); the work
    is done once, set-based, when the transaction is flushed: before its commit, before a
    savepoint, and before anybody reads the genealogy.
    """

    _name = "lot.genealogy.upkeep"
    _description = "Genealogy upkeep"

    # -- saying what changed -----------------------------------------------------------------

    @api.model
    def _pending(self) -> dict:
        """What this transaction has changed and not yet written."""
        data = self.env.cr.precommit.data
        if PENDING not in data:
            data[PENDING] = {
                "new": set(),
                "changed": set(),
                "documents": defaultdict(set),
                "spans": set(),
                "lots": set(),
            }
            self.env.cr.precommit.add(self._flush_pending)
        return data[PENDING]

    @api.model
    def _mark_done(self, line_ids: Iterable[int]) -> None:
        """These move lines have just become done."""
        self._pending()["new"].update(line_ids)

    @api.model
    def _mark_changed(self, line_ids: Iterable[int]) -> None:
        """These done move lines are about to change: what they say now is noted as well, since
        the document or the product's balance that they leave has to be read again too."""
        pending = self._pending()
        # What became done in this very flush has nothing written yet: no old state to note.
        line_ids = [line_id for line_id in line_ids if line_id not in pending["new"]]
        if not line_ids:
            return
        pending["changed"].update(line_ids)
        documents, spans, _links = self._scope(line_ids)
        for model, ids in documents.items():
            pending["documents"][model].update(ids)
        pending["spans"].update(spans)

    @api.model
    def _mark_renamed(self, lot_ids: Iterable[int]) -> None:
        """These lots are about to get another name. Companies know each other's lots by it."""
        # sudo: only whether there is more than one company at all
        if self.env["res.company"].sudo().search_count([], limit=2) < 2:
            return
        pending = self._pending()
        pending["lots"].update(lot_ids)
        receipts = self.env["lot.genealogy.transfer"]._receipts(lot_ids)
        pending["documents"]["stock.picking"].update(receipts)

    # -- writing it --------------------------------------------------------------------------

    @api.model
    def _flush_pending(self) -> None:
        """Bring the tables up to date with this transaction."""
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        self.env.flush_all()
        line_ids = sorted(pending["new"] | pending["changed"])
        documents, spans, links = self._scope(line_ids)
        for model, ids in pending["documents"].items():
            documents[model].update(ids)
        receipts = self.env["lot.genealogy.transfer"]._receipts(pending["lots"])
        documents["stock.picking"].update(receipts)
        self._replace_movements(line_ids, sorted(pending["changed"]), links)
        spans |= pending["spans"]
        if spans and documents["mrp.production"]:
            self._replace_unlabelled(SQL("= ANY(%s)", sorted(documents["mrp.production"])))
        self._replace_edges(documents, spans)

    @api.model
    def _scope(self, line_ids: list[int]) -> tuple[dict[str, set[int]], set[tuple], set[str]]:
        """The documents of these move lines, the spans (product, company, date, move) of those
        among them that have no lot, and by which `LINKS` their moves lead further."""
        documents: dict[str, set[int]] = defaultdict(set)
        spans: set[tuple] = set()
        sent: set[int] = set()
        links: set[str] = set()
        if not line_ids:
            return documents, spans, links
        sources = self.env["lot.genealogy.edge"]._documents_of_moves()
        self.env["stock.move.line"].flush_model(
            ["state", "lot_id", "date", "move_id", "location_dest_id"]
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT CASE WHEN l.lot_id IS NULL THEN l.product_id END, l.company_id,
                       MIN(l.date), m.id, %s, %s, %s
                  FROM stock_move_line l
                  JOIN stock_move m ON m.id = l.move_id
                  JOIN stock_location dest ON dest.id = l.location_dest_id
                 WHERE l.id = ANY(%s)
                 GROUP BY 1, 2, m.id
                """,
                self.env["lot.genealogy.transfer"]._sent_lots(),
                SQL(", ").join(SQL("m.%s IS NOT NULL", SQL.identifier(name)) for name in LINKS),
                SQL(", ").join(sources.values()),
                line_ids,
            )
        )
        for product_id, company_id, date, move_id, lot_ids, *found in self.env.cr.fetchall():
            sent.update(lot_ids or ())
            links.update(name for name, is_set in zip(LINKS, found, strict=False) if is_set)
            if product_id:
                spans.add((product_id, company_id, date, move_id))
            for model, document_id in zip(sources, found[len(LINKS) :], strict=True):
                if document_id:
                    documents[model].add(document_id)
        receipts = self.env["lot.genealogy.transfer"]._receipts(sent)
        documents["stock.picking"].update(receipts)
        return documents, spans, links

    @api.model
    def _replace_movements(
        self, line_ids: list[int], changed: list[int], links: Collection[str] = LINKS
    ) -> None:
        """Write the movements of these move lines. Only lines that changed after they were done
        can have rows to take away."""
        movement = self.env["lot.genealogy.movement"]
        if changed:
            movement._delete(SQL("t.move_line_id = ANY(%s)", changed))
        if line_ids:
            derived = movement._derive(SQL("l.id = ANY(%s)", line_ids), links)
            movement._insert(derived, as_written=True)

    @api.model
    def _replace_unlabelled(self, productions: SQL) -> None:
        """Write which of these orders made a product without a lot."""
        unlabelled = self.env["lot.genealogy.unlabelled"]
        unlabelled._delete(SQL("t.production_id %s", productions))
        unlabelled._insert(unlabelled._derive(productions))

    @api.model
    def _replace_edges(self, documents: dict[str, set[int]], spans: set[tuple]) -> None:
        """Write the edges of these documents, and those of the orders that an untracked
        product links to them."""
        documents = {model: set(ids) for model, ids in documents.items() if ids}
        productions = documents.get("mrp.production", set())
        untracked = self.env["lot.genealogy.untracked"]
        without_lots, several = untracked._shape(productions) if productions else (False, False)
        without_lots = bool(spans) or without_lots
        if without_lots:
            affected = untracked._affected(productions, sorted(spans))
            if affected:
                documents["mrp.production"] = affected
        wanted = {model: sorted(ids) for model, ids in documents.items() if ids}
        if not wanted:
            return
        edge = self.env["lot.genealogy.edge"]
        edge._delete(
            SQL(" OR ").join(
                SQL("(t.res_model = %s AND t.res_id = ANY(%s))", model, ids)
                for model, ids in wanted.items()
            )
        )
        single = wanted.keys() == {"mrp.production"} and not without_lots and not several
        derived = edge._derive(wanted, untracked=without_lots, single=single)
        edge._insert(derived, as_written=single)
