from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.recall_wording import ENDED


class LotCorrectiveAction(models.Model):
    _inherit = "lot.corrective.action"

    recall_id = fields.Many2one(
        "lot.recall", index="btree_not_null", ondelete="restrict", check_company=True
    )


class LotRecall(models.Model):
    """The end of a recall: when nothing is open, or when somebody answers for what is."""

    _inherit = "lot.recall"

    corrective_action_ids = fields.One2many(
        "lot.corrective.action", "recall_id", "Corrective actions"
    )
    open_points = fields.Text("Still open", compute="_compute_open_points")
    close_reason = fields.Text("Closed although", readonly=True, copy=False)

    def _compute_open_points(self):
        for recall in self:
            recall.open_points = "\n".join(recall._open_points()) or False

    def _open_points(self) -> list[str]:
        """What is still open, one sentence each. Others add to it."""
        self.ensure_one()
        _ = self.env._
        if self.state in ("closed", "cancelled"):
            return []
        if not self.scope_id:
            return [_("The scope is not frozen.")]
        points = []
        if self.draft_scope_id:
            points.append(_("A new version of the scope is not frozen yet."))
        if self.widened_on:
            points.append(_("The recall has grown: %s", self.widened_text))
        if not self.stopped_on:
            points.append(_("The lots are not stopped."))
        if self.road_count:
            points.append(_("%s deliveries on the road are not settled.", self.road_count))
        points += self._open_consignees()
        points += self._open_work()
        points += self._open_goods()
        undone = self.corrective_action_ids.filtered(lambda one: one.state != "verified")
        if undone:
            points.append(_("%s corrective actions are not verified.", len(undone)))
        return points

    def _open_consignees(self) -> list[str]:
        silent = self.env["lot.recall.consignee"].search_count(
            [("recall_id", "=", self.id), ("state", "not in", ENDED)]
        )
        if not silent or self.kind == "mock":
            return []
        return [self.env._("%s consignees have not answered.", silent)]

    def _open_work(self) -> list[str]:
        """Letters that did not arrive, checks and dispositions that are not done."""
        _ = self.env._
        found = []
        for model, domain, text in (
            (
                "lot.recall.notice",
                [("state", "in", ("queued", "sending", "failed", "bounced"))],
                lambda count: _("%s letters are not sent, or did not arrive.", count),
            ),
            (
                "lot.recall.check",
                [("outcome", "=", False)],
                lambda count: _("%s effectiveness checks are not done.", count),
            ),
            (
                "lot.recall.disposition",
                [("done_on", "=", False), ("cancelled", "=", False)],
                lambda count: _("%s dispositions are not done.", count),
            ),
        ):
            count = self.env[model].search_count([("recall_id", "=", self.id), *domain])
            if count:
                found.append(text(count))
        return found

    def _open_goods(self) -> list[str]:
        """Goods that nobody has decided about, and the mass balance."""
        _ = self.env._
        points = []
        if not self.reconciled_on:
            points.append(_("The quantities are not reconciled."))
        elif self.gap_count:
            points.append(
                _(
                    "%(count)s lots do not come out even: %(percent)s %% is accounted for.",
                    count=self.gap_count,
                    percent=f"{self.accounted_percent:.2f}",
                )
            )
        if self.kind == "mock":
            return points
        left = self._lots_left()
        if left:
            points.append(
                _("Lots in stock that are neither released nor scrapped: %s.", left._names())
            )
        return points

    def _lots_left(self):
        """Recalled lots of which there is something in stock."""
        lots = self._taken_lots().filtered(lambda lot: lot.status_id.code == "recalled")
        self.env["lot.trace.engine"]._prepare()
        stock = {row[0] for row in self.env["lot.trace.engine"]._stock(lots.ids) if row[3] > 0}
        return lots.filtered(lambda lot: lot.id in stock)

    # -- closing -------------------------------------------------------------------------------

    def close(self, reason: str = "") -> list[str]:
        """Close this recall. The evidence is put beside it as PDF and workbook, whose SHA-256 the
        audit log keeps.

        :param reason: why it is closed although something is open; asked for when something is
        :return: what was open, one sentence each
        :raise AccessError: without the right to run recalls
        :raise UserError: while something is open and no reason is given, or when the firm has
            this step signed and it is not
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("decided")
        if self.reconciled_on:
            self.reconcile()
        points, reason = self._open_points(), (reason or "").strip()
        if points and not reason:
            raise UserError(
                self.env._(
                    "Not everything is done. Do it, or close the recall and say why it can be "
                    "closed all the same:\n%s",
                    "\n".join(f"• {point}" for point in points),
                )
            )
        self.env["lot.signing"]._demand("recall_close", self, {"reason": reason})
        self._note(
            {
                "state": "closed",
                "closed_on": fields.Datetime.now(),
                "close_reason": reason if points else False,
            }
        )
        self._tell_step(
            "closed",
            why=reason,
            open=points,
            accounted=self.accounted_percent,
            recovered=self.recovered_percent,
        )
        files = self._keep_evidence()
        # sudo: the recall says itself that it is closed, after nobody may write on it any more
        self.sudo().message_post(body=self._closed_text(points, reason), attachment_ids=files.ids)
        return points

    def _closed_text(self, points: list[str], reason: str) -> str:
        if not points:
            return self.env._("Closed; nothing was open. The evidence is attached.")
        return self.env._(
            "Closed although this was open: %(points)s Reason: %(reason)s",
            points=" ".join(points),
            reason=reason,
        )

    def _signed_recall_close(self, values: dict[str, Any]):
        """The step that is signed."""
        self.close(values.get("reason") or values.get("signed_reason") or "")
        return self

    def _signature_facts(self):
        facts = super()._signature_facts()
        if self.state == "closed":
            facts |= {
                "accounted_percent": f"{self.accounted_percent:.2f}",
                "recovered_percent": f"{self.recovered_percent:.2f}",
                "close_reason": self.close_reason or "",
            }
        return facts

    def action_close(self) -> dict[str, Any]:
        """Open the dialog that closes this recall.

        :return: a window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lot_traceability_recall.lot_recall_close_wizard_action"
        )
        return {**action, "context": {"default_recall_id": self.id}}

    @api.model
    def _kept_open(self) -> set[str]:
        return super()._kept_open() | {"authority_reference", "body_told_on"}
