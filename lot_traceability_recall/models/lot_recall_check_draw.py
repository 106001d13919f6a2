import json
from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.check_sample import SHARES, doubled, draw, share_of

LEVELS = [
    ("A", "A: all consignees"),
    ("B", "B: more than 10 % and less than 100 %"),
    ("C", "C: 10 %"),
    ("D", "D: 2 %"),
    ("E", "E: none"),
]
# How long somebody has for a check, where nothing else is said.
DAYS = 10


class LotRecallCheckDraw(models.Model):
    """One draw of consignees for effectiveness checks: by which level and seed, out of whom. What
    stands here is enough to draw the same sample again."""

    _name = "lot.recall.check.draw"
    _description = "Sample of effectiveness checks"
    _order = "id desc"
    _rec_name = "level"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True)
    level = fields.Selection(LEVELS, required=True)
    percent = fields.Float("Share in percent")
    seed = fields.Char(required=True)
    members = fields.Text("Drawn from", required=True, help="Ids of the consignees, as JSON")
    count = fields.Integer("Consignees")
    size = fields.Integer("Sample")
    added = fields.Integer(help="Checks that this draw added; others were drawn before")
    user_id = fields.Many2one("res.users", "Drawn by", required=True, ondelete="restrict")
    drawn_on = fields.Datetime(required=True)

    def draw_again(self) -> list[int]:
        """Draw the same sample again, as 21 CFR 7.42(b)(3) has it checked.

        :return: ids of the consignees in `lot.recall.consignee`, in the order of the draw
        :raise AccessError: without the right to read recalls
        """
        self.ensure_one()
        self.check_access("read")
        return draw(json.loads(self.members), self.percent, self.seed)

    def write(self, vals):  # pylint: disable=method-required-super  # nobody may
        raise UserError(self.env._("A draw is evidence and does not change: draw another one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A draw is evidence and is not deleted: another one adds to it.")
        )


class LotRecall(models.Model):
    """Effectiveness checks: whom to ask whether the letter arrived and was followed."""

    _inherit = "lot.recall"

    check_ids = fields.One2many("lot.recall.check", "recall_id", "Effectiveness checks")
    check_draw_ids = fields.One2many("lot.recall.check.draw", "recall_id", "Samples drawn")
    check_count = fields.Integer("Checks", compute="_compute_check_count")
    check_done_count = fields.Integer("Checks done", compute="_compute_check_count")
    check_failed_count = fields.Integer("Not effective", compute="_compute_check_count")
    check_advice_percent = fields.Float(
        "Next sample in percent",
        compute="_compute_check_count",
        help="Twice the present sample, because a check was not effective",
    )

    def _compute_check_count(self):
        rows = self.env["lot.recall.check"]._read_group(
            [("recall_id", "in", self.ids)],
            ["recall_id", "outcome"],
            ["__count", "consignee_id:count_distinct"],
        )
        for recall in self:
            own = [row for row in rows if row[0] == recall]
            recall.check_count = sum(row[2] for row in own)
            recall.check_done_count = sum(row[2] for row in own if row[1])
            failed = sum(row[2] for row in own if row[1] == "not_effective")
            recall.check_failed_count = failed
            checked = len(recall.check_ids.consignee_id) if failed else 0
            whole = len(recall._consignees_to_check()) if failed else 0
            recall.check_advice_percent = doubled(whole, min(checked, whole))

    def _consignees_to_check(self):
        """Those of whom the present scope says that they received anything."""
        return self.consignee_ids.filtered("line_ids")

    def draw_checks(
        self,
        level: str,
        percent: float = 0.0,
        seed: str = "",
        method: str = "call",
        days: int = DAYS,
    ) -> dict[str, Any]:
        """Draw the consignees at whom the recall is checked, 21 CFR 7.42(b)(3). Checks that were
        drawn before stay; another draw adds to them.

        :param level: "A" all consignees, "B" the share `percent`, "C" 10 %, "D" 2 %, "E" none
        :param percent: for level B: more than 10, less than 100
        :param seed: what fixes the order in which they are drawn; the seed of the first draw, or
            else the number of the recall, unless given
        :param method: "call", "visit" or "mail"
        :param days: how long there is time for the checks
        :return: {"draw_id", "seed", "consignees": how many there are, "sample": ids of
            `lot.recall.consignee` in the order of the draw, "added": ids of `lot.recall.check`}
        :raise AccessError: without the right to run recalls
        :raise UserError: for an unknown level or share, or before a scope is frozen
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("decided")
        try:
            share = share_of(level, percent or 0.0)
        except ValueError as error:
            raise UserError(self._level_text()) from error
        first = self.check_draw_ids.sorted("id")[:1]
        seed = (seed or "").strip() or first.seed or self.name
        members = sorted(self._consignees_to_check().ids)
        sample = draw(members, share, seed)
        checks = self._add_checks(sample, method, days)
        drawn = self._keep_draw(level, share, seed, members, len(sample), len(checks))
        self._tell_step(
            "checks drawn", level=level, percent=share, seed=seed, of=len(members), checks=sample
        )
        self.invalidate_recordset(["check_count", "check_done_count", "check_advice_percent"])
        return {
            "draw_id": drawn.id,
            "seed": seed,
            "consignees": len(members),
            "sample": sample,
            "added": checks.ids,
        }

    def _add_checks(self, sample: list[int], method: str, days: int):
        """Checks at those drawn that have none yet.

        :param sample: ids of the consignees
        """
        known = set(self.check_ids.consignee_id.ids)
        return self.env["lot.recall.check"].create(
            [
                {
                    "recall_id": self.id,
                    "consignee_id": consignee,
                    "method": method,
                    "due": fields.Date.context_today(self) + timedelta(days=days),
                    "user_id": self.manager_id.id,
                }
                for consignee in sample
                if consignee not in known
            ]
        )

    def _keep_draw(
        self, level: str, share: float, seed: str, members: list[int], size: int, added: int
    ):
        """Note how it was drawn, so that anybody can draw it again."""
        # sudo: what was drawn is noted by the draw itself
        drawn = self.env["lot.recall.check.draw"].sudo()
        return drawn.create(
            {
                "recall_id": self.id,
                "level": level,
                "percent": share,
                "seed": seed,
                "members": json.dumps(members),
                "count": len(members),
                "size": size,
                "added": added,
                "user_id": self.env.uid,
                "drawn_on": fields.Datetime.now(),
            }
        )

    def _level_text(self) -> str:
        return self.env._(
            "Choose a level: A all consignees, B with a share of more than 10 and less than 100 "
            "percent, C %(c)g percent, D %(d)g percent, E none.",
            c=SHARES["C"],
            d=SHARES["D"],
        )

    def action_double_checks(self) -> bool:
        """Draw twice as many as were drawn, because a check was not effective.

        :return: True
        """
        self.ensure_one()
        percent = self.check_advice_percent
        if not percent:
            raise UserError(self.env._("No check was found not effective: the sample may stay."))
        if percent <= 10:
            # Level B begins above 10 %: twice 2 % is less, so that the next level is taken.
            self.draw_checks("C")
        elif percent >= 100:
            self.draw_checks("A")
        else:
            self.draw_checks("B", percent)
        return True
