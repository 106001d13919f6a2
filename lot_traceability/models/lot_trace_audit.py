from odoo import api, models

# More lots than these are counted, not named.
MAX_NAMED = 20


class LotTraceAudit(models.AbstractModel):
    """Each trace that is run is told in the audit log: who asked what."""

    _inherit = "lot.trace"

    @api.model
    def _exported(self, lot_ids: list[int], direction: str, file_format: str) -> dict:
        """As `trace`, for a file of that format: the audit log tells of both."""
        result = self.trace(lot_ids, direction)
        lot = self.env["stock.lot"].browse(lot_ids) if len(lot_ids) == 1 else None
        told = {
            "count": len(result["lots"]),
            "format": file_format,
            "what": self.env._("Trace"),
            **self._told_besides(result),
        }
        self.env["lot.audit.event"]._record_read("exported", lot=lot, data=told)
        return result

    @api.model
    def _tell_traced(self, result: dict) -> None:
        """:param result: what `_run` returns"""
        origin = result["origin"]
        lot = self.env["stock.lot"].browse(origin) if len(origin) == 1 else None
        told = {
            "direction": result["direction"],
            "count": len(origin),
            "reached": len(result["lots"]) - len(origin),
            **self._told_besides(result),
            # How long traces take is worked out of these, by `lot.figure`.
            "ms": result["elapsed_ms"],
        }
        if not lot:
            names = {row["id"]: row["name"] for row in result["lots"]}
            told["lots"] = [{"id": one, "name": names[one]} for one in origin[:MAX_NAMED]]
        self.env["lot.audit.event"]._record_read("traced", lot=lot, data=told)

    @api.model
    def _told_besides(self, result: dict) -> dict:
        """What the audit log tells of the keys that others add to a trace: {key: number}."""
        return {}
