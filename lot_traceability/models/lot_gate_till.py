from functools import wraps

from odoo import api, models

_LINES, _NAME = "pos.order.line", "get_existing_lots"


class LotGate(models.AbstractModel):
    """The till offers no lot that the gate would refuse, and takes none by itself. It is an app of
    its own that need not be there: its list is looked through where it is."""

    _inherit = "lot.gate"

    def _register_hook(self):
        super()._register_hook()
        lines = self.env.registry.get(_LINES)
        origin = getattr(lines, _NAME, None)
        if origin is None or hasattr(origin, "_lot_gate_origin"):
            return

        @wraps(origin)
        def get_existing_lots(records, *args, **kwargs):
            found = origin(records, *args, **kwargs)
            return records.env["lot.gate"]._sellable(found)

        get_existing_lots._lot_gate_origin = origin
        setattr(lines, _NAME, get_existing_lots)

    def _unregister_hook(self):
        lines = self.env.registry.get(_LINES)
        if lines is not None and hasattr(vars(lines).get(_NAME), "_lot_gate_origin"):
            delattr(lines, _NAME)
        return super()._unregister_hook()

    @api.model
    def _sellable(self, rows: list[dict]) -> list[dict]:
        """Those of these rows ({"id": lot, …}) whose lots may be sold now."""
        terms = self._default_terms()
        # sudo: whether a lot may be sold does not depend on what the cashier may read
        lots = self.env["stock.lot"].sudo().browse(row["id"] for row in rows)
        allowed = {lot.id for lot in lots if not self._refusal(terms, lot)}
        return [row for row in rows if row["id"] in allowed]
