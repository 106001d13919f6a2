from collections import defaultdict
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.scope_digest import digest

STATES = [("draft", "Draft"), ("frozen", "Frozen"), ("replaced", "Replaced")]
DIRECTIONS = [
    ("downstream", "These lots and what was made of them"),
    ("both", "What they were made of, and all that was made of that"),
    ("none", "These lots alone"),
]
# What a scope is computed from.
CRITERIA = {
    "direction",
    "lot_ids",
    "date_from",
    "date_to",
    "workcenter_ids",
    "supplier_id",
    "product_ids",
    "location_id",
}


class LotRecallScope(models.Model):
    """One version of what a recall takes: where the suspicion comes from, the lots that follow
    from it, and what a person added or left out. Frozen with its digest; what comes later is a new
    version beside it."""

    _name = "lot.recall.scope"
    _description = "Scope of a recall"
    _order = "recall_id, version desc"
    _rec_name = "version"

    recall_id = fields.Many2one("lot.recall", required=True, index=True, ondelete="restrict")
    version = fields.Integer(default=1, required=True, readonly=True)
    state = fields.Selection(STATES, default="draft", required=True, readonly=True)
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="recall_id.currency_id")
    direction = fields.Selection(DIRECTIONS, "Takes", default="downstream", required=True)
    lot_ids = fields.Many2many(
        "stock.lot", "lot_recall_scope_suspect_rel", string="Suspect lots", copy=True
    )
    date_from = fields.Datetime("Made or received from", help="The window of the fault")
    date_to = fields.Datetime("Made or received until")
    workcenter_ids = fields.Many2many("mrp.workcenter", string="Lines", groups="mrp.group_mrp_user")
    supplier_id = fields.Many2one("res.partner", ondelete="restrict")
    product_ids = fields.Many2many("product.product", string="Products or ingredients")
    location_id = fields.Many2one(
        "stock.location", "Lay at", ondelete="restrict", help="At any time in the window"
    )
    line_ids = fields.One2many("lot.recall.lot", "scope_id", "Affected lots")
    computed_on = fields.Datetime(readonly=True, copy=False)
    complete = fields.Boolean(readonly=True, copy=False, default=True)
    warnings = fields.Text(readonly=True, copy=False)
    lot_count = fields.Integer("Lots", compute="_compute_totals")
    inferred_count = fields.Integer("Inferred", compute="_compute_totals")
    excluded_count = fields.Integer("Left out", compute="_compute_totals")
    on_hand_value = fields.Monetary("Value in stock", compute="_compute_totals")
    shipped_value = fields.Monetary("Value shipped", compute="_compute_totals")
    frozen_by_id = fields.Many2one("res.users", "Frozen by", readonly=True, copy=False)
    frozen_on = fields.Datetime("Frozen on", readonly=True, copy=False)
    digest = fields.Char(readonly=True, copy=False)
    digest_valid = fields.Boolean("Unchanged", compute="_compute_digest_valid")

    _version_unique = models.UniqueIndex(
        "(recall_id, version)", "This recall has a scope with this version already."
    )
    _one_draft = models.UniqueIndex(
        "(recall_id) WHERE state = 'draft'",
        "This recall has a scope that is being worked on already: freeze that one first.",
    )

    @api.depends("version", "state")
    def _compute_display_name(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for scope in self:
            scope.display_name = self.env._(
                "Version %(version)s (%(state)s)", version=scope.version, state=states[scope.state]
            )

    @api.depends("line_ids.decision", "line_ids.on_hand_value", "line_ids.shipped_value")
    def _compute_totals(self):
        rows = self.env["lot.recall.lot"]._read_group(
            [("scope_id", "in", self.ids)],
            ["scope_id", "decision", "certainty"],
            ["__count", "on_hand_value:sum", "shipped_value:sum"],
        )
        totals: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for scope, decision, certainty, count, on_hand, shipped in rows:
            total = totals[scope.id]
            if decision == "excluded":
                total["excluded_count"] += count
                continue
            total["lot_count"] += count
            total["inferred_count"] += count if certainty == "inferred" else 0
            total["on_hand_value"] += on_hand
            total["shipped_value"] += shipped
        for scope in self:
            for name in ("lot_count", "inferred_count", "excluded_count"):
                scope[name] = int(totals[scope.id][name])
            scope.on_hand_value = totals[scope.id]["on_hand_value"]
            scope.shipped_value = totals[scope.id]["shipped_value"]

    # -- what may be written -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_evidence(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_evidence(vals)
        if any(scope.state != "draft" for scope in self) and not self.env.su:
            raise UserError(
                self.env._("A frozen scope does not change: make a new version of it instead.")
            )
        result = super().write(vals)
        if CRITERIA & vals.keys() and not self.env.su:
            self.sudo().write({"computed_on": False})  # sudo: noted by itself
        return result

    def _refuse_evidence(self, vals: dict[str, Any]) -> None:
        evidence = {"state", "version", "frozen_by_id", "frozen_on", "digest", "computed_on"}
        if evidence & vals.keys() and not self.env.su:
            raise UserError(
                self.env._(
                    "The version of a scope and its digest are noted by itself: freeze "
                    "it, or make a new version."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if any(scope.state != "draft" for scope in self):
            raise UserError(
                self.env._(
                    "A frozen scope is evidence and is not deleted: make a new version of it."
                )
            )

    # -- freezing ------------------------------------------------------------------------------

    def _facts(self) -> dict[str, Any]:
        """The head of what the digest is of."""
        self.ensure_one()
        return {
            "recall": self.recall_id.name,
            "version": self.version,
            "direction": self.direction,
            "suspects": sorted(self.lot_ids.ids),
            "frozen_by": self.frozen_by_id.id,
            "frozen_on": fields.Datetime.to_string(self.frozen_on),
        }

    def _digest_now(self) -> str:
        """The digest of what the database says now."""
        self.ensure_one()
        self.env["lot.recall.lot"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT lot_id, lot_name, decision, certainty, on_hand::text, shipped::text,
                          COALESCE(reason, '')
                     FROM lot_recall_lot WHERE scope_id = %s""",
                self.id,
            )
        )
        names = ("lot", "name", "decision", "certainty", "on_hand", "shipped", "reason")
        rows = (dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall())
        return digest(self._facts(), rows)

    def _compute_digest_valid(self):
        for scope in self:
            # sudo: the digest is over all lots, whichever of them the reader may see
            scope.digest_valid = bool(scope.digest) and (scope.sudo()._digest_now() == scope.digest)

    def freeze(self) -> str:
        """Freeze this scope: from now on it says what the recall takes. A version that was frozen
        before is replaced, and stays readable beside it.

        :return: the digest, "v1$" and 64 hexadecimal digits (SHA-256)
        :raise AccessError: without the right to run recalls
        :raise UserError: for a scope without lots, or one that was frozen before
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._("This scope is frozen already: make a new version to change it.")
            )
        recall = self.recall_id
        recall._check_state("suspected", "decided")
        if not self.computed_on:
            self.find_lots()
        if not self.lot_count:
            raise UserError(
                self.env._(
                    "No lot is affected. Name a suspect lot, widen the window, or call the recall "
                    "off."
                )
            )
        now = fields.Datetime.now()
        earlier = recall.scope_ids.filtered(lambda scope: scope.state == "frozen")
        # sudo: a step notes itself
        earlier.sudo().write({"state": "replaced"})
        scope = self.sudo()
        scope.write({"state": "frozen", "frozen_by_id": self.env.uid, "frozen_on": now})
        scope.digest = scope._digest_now()
        recall._note(
            {"state": "decided", "decided_on": recall.decided_on or now, "scope_id": self.id}
        )
        recall._after_freeze()
        recall._tell_step(
            "scope frozen", version=self.version, lots=self.lot_count, digest=self.digest
        )
        recall.message_post(
            body=self.env._(
                "Scope version %(version)s frozen: %(count)s lots. Digest %(digest)s",
                version=self.version,
                count=self.lot_count,
                digest=self.digest,
            )
        )
        return self.digest

    def action_freeze(self) -> bool:
        """As `freeze`, for a button."""
        self.freeze()
        return True
