from typing import Any

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What a recall can be started with.
STARTED_WITH = {
    "title",
    "kind",
    "goods",
    "region",
    "hazard_class",
    "hazard",
    "reason",
    "found_by",
    "partner_id",
    "measurement_id",
    "depth",
    "remedy",
    "hazard_assessment",
    "complaint_text",
    "started_on",
    "company_id",
    "manager_id",
}


class LotRecall(models.Model):
    """How a recall begins: with lots that somebody suspects."""

    _inherit = "lot.recall"

    @api.model
    def start(
        self, lot_ids: list[int], values: dict[str, Any], direction: str = "downstream"
    ) -> dict[str, Any]:
        """Open a recall for suspect lots and compute what it would take. Nothing is stopped and
        nobody is told yet.

        :param lot_ids: ids of the suspect lots; may be empty where the scope is described later
        :param values: {"title": what is wrong (asked for), "kind": "recall", "withdrawal" or
            "mock", "goods", "region", "hazard_class": "1", "2" or "3", "hazard", "reason",
            "found_by", "partner_id", "measurement_id", "depth", "remedy", "hazard_assessment",
            "complaint_text", "started_on", "company_id", "manager_id"}
        :param direction: "downstream", "both" or "none", as in `lot.recall.scope`
        :return: {"id", "name", "scope_id", "lots", "inferred"}
        :raise AccessError: without the right to run recalls, or to read the lots
        :raise UserError: without a title, for an unknown value, or while a recall of one of
            these lots is open: its number is named
        """
        self.browse().check_access("create")
        unknown = values.keys() - STARTED_WITH
        if unknown:
            raise UserError(
                self.env._(
                    "A recall does not start with: %(names)s. It takes %(known)s.",
                    names=", ".join(sorted(unknown)),
                    known=", ".join(sorted(STARTED_WITH)),
                )
            )
        if not str(values.get("title") or "").strip():
            raise UserError(self.env._("Say in a few words what is wrong."))
        known = self.env["lot.trace"]._check_lots(lot_ids) if lot_ids else []
        lots = self.env["stock.lot"].browse(known)
        if values.get("kind") != "mock":
            self._refuse_second(lots)
        recall = self.create(values)
        recall.new_version()
        scope = recall.draft_scope_id
        scope.write({"lot_ids": [(6, 0, lots.ids)], "direction": direction})
        if lots:
            scope.find_lots()
        return {
            "id": recall.id,
            "name": recall.name,
            "scope_id": scope.id,
            "lots": scope.lot_count,
            "inferred": scope.inferred_count,
        }

    @api.model
    def _refuse_second(self, lots) -> None:
        """Two people hear of the same thing and both press the button: one recall comes of it.
        The lots are locked, so that the later one sees what the earlier one has done."""
        if not lots:
            return
        self.env.cr.execute(
            SQL("SELECT id FROM stock_lot WHERE id = ANY(%s) ORDER BY id FOR UPDATE", lots.ids)
        )
        # sudo: a recall in another company counts as well; its number alone is told
        taken = (
            self.env["lot.recall.scope"]
            .sudo()
            .search(
                [
                    ("lot_ids", "in", lots.ids),
                    ("recall_id.state", "in", ("suspected", "decided")),
                    ("recall_id.kind", "!=", "mock"),
                ],
                limit=1,
            )
        )
        if taken:
            both = taken.lot_ids & lots
            recall = taken.recall_id
            raise UserError(
                self.env._(
                    "%(recall)s is open for %(lots)s already, in the hands of %(who)s. "
                    "Go on there.",
                    recall=recall.name,
                    lots=both._names(),
                    who=recall.manager_id.name,
                )
            )
