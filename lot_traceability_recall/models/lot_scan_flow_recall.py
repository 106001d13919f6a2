from typing import Any

from odoo import api, models
from odoo.addons.lot_traceability.models.scan.lot_scan_flow import RefusedError
from odoo.exceptions import UserError


class LotScanFlowHold(models.AbstractModel):
    """Whoever finds something wrong may be who starts the recall."""

    _inherit = "lot.scan.flow.hold"

    @api.model
    def _do_recall(self, command) -> dict[str, Any]:
        """{"lot_id": id, or the text of the command; "title": what is wrong; "reason": more about
        it; "hold": stop this lot at once} → "recall": {"id", "name", "lots", "url"}. A suspicion is
        opened: nobody is told, and nothing else is stopped yet."""
        lot = self._lot(command)
        recalls = self.env["lot.recall"]
        title = self._told_text(command, "title")
        reason = self._told_text(command, "reason")
        if not recalls.has_access("create"):
            raise UserError(
                self.env._(
                    "You may not start a recall. Put %s on hold, and tell somebody who may.",
                    lot.name,
                )
            )
        if not title:
            raise RefusedError(
                self.env._("Say in a few words what is wrong with %s.", lot.name),
                [
                    self._choice(
                        "title",
                        self.env._("Say what is wrong"),
                        asks=[self._question("title", self.env._("What is wrong"), "text")],
                    )
                ],
            )
        if command.data.get("hold") is True:
            self._stop_suspect(lot, title)
        started = recalls.start(lot.ids, {"title": title, **({"reason": reason} if reason else {})})
        return {
            "message": self._started(started, lot),
            "lot": self.env["lot.scan.card"]._lot(lot),
            "recall": {
                "id": started["id"],
                "name": started["name"],
                "lots": started["lots"],
                "url": f"/odoo/lot.recall/{started['id']}",
            },
        }

    @api.model
    def _started(self, started: dict[str, Any], lot) -> str:
        if started["lots"] == 1:
            return self.env._(
                "%(recall)s opened for %(lot)s alone. Go on in Odoo.",
                recall=started["name"],
                lot=lot.name,
            )
        return self.env._(
            "%(recall)s opened for %(lot)s: %(lots)s lots are suspected. Go on in Odoo.",
            recall=started["name"],
            lot=lot.name,
            lots=started["lots"],
        )

    @api.model
    def _stop_suspect(self, lot, reason: str) -> None:
        """Put the lot on hold, unless it may not go anywhere already."""
        status = self.env["lot.status"]._by_code("hold")
        if not lot.status_id.usable:
            return
        status._check_step(lot.status_id)
        self._refuse_unsigned(lot, status)
        lot.set_status(status.code, reason)


class LotScan(models.Model):
    _inherit = "lot.scan"

    @api.model
    def _choices(self):
        """With "may_recall": whether this user may start a recall."""
        may = self.env["lot.recall"].has_access("create")
        return {**super()._choices(), "may_recall": may}
