import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 20_000
# Seconds of the installation in which the history is read.
AT_INSTALL = 30
SAMPLE = 2_000
TOLERANCE = 6  # decimals: sums of floats may differ in the last bits


class LotGenealogyRebuild(models.Model):
    """Reads the whole stock history again, in batches that each commit: it can be interrupted
    at any instant and goes on where it stopped. What it finds replaces what was there batch by
    batch, so that traces stay possible meanwhile (they say that a rebuild is running)."""

    _name = "lot.genealogy.rebuild"
    _description = "Genealogy rebuild"
    _order = "id desc"

    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="running",
        required=True,
        readonly=True,
    )
    phase = fields.Char(default="movements", readonly=True, help="movements, or a document model")
    phase_name = fields.Char("Reading", compute="_compute_phase_name")
    last_id = fields.Integer(default=0, readonly=True)
    max_id = fields.Integer(default=0, readonly=True)
    progress = fields.Float(compute="_compute_progress", help="Percent of the running phase")
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user, readonly=True)
    finished = fields.Datetime(readonly=True)

    @api.depends("phase", "state")
    def _compute_phase_name(self):
        for rebuild in self:
            # sudo: the name of a kind of document is no secret
            model = self.env["ir.model"].sudo()._get(rebuild.phase)
            name = model.name or self.env._("Stock moves")
            rebuild.phase_name = "" if rebuild.state == "done" else name

    @api.depends("last_id", "max_id", "state")
    def _compute_progress(self):
        for rebuild in self:
            done = rebuild.state == "done" or not rebuild.max_id
            rebuild.progress = 100.0 if done else 100.0 * rebuild.last_id / rebuild.max_id

    @api.model
    def action_start(self) -> dict:
        """Start a rebuild in the background, or show the one that runs.

        :return: the window action that shows its progress
        :raise AccessError: without the right to manage traceability
        """
        self.check_access("create")
        rebuild = self.search([("state", "=", "running")], limit=1) or self.create({})
        # sudo: a manager of traceability may wake this one job, not edit scheduled actions
        self.env.ref("lot_traceability.ir_cron_rebuild").sudo()._trigger()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": rebuild.id,
            "views": [[False, "form"]],
        }

    def action_cancel(self) -> None:
        """Stop this rebuild after its running batch; what was rebuilt so far stays."""
        if self.filtered(lambda rebuild: rebuild.state != "running"):
            raise UserError(self.env._("Only a running rebuild can be cancelled."))
        self.state = "cancelled"

    @api.model
    def _rebuild_at_install(self) -> None:
        """The history that the database has before this module: in the installing transaction as
        long as somebody waits for it, which a web server does not do for ever; the rest of a large
        one in the background."""
        rebuild = self.create({})
        until = time.monotonic() + AT_INSTALL
        while rebuild._step():
            if time.monotonic() > until:
                self.env.ref("lot_traceability.ir_cron_rebuild")._trigger()
                _logger.info("The genealogy of a long history is read in the background.")
                return

    @api.model
    def _cron_rebuild(self) -> None:
        rebuild = self.search([("state", "=", "running")], order="id", limit=1)
        while rebuild and rebuild.state == "running" and rebuild._step():
            remaining = max(rebuild.max_id - rebuild.last_id, 1)
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    # -- batches -----------------------------------------------------------------------------

    @api.model
    def _phases(self) -> list[str]:
        return ["movements", *self.env["lot.genealogy.edge"]._documents_of_moves()]

    @api.model
    def _phase_table(self, phase: str) -> SQL:
        return SQL.identifier("stock_move_line" if phase == "movements" else self.env[phase]._table)

    def _step(self) -> bool:
        """Rebuild one batch; False when all is done."""
        self.ensure_one()
        self.env["lot.genealogy.upkeep"]._flush_pending()
        self.env.flush_all()
        if self.phase == "movements" and not self.last_id:
            # A table that was just filled looks empty to the planner, which then reads it again
            # for each line.
            self.env.cr.execute(SQL("ANALYZE stock_move, stock_move_line, stock_picking"))
        batch = self._next_batch()
        if batch is None:
            return self._next_phase()
        first, last = batch
        if self.phase == "movements":
            between = SQL("BETWEEN %s AND %s", first, last)
            movement = self.env["lot.genealogy.movement"]
            movement._delete(SQL("t.move_line_id %s", between))
            movement._insert(movement._derive(SQL("l.id %s", between)))
        else:
            self._rebuild_documents(first, last)
        self.last_id = last
        return True

    def _rebuild_documents(self, first: int, last: int) -> None:
        """The edges of the documents in this range of ids, those that are gone included."""
        edge = self.env["lot.genealogy.edge"]
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE id BETWEEN %s AND %s ORDER BY id",
                self._phase_table(self.phase),
                first,
                last,
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        edge._delete(
            SQL("t.res_model = %s AND t.res_id BETWEEN %s AND %s", self.phase, first, last)
        )
        if self.phase == "mrp.production":
            upkeep = self.env["lot.genealogy.upkeep"]
            upkeep._replace_unlabelled(SQL("BETWEEN %s AND %s", first, last))
        if ids:
            edge._insert(edge._derive({self.phase: ids}))

    def _next_batch(self) -> tuple[int, int] | None:
        """First and last id of the next batch of this phase."""
        table = self._phase_table(self.phase)
        self.env.cr.execute(
            SQL(
                """SELECT MIN(id), MAX(id), (SELECT MAX(id) FROM %s)
                     FROM (SELECT id FROM %s WHERE id > %s ORDER BY id LIMIT %s) batch""",
                table,
                table,
                self.last_id,
                BATCH,
            )
        )
        _first, last, self.max_id = self.env.cr.fetchone()
        return (self.last_id + 1, last) if last else None

    def _next_phase(self) -> bool:
        phases = self._phases()
        position = phases.index(self.phase) + 1
        if position < len(phases):
            self.write({"phase": phases[position], "last_id": 0, "max_id": 0})
            return True
        self._delete_orphans()
        self.write({"state": "done", "finished": fields.Datetime.now()})
        _logger.info("genealogy rebuilt")
        return False

    def _delete_orphans(self) -> None:
        """Edges of documents that do not exist any more, or of an app that was uninstalled."""
        edge = self.env["lot.genealogy.edge"]
        models_known = list(edge._documents_of_moves())
        edge._delete(SQL("NOT t.res_model = ANY(%s)", models_known))
        for model in models_known:
            edge._delete(
                SQL(
                    "t.res_model = %s AND NOT EXISTS (SELECT 1 FROM %s d WHERE d.id = t.res_id)",
                    model,
                    self._phase_table(model),
                )
            )

    # -- the check that the upkeep equals a rebuild ------------------------------------------

    @api.model
    def _drift(self, documents: dict[str, list[int]], line_ids: list[int]) -> dict[str, list]:
        """What a rebuild of these documents and move lines would change.

        :return: {"edges": rows, "movements": rows, "unlabelled": rows}, each row led by "missing"
            or "surplus"; empty lists when there is no drift
        """
        self.env["lot.genealogy.upkeep"]._flush_pending()
        self.env.flush_all()
        wanted = {model: ids for model, ids in documents.items() if ids}
        edges = movements = unlabelled = []
        if wanted:
            stored = SQL(" OR ").join(
                SQL("(t.res_model = %s AND t.res_id = ANY(%s))", model, ids)
                for model, ids in wanted.items()
            )
            source = self.env["lot.genealogy.edge"]._derive(wanted)
            edges = self._difference("lot.genealogy.edge", source, stored)
        if line_ids:
            source = self.env["lot.genealogy.movement"]._derive(SQL("l.id = ANY(%s)", line_ids))
            stored = SQL("t.move_line_id = ANY(%s)", line_ids)
            movements = self._difference("lot.genealogy.movement", source, stored)
        if wanted.get("mrp.production"):
            productions = SQL("= ANY(%s)", wanted["mrp.production"])
            unlabelled = self._difference(
                "lot.genealogy.unlabelled",
                self.env["lot.genealogy.unlabelled"]._derive(productions),
                SQL("t.production_id %s", productions),
            )
        return {"edges": edges, "movements": movements, "unlabelled": unlabelled}

    @api.model
    def _difference(self, model: str, source: SQL, stored: SQL) -> list[tuple]:
        names = self.env[model]._columns()
        columns = SQL(", ").join(
            SQL("ROUND(%s::numeric, %s)", SQL.identifier(name), TOLERANCE)
            if self.env[model]._fields[name].type == "float"
            else SQL.identifier(name)
            for name in names
        )
        table = SQL.identifier(self.env[model]._table)
        derived = SQL(
            "SELECT %s FROM (%s) AS derived(%s)",
            columns,
            source,
            SQL(", ").join(map(SQL.identifier, names)),
        )
        kept = SQL("SELECT %s FROM %s t WHERE %s", columns, table, stored)
        self.env.cr.execute(
            SQL(
                """SELECT 'missing', m.* FROM ((%(derived)s) EXCEPT (%(kept)s)) m
                    UNION ALL
                   SELECT 'surplus', s.* FROM ((%(kept)s) EXCEPT (%(derived)s)) s""",
                derived=derived,
                kept=kept,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _cron_check(self) -> None:
        """Compare a sample with a rebuild; mend what differs and tell the managers. While one is
        running, what it has not read yet is no drift."""
        if self.search_count([("state", "=", "running")], limit=1):
            return
        documents = {
            model: self._sample(self._phase_table(model))
            for model in self.env["lot.genealogy.edge"]._documents_of_moves()
        }
        line_ids = self._sample(SQL.identifier("stock_move_line"))
        drift = self._drift(documents, line_ids)
        self.env["lot.genealogy.check"]._note(drift)
        if not any(drift.values()):
            return
        upkeep = self.env["lot.genealogy.upkeep"]
        upkeep._replace_movements(line_ids, changed=line_ids)
        upkeep._replace_unlabelled(SQL("= ANY(%s)", documents["mrp.production"]))
        upkeep._replace_edges({m: set(ids) for m, ids in documents.items()}, set())
        self._report_drift(drift)

    @api.model
    def _sample(self, table: SQL) -> list[int]:
        """The newest records and as many random ones: drift starts with what is written today,
        old rows can only be changed behind the ORM."""
        self.env.cr.execute(
            SQL(
                """(SELECT id FROM %(table)s ORDER BY id DESC LIMIT %(half)s)
                   UNION
                   (SELECT id FROM %(table)s
                     WHERE id >= (SELECT FLOOR(RANDOM() * COALESCE(MAX(id), 0)) FROM %(table)s)
                     ORDER BY id LIMIT %(half)s)""",
                table=table,
                half=SAMPLE // 2,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    @api.model
    def _report_drift(self, drift: dict[str, list]) -> None:
        """An activity for each manager, on the newest rebuild record."""
        edges, movements, orders = self.env["lot.genealogy.check"]._counted(drift)
        _logger.info(
            "genealogy drift mended: %s edges, %s movements, %s orders", edges, movements, orders
        )
        managers = self.env.ref("lot_traceability.group_manager").all_user_ids
        note = self.env._(
            "The nightly check found %(edges)s genealogy links and %(movements)s movements, and "
            "%(orders)s orders with products without lots, that differed from the stock records, "
            "and mended them. Something wrote stock records past Odoo: start “Rebuild genealogy” "
            "to check everything.",
            edges=edges,
            movements=movements,
            orders=orders,
        )
        first = drift["edges"][:1] or drift["movements"][:1]
        found = self.env["stock.lot"].browse(row[1] for row in first)
        if not found:
            found = self.env["mrp.production"].browse(row[1] for row in drift["unlabelled"][:1])
        for manager in managers:
            found.exists().activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("Genealogy drift"),
                note=note,
                user_id=manager.id,
            )
