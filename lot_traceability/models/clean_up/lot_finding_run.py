import logging

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

# With so many lots a person waits for the search; with more it runs in the background.
AT_ONCE = 50_000


class LotFindingRun(models.Model):
    """A search for faults, one kind after the other: it can be interrupted between them, and goes
    on where it stopped."""

    _name = "lot.finding.run"
    _description = "Search for faults"
    _order = "id desc"
    _rec_name = "create_date"

    state = fields.Selection(
        [("running", "Running"), ("done", "Done")], default="running", required=True, readonly=True
    )
    company_ids = fields.Many2many("res.company", string="Companies", readonly=True)
    user_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    position = fields.Integer("Kinds searched", readonly=True)
    new_count = fields.Integer("Found", readonly=True)
    again_count = fields.Integer("Found again", readonly=True)
    gone_count = fields.Integer("Gone", readonly=True)
    finished = fields.Datetime(readonly=True)

    @api.model
    def _start(self, companies) -> str:
        """Search for faults of these companies.

        :return: what came of it, for the user
        """
        # sudo: who may start a search is asked before; its record is written by the search
        runs = self.sudo()
        running = runs.search([("state", "=", "running")], limit=1)
        run = running or runs.create({"company_ids": [(6, 0, companies.ids)]})
        # sudo: how many lots there are in all companies, no more
        many = self.env["stock.lot"].sudo().search_count([], limit=AT_ONCE + 1) > AT_ONCE
        if running or many:
            # sudo: whoever may start the search may wake this one job, not edit scheduled actions
            self.env.ref("lot_traceability.ir_cron_clean_up").sudo()._trigger()
            return self.env._("The search runs in the background. Look at this list again later.")
        while run._step():
            pass
        # In the user's language, of what the user sees.
        left = self.env["lot.finding"].search_count([("state", "=", "open")])
        return self.env._(
            "%(new)s found, %(gone)s gone, %(left)s to do.",
            new=run.new_count + run.again_count,
            gone=run.gone_count,
            left=left,
        )

    @api.model
    def _cron_look(self) -> None:
        """Go on with a search that was started, or search all companies."""
        run = self.search([("state", "=", "running")], order="id", limit=1)
        if not run:
            companies = self.env["res.company"].search([("active", "=", True)])
            run = self.create({"company_ids": [(6, 0, companies.ids)]})
        while run._step():
            left = len(self.env["lot.finding.search"]._kinds()) - run.position
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return
        self.env["ir.cron"]._commit_progress(1, remaining=0)

    def _step(self) -> bool:
        """Search for the next kind of fault; False when there was the last one."""
        self.ensure_one()
        search = self.env["lot.finding.search"]
        kinds = search._kinds()
        if self.position < len(kinds):
            outcome = search._look(kinds[self.position], self.company_ids.ids)
            self.write(
                {
                    "position": self.position + 1,
                    "new_count": self.new_count + outcome.new,
                    "again_count": self.again_count + outcome.again,
                    "gone_count": self.gone_count + len(outcome.gone),
                }
            )
        if self.position < len(kinds):
            return True
        self.write({"state": "done", "finished": fields.Datetime.now()})
        _logger.info(
            "clean-up: %s faults found, %s again, %s gone",
            self.new_count,
            self.again_count,
            self.gone_count,
        )
        return False
