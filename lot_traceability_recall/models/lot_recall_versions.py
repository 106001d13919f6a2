from typing import Any

from odoo import api, fields, models


class LotRecall(models.Model):
    """The versions of the scope of a recall."""

    _inherit = "lot.recall"

    scope_ids = fields.One2many("lot.recall.scope", "recall_id", "Versions of the scope")
    scope_id = fields.Many2one(
        "lot.recall.scope", "Frozen scope", readonly=True, copy=False, index="btree_not_null"
    )
    draft_scope_id = fields.Many2one(
        "lot.recall.scope", compute="_compute_shown_scope_id", store=True
    )
    shown_scope_id = fields.Many2one(
        "lot.recall.scope", compute="_compute_shown_scope_id", store=True, index="btree_not_null"
    )
    scope_state = fields.Selection(related="shown_scope_id.state", string="State of the scope")
    scope_version = fields.Integer(related="shown_scope_id.version", string="Version")
    scope_computed_on = fields.Datetime(related="shown_scope_id.computed_on")
    scope_warnings = fields.Text(related="shown_scope_id.warnings")
    scope_digest = fields.Char(related="shown_scope_id.digest", string="Digest")
    suspect_lot_ids = fields.Many2many(related="shown_scope_id.lot_ids", readonly=False)
    direction = fields.Selection(related="shown_scope_id.direction", readonly=False)
    date_from = fields.Datetime(related="shown_scope_id.date_from", readonly=False)
    date_to = fields.Datetime(related="shown_scope_id.date_to", readonly=False)
    workcenter_ids = fields.Many2many(
        related="shown_scope_id.workcenter_ids", readonly=False, groups="mrp.group_mrp_user"
    )
    supplier_id = fields.Many2one(related="shown_scope_id.supplier_id", readonly=False)
    product_ids = fields.Many2many(related="shown_scope_id.product_ids", readonly=False)
    location_id = fields.Many2one(related="shown_scope_id.location_id", readonly=False)
    lot_count = fields.Integer("Lots", related="shown_scope_id.lot_count")
    excluded_count = fields.Integer(related="shown_scope_id.excluded_count")
    inferred_count = fields.Integer(related="shown_scope_id.inferred_count")
    on_hand_value = fields.Monetary(related="shown_scope_id.on_hand_value")
    shipped_value = fields.Monetary("Value with customers", related="shown_scope_id.shipped_value")

    @api.depends("scope_ids.state", "scope_id")
    def _compute_shown_scope_id(self):
        for recall in self:
            draft = recall.scope_ids.filtered(lambda scope: scope.state == "draft")[:1]
            recall.draft_scope_id = draft
            recall.shown_scope_id = draft or recall.scope_id

    def _after_freeze(self) -> None:
        """What follows from a scope that has just been frozen. Others add to it."""

    def new_version(self) -> int:
        """Open a new version of the scope beside the frozen one, with the same suspicion and what
        a person has added or left out.

        :return: id of the draft in `lot.recall.scope`
        :raise UserError: while another draft is open, or when the recall is closed
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("suspected", "decided")
        if self.draft_scope_id:
            return self.draft_scope_id.id
        frozen = self.scope_id
        self.env["lot.recall.scope"].flush_model(["state"])  # one draft at a time
        # sudo: the version is counted by itself, and takes over what others have described
        values = frozen.sudo().copy_data()[0] if frozen else {}
        draft = (
            self.env["lot.recall.scope"]
            .sudo()
            .create(
                {
                    **values,
                    "recall_id": self.id,
                    "version": max(self.scope_ids.mapped("version"), default=0) + 1,
                    "state": "draft",
                }
            )
        )
        draft = draft.with_env(self.env)
        if frozen:
            self._carry_over(frozen, draft)
            draft.find_lots()
        self.invalidate_recordset(["scope_ids"])
        return draft.id

    def _carry_over(self, frozen, draft) -> None:
        """What a person has decided in the version before."""
        decided = frozen.line_ids.filtered(lambda line: line.decision != "found")
        # sudo: decided before, by somebody who might
        self.env["lot.recall.lot"].sudo().create(
            [
                {"scope_id": draft.id, "lot_id": line.lot_id.id, "reason": line.reason}
                for line in decided
            ]
        )
        left_out = {line.lot_id for line in decided if line.decision == "excluded"}
        # sudo: as above
        draft.sudo().line_ids.filtered(lambda line: line.lot_id in left_out).write(
            {"decision": "excluded"}
        )

    def action_new_version(self) -> bool:
        """As `new_version`, for a button."""
        self.new_version()
        return True

    def action_open_lots(self) -> dict[str, Any]:
        """Open the lots of the scope that is shown.

        :return: a window action
        """
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "lot_traceability_recall.lot_recall_lot_action"
            ),
            "domain": [("scope_id", "=", self.shown_scope_id.id)],
            "context": {
                "default_scope_id": self.shown_scope_id.id,
                "create": self.shown_scope_id.state == "draft",
            },
        }

    def action_find_lots(self) -> bool:
        """Compute the lots of the draft anew.

        :return: True
        """
        self.draft_scope_id.find_lots()
        return True

    def action_freeze(self) -> bool:
        """Freeze the draft of the scope.

        :return: True
        """
        self.draft_scope_id.freeze()
        return True
