from typing import Any

from odoo import api, fields, models


class LotRecall(models.Model):
    """Dispositions of a recall; and goods that were scrapped during it without one: they have a
    clear outcome as well."""

    _inherit = "lot.recall"

    disposition_ids = fields.One2many("lot.recall.disposition", "recall_id", "Dispositions")
    disposition_count = fields.Integer(
        "Number of dispositions", compute="_compute_disposition_count"
    )
    disposition_open_count = fields.Integer(
        "Dispositions to do", compute="_compute_disposition_count"
    )

    def _compute_disposition_count(self):
        rows = self.env["lot.recall.disposition"]._read_group(
            [("recall_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["recall_id", "state"],
            ["__count"],
        )
        for recall in self:
            own = [row for row in rows if row[0] == recall]
            recall.disposition_count = sum(row[2] for row in own)
            recall.disposition_open_count = sum(row[2] for row in own if row[1] != "done")

    def plan_dispositions(
        self,
        kind: str,
        lot_ids: list[int] | None = None,
        note: str = "",
        planned_on: str = "",
    ) -> list[int]:
        """Decide what happens with all of these lots that is in stock and not decided about: one
        disposition for each lot and place.

        :param kind: "destroy", "rework", "supplier" or "release"
        :param lot_ids: ids in `stock.lot`; all that the recall takes unless given
        :param note: why
        :param planned_on: day as YYYY-MM-DD
        :return: ids of the new `lot.recall.disposition`
        :raise AccessError: without the right to run recalls
        :raise UserError: for a drill, or before the scope is frozen
        """
        self.ensure_one()
        self.check_access("write")
        self._check_real()
        model = self.env["lot.recall.disposition"]
        lots = self._taken_lots()
        lots = lots.filtered(lambda lot: lot.id in lot_ids) if lot_ids else lots
        rows = []
        for lot in lots:
            draft = model.new({"recall_id": self.id, "lot_id": lot.id})
            for place in draft._places():
                draft.location_id = place
                free = draft._free()
                if lot.product_id.uom_id.compare(free, 0) > 0:
                    rows.append(
                        {
                            "recall_id": self.id,
                            "lot_id": lot.id,
                            "location_id": place.id,
                            "quantity": free,
                            "kind": kind,
                            "note": note or False,
                            "planned_on": planned_on or False,
                        }
                    )
        return model.create(rows).ids

    def find_scrapped(self) -> int:
        """Take what was scrapped of these lots since the recall began, without a disposition.

        :return: how much was found: number of movements
        :raise AccessError: without the right to read recalls
        """
        self.check_access("read")
        found = 0
        for recall in self.filtered(lambda one: one.scope_id and one.kind != "mock"):
            # sudo: what was scrapped counts, whoever may read stock moves
            lines = (
                self.env["stock.move.line"]
                .sudo()
                .search(
                    [
                        ("lot_id", "in", recall._taken_lots().ids),
                        ("state", "=", "done"),
                        ("date", ">=", recall.started_on),
                        ("location_id.usage", "in", ("internal", "transit")),
                        ("location_dest_id.usage", "=", "inventory"),
                        ("move_id.is_inventory", "=", False),
                        ("company_id", "=", recall.company_id.id),
                    ]
                )
            )
            # sudo: noted by the step itself
            found += recall.sudo()._note_scrapped(lines)
        return found

    def _after_freeze(self) -> None:
        result = super()._after_freeze()
        self.find_scrapped()
        return result

    @api.model
    def _take_scrapped(self, lines) -> None:
        """These lines have just scrapped goods: those of lots of an open recall belong to it."""
        taken = self.env["lot.recall.lot"].search(self._open_lots(lines.lot_id))
        for recall, own in taken.grouped("recall_id").items():
            recall._note_scrapped(
                lines.filtered(
                    lambda line, own=own, recall=recall: (
                        line.lot_id in own.lot_id and line.company_id == recall.company_id
                    )
                )
            )

    def _note_scrapped(self, lines) -> int:
        """A disposition for each of these lines that has none."""
        model = self.env["lot.recall.disposition"]
        lines = lines.filtered(lambda line: not line.move_id.scrap_id.recall_disposition_id)
        known = model.search([("outside_line_id", "in", lines.ids)]).outside_line_id
        for line in lines - known:
            document = line.move_id.scrap_id.name or line.move_id.reference or ""
            done = model.create(
                {
                    "recall_id": self.id,
                    "lot_id": line.lot_id.id,
                    "quantity": line.quantity_product_uom,
                    "kind": "outside",
                    "location_id": line.location_id.id,
                    "outside_line_id": line.id,
                    "decided_by_id": False,
                    "done_by_id": line.create_uid.id,
                    "note": self.env._("Scrapped with %s", document),
                }
            )
            done._tell("scrapped outside of the recall", documents=[document])
            done._book_goods(document)
        return len(lines - known)

    def action_dispositions(self) -> dict[str, Any]:
        """Open the dispositions of the recall.

        :return: a window action
        """
        self.ensure_one()
        self.find_scrapped()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_recall.lot_recall_disposition_action"
        )
        return {
            **action,
            "domain": [("recall_id", "=", self.id)],
            "context": {
                "default_recall_id": self.id,
                "create": self.state == "decided" and self.kind != "mock",
            },
        }
