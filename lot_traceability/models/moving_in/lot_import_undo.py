from odoo import models
from odoo.exceptions import UserError

_HISTORY = {
    "receipts": "lot.history.movement",
    "shipments": "lot.history.movement",
    "links": "lot.history.link",
}
# What stands on a lot that is used.
_NAMING = {
    "stock.quant": ("lot_id",),
    "stock.move.line": ("lot_id",),
    "lot.measurement": ("lot_id",),
    "lot.history.movement": ("lot_id",),
    "lot.history.link": ("parent_lot_id", "child_lot_id"),
}


class LotImport(models.Model):
    """Taking back what was imported, as long as nothing else builds on it."""

    _inherit = "lot.import"

    def action_undo(self) -> bool:
        """Remove what this import has added: lots that nothing names yet, or history.

        :return: True
        :raise UserError: when it cannot be taken back any more
        """
        self.ensure_one()
        self.check_access("write")
        _ = self.env._
        if self.state not in ("done", "failed") or not self.try_lock_for_update():
            raise UserError(_("Only an import that is finished or has stopped can be undone."))
        if self.kind == "lots":
            self._take_lots_back()
        elif self.kind in _HISTORY:
            self.env[_HISTORY[self.kind]]._take_away(self)
        elif self.kind == "stock":
            raise UserError(_("Stock that was booked in is corrected by a count, not undone."))
        else:
            raise UserError(_("Readings stay on record: strike out those that are wrong."))
        self.env["lot.audit.event"]._record(
            "imported",
            record=self,
            company=self.company_id,
            data={
                "what": self.kind,
                "file": self.name or "",
                "sha256": self.digest,
                "undone": self.applied_count,
            },
        )
        self.write({"state": "undone", "applied_count": 0, "failure": False})
        return True

    def _take_lots_back(self) -> None:
        lots = self.env["stock.lot"].search([("lot_import_id", "=", self.id)])
        # sudo: what is used in another company is used as well
        known = lots.sudo()
        used = known.browse()
        for model, names in _NAMING.items():
            for name in names:
                found = known.env[model].with_context(active_test=False)
                used |= found.search([(name, "in", lots.ids)], limit=1)[name]
        if used:
            raise UserError(
                self.env._(
                    "Lot %s and others of this import are used already, so they stay. Correct "
                    "single lots instead.",
                    used[0].name,
                )
            )
        lots.unlink()
