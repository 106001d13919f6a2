import logging
import secrets
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools.drill_pick import Candidate, pick

_logger = logging.getLogger(__name__)
SIDES = [
    ("raw", "A lot that was received"),
    ("finished", "A lot that was sent to customers"),
    ("any", "Either"),
]
# Lots that moved within this time can be tested: of older ones nothing may be left.
_DAYS = 365
_MOST = 5_000


class LotRecallDrillPlan(models.Model):
    """When drills run by themselves, what they take, and what they are measured against."""

    _name = "lot.recall.drill.plan"
    _description = "Schedule of mock recalls"
    _inherit = ["lot.audited"]
    _order = "next_date, id"

    name = fields.Char(required=True, default=lambda self: self.env._("Mock recall"))
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    months = fields.Integer(
        "Every so many months", default=6, required=True, help="BRCGS and IFS ask for 12 at most."
    )
    next_date = fields.Date(
        "Next night", required=True, default=lambda self: fields.Date.context_today(self)
    )
    side = fields.Selection(SIDES, "Takes", default="any", required=True)
    target_hours = fields.Float(
        "Target (hours)", default=4.0, required=True, help="BRCGS: 4 hours; FDA: 24 hours."
    )
    tolerance = fields.Float("Mass balance at least (%)", default=99.5, required=True)
    tell_team = fields.Boolean(
        "Send the team a test message",
        help="To whoever runs recalls, never to customers: whether their addresses work.",
    )
    user_id = fields.Many2one(
        "res.users",
        "In charge",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
        help="Gets the findings as activities.",
    )
    drill_ids = fields.One2many("lot.recall.drill", "plan_id", "Drills")

    _months_positive = models.Constraint("CHECK(months > 0)", "A drill runs every month at most.")

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        for plan in self:
            if not plan.user_id.has_group("lot_traceability.group_recall_manager"):
                raise ValidationError(
                    self.env._(
                        "%s may not run recalls. Choose somebody who may.", plan.user_id.name
                    )
                )

    def run_now(self) -> list[int]:
        """Run a drill of each of these schedules at once.

        :return: ids of the new `lot.recall.drill`
        :raise AccessError: without the right to run recalls
        :raise UserError: when there is no lot to test
        """
        self.check_access("write")
        drills = self.env["lot.recall.drill"]
        for plan in self:
            drill = plan._run()
            if not drill:
                raise UserError(
                    self.env._("There is no lot to test: nothing was received or sent in a year.")
                )
            drills |= drill
        return drills.ids

    def action_run_now(self) -> dict:
        """As `run_now`, and open the result.

        :return: a window action
        """
        ids = self.run_now()
        if not ids:
            raise UserError(self.env._("Choose the schedules first."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "lot.recall.drill",
            "res_id": ids[-1],
            "views": [(False, "form")],
        }

    def _run(self):
        """The drill of this schedule, or none when there is nothing to test."""
        self.ensure_one()
        company = self.company_id
        plan = self.with_user(self.user_id).with_company(company)
        plan = plan.with_context(allowed_company_ids=company.ids)
        seed = secrets.token_hex(8)
        lot = plan._pick(seed)
        if not lot:
            return self.env["lot.recall.drill"]
        return plan.env["lot.recall.drill"]._run(lot, plan=plan, seed=seed)

    def _pick(self, seed: str):
        candidates = self._candidates()
        today = self.env["lot.calendar"]._today(self.company_id)
        found = pick(candidates, self._tested(), today, seed)
        return self.env["stock.lot"].browse(found.lot) if found else self.env["stock.lot"]

    def _candidates(self) -> list[Candidate]:
        """Lots with what a recall would touch: partners for those that were sent, lots that were
        made of them for those that were received."""
        self.env["lot.trace.engine"]._prepare()
        kinds = {"raw": ["receipt"], "finished": ["delivery"]}.get(
            self.side, ["receipt", "delivery"]
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT moved.lot_id, moved.product_id, COUNT(DISTINCT moved.partner_id)
                       + (SELECT COUNT(*) FROM lot_genealogy_edge edge
                           WHERE edge.parent_lot_id = moved.lot_id
                             AND edge.company_id = %(company)s) AS weight
                  FROM lot_genealogy_movement moved
                 WHERE moved.kind = ANY(%(kinds)s) AND moved.company_id = %(company)s
                   AND moved.date >= %(since)s
                 GROUP BY moved.lot_id, moved.product_id
                 ORDER BY weight DESC, moved.lot_id
                 LIMIT %(most)s
                """,
                company=self.company_id.id,
                kinds=kinds,
                since=fields.Datetime.now() - timedelta(days=_DAYS),
                most=_MOST,
            )
        )
        known = self.env["lot.trace.engine"]
        rows = self.env.cr.fetchall()
        readable = known._readable([row[0] for row in rows])
        return [Candidate(lot, product, float(w)) for lot, product, w in rows if lot in readable]

    def _tested(self) -> dict:
        drills = self.env["lot.recall.drill"]._read_group(
            [("company_id", "=", self.company_id.id)], ["product_id"], ["started_on:max"]
        )
        return {product.id: latest.date() for product, latest in drills}

    @api.model
    def _cron_drill(self) -> None:
        """Run the drills that are due."""
        plans = self.search([("next_date", "<=", fields.Date.today())])
        self.env["ir.cron"]._commit_progress(remaining=len(plans))
        for plan in plans:
            # One that fails must not keep the others from running, nor run again each night.
            plan.next_date = fields.Date.today() + relativedelta(months=plan.months)
            try:
                with self.env.cr.savepoint():
                    drill = plan._run()
                    if not drill:
                        _logger.info("No lot to test for the mock recall %s", plan.name)
            except Exception:
                _logger.exception("Mock recall %s failed", plan.name)
                plan._tell_failed()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _tell_failed(self) -> None:
        # sudo: the one in charge is told by the system
        self.env["lot.recall.drill"].sudo()._tell_user(
            self.user_id,
            self.env._("The drill “%s” could not run: see the server's log.", self.name),
        )
