from typing import Any

from odoo import api, fields, models

# Said of each version anyway, or for programs.
_UNSAID = {
    *models.MAGIC_COLUMNS,
    "version",
    "replaced_by_id",
    "reason",
    "missing",
    "completeness",
    "user_id",
    "told_by_id",
    "code_id",
    "moment",
}


class LotFsmaEvent(models.Model):
    """What a version says otherwise than the one before it."""

    _inherit = "lot.fsma.event"

    changes_text = fields.Text("What is otherwise", compute="_compute_changes_text")

    @api.depends("replaces_ids")
    def _compute_changes_text(self):
        for event in self:
            before = event.replaces_ids[:1]
            lines = event._changes_since(before) if before else []
            event.changes_text = "\n".join(lines) or False

    def _changes_since(self, before) -> list[str]:
        """One line for each field that differs, and for each lot used of which something does."""
        lines = self._differing(before, self, "")
        rows = {row.lot_id: row for row in before.input_ids}
        for row in self.input_ids:
            earlier = rows.pop(row.lot_id, row.browse())
            lines += self._differing(earlier, row, row.lot_id.name or row.tlc or "")
        lines += [self.env._("%s: not used", row.lot_id.name or row.tlc) for row in rows.values()]
        return lines

    @api.model
    def _differing(self, before, after, start: str) -> list[str]:
        lines = []
        for name, field in after._fields.items():
            if not field.store or name in _UNSAID or field.type == "one2many" or name == "event_id":
                continue
            old, new = before[name] if before else False, after[name]
            if (old or False) != (new or False):
                label = field._description_string(self.env)
                text = f"{label}: {self._said(old)} → {self._said(new)}"
                lines.append(f"{start}, {text}" if start else text)
        return lines

    @api.model
    def _said(self, value: Any) -> str:
        if isinstance(value, models.BaseModel):
            value = value.display_name
        if isinstance(value, dict):
            value = ", ".join(map(str, value.values()))
        return str(value) if value else "–"
