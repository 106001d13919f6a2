from datetime import timedelta
from typing import Any

from markupsafe import escape
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools.drill_clock import Clock
from ..tools.drill_score import Measured, findings, score
from ..tools.recall_balance import percent, total

# Digits of a phone number that can be called.
_DIGITS = 6


class LotRecallDrill(models.Model):
    """The result of a mock recall: how long each step took, whether it came out even, and what is
    to be mended. It touches no stock and tells no customer."""

    _name = "lot.recall.drill"
    _description = "Result of a mock recall"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "started_on desc, id desc"
    _rec_name = "recall_id"

    recall_id = fields.Many2one("lot.recall", "Mock recall", required=True, ondelete="restrict")
    plan_id = fields.Many2one("lot.recall.drill.plan", "Schedule", ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", related="recall_id.company_id", store=True, precompute=True
    )
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", readonly=True)
    product_id = fields.Many2one(
        "product.product", related="lot_id.product_id", store=True, precompute=True
    )
    seed = fields.Char(readonly=True, help="Draws the same lot again")
    by_hand = fields.Boolean("Walked through by people", readonly=True)
    started_on = fields.Datetime(required=True, readonly=True)
    ended_on = fields.Datetime(required=True, readonly=True)
    seconds = fields.Float("Seconds in all", digits=(12, 2), readonly=True, aggregator="avg")
    target_hours = fields.Float("Target (hours)", readonly=True, aggregator=None)
    in_time = fields.Boolean(readonly=True)
    upstream_count = fields.Integer("Lots upstream", readonly=True)
    supplier_count = fields.Integer("Suppliers", readonly=True)
    lot_count = fields.Integer("Lots affected", readonly=True)
    consignee_count = fields.Integer("Consignees", readonly=True)
    without_contact = fields.Integer("Without any contact", readonly=True)
    bad_mail = fields.Integer("Mail address wrong", readonly=True)
    no_phone = fields.Integer("Without a phone", readonly=True)
    balance_percent = fields.Float("Mass balance %", digits=(5, 2), readonly=True, aggregator="avg")
    tolerance = fields.Float("Mass balance at least (%)", readonly=True, aggregator=None)
    complete = fields.Boolean("Traced without doubt", readonly=True)
    score = fields.Integer("Points", readonly=True, aggregator="avg", help="Out of 100")
    passed = fields.Boolean(readonly=True)
    step_ids = fields.One2many("lot.recall.drill.step", "drill_id", "Steps", readonly=True)

    def write(self, vals):
        typed = {name for name in vals if not name.startswith(("message_", "activity_"))}
        if typed and not self.env.su:
            raise UserError(
                self.env._(
                    "The result of a drill is evidence and does not change: run another drill."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._("The result of a drill is evidence and is not deleted: run another drill.")
        )

    # -- running -------------------------------------------------------------------------------

    @api.model
    def run(self, lot_id: int, target_hours: float = 4.0, tolerance: float = 99.5) -> int:
        """Run a mock recall of a lot by itself: trace both ways, freeze the scope, rehearse the
        stop, check the contacts, reconcile. No stock is touched, and nobody is told.

        :param lot_id: id of a `stock.lot`
        :param target_hours: within how many hours it should be done
        :param tolerance: how much of the mass balance has to come out, in per cent
        :return: id of the `lot.recall.drill`
        :raise AccessError: without the right to run recalls, or to read the lot
        :raise ValidationError: for an unknown lot
        """
        self.env["lot.recall"].browse().check_access("create")
        lot = self.env["stock.lot"].browse(self.env["lot.trace"]._check_lots([lot_id]))
        return self._run(lot, target_hours=target_hours, tolerance=tolerance).id

    @api.model
    def _run(self, lot, plan=None, seed="", target_hours=4.0, tolerance=99.5):
        """:return: the new drill"""
        begun, clock = fields.Datetime.now(), Clock()
        title = self.env._("Drill: %s", lot.display_name)
        recalls = self.env["lot.recall"]
        started = recalls.start(lot.ids, {"title": title, "kind": "mock"}, "downstream")
        recall = recalls.browse(started["id"])
        clock.lap("downstream", self.env._("Found what was made of it"), started["lots"])
        up = self.env["lot.trace"]._run(lot.ids, "upstream")
        above = sum(1 for row in up["lots"] if row["side"] == "upstream" and not row["before"])
        clock.lap("upstream", self.env._("Found what it was made of"), above)
        recall.draft_scope_id.freeze()
        clock.lap("freeze", self.env._("Froze the scope and listed who received it"))
        met = recall.stop()
        clock.lap("stop", self.env._("Rehearsed the stop"), met["lots"])
        contacts = self._check_contacts(recall)
        clock.lap("contacts", self.env._("Checked the contacts"), contacts["consignee_count"])
        recall.reconcile()
        balance = self._balance_of(recall)
        clock.lap("balance", self.env._("Worked out the mass balance"))
        drill = self._keep(
            recall,
            clock,
            {
                "plan_id": plan.id if plan else False,
                "lot_id": lot.id,
                "seed": seed,
                "started_on": begun,
                "target_hours": plan.target_hours if plan else target_hours,
                "tolerance": plan.tolerance if plan else tolerance,
                "upstream_count": above,
                "supplier_count": sum(1 for row in up["partners"] if row["role"] == "supplier"),
                "complete": up["complete"] and recall.scope_id.complete,
                "balance_percent": balance,
                **contacts,
            },
        )
        if plan and plan.tell_team:
            drill._tell_team()
        return drill

    @api.model
    def _keep(self, recall, clock: Clock, values: dict[str, Any]):
        measured = Measured(
            seconds=clock.total,
            target_hours=values["target_hours"],
            balance=values["balance_percent"],
            tolerance=values["tolerance"],
            complete=values["complete"],
            consignees=values["consignee_count"],
            without_contact=values["without_contact"],
            bad_mail=values["bad_mail"],
        )
        found = findings(measured)
        # sudo: a result is written by the drill, nobody types it
        drill = self.sudo().create(
            {
                **values,
                "recall_id": recall.id,
                "ended_on": fields.Datetime.now(),
                "seconds": clock.total,
                "in_time": measured.in_time,
                "lot_count": recall.scope_id.lot_count,
                "score": score(measured),
                "passed": not found,
                "step_ids": [(0, 0, step) for step in clock.steps],
            }
        )
        drill = drill.with_env(self.env)
        drill._note_findings(found)
        recall._tell_step("drill", points=drill.score, passed=drill.passed, found=found)
        recall._note({"state": "closed", "closed_on": fields.Datetime.now()})
        return drill

    @api.model
    def _check_contacts(self, recall) -> dict[str, int]:
        """Who could not be told."""
        consignees = recall.consignee_ids
        bad = consignees.filtered(lambda one: one.email and not _mail_works(one.email))
        no_phone = consignees.filtered(lambda one: not _phone_works(one.phone))
        silent = no_phone.filtered(lambda one: not one.email)
        return {
            "consignee_count": len(consignees),
            "without_contact": len(silent),
            "bad_mail": len(bad),
            "no_phone": len(no_phone),
        }

    @api.model
    def _balance_of(self, recall) -> float:
        """How much is accounted for, with what was shipped to somebody counted as known: in a
        drill nobody is asked."""
        shares = [100.0]
        for _uom, rows in recall.balance_ids.grouped(lambda row: row.product_id.uom_id).items():
            parts = [row._balance() for row in rows]
            lost = sum(max(-one.counted, 0.0) + abs(one.difference) for one in parts)
            made = total(parts).made
            shares.append(percent(made - lost, made))
        return min(shares)

    # -- a drill that people walked through ------------------------------------------------------

    @api.model
    def _score_walk(self, recall):
        """The result of a mock recall that people walked through: its own times."""
        recall._check_state("decided")
        if recall.kind != "mock":
            raise UserError(
                self.env._("Only a drill gets points: a recall is closed when nothing is open.")
            )
        if not recall.stopped_on:
            raise UserError(self.env._("Rehearse the stop first: the drill is not through."))
        clock = Clock()
        for code, name in (
            ("freeze", self.env._("Froze the scope and listed who received it")),
            ("stop", self.env._("Rehearsed the stop")),
        ):
            until = recall.decided_on if code == "freeze" else recall.stopped_on
            clock.add(code, name, (until - recall.started_on).total_seconds())
        recall.reconcile()
        lots = recall.scope_id.lot_ids
        up = self.env["lot.trace"]._run(lots.ids, "upstream") if lots else None
        clock.total = (fields.Datetime.now() - recall.started_on).total_seconds()
        return self._keep(
            recall,
            clock,
            {
                "lot_id": lots[:1].id,
                "by_hand": True,
                "started_on": recall.started_on,
                "target_hours": 4.0,
                "tolerance": 99.5,
                "upstream_count": len(up["lots"]) - len(lots) if up else 0,
                "supplier_count": sum(1 for row in up["partners"]) if up else 0,
                "complete": recall.scope_id.complete,
                "balance_percent": self._balance_of(recall),
                **self._check_contacts(recall),
            },
        )

    # -- what comes of it ------------------------------------------------------------------------

    def _finding_texts(self) -> dict[str, str]:
        return {
            "time": self.env._("It took longer than %s hours.", self.target_hours),
            "balance": self.env._(
                "The mass balance comes to %(percent)s %%, not to %(wanted)s %%.",
                percent=self.balance_percent,
                wanted=self.tolerance,
            ),
            "complete": self.env._("The records leave doubts: see the warnings of the scope."),
            "without_contact": self.env._(
                "%s consignees have neither mail nor phone.", self.without_contact
            ),
            "bad_mail": self.env._("%s mail addresses cannot be right.", self.bad_mail),
        }

    def _note_findings(self, codes: list[str]) -> None:
        texts = self._finding_texts()
        user = self.plan_id.user_id or self.env.user
        for code in codes:
            # sudo: the one in charge gets it, whoever ran the drill
            self.sudo().activity_schedule(
                "lot_traceability_recall.activity_drill_finding",
                date_deadline=fields.Date.today() + timedelta(days=14),
                summary=texts[code],
                user_id=user.id,
            )

    def _tell_team(self) -> None:
        """A test message to whoever runs recalls: whether it arrives is part of the drill."""
        # sudo: colleagues are written to, whoever runs the drill
        team = self.env.ref("lot_traceability.group_recall_manager").sudo().all_user_ids
        team = team.filtered(lambda user: self.company_id in user.company_ids and user.email)
        self.message_post(
            body=escape(
                self.env._(
                    "This is a test: the recall team would be called together now. Answer this "
                    "message, so that it is known that it reaches you."
                )
            ),
            partner_ids=team.partner_id.ids,
            message_type="comment",
        )

    @api.model
    def _tell_user(self, user, text: str) -> None:
        user.partner_id.message_post(
            body=escape(text), partner_ids=user.partner_id.ids, subtype_xmlid="mail.mt_note"
        )


class LotRecallDrillStep(models.Model):
    """How long one step of a drill took."""

    _name = "lot.recall.drill.step"
    _description = "Step of a mock recall"
    _order = "drill_id, id"

    drill_id = fields.Many2one(
        "lot.recall.drill", required=True, index=True, ondelete="cascade", readonly=True
    )
    code = fields.Char(readonly=True)
    name = fields.Char("Step", readonly=True)
    seconds = fields.Float(digits=(12, 3), readonly=True)
    figure = fields.Integer("How many", readonly=True)


class LotRecall(models.Model):
    _inherit = "lot.recall"

    drill_ids = fields.One2many("lot.recall.drill", "recall_id", "Results of the drill")

    def action_score_drill(self) -> dict[str, Any]:
        """End a drill that people walked through, and open its result.

        :return: a window action
        """
        self.ensure_one()
        self.check_access("write")
        drill = self.env["lot.recall.drill"]._score_walk(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "lot.recall.drill",
            "res_id": drill.id,
            "views": [(False, "form")],
        }


def _mail_works(address: str) -> bool:
    """Could a mail server take it? One address, with a dot in its domain."""
    found = email_normalize(address)
    return bool(found) and "." in found.rpartition("@")[2]


def _phone_works(number: str | bool) -> bool:
    return sum(sign.isdigit() for sign in number or "") >= _DIGITS
