from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from odoo import api, models
from odoo.tools import SQL

from .lot_genealogy_movement import LINKS
from .lot_genealogy_untracked import FEW_ORDERS

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
                "gone": False,
            }
            self.env.cr.precommit.add(self._flush_pending)
        return data[PENDING]

    @api.model
    def _mark_done(self, line_ids: Iterable[int]) -> None:
        """These move lines have just become done."""
        self._pending()["new"].update(line_ids)

    @api.model
    def _mark_gone(self) -> None:
        """Move lines are about to be deleted, and what was marked before may be among them."""
        pending = self.env.cr.precommit.data.get(PENDING)
        if pending:
            pending["gone"] = True

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
        documents, spans, links = self._scope(line_ids, pending["gone"])
        for model, ids in pending["documents"].items():
            documents[model].update(ids)
        receipts = self.env["lot.genealogy.transfer"]._receipts(pending["lots"])
        documents["stock.picking"].update(receipts)
        self._replace_movements(line_ids, sorted(pending["changed"]), links)
        spans |= pending["spans"]
        if spans and documents["mrp.production"]:
            self._replace_unlabelled(SQL("= ANY(%s)", sorted(documents["mrp.production"])))
        clean = not (pending["changed"] or pending["gone"] or any(pending["documents"].values()))
        self._replace_edges(documents, spans, pending["new"] if clean else ())

    @api.model
    def _scope(
        self, line_ids: list[int], some_gone: bool = False
    ) -> tuple[dict[str, set[int]], set[tuple], set[str]]:
        """The documents of these move lines, the spans (product, company, date, move) of those
        among them that have no lot, and by which `LINKS` their moves lead further.

        :param some_gone: whether any of them may have been deleted
        """
        documents: dict[str, set[int]] = defaultdict(set)
        spans: set[tuple] = set()
        sent: set[int] = set()
        since: dict[tuple, datetime] = {}
        links: set[str] = set()
        if not line_ids:
            return documents, spans, links
        # Asked of the records and not of the database: a document has just moved them, and to plan
        # a query takes longer than to look at what is known. sudo: whoever may not read an order
        # makes links all the same.
        lines = self.env["stock.move.line"].sudo().browse(line_ids)
        if some_gone:
            lines = lines.exists()
        between = self.env["lot.genealogy.transfer"]._is_between
        for line in lines:
            if not line.lot_id:
                span = (line.product_id.id, line.company_id.id, line.move_id.id)
                since[span] = min(since.get(span, line.date), line.date)
            elif between(line.location_dest_id):
                sent.add(line.lot_id.id)
        spans.update((*span[:2], date, span[2]) for span, date in since.items() if span[2])
        sources = self.env["lot.genealogy.edge"]._documents_of_moves()
        for move in lines.move_id:
            links.update(name for name in LINKS if name not in links and move[name])
            for model, source in sources.items():
                document = source(move)
                if document:
                    documents[model].add(document)
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
    def _replace_edges(
        self, documents: dict[str, set[int]], spans: set[tuple], new: Collection[int] = ()
    ) -> None:
        """Write the edges of these documents, and those of the orders that an untracked
        product links to them.

        :param new: move lines of which no edge has been written yet
        """
        documents = {model: set(ids) for model, ids in documents.items() if ids}
        productions = documents.get("mrp.production", set())
        untracked = self.env["lot.genealogy.untracked"]
        without_lots, several, lines = (
            untracked._shape(productions) if productions else (False, False, None)
        )
        without_lots = bool(spans) or without_lots
        if without_lots:
            affected = untracked._affected(productions, sorted(spans))
            if affected:
                documents["mrp.production"] = affected
        wanted = {model: sorted(ids) for model, ids in documents.items() if ids}
        if not wanted:
            return
        edge = self.env["lot.genealogy.edge"]
        few = len(productions) <= FEW_ORDERS
        single = few and wanted.keys() == {"mrp.production"} and not without_lots and not several
        if not (single and lines and lines <= set(new)):
            edge._delete(
                SQL(" OR ").join(
                    SQL("(t.res_model = %s AND t.res_id = ANY(%s))", model, ids)
                    for model, ids in wanted.items()
                )
            )
        derived = edge._derive(wanted, untracked=without_lots, single=single)
        edge._insert(derived, as_written=single)
