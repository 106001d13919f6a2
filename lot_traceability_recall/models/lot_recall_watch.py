from odoo import api, fields, models
from odoo.tools import SQL


class LotRecall(models.Model):
    """Whether what happens in the stock widens a recall after its scope was frozen."""

    _inherit = "lot.recall"

    widened_on = fields.Datetime("Widened on", readonly=True, copy=False)
    widened_text = fields.Text("What widens it", readonly=True, copy=False)
    watched = fields.Char(readonly=True, copy=False, help="What was newest at the last look")

    def check_widened(self) -> bool:
        """Compare the frozen scope with what the stock records say now.

        :return: whether lots or deliveries have come that the scope does not know
        :raise AccessError: without the right to read recalls
        """
        self.ensure_one()
        self.check_access("read")
        scope = self.scope_id
        if not scope or self.state != "decided":
            return False
        self.env["lot.trace.engine"]._prepare()
        found = scope._affected(scope._suspects())
        known = set(scope.line_ids.lot_id.ids)
        new = [row for row in found["rows"] if row["lot"] not in known]
        sent = self._new_deliveries(scope, found["deliveries"])
        if not new and not sent:
            return False
        self._alarm(new, sent)
        return True

    def _new_deliveries(self, scope, rows: list[dict]) -> list[dict]:
        """Deliveries of lots that the scope takes, which it does not know."""
        known = {(row.res_model, row.res_id, row.lot_id.id) for row in scope.delivery_ids}
        out = {line.lot_id.id for line in scope.line_ids if line.decision == "excluded"}
        return [
            row
            for row in rows
            if row["lot_id"] not in out
            and (row["document"]["model"], row["document"]["id"], row["lot_id"]) not in known
        ]

    def _alarm(self, lots: list[dict], deliveries: list[dict]) -> None:
        parts = []
        if lots:
            names = self.env["stock.lot"].browse(row["lot"] for row in lots)._names()
            parts.append(self.env._("Lots that the scope does not know: %s.", names))
        if deliveries:
            names = sorted({row["document"]["name"] for row in deliveries})
            parts.append(
                self.env._(
                    "Deliveries after it was frozen: %s.",
                    ", ".join(names[:10]) + ("…" if names[10:] else ""),
                )
            )
        text = " ".join(parts)
        if text == self.widened_text:
            return
        self._note({"widened_on": fields.Datetime.now(), "widened_text": text})
        self._tell_step("widened", lots=len(lots), deliveries=len(deliveries))
        # sudo: the one in charge is called, whoever moved the goods
        self.sudo().activity_schedule(
            "lot_traceability_recall.activity_recall_widened",
            summary=self.env._("%s has grown", self.name),
            note=text,
            user_id=self.manager_id.id,
        )

    def _after_freeze(self) -> None:
        result = super()._after_freeze()
        self._note({"widened_on": False, "widened_text": False})
        # sudo: the alarm is answered by the new scope, whoever it called
        self.sudo().activity_feedback(["lot_traceability_recall.activity_recall_widened"])
        return result

    @api.model
    def _cron_watch(self) -> None:
        """Look at each open recall of which anything has moved since it was looked at."""
        recalls = self.search([("state", "=", "decided"), ("scope_id", "!=", False)])
        self.env["ir.cron"]._commit_progress(remaining=len(recalls))
        for recall in recalls:
            newest = recall._newest_trace()
            if newest != recall.watched:
                recall.with_company(recall.company_id).check_widened()
                recall._note({"watched": newest})
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _newest_trace(self) -> str:
        """Changes whenever anything is booked on a lot of the scope: the newest link and movement
        of its lots."""
        self.env.cr.execute(
            SQL(
                """
                SELECT (SELECT MAX(edge.id) FROM lot_genealogy_edge edge
                          JOIN lot_recall_lot taken ON taken.lot_id = edge.parent_lot_id
                         WHERE taken.scope_id = %(scope)s),
                       (SELECT MAX(moved.id) FROM lot_genealogy_movement moved
                          JOIN lot_recall_lot taken ON taken.lot_id = moved.lot_id
                         WHERE taken.scope_id = %(scope)s)
                """,
                scope=self.scope_id.id,
            )
        )
        return "{}/{}".format(*self.env.cr.fetchone())
