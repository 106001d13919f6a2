from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def _audit_reference(self, record_id: int) -> dict:
        """How the audit log names a record of this model: its id, and what people know it by."""
        record = self.browse(record_id)
        return {"id": record_id, "name": record.display_name or ""}
